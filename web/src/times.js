// Times in the viewer's own zone: the server knows UTC alone, and says so where
// there is no script.
import { on } from "./dom.js";

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const plain = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });
const written = /\d{1,2} \p{L}+ \d{4}, \d\d:\d\d UTC/gu; // as the server writes a moment

const local = (words) => words.replace(written, (utc) => {
  const at = new Date(utc);
  return Number.isNaN(+at) ? utc : plain.format(at);
});

function reword() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    if (time.textContent.endsWith(" UTC")) time.textContent = local(time.textContent);
  }
  for (const input of document.querySelectorAll("input[data-utc]:not([data-zone])")) {
    input.dataset.zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (input.value) input.value = inZone(new Date(input.value + "Z"));
    input.defaultValue = input.value;
    const hint = document.getElementById(input.id + "-hint");
    if (hint) hint.textContent = local(hint.textContent).replace("UTC.", `In your time zone, ${input.dataset.zone}.`);
  }
}

// inZone writes a moment as an input of type datetime-local has it.
const inZone = (at) => new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);

export function startTimes() {
  reword();
  document.addEventListener("htmx:afterSwap", reword);
  on("pointerover", "time[datetime*=T]", (_, time) => {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(+at)) time.title = exact.format(at);
  });
  // The field shows the viewer's time, and the form sends UTC.
  document.addEventListener("formdata", (event) => {
    for (const input of event.target.querySelectorAll("input[data-zone]")) {
      const at = new Date(input.value);
      if (!Number.isNaN(+at)) event.formData.set(input.name, at.toISOString().slice(0, 16));
    }
  });
}
