// Dragging credentials and folders into a folder of the tree, with the mouse.
// By keyboard and on a phone "Move to" does the same.
import { selection } from "./select.js";

let drag; // what the pointer was pressed on, and what is made of it

const place = () => document.querySelector("[data-place]")?.dataset.place;

function begun(event) {
  if (event.button !== 0 || event.pointerType !== "mouse" || !place()) return;
  if (event.target.closest("button, input, label, summary, a:not(.row-link, .leaf)")) return;
  const row = event.target.closest("#credentials tr[data-row]"), leaf = event.target.closest(".leaf[data-folder-version]");
  if (row && (row.dataset.row || "re").includes("e")) {
    const id = row.querySelector("[data-select]")?.value, chosen = selection();
    if (id) drag = { ids: chosen.includes(id) ? chosen : [id], name: row.querySelector(".row-link").textContent };
  } else if (leaf) {
    drag = { folder: leaf, name: leaf.querySelector(".leaf-label").textContent };
  }
  if (drag) Object.assign(drag, { x: event.clientX, y: event.clientY });
}

function show() {
  drag.ghost = document.createElement("div");
  drag.ghost.className = "drag-ghost";
  drag.ghost.textContent = drag.ids?.length > 1 ? `${drag.ids.length.toLocaleString("en-GB")} credentials` : drag.name;
  document.body.append(drag.ghost);
  document.body.classList.add("dragging");
  getSelection().removeAllRanges();
}

// target is the folder under the pointer, if what is dragged can go there.
function target(event) {
  const leaf = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-drop]");
  if (!leaf || !drag.folder) return leaf;
  const item = drag.folder.closest("li"), parent = item.parentElement.closest("li")?.querySelector(":scope > .leaf");
  return item.contains(leaf) || leaf === parent || (!parent && leaf.dataset.drop === "root") ? null : leaf;
}

function moved(event) {
  if (!drag) return;
  if (!drag.ghost) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
    show();
  }
  drag.ghost.style.translate = `${event.clientX + 12}px ${event.clientY + 8}px`;
  const over = target(event);
  if (over === drag.over) return;
  drag.over?.removeAttribute("data-dropping");
  over?.setAttribute("data-dropping", "");
  drag.over = over;
}

function end() {
  drag?.ghost?.remove();
  drag?.over?.removeAttribute("data-dropping");
  document.body.classList.remove("dragging");
  drag = undefined;
}

function dropped(event) {
  if (!drag?.ghost) { drag = undefined; return; }
  const over = target(event), { ids, folder } = drag;
  end();
  // The click that follows opens nothing.
  const stop = (click) => { click.preventDefault(); click.stopPropagation(); };
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }), 0);
  if (!over) return;
  const to = over.dataset.drop === "root" ? "" : over.dataset.drop, common = [["once", crypto.randomUUID()], ["stay", "1"], ["back", location.pathname + location.search]];
  if (ids) return send("/credentials/selected", [...common, ["act", "put"], ["to", place()], ["folder", to], ...ids.map((id) => ["id", id])]);
  const was = folder.closest("li").parentElement.closest("li")?.querySelector(":scope > .leaf").dataset.drop ?? "";
  send(`/folders/${folder.dataset.drop}/move`, [...common, place() === "my" ? ["own", "1"] : ["client", place()], ["parent", to], ["was", was], ["version", folder.dataset.folderVersion]]);
}

function send(url, fields) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  for (const [name, value] of fields) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

export function startDrag() {
  document.addEventListener("pointerdown", begun);
  document.addEventListener("pointermove", moved);
  document.addEventListener("pointerup", dropped);
  document.addEventListener("pointercancel", end);
  // The browser's own dragging of links would end ours.
  document.addEventListener("dragstart", (event) => { if (drag) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag?.ghost) return;
    event.preventDefault();
    end();
  }, { capture: true });
}
