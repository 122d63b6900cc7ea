// A picture that is pasted on the page, or dropped on its place, is sent as if
// it had been chosen.
import { on } from "./dom.js";
import { toast } from "./toast.js";

function send(files) {
  const input = document.querySelector("[data-picture]");
  const picture = [...files].find((file) => file.type.startsWith("image/"));
  if (!input || !picture) return false;
  const chosen = new DataTransfer();
  chosen.items.add(picture);
  input.files = chosen.files;
  toast("Reading the picture …");
  input.form.requestSubmit(input.form.querySelector("[data-picture-send]"));
  return true;
}

export function startPicture() {
  document.addEventListener("paste", (event) => {
    if (document.querySelector("[data-picture]") && send(event.clipboardData?.files ?? [])) event.preventDefault();
  });
  on("dragover", "[data-drop]", (event, place) => { event.preventDefault(); place.classList.add("drop-over"); });
  on("dragleave", "[data-drop]", (_, place) => place.classList.remove("drop-over"));
  on("drop", "[data-drop]", (event, place) => {
    event.preventDefault();
    place.classList.remove("drop-over");
    if (!send(event.dataTransfer?.files ?? [])) toast("Drop a picture of the QR code here.", "warning");
  });
}
