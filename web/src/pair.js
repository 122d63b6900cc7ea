// Pairs of lists: what is in, and what is not. A box that is checked or
// cleared takes its line to the other list; a filter narrows both.
import { announce, on } from "./dom.js";

const name = (line) => line.querySelector(".pair-name").textContent;
// plain is a text without case and accents, as the server compares it.
const plain = (text) => text.toLowerCase().normalize("NFKD").replaceAll(/\p{M}/gu, "");
const boxes = (list) => [...list.querySelectorAll("li:not([hidden]) input[type=checkbox]:not(:disabled)")];

function move(box) {
  const pair = box.closest("[data-pair]");
  const line = box.closest("li");
  const to = pair.querySelector(box.checked ? "[data-pair-in]" : "[data-pair-out]");
  if (line.parentElement === to) return;
  const near = boxes(line.parentElement);
  const next = near[near.indexOf(box) + 1] ?? near[near.indexOf(box) - 1];
  const after = [...to.children].find((other) => name(other).localeCompare(name(line)) > 0);
  to.insertBefore(line, after ?? null);
  (next ?? box).focus();
  for (const count of pair.querySelectorAll("[data-pair-count]")) { // of a long list only a part is here
    const n = Number(count.textContent.replaceAll(/\D/g, "")) + (count.closest(".pair-list").contains(to) ? 1 : -1);
    count.textContent = n.toLocaleString("en");
  }
  announce(`${name(line)}: ${to.getAttribute("aria-label")}`);
}

export function startPair() {
  on("change", "[data-pair] input[type=checkbox]", (_, box) => move(box));
  on("input", "[data-pair-filter]", (_, filter) => {
    const words = plain(filter.value).split(/\s+/).filter(Boolean);
    for (const line of filter.closest("[data-pair]").querySelectorAll("li")) {
      const text = plain(line.textContent);
      line.hidden = !words.every((word) => text.includes(word));
    }
  });
  on("keydown", "[data-pair] input", (event, at) => {
    if (event.key === "Enter" && at.matches("[data-pair-filter]")) event.preventDefault();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const pair = at.closest("[data-pair]");
    const list = at.closest("ul");
    const all = list ? boxes(list) : boxes(pair);
    const to = list ? all[all.indexOf(at) + (event.key === "ArrowDown" ? 1 : -1)] : all[0];
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
}
