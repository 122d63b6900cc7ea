// Light, dark, or as the system: at once here, and by the server from then on.
import { on } from "./dom.js";

export function startTheme() {
  on("click", "[data-theme-set]", async (event, button) => {
    event.preventDefault();
    const theme = button.dataset.themeSet;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    await fetch(button.form.action, {
      method: "POST",
      headers: { "X-Requested-With": "bailiwick" },
      body: new URLSearchParams({ theme }),
      credentials: "same-origin",
      redirect: "manual",
    }).catch(() => {});
  });
}
