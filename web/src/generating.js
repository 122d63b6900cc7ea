// The generator is fetched when somebody first opens one.
import { announce } from "./dom.js";

export function startGenerator() {
  document.addEventListener("toggle", async (event) => {
    const box = event.target;
    if (!box.matches?.("[data-generator]")) return;
    try {
      (await import(box.dataset.script)).toggled(box);
    } catch {
      announce("The generator can't be fetched.");
    }
  }, true);
}
