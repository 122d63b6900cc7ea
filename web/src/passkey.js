// Passkeys and security keys (WebAuthn). The server says what to ask the
// browser for; what it answers goes back in the form. What a passkey's PRF
// gives stands for the password: it goes to the server like one, and is kept
// nowhere here.
import { on } from "./dom.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const listed = (all) => all?.map((c) => ({ ...c, id: bytes(c.id) }));

function read(json) {
  const o = typeof json === "string" ? JSON.parse(json) : json;
  o.challenge = bytes(o.challenge);
  if (o.user) o.user.id = bytes(o.user.id);
  for (const list of ["allowCredentials", "excludeCredentials"]) if (o[list]) o[list] = listed(o[list]);
  if (o.extensions?.prf?.eval) o.extensions.prf.eval.first = bytes(o.extensions.prf.eval.first);
  return o;
}

const first = (credential) => credential.getClientExtensionResults().prf?.results?.first;

function answer(c) {
  const response = { clientDataJSON: text(c.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (c.response[part]) response[part] = text(c.response[part]);
  }
  if (c.response.getTransports) response.transports = c.response.getTransports();
  return JSON.stringify({ id: c.id, rawId: text(c.rawId), type: c.type, response, clientExtensionResults: {} });
}

// Where a new passkey has a PRF but has not used it yet, it is asked once more.
async function makeOne(json) {
  const options = read(json);
  const made = await navigator.credentials.create({ publicKey: options });
  let prf = first(made);
  if (!prf && made.getClientExtensionResults().prf?.enabled) {
    const again = await navigator.credentials.get({ publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)), rpId: options.rp.id, userVerification: "required",
      allowCredentials: [{ type: "public-key", id: made.rawId, transports: made.response.getTransports?.() }],
      extensions: { prf: { eval: options.extensions.prf.eval } },
    } }).catch(() => null);
    prf = again && first(again);
  }
  return [made, prf];
}

async function useOne(json) {
  const c = await navigator.credentials.get({ publicKey: read(json) });
  return [c, first(c)];
}

async function begin(url) {
  const asked = await fetch(url, { method: "POST", headers: { "X-Requested-With": "bailiwick", Accept: "application/json" }, credentials: "same-origin", cache: "no-store", redirect: "error" });
  if (!asked.ok) throw new Error(asked.status === 429 ? "Too many tries. Wait a while." : "The server can't ask for a passkey now.");
  return asked.json();
}

function why(error) {
  if (error.name === "NotAllowedError") return "The browser was not allowed to use a passkey, or it took too long. Nothing was changed; try again.";
  if (error.name === "InvalidStateError") return "This passkey is set up already.";
  if (error.name === "SecurityError") return "Passkeys don't work at this address. Open the server by the name that its passkeys were made for.";
  return error instanceof TypeError || !error.message ? "The server can't be reached. Nothing was changed." : error.message;
}

// A button that brings a passkey along with what else is in its form.
async function bring(event, button) {
  const form = button.form;
  event.preventDefault();
  try {
    const [used] = await useOne(button.dataset.passkeyToo);
    form.elements.passkey.value = answer(used);
    form.submit();
  } catch (error) {
    say(form, why(error));
  }
}

export function startPasskey() {
  if (!window.PublicKeyCredential) {
    for (const form of document.querySelectorAll("[data-passkey-get], [data-passkey-begin], [data-passkey-create]")) {
      if (form.dataset.passkeyCreate) say(form, "This browser has no passkeys. Take another one, or an authenticator app.");
      else form.hidden = true;
    }
    return;
  }
  on("click", "[data-passkey-too]", bring);
  on("submit", "[data-passkey-get], [data-passkey-begin], [data-passkey-create]", async (event, form) => {
    if (form.elements.passkey.value) return; // filled in: on its way
    event.preventDefault();
    const wrong = form.querySelector("[data-passkey-wrong]");
    const buttons = form.querySelectorAll("button");
    wrong.hidden = true;
    for (const b of buttons) b.disabled = true;
    try {
      const d = form.dataset;
      const [made, prf] = d.passkeyCreate ? await makeOne(d.passkeyCreate) : await useOne(d.passkeyGet ?? await begin(d.passkeyBegin));
      form.elements.passkey.value = answer(made);
      if (prf) form.elements.prf.value = text(prf);
      form.submit();
    } catch (error) {
      say(form, why(error));
    } finally {
      for (const b of buttons) b.disabled = false;
    }
  });
}

function say(form, words) {
  const wrong = form.querySelector("[data-passkey-wrong]");
  wrong.textContent = words;
  wrong.hidden = false;
}
