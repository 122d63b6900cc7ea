// Passwords made in the browser from its cryptographic random numbers.
import { announce, on } from "./dom.js";
import { showPassword } from "./passwords.js";

const classes = {
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  lower: "abcdefghijklmnopqrstuvwxyz",
  digit: "0123456789",
  symbol: "!#$%&*+-./:=?@_~",
};
const lookAlikes = /[O0o1lI|5S2Z8B]/g;

// below returns a whole number from 0 to n-1, each equally likely: numbers
// that would favour the first ones are thrown away.
function below(n) {
  const limit = Math.floor(2 ** 32 / n) * n;
  const box = new Uint32Array(1);
  do crypto.getRandomValues(box); while (box[0] >= limit);
  return box[0] % n;
}

const pick = (letters) => letters[below(letters.length)];

// generate uses every chosen class at least once.
export function generate(length, names, plain) {
  const sets = names.map((name) => plain ? classes[name].replace(lookAlikes, "") : classes[name]);
  if (!sets.length) return "";
  const all = sets.join("");
  const out = sets.map(pick);
  while (out.length < length) out.push(pick(all));
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = below(i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out.join("");
}

const kind = (c) => /\d/.test(c) ? "ch-d" : /\p{Lu}/u.test(c) ? "ch-u" : /\p{L}/u.test(c) ? "ch-l" : "ch-s";

function refresh(box) {
  const length = box.querySelector("[data-length]");
  box.querySelector("[data-length-shown]").textContent = length.value;
  const names = [...box.querySelectorAll("[data-class]:checked")].map((check) => check.dataset.class);
  const made = generate(Number(length.value), names, box.querySelector("[data-plain]").checked);
  box.querySelector("[data-generated]").replaceChildren(...[...made].map((c) => {
    const span = document.createElement("span");
    span.className = kind(c);
    span.textContent = c;
    return span;
  }));
}

export function startGenerator() {
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("[data-generator]")) return;
    if (event.target.open) refresh(event.target);
    else event.target.querySelector("[data-generated]").replaceChildren();
  }, true);
  on("input", "[data-generator]", (_, box) => refresh(box));
  on("click", "[data-regenerate]", (_, button) => refresh(button.closest("[data-generator]")));
  on("click", "[data-generate]", (_, button) => {
    const box = button.closest("[data-generator]");
    const input = document.getElementById(button.dataset.generate);
    input.value = box.querySelector("[data-generated]").textContent;
    showPassword(input, true);
    box.open = false;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
    announce("The generated password is in the field.");
  });
}
