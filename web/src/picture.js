// A picture is read as soon as it is there: chosen, pasted on the page, or
// dropped on its place.
import { on } from "./dom.js";
import { toast } from "./toast.js";

function send(files) {
  const input = document.querySelector("[data-picture]");
  const picture = [...files].find((file) => file.type.startsWith("image/"));
  if (!input || !picture) return false;
  const chosen = new DataTransfer();
  chosen.items.add(picture);
  input.files = chosen.files;
  read(input);
  return true;
}

function read(input) {
  toast("Reading the picture …");
  input.form.requestSubmit(input.form.querySelector("[data-picture-send]"));
}

export function startPicture() {
  on("change", "[data-picture]", (_, input) => input.files.length && read(input));
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
