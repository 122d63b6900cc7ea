// Passwords made in the browser from its cryptographic random numbers, by the
// rules of internal/password. A file of its own, which generating.js fetches when a
// generator is first opened.
import { announce, on } from "./dom.js";
import { showPassword } from "./passwords.js";

const classes = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  digit: "0123456789",
  symbol: "!#$%&*+-./:=?@_~",
};
const alike = "O0o1lI|5S2Z8B";
const consonants = "bcdfghjkmnpqrstvwxz";
const most = 12; // words

// below returns a whole number from 0 to n-1, each equally likely: numbers
// that would favour the first ones are thrown away.
function below(n) {
  const limit = Math.floor(2 ** 32 / n) * n;
  const box = new Uint32Array(1);
  do crypto.getRandomValues(box); while (box[0] >= limit);
  return box[0] % n;
}

const pick = (from) => from[below(from.length)];
const lettersOf = (name, lookAlikes) => lookAlikes ? classes[name] : [...classes[name]].filter((c) => !alike.includes(c)).join("");

// characters uses every chosen class at least once, in any place.
function characters(rules) {
  const sets = rules.classes.map((name) => lettersOf(name, rules.look_alikes));
  const all = sets.join("");
  const out = sets.slice(0, rules.length).map(pick);
  while (out.length < rules.length) out.push(pick(all));
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = below(i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out.join("");
}

// spoken is consonants and vowels in turn, a capital, a digit and a symbol.
function spoken(rules) {
  const has = (name) => rules.classes.includes(name);
  const end = ["digit", "symbol"].filter(has).map((name) => pick(lettersOf(name, rules.look_alikes))).join("");
  const turns = [consonants, rules.look_alikes ? "aeiou" : "aeiu"];
  if (below(2)) turns.reverse();
  const out = Array.from({ length: rules.length - end.length }, (_, i) => pick(turns[i % 2]));
  if (has("upper") && has("lower")) {
    const places = [...out.keys()];
    const fit = places.filter((i) => rules.look_alikes || !alike.includes(out[i].toUpperCase()));
    const at = pick(fit.length ? fit : places);
    out[at] = out[at].toUpperCase();
  }
  const text = out.join("");
  return (has("upper") && !has("lower") ? text.toUpperCase() : text) + end;
}

function phrase(rules, words) {
  const parts = Array.from({ length: rules.words }, () => pick(words)).map((w) => rules.capital ? w[0].toUpperCase() + w.slice(1) : w);
  if (rules.number) parts[below(parts.length)] += pick(classes.digit);
  return parts.join(rules.separator);
}

// atLeast raises rules to the minimums of the organization.
export function atLeast(rules, { length, kinds }) {
  const next = { ...rules, classes: [...(rules.classes || [])] };
  if (next.style === "passphrase") {
    while (next.words * (3 + next.separator.length) < length && next.words < most) next.words += 1;
    next.capital ||= kinds > 2;
    next.number ||= kinds > 1;
    if (kinds > 3) next.separator ||= "-";
    return next;
  }
  next.length = Math.max(next.length, length);
  for (const name of Object.keys(classes)) {
    if (next.classes.length < Math.max(kinds, 1) && !next.classes.includes(name)) next.classes.push(name);
  }
  return next;
}

// generate makes a password; words are needed for passphrases only.
export function generate(rules, words) {
  switch (rules.style) {
    case "passphrase": return phrase(rules, words);
    case "pronounceable": return spoken(rules);
    default: return characters(rules);
  }
}

let list; // of words, fetched once, when somebody first wants a passphrase
const wordList = (url) => list ??= fetch(url).then((answer) => answer.ok ? answer.text() : Promise.reject(new Error())).then((text) => text.trim().split("\n"))
  .catch((error) => { list = undefined; throw error; });

const kind = (c) => /\d/.test(c) ? "ch-d" : /\p{Lu}/u.test(c) ? "ch-u" : /\p{L}/u.test(c) ? "ch-l" : "ch-s";

const part = (box, name) => box.querySelector(`[data-rule="${name}"]`);
const checks = (box) => [...box.querySelectorAll("[data-class]")];

// rulesOf is what is chosen in a generator.
function rulesOf(box) {
  const rules = {
    style: part(box, "style").value, length: Number(part(box, "length").value), classes: checks(box).filter((c) => c.checked).map((c) => c.dataset.class),
    look_alikes: !part(box, "plain").checked, words: Number(part(box, "words").value), separator: part(box, "separator").value,
    capital: part(box, "capital").checked, number: part(box, "number").checked,
  };
  return atLeast(rules, JSON.parse(box.dataset.least));
}

// choose shows rules in a generator.
function choose(box, rules) {
  part(box, "style").value = rules.style;
  part(box, "length").value = rules.length || 20;
  for (const check of checks(box)) check.checked = !rules.classes || rules.classes.includes(check.dataset.class);
  part(box, "plain").checked = !rules.look_alikes;
  part(box, "words").value = rules.words || 5;
  part(box, "separator").value = rules.separator ?? "-";
  part(box, "capital").checked = Boolean(rules.capital);
  part(box, "number").checked = Boolean(rules.number);
}

const forType = (box, type) => {
  const types = JSON.parse(box.dataset.types);
  return types[type] || types[""];
};

async function refresh(box) {
  const rules = rulesOf(box);
  for (const group of box.querySelectorAll("[data-for]")) group.hidden = !group.dataset.for.includes(rules.style);
  box.querySelector("[data-length-shown]").textContent = rules.length;
  box.querySelector("[data-words-shown]").textContent = rules.words;
  const out = box.querySelector("[data-generated]");
  let made;
  try {
    made = generate(rules, rules.style === "passphrase" && await wordList(box.dataset.words));
  } catch {
    out.textContent = "";
    announce("The list of words can't be fetched.");
    return;
  }
  out.replaceChildren(...[...made].map((c) => {
    const span = document.createElement("span");
    span.className = kind(c);
    span.textContent = c;
    return span;
  }));
}

// typeOf is the credential type chosen in the same form.
const typeOf = (box) => box.closest("form")?.querySelector("select[name=type]")?.value || "";

// toggled is called when a generator was opened or closed. It begins as the
// credential type does.
export function toggled(box) {
  if (!box.open) {
    box.querySelector("[data-generated]").replaceChildren();
    return;
  }
  if (!("begun" in box.dataset)) {
    box.dataset.begun = "";
    choose(box, forType(box, typeOf(box)));
  }
  refresh(box);
}

on("input", "[data-generator]", (_, box) => refresh(box));
on("change", "select[name=type]", (_, select) => {
  for (const box of select.form?.querySelectorAll("[data-generator]") || []) {
    choose(box, forType(box, select.value));
    if (box.open) refresh(box);
  }
});
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
