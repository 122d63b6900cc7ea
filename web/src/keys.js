// Keys without a modifier. A key presses the button that carries it in
// data-key: of the focused row, else of the panel, else of the page.
import { openDialog } from "./dialogs.js";
import { typing } from "./dom.js";
import { openPalette } from "./palette.js";
import { activeRow, moveRow, toggleRow } from "./rows.js";

let going = 0; // when "g" was pressed

function press(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  for (const place of [activeRow(), document.getElementById("panel"), document.getElementById("main"), document.body]) {
    const button = place?.querySelector(wanted);
    if (button) { button.click(); return true; }
  }
  return false;
}

function go(key) {
  const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  link?.click();
  return Boolean(link);
}

function act(event) {
  const { key } = event;
  if (Date.now() - going < 1200) { going = 0; return go(key); }
  switch (key) {
    case "/": return openPalette();
    case "?": return openDialog("keys");
    case "g": going = Date.now(); return true;
    case "ArrowDown": case "j": return moveRow(1);
    case "ArrowUp": case "k": return moveRow(-1);
    case "x": return toggleRow();
    case "Escape": return escape();
  }
  return /^[a-z]$/.test(key) && press(key);
}

function escape() {
  const menu = document.querySelector("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); return true; }
  if (location.hash === "#nav") { location.hash = "#main"; return true; }
  const close = document.querySelector("#panel:not([hidden]) [data-panel-close]");
  close?.click();
  return Boolean(close);
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      if (openPalette()) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    // Arrows belong to a menu, a range or radio buttons when the focus is there.
    if (event.key.startsWith("Arrow") && event.target.closest?.("input, details.menu")) return;
    if (act(event)) event.preventDefault();
  });
}
