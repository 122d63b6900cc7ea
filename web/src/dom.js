// The few things every module needs.

// on calls act when an event of that kind comes from inside an element that
// matches the selector, now or later put into the page.
export function on(kind, selector, act) {
  document.addEventListener(kind, (event) => {
    const found = event.target instanceof Element && event.target.closest(selector);
    if (found) act(event, found);
  });
}

export const typing = (element) => element instanceof Element &&
  element.matches("input:not([type=checkbox],[type=radio],[type=range]), textarea, select, [contenteditable]");

// announce speaks to screen readers. The same words twice are spoken twice.
export function announce(words) {
  const live = inFront("announce", "sr-only", "status");
  if (!live) return;
  live.textContent = "";
  setTimeout(() => { live.textContent = words; }, 30);
}

// inFront is the element of that id, or, while a dialog is open, one like it
// inside the dialog: what is behind a dialog is neither seen well nor read out.
export function inFront(id, className, role) {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  if (!dialog) return document.getElementById(id);
  let place = dialog.querySelector(`[data-in-front="${id}"]`);
  if (!place) {
    place = document.createElement("div");
    place.dataset.inFront = id;
    place.className = className;
    if (role) place.setAttribute("role", role);
    dialog.append(place);
  }
  return place;
}

// ask posts to the server. Only our own script can set the header, so another
// site can't make a browser do it.
export async function ask(url, accept) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "X-Requested-With": "bailiwick", Accept: accept },
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
  });
  const text = await answer.text();
  if (!answer.ok) throw new Refused(answer.status, answer.headers.get("Content-Type")?.startsWith("text/plain") ? text.trim() : "");
  return text;
}

// Refused is an answer that is an error; its words are the server's own.
export class Refused extends Error {
  constructor(status, words) {
    super(words || (status === 401 || status === 403 ? "That is not allowed, or the session has ended." : "The server could not do that. Nothing was changed."));
  }
}

export const failure = (error) => error instanceof Refused ? error.message : "The server can't be reached. Nothing was changed.";
