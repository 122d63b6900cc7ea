// Printing the page, for keys that are kept on paper.
import { on } from "./dom.js";

export function startPrint() {
  on("click", "[data-print]", () => window.print());
}
