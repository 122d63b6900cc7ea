// Copying without showing. A secret goes from the answer to the clipboard and
// is not kept: to know after 30 s whether the clipboard still holds it, its
// SHA-256 is enough.
import { ask, failure, on } from "./dom.js";
import { toast } from "./toast.js";

const clearAfter = 30;
let clearing = 0;

export async function copySecret(url, what = "Password") {
  let print;
  const secret = ask(url, "text/plain").then(async (text) => { print = await fingerprint(text); return text; });
  try {
    await write(secret);
  } catch (error) {
    await secret.catch(() => {});
    toast(error.name === "NotAllowedError" ? "The browser did not allow copying. Nothing is on the clipboard." : failure(error), "danger");
    return;
  }
  toast(`${what} copied. The clipboard is cleared in ${clearAfter} s.`, "success");
  clearTimeout(clearing);
  clearing = setTimeout(() => clear(print), clearAfter * 1000);
}

export async function copyText(text, what = "Text") {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} copied.`, "success");
  } catch {
    toast("The browser did not allow copying. Nothing is on the clipboard.", "danger");
  }
}

// A promise inside ClipboardItem keeps the permission of the key press while
// the server answers.
async function write(secret) {
  if (window.ClipboardItem && navigator.clipboard.write) {
    const blob = secret.then((text) => new Blob([text], { type: "text/plain" }));
    try {
      return await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    } catch (error) {
      await blob;
      if (error.name === "NotAllowedError") throw error;
    }
  }
  await navigator.clipboard.writeText(await secret);
}

async function fingerprint(text) {
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return String.fromCharCode(...new Uint8Array(sum));
}

async function clear(print) {
  if (!document.hasFocus()) {
    addEventListener("focus", () => clear(print), { once: true });
    return;
  }
  try {
    const allowed = await navigator.permissions.query({ name: "clipboard-read" });
    if (allowed.state === "granted" && await fingerprint(await navigator.clipboard.readText()) !== print) return;
  } catch {
    // The browser does not let us look: better to clear something else than
    // to leave a secret behind.
  }
  try {
    await navigator.clipboard.writeText("");
    toast("The clipboard is cleared.");
  } catch {
    toast("The clipboard could not be cleared. Copy something else over the secret.", "warning");
  }
}

export function startCopy() {
  on("click", "[data-copy-url]", (event, button) => {
    event.preventDefault();
    copySecret(button.dataset.copyUrl, button.dataset.copyName);
  });
  on("click", "[data-copy-text]", (event, button) => {
    event.preventDefault();
    copyText(button.dataset.copyText, button.dataset.copyName);
  });
}
