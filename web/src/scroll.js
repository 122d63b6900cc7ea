// Long lists. Of thousands of rows only those near the window are in the page;
// the rest is empty space of their height, and is asked for when it comes near.
import { dressAll } from "./rows.js";
import { sync } from "./select.js";

let list; // the long list of this page

const reach = () => innerHeight * 1.5; // how far from the window rows are kept ready
const keep = () => innerHeight * 3; // and from where on they are let go

function gap(columns) {
  const body = document.createElement("tbody"), cell = body.insertRow().insertCell();
  body.className = "gap";
  body.setAttribute("aria-hidden", "true");
  cell.colSpan = columns;
  return body;
}

function open(box) {
  const table = box.querySelector("table"), page = Number(box.dataset.page), start = Number(box.dataset.start);
  const here = [...table.tBodies], rows = table.querySelectorAll("[data-row]").length;
  const height = here.reduce((sum, body) => sum + body.offsetHeight, 0) / Math.max(rows, 1);
  list = { box, table, page, height, url: box.dataset.long, columns: table.tHead.rows[0].cells.length, slots: [] };
  lay(Number(box.dataset.total), start % page, start, here);
  box.classList.add("scrolls");
  if (start > 0) {
    const current = box.querySelector(".row-current") ?? here[0];
    current.scrollIntoView({ block: current === here[0] ? "start" : "center" });
  }
  update();
}

// lay divides the list into slots of a page each, of which one may be there.
function lay(total, first, start, here) {
  list.total = total;
  for (const slot of list.slots) { slot.asked?.abort(); for (const body of slot.bodies) if (!here.includes(body)) body.remove(); }
  list.slots = [];
  for (let at = 0; at < total; at = at < first ? first : at + list.page) {
    const rows = Math.min(at < first ? first : at + list.page, total) - at;
    if (at === start && here.length) {
      list.slots.push({ at, rows, bodies: here, full: true });
      continue;
    }
    const slot = { at, rows, bodies: [gap(list.columns)], full: false };
    space(slot, Math.round(rows * list.height));
    if (at < start) here[0].before(slot.bodies[0]); else list.table.append(slot.bodies[0]);
    list.slots.push(slot);
  }
  const words = list.box.querySelector(".pager p");
  if (words) words.textContent = `${total.toLocaleString("en-GB")} credentials`;
}

function space(slot, height) {
  slot.bodies[0].rows[0].cells[0].style.height = `${height}px`;
}

const tall = (slot) => slot.bodies.reduce((sum, body) => sum + body.offsetHeight, 0);

function update() {
  if (!list?.box.isConnected) return;
  let y = list.slots[0]?.bodies[0].getBoundingClientRect().top ?? 0;
  const places = list.slots.map((slot) => { const top = y; y += tall(slot); return { slot, top, bottom: y }; });
  for (const { slot, top, bottom } of places) {
    const near = bottom > -reach() && top < innerHeight + reach();
    if (near && !slot.full && !slot.asked) load(slot);
    if (!near && slot.asked) { slot.asked.abort(); slot.asked = undefined; }
    if (slot.full && (bottom < -keep() || top > innerHeight + keep())) release(slot);
  }
}

async function load(slot) {
  const mine = list, asked = slot.asked = new AbortController();
  try {
    const answer = await fetch(mine.url + slot.at, { headers: { "X-Requested-With": "bailiwick" }, credentials: "same-origin", cache: "no-store", redirect: "error", signal: asked.signal });
    if (!answer.ok) throw new Error();
    const text = await answer.text(), total = Number(answer.headers.get("X-Total"));
    if (list !== mine || slot.asked !== asked) return;
    if (total !== list.total) { // somebody added or took something away
      lay(total, 0, -1, []);
      return update();
    }
    const made = document.createElement("template");
    made.innerHTML = text;
    put(slot, [...made.content.children]);
  } catch {
    if (slot.asked === asked) setTimeout(() => { if (slot.asked === asked) { slot.asked = undefined; update(); } }, 3000);
    return;
  }
  slot.asked = undefined;
  slot.then?.();
  slot.then = undefined;
  update();
}

// swap changes what stands in a slot's place. What is above the window must not
// push down what is in it.
function swap(slot, bodies) {
  const before = tall(slot), above = slot.bodies[0].getBoundingClientRect().top < 0;
  slot.bodies[0].before(...bodies);
  for (const body of slot.bodies) body.remove();
  slot.bodies = bodies;
  return () => { if (above) scrollBy(0, tall(slot) - before); };
}

function put(slot, bodies) {
  const settle = swap(slot, bodies);
  slot.full = true;
  dressAll();
  sync();
  settle();
}

function release(slot) {
  if (slot.bodies.some((body) => body.contains(document.activeElement))) return;
  const height = tall(slot), empty = gap(list.columns);
  const settle = swap(slot, [empty]);
  slot.full = false;
  space(slot, height);
  settle();
}

// beyond does something once the rows after (or before) a body are there;
// false where there are none.
export function beyond(body, step, then) {
  const at = list?.slots.findIndex((slot) => slot.bodies.includes(body)) ?? -1;
  const next = at < 0 ? undefined : list.slots[at + step];
  if (!next || next.full) return false;
  next.then = then;
  next.bodies[0].scrollIntoView({ block: "nearest" });
  if (!next.asked) load(next);
  return true;
}

function begin() {
  const box = document.querySelector("[data-long]");
  if (box && box !== list?.box) open(box);
}

export function startScroll() {
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; update(); });
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon, { passive: true });
  document.addEventListener("htmx:afterSwap", begin);
  begin();
}
