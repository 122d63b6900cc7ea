// Showing a secret for a while. When its time is up, or the page is left, the
// secret is taken out of the document.
import { announce, ask, failure, on } from "./dom.js";
import { toast } from "./toast.js";

const shown = new Map();

async function reveal(button) {
  const target = document.getElementById(button.dataset.revealTarget);
  if (!target) return;
  if (shown.has(target)) return hide(target);
  button.setAttribute("aria-busy", "true");
  try {
    show(target, button, await ask(button.dataset.revealUrl, "text/html"));
  } catch (error) {
    toast(failure(error), "danger");
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function show(target, button, html) {
  const masked = [...target.childNodes];
  const answer = new DOMParser().parseFromString(html, "text/html");
  target.replaceChildren(...answer.body.childNodes);
  const seconds = Number(target.querySelector("[data-seconds]")?.dataset.seconds) || 30;
  const ends = Date.now() + seconds * 1000;
  const clock = setInterval(() => {
    const left = Math.ceil((ends - Date.now()) / 1000);
    const words = target.querySelector("[data-countdown]");
    if (words) words.textContent = `${words.dataset.countdown || "Hides in"} ${Math.max(left, 0)} s`;
    if (left <= 0 || !target.isConnected) hide(target);
  }, 500);
  shown.set(target, { masked, clock, button, label: button.getAttribute("aria-label") });
  button.setAttribute("aria-label", "Hide");
  announce(`Shown. It is hidden again in ${seconds} seconds.`);
}

function hide(target) {
  const was = shown.get(target);
  if (!was) return;
  clearInterval(was.clock);
  shown.delete(target);
  target.replaceChildren(...was.masked);
  was.button.setAttribute("aria-label", was.label);
  if (target.isConnected) announce("Hidden again.");
}

export function startReveal() {
  on("click", "[data-reveal-url]", (event, button) => {
    event.preventDefault();
    reveal(button);
  });
  // A page kept for the back button must not keep a secret.
  addEventListener("pagehide", () => [...shown.keys()].forEach(hide));
}
