// The page of an external link. The key stands behind the # of the address;
// what the server gets is a proof that says nothing about it. The formats are
// those of docs/security.md, "The box" and "External links".
import { announce } from "./dom.js";
import { copyText } from "./copy.js";

const text = new TextEncoder();
const version = "bailiwick v1";

const part = (value) => {
  const bytes = typeof value === "string" ? text.encode(value) : value;
  const out = new Uint8Array(4 + bytes.length);
  new DataView(out.buffer).setUint32(0, bytes.length);
  out.set(bytes, 4);
  return out;
};

function join(...parts) {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) { out.set(p, at); at += p.length; }
  return out;
}

function fromBase64(s) {
  const raw = atob(s.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (c) => c.charCodeAt(0));
}

const toBase64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// expand is HKDF-SHA256 with an empty salt.
async function expand(secret, use) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const info = join(part(version), part(use));
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info }, key, 256));
}

async function hmac(secret, ...parts) {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, join(...parts)));
}

const token = (hash) => /^[A-Za-z0-9_-]{43}$/.test(hash) ? fromBase64(hash) : null;

export const proofOf = async (secret) => toBase64url(await expand(secret, "link proof"));

// openCopy opens the innermost layer of a copy, a padded box.
export async function openCopy(secret, org, link, box) {
  const format = 2;
  const header = 1 + 32 + 12;
  if (box.length < header + 16 || box[0] !== format) throw new Error("format");
  const prk = await expand(secret, "token key");
  const info = join(part(version), part("box"));
  const encryption = await hmac(prk, info, Uint8Array.of(1));
  const commitment = await hmac(prk, encryption, info, Uint8Array.of(2));
  const nonce = box.subarray(33, header);
  const place = ["link", org, "external_links", link, "copy_box", ""].map(part);
  const aad = join(Uint8Array.of(format), ...place, new Uint8Array(16)); // epoch and version are 0
  const commit = await hmac(commitment, nonce, aad);
  if (!commit.every((b, i) => b === box[1 + i])) throw new Error("commitment");
  const key = await crypto.subtle.importKey("raw", encryption, "AES-GCM", false, ["decrypt"]);
  const padded = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData: aad }, key, box.subarray(header)));
  const length = new DataView(padded.buffer).getUint32(0);
  if (length > padded.length - 4 || padded.subarray(4 + length).some((b) => b !== 0)) throw new Error("padding");
  return JSON.parse(new TextDecoder().decode(padded.subarray(4, 4 + length)));
}

const kind = (c) => /\d/.test(c) ? "ch-d" : /\p{Lu}/u.test(c) ? "ch-u" : /\p{L}/u.test(c) ? "ch-l" : "ch-s";

// The rows of what was shared, in the order in which it is read.
function rows(copy) {
  const all = [["Title", copy.title], ["Username", copy.username, "mono"], ["Password", copy.password, "secret"],
    ...(copy.urls ?? []).map((url) => ["Address", url, "mono"]), ["Notes", copy.notes],
    ...(copy.fields ?? []).map((f) => [f.name, f.value, f.hidden ? "secret" : ""])];
  return all.filter(([, value]) => value);
}

function show(box, answer, copy) {
  const list = box.querySelector(".link-fields");
  const template = box.querySelector("[data-link-row]");
  for (const [label, value, look] of rows(copy)) {
    const row = template.content.cloneNode(true);
    row.querySelector("dt").textContent = label;
    const to = row.querySelector(".detail-value");
    if (look === "secret") {
      to.classList.add("secret");
      to.append(...[...value].map((c) => Object.assign(document.createElement("span"), { className: kind(c), textContent: c })));
    } else {
      to.textContent = value;
      if (look) to.classList.add(look);
      else to.classList.add("link-text");
    }
    const button = row.querySelector("[data-link-copy]");
    button.setAttribute("aria-label", `Copy ${label}`);
    button.title = `Copy ${label}`;
    button.addEventListener("click", () => copyText(value, label));
    list.append(row);
  }
  const shown = box.querySelector("[data-link-shown]");
  shown.querySelector("[data-link-from]").textContent = `From ${answer.sender}, ${answer.organization}.`;
  const note = shown.querySelector("[data-link-note]");
  if (copy.note) { note.textContent = copy.note; note.hidden = false; }
  const left = answer.views - answer.view;
  shown.querySelector("[data-link-left]").textContent = left > 0
    ? `The link can be opened ${left === 1 ? "once more" : `${left} times more`}, until ${new Date(answer.expires_at).toLocaleString()}.`
    : "This was the last time: the link opens nothing any more, and this page is gone when you leave it. Keep what you need now.";
  box.querySelector("[data-link-ask]").hidden = true;
  document.querySelector(".plain-head p")?.remove();
  shown.hidden = false;
  shown.focus();
  announce("It is shown.");
}

async function ask(box, secret) {
  const field = box.querySelector("input[name=passphrase]");
  const body = { proof: await proofOf(secret) };
  if (field.value) body.passphrase = field.value;
  const answer = await fetch(box.dataset.open, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), credentials: "omit", cache: "no-store", redirect: "error" });
  return { status: answer.status, body: await answer.json() };
}

export function startLink() {
  const box = document.querySelector("[data-link]");
  if (!box) return;
  const only = (name) => { for (const part of ["ask", "dead", "failed"]) box.querySelector(`[data-link-${part}]`).hidden = part !== name; };
  const secret = token(location.hash.slice(1));
  if (!secret) { only("dead"); return; }
  const field = box.querySelector("[data-link-passphrase]");
  const wrong = box.querySelector("[data-link-error]");
  box.querySelector("[data-link-ask]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = box.querySelector("[data-link-button]");
    button.disabled = true;
    wrong.hidden = true;
    let failed = "The server can't be reached. No view was used, as far as this browser can tell.";
    try {
      const { status, body } = await ask(box, secret);
      failed = body.detail ?? "";
      if (status === 200) {
        failed = "What the server sent does not open with the key in this address. Tell the sender: the view was used.";
        show(box, body, await openCopy(secret, body.organization_id, body.id, fromBase64(body.box)));
      } else if (status === 404) {
        only("dead");
      } else if (status === 422 && body.errors?.some((e) => e.field === "passphrase")) {
        const first = field.hidden;
        field.hidden = false;
        box.querySelector("[data-link-hint]").hidden = true;
        const input = field.querySelector("input");
        if (!first) {
          wrong.textContent = body.errors.find((e) => e.field === "passphrase").text;
          wrong.hidden = false;
          input.setAttribute("aria-invalid", "true");
          input.value = "";
        }
        input.required = true;
        input.focus();
      } else {
        throw new Error(failed);
      }
    } catch {
      box.querySelector("[data-link-why]").textContent = failed;
      box.querySelector("[data-link-failed]").hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}
