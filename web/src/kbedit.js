// Pictures and files that are pasted or dropped into an article's text are sent
// at once; what mentions them is put where the cursor is.
import { on } from "./dom.js";
import { toast } from "./toast.js";

function insert(area, text) {
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

async function attach(area, files) {
  for (const file of files) {
    const body = new FormData();
    body.append("file", file, file.name || "picture.png");
    toast(`Adding ${file.name || "the picture"} …`);
    const answer = await fetch(area.dataset.attach, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    const text = await answer.text();
    if (!answer.ok) return toast(text.trim(), "warning");
    insert(area, text);
  }
  toast("Added.");
}

export function startArticle() {
  on("paste", "[data-attach]", (event, area) => {
    const files = [...event.clipboardData?.files ?? []];
    if (!files.length) return;
    event.preventDefault();
    attach(area, files);
  });
  on("dragover", "[data-attach]", (event, area) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    area.classList.add("kb-drop-over");
  });
  on("dragleave", "[data-attach]", (_, area) => area.classList.remove("kb-drop-over"));
  on("drop", "[data-attach]", (event, area) => {
    area.classList.remove("kb-drop-over");
    const files = [...event.dataTransfer?.files ?? []];
    if (!files.length) return;
    event.preventDefault();
    attach(area, files);
  });
}
