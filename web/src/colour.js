// The browser's own choice of a colour beside the field in which it is typed.
// The field counts; each follows the other.
import { on } from "./dom.js";

export function startColour() {
  on("input", "[data-colour-of]", (_, pick) => {
    const field = document.getElementById(pick.dataset.colourOf);
    field.value = pick.value;
    field.dispatchEvent(new Event("input", { bubbles: true })); // the preview and the question before leaving
  });
  on("input", "[data-colour]", (_, field) => {
    if (/^#[0-9a-f]{6}$/i.test(field.value)) document.querySelector(`[data-colour-of="${field.id}"]`).value = field.value.toLowerCase();
  });
}
