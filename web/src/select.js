// What is chosen in a list: the checked boxes, and in a long list also rows
// that are not in the page just now.
import { failure, on } from "./dom.js";
import { toast } from "./toast.js";

const chosen = new Set();
let last = ""; // the box that was pressed before this one

const long = () => document.querySelector("[data-long]");
const boxes = () => [...document.querySelectorAll("[data-select]")];

// sync makes boxes and count agree. Of a short list the boxes are the truth.
export function sync() {
  const all = boxes();
  if (long()) {
    for (const box of all) box.checked = chosen.has(box.value);
  } else {
    chosen.clear();
    for (const box of all) if (box.checked) chosen.add(box.value);
  }
  const total = long() ? Number(long().dataset.total) : all.length;
  for (const place of document.querySelectorAll("[data-selected-count]")) place.textContent = chosen.size.toLocaleString("en-GB");
  for (const every of document.querySelectorAll("[data-select-all]")) {
    every.checked = chosen.size > 0 && chosen.size >= total;
    every.indeterminate = chosen.size > 0 && chosen.size < total;
  }
  document.getElementById("selection")?.toggleAttribute("data-some", chosen.size > 0);
}

function put(box, yes) {
  box.checked = yes;
  yes ? chosen.add(box.value) : chosen.delete(box.value);
}

export function toggle(box) {
  put(box, !box.checked);
  last = box.value;
  sync();
  return true;
}

// every gives the ids of all rows in order; a long list's the server knows.
async function every() {
  if (!long()) return boxes().map((box) => box.value);
  const answer = await fetch(`${long().dataset.long}ids`, { headers: { "X-Requested-With": "bailiwick" }, credentials: "same-origin", cache: "no-store", redirect: "error" });
  if (!answer.ok) throw new Error();
  return (await answer.text()).split("\n").filter(Boolean);
}

async function choose(yes, pick) {
  try {
    for (const id of pick(await every())) yes ? chosen.add(id) : chosen.delete(id);
    for (const box of boxes()) box.checked = chosen.has(box.value);
  } catch (error) {
    toast(failure(error), "danger");
  }
  sync();
}

export function startSelect() {
  on("click", "[data-select]", (event, box) => {
    if (event.shiftKey && last && last !== box.value) {
      const ends = [last, box.value];
      choose(box.checked, (ids) => {
        const [a, b] = ends.map((id) => ids.indexOf(id)).sort((x, y) => x - y);
        return a < 0 ? [box.value] : ids.slice(a, b + 1);
      });
    } else {
      put(box, box.checked);
      sync();
    }
    last = box.value;
  });
  on("change", "[data-select]", (_, box) => { put(box, box.checked); sync(); });
  on("change", "[data-select-all]", (_, box) => choose(box.checked, (ids) => ids));
  // Rows that were scrolled away are sent, too, in one field: servers bound the
  // number of fields. The form's own id has to be asked for as an attribute: its
  // boxes are called "id", and hide the property.
  document.addEventListener("formdata", (event) => {
    if (event.target.getAttribute("id") !== "selection") return;
    const here = new Set(event.formData.getAll("id"));
    event.formData.append("those", [...chosen].filter((id) => !here.has(id)).join(" "));
  });
  document.addEventListener("htmx:beforeSwap", (event) => { if (event.target.id === "credentials") chosen.clear(); });
  addEventListener("pageshow", sync);
  sync();
}

// selection is what is chosen, in no order.
export const selection = () => [...chosen];
