// The search dialog: answers while one types, and acts on the chosen answer.
import { copySecret, copyText } from "./copy.js";
import { announce, on } from "./dom.js";

const wait = 40; // ms after the last letter
let timer = 0;
let asked = 0; // number of the last question; older answers are dropped
let running;
let arrowed = false; // the answer was chosen with arrows: "t" is then no letter of the question

const palette = () => document.getElementById("palette");
const part = (selector) => palette().querySelector(selector);
const options = () => [...palette().querySelectorAll("[role=option]")];
const chosen = () => palette().querySelector("[role=option][aria-selected=true]");

export function openPalette() {
  const dialog = palette();
  if (!dialog) return false;
  if (!dialog.open) dialog.showModal();
  part("input").focus();
  part("input").select();
  return true;
}

function choose(option) {
  const input = part("input");
  chosen()?.setAttribute("aria-selected", "false");
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

function move(step) {
  const all = options();
  if (all.length) choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
}

async function search(query) {
  const number = ++asked;
  running?.abort();
  running = new AbortController();
  if (!query.trim()) return fill("", query);
  try {
    const url = `${palette().dataset.searchUrl}?q=${encodeURIComponent(query)}`;
    const answer = await fetch(url, { headers: { "X-Requested-With": "bailiwick", Accept: "text/html" }, cache: "no-store", signal: running.signal });
    const html = answer.ok ? await answer.text() : "";
    if (number === asked) fill(html, query);
  } catch (error) {
    if (error.name !== "AbortError" && number === asked) announce("Search can't be reached.");
  }
}

function fill(html, query) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  part("#palette-results").replaceChildren(...answer.body.childNodes);
  const all = options();
  part("[data-palette-empty]").hidden = !query.trim() || all.length > 0;
  part("[data-palette-hint]").hidden = Boolean(query.trim());
  choose(all[0]);
  if (query.trim()) announce(all.length === 1 ? "1 result" : `${all.length} results`);
}

// The code of the moment: Alt and T, or T alone on an answer that was gone to.
function code(event, option) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || !option.dataset.copyCode) return false;
  // With Alt some keyboards write another sign.
  if (event.altKey ? event.code !== "KeyT" : !arrowed || event.key.toLowerCase() !== "t") return false;
  copySecret(option.dataset.copyCode, "Code");
  return true;
}

// Control and a letter act on the chosen answer; text that is selected in the
// box is copied by the browser as usual.
function shortcut(event, option) {
  const input = part("input");
  switch (event.key.toLowerCase()) {
    case "c":
      if (input.selectionStart !== input.selectionEnd || !option.dataset.copyPassword) return false;
      copySecret(option.dataset.copyPassword);
      break;
    case "u":
      if (!option.dataset.username) return false;
      copyText(option.dataset.username, "Username");
      break;
    case "o":
      if (!/^https?:/i.test(option.dataset.url ?? "")) return false;
      window.open(option.dataset.url, "_blank", "noopener,noreferrer");
      break;
    default: return false;
  }
  return true;
}

export function startPalette() {
  const dialog = palette();
  if (!dialog) return;
  on("click", "[data-palette-open]", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (openPalette()) event.preventDefault();
  });
  on("input", "#palette input", (_, input) => {
    arrowed = false;
    clearTimeout(timer);
    timer = setTimeout(() => search(input.value), wait);
  });
  dialog.addEventListener("keydown", (event) => {
    const option = chosen();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { move(step); arrowed = true; }
    else if (option && code(event, option)) { /* done */ }
    else if (event.key === "Enter" && option && !event.isComposing) option.click();
    else if ((event.ctrlKey || event.metaKey) && !event.altKey && option && shortcut(event, option)) { /* done */ }
    else return;
    event.preventDefault();
  });
  // What was searched for is not left in the page.
  dialog.addEventListener("close", () => { part("input").value = ""; asked += 1; fill("", ""); });
}
