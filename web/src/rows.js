// Lists by keyboard: one row has the focus (on its link), and keys act on it.
import { on } from "./dom.js";

const links = () => [...document.querySelectorAll("main [data-row-link]")].filter((link) => link.offsetParent);

export const activeRow = () => document.activeElement?.closest("[data-row]") ??
  document.querySelector("[data-row].row-current");

export function moveRow(step) {
  const all = links();
  if (!all.length) return false;
  const at = all.indexOf(activeRow()?.querySelector("[data-row-link]"));
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next].focus({ preventScroll: true });
  all[next].closest("[data-row]").scrollIntoView({ block: "nearest" });
  return true;
}

function count() {
  const boxes = [...document.querySelectorAll("[data-select]")];
  const checked = boxes.filter((box) => box.checked).length;
  for (const place of document.querySelectorAll("[data-selected-count]")) place.textContent = String(checked);
  for (const all of document.querySelectorAll("[data-select-all]")) {
    all.checked = checked > 0 && checked === boxes.length;
    all.indeterminate = checked > 0 && checked < boxes.length;
  }
}

export function toggleRow() {
  const box = activeRow()?.querySelector("[data-select]");
  if (!box) return false;
  box.checked = !box.checked;
  count();
  return true;
}

// The row whose panel is open is marked at once, also when only the panel came.
function markCurrent(link) {
  for (const row of document.querySelectorAll(".row-current")) row.classList.remove("row-current");
  for (const other of document.querySelectorAll("[data-row-link][aria-current]")) other.removeAttribute("aria-current");
  if (!link) return;
  link.closest("[data-row]").classList.add("row-current");
  link.setAttribute("aria-current", "true");
}

export function startRows() {
  on("change", "[data-select]", count);
  on("change", "[data-select-all]", (_, all) => {
    for (const box of document.querySelectorAll("[data-select]")) box.checked = all.checked;
    count();
  });
  on("click", "[data-row-link][hx-get]", (_, link) => markCurrent(link));
  on("click", "[data-panel-close]", () => {
    const row = document.querySelector(".row-current [data-row-link]");
    markCurrent(null);
    row?.focus({ preventScroll: true });
  });
  document.addEventListener("htmx:afterSwap", count);
  addEventListener("pageshow", count);
  count();
}
