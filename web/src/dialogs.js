// Dialogs and menus: opening, closing, and closing by a press outside.
import { on } from "./dom.js";

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return false;
  if (!dialog.open) dialog.showModal();
  return true;
}

export function startDialogs() {
  on("click", "[data-dialog-open]", (event, button) => {
    if (openDialog(button.dataset.dialogOpen)) event.preventDefault();
    button.closest("details.menu")?.removeAttribute("open");
  });
  on("click", "[data-dialog-close]", (_, button) => button.closest("dialog").close());
  on("mousedown", "dialog", (event, dialog) => { if (event.target === dialog && outside(event, dialog)) dialog.close(); });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}

function outside(event, dialog) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
