// Short messages at the foot of the page. Those that came with the page may
// have an Undo; all leave by themselves, but not while read or focused.
import { announce, inFront, on } from "./dom.js";

export function toast(words, kind = "info") {
  const place = inFront("toasts", "toasts");
  if (!place) return announce(words);
  const box = document.createElement("div");
  box.className = `toast toast-${kind}`;
  const text = document.createElement("p");
  text.textContent = words;
  box.append(text);
  place.replaceChildren(...[...place.children].slice(-1), box);
  announce(words);
  leave(box, kind === "danger" ? 10 : 4);
}

function leave(box, seconds) {
  let left = seconds;
  const clock = setInterval(() => {
    if (!box.isConnected) return clearInterval(clock);
    if (box.matches(":hover, :focus-within") || document.hidden) return;
    left -= 1;
    if (left <= 0) { clearInterval(clock); box.remove(); }
  }, 1000);
}

function arrived(root) {
  for (const box of root.querySelectorAll("[data-toast]")) {
    if (box.dataset.counting) continue;
    box.dataset.counting = "yes";
    leave(box, Number(box.dataset.seconds) || 10);
  }
}

export function startToasts() {
  arrived(document);
  document.addEventListener("htmx:load", () => arrived(document));
  on("click", "[data-toast-close]", (_, button) => button.closest(".toast").remove());
}
