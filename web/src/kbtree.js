// Dragging a category by its handle: onto the upper half of another one it goes
// before that, onto the lower half into it. The buttons do the same by keyboard.
let drag;

function begun(event) {
  const handle = event.target.closest("[data-kb-handle]");
  if (!handle || event.button !== 0) return;
  event.preventDefault();
  drag = { item: handle.closest("[data-category]"), tree: handle.closest("[data-kb-tree]") };
  handle.setPointerCapture(event.pointerId);
  document.body.classList.add("dragging");
}

// below reports whether one category lies in another, or is it.
function below(item, top) {
  for (let at = item; at; at = document.getElementById(at.dataset.parent)) if (at === top) return true;
  return false;
}

function moved(event) {
  if (!drag) return;
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-category]");
  drag.over?.removeAttribute("data-over");
  drag.over = over && drag.tree.contains(over) && !below(over, drag.item) ? over : undefined;
  if (!drag.over) return;
  const box = over.getBoundingClientRect();
  over.dataset.over = event.clientY < box.top + box.height / 2 ? "before" : "into";
}

function end() {
  drag?.over?.removeAttribute("data-over");
  document.body.classList.remove("dragging");
  drag = undefined;
}

function dropped() {
  if (!drag) return;
  const { item, tree, over } = drag, where = over?.dataset.over;
  end();
  if (!over) return;
  const form = document.createElement("form");
  form.method = "post";
  form.action = `${tree.dataset.kbTree}${item.dataset.category}/move`;
  const into = where === "into";
  for (const [name, value] of [["once", crypto.randomUUID()], ["act", "put"], ["parent", into ? over.dataset.category : over.dataset.parent], ["before", into ? "" : over.dataset.category]]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

export function startTree() {
  document.addEventListener("pointerdown", begun);
  document.addEventListener("pointermove", moved);
  document.addEventListener("pointerup", dropped);
  document.addEventListener("pointercancel", end);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && drag) { event.preventDefault(); end(); } }, { capture: true });
}
