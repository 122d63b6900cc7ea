// Showing what one types into a password field.
import { on } from "./dom.js";

export function showPassword(input, visible) {
  input.type = visible ? "text" : "password";
  const button = document.querySelector(`[data-password-toggle="${CSS.escape(input.id)}"]`);
  button?.setAttribute("aria-pressed", String(visible));
}

export function startPasswords() {
  on("click", "[data-password-toggle]", (_, button) => {
    const input = document.getElementById(button.dataset.passwordToggle);
    showPassword(input, input.type === "password");
  });
  // Shown fields are password fields again when sent, so that the browser does
  // not offer a secret as a former entry.
  document.addEventListener("submit", (event) => {
    for (const button of event.target.querySelectorAll("[data-password-toggle]")) {
      showPassword(document.getElementById(button.dataset.passwordToggle), false);
    }
  });
}
