// A form that was changed asks before it is lost.
import { on } from "./dom.js";

const changed = new Set();

export function startDirty() {
  on("input", "form[data-dirty]", (event, form) => event.target.matches("[data-pair-filter]") || changed.add(form));
  on("submit", "form[data-dirty]", (_, form) => changed.delete(form));
  addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
}
