// A list that people arrange: by dragging, by the buttons of each item, or by
// Alt with the arrow keys. The form sends the items in the order of the page.
import { announce, on } from "./dom.js";

const place = (item) => [...item.parentElement.children].indexOf(item) + 1;

function say(item, words) {
  announce(`${words} ${place(item)} of ${item.parentElement.children.length}`);
}

function changed(list) {
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

function move(item, up) {
  const list = item.parentElement;
  const other = up ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  const focused = document.activeElement;
  if (up) list.insertBefore(item, other);
  else list.insertBefore(other, item);
  focused?.focus();
  say(item, "Moved to place");
  changed(list);
}

function remove(item) {
  const list = item.parentElement;
  const next = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  const to = next?.querySelector("input:not([type=hidden]), textarea") ?? list.closest("form").querySelector("[value^=add]");
  to?.focus();
  announce("Removed");
  changed(list);
}

export function startArrange() {
  on("click", "[data-arrange-act]", (event, button) => {
    event.preventDefault();
    const item = button.closest("[data-arrange-item]");
    const act = button.dataset.arrangeAct;
    if (act === "remove") remove(item);
    else move(item, act === "up");
  });
  on("keydown", "[data-arrange-item]", (event, item) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(item, event.key === "ArrowUp");
  });

  let dragged = null;
  on("pointerdown", "[data-arrange-grip]", (_, grip) => { grip.closest("[data-arrange-item]").draggable = true; });
  document.addEventListener("pointerup", () => {
    for (const item of document.querySelectorAll("[data-arrange-item][draggable=true]")) item.draggable = false;
  });
  on("dragstart", "[data-arrange-item]", (event, item) => {
    dragged = item;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    item.classList.add("arrange-dragged");
  });
  on("dragover", "[data-arrange]", (event, list) => {
    if (dragged?.parentElement !== list) return;
    event.preventDefault();
    const after = [...list.children].find((item) => {
      const box = item.getBoundingClientRect();
      return item !== dragged && event.clientY < box.top + box.height / 2;
    });
    if (after !== dragged.nextElementSibling) list.insertBefore(dragged, after ?? null);
  });
  on("drop", "[data-arrange]", (event) => event.preventDefault());
  on("dragend", "[data-arrange-item]", (_, item) => {
    item.draggable = false;
    item.classList.remove("arrange-dragged");
    dragged = null;
    say(item, "Moved to place");
    changed(item.parentElement);
  });
}
