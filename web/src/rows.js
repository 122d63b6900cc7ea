// Lists by keyboard: one row has the focus (on its link), and keys act on it.
import { on } from "./dom.js";
import { beyond } from "./scroll.js";
import { sync, toggle } from "./select.js";

const links = () => [...document.querySelectorAll("main [data-row-link]")].filter((link) => link.offsetParent);

export const activeRow = () => document.activeElement?.closest("[data-row]") ??
  document.querySelector("[data-row].row-current");

export function moveRow(step) {
  const all = links();
  if (!all.length) return false;
  const at = all.indexOf(activeRow()?.querySelector("[data-row-link]"));
  if (at >= 0 && !all[at + step] && beyond(all[at].closest("tbody"), step, () => moveRow(step))) return true;
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next].focus({ preventScroll: true });
  all[next].closest("[data-row]").scrollIntoView({ block: "nearest" });
  return true;
}

export function toggleRow() {
  const box = activeRow()?.querySelector("[data-select]");
  return Boolean(box) && toggle(box);
}

// dress gives a row of a long list what all of them have alike and the page
// therefore sends once, in a template: roles (a narrow page turns the table
// into blocks), checkbox, buttons, and the way into the panel.
function dress(row, parts, columns) {
  const link = row.querySelector(".row-link"), id = new URL(link.href).searchParams.get("c"), name = link.textContent;
  const shown = (column) => columns.includes(column) ? row.cells[2 + columns.indexOf(column)].textContent : "";
  const copy = parts.cloneNode(true), may = row.dataset.row || "re", user = shown("username") || row.dataset.user;
  const box = copy.querySelector("[data-select]"), actions = document.createElement("td");
  actions.className = "cell-actions";
  actions.append(copy.querySelector(".row-actions"));
  if (box && !row.querySelector("[data-select]")) {
    box.value = id;
    box.setAttribute("aria-label", `Select ${name}`);
    row.cells[0].className = "cell-select";
    row.cells[0].append(box);
  }
  const offered = {
    c: may.includes("r") && { "data-copy-url": `/credentials/${id}/copy` },
    t: may.includes("t") && { "data-copy-url": `/credentials/${id}/code/copy` },
    u: user && { "data-copy-text": user },
    o: (row.dataset.url || shown("address")) && { href: (row.dataset.url ?? "/").replace(/^(?=\/)/, `https://${shown("address")}`) },
    s: /s/i.test(may) ? { href: `/credentials/${id}/sharing` } : may.includes("q") && { href: `/credentials/${id}/sharing/end` },
    e: may.includes("e") && { href: `/credentials/${id}/edit` },
  };
  for (const button of actions.querySelectorAll("[data-key]")) {
    const key = button.dataset.key, shared = key === "s" && /[Sq]/.test(may);
    if (!offered[key]) { button.remove(); continue; }
    if (shared) button.classList.add("icon-filled");
    const label = `${shared ? may.includes("q") ? "Stop sharing" : "Change sharing of" : button.getAttribute("aria-label")} ${name}`;
    for (const [attribute, value] of Object.entries({ ...offered[key], "aria-label": label, title: `${label} (${key})` })) button.setAttribute(attribute, value);
  }
  row.append(actions);
  row.setAttribute("role", "row");
  for (const cell of row.cells) cell.setAttribute("role", "cell");
  if (shown("type")) row.querySelector(".tile").title = shown("type");
  link.dataset.rowLink = "";
  link.setAttribute("hx-get", link.getAttribute("href"));
  window.htmx?.process(link);
}

export function dressAll() {
  const parts = document.getElementById("row-parts")?.content;
  if (!parts) return;
  const columns = document.querySelector("[data-columns]").dataset.columns.split(" ");
  const open = new URLSearchParams(location.search).get("c");
  for (const row of document.querySelectorAll("tr[data-row]:not([role])")) {
    dress(row, parts, columns);
    const link = row.querySelector("[data-row-link]");
    if (open && !row.matches(".row-current") && link.href.includes(open)) markCurrent(link);
  }
}

// explain says on hover what is cut off.
function explain(_, cell) {
  if (!cell.title && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent;
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
  on("click", "[data-row-link][hx-get]", (_, link) => markCurrent(link));
  on("click", "[data-panel-close]", () => {
    const row = document.querySelector(".row-current [data-row-link]");
    markCurrent(null);
    row?.focus({ preventScroll: true });
  });
  on("pointerover", ".row-link, .row td", explain);
  document.addEventListener("htmx:afterSwap", () => { dressAll(); sync(); });
  dressAll();
}
