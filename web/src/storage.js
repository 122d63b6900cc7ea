// Nothing is kept in the browser: addresses name clients and credentials.
// htmx notes the present address in the session storage; it works without.
const events = ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"];

export function startStorage() {
  const forget = () => sessionStorage.removeItem("htmx-current-path-for-history");
  for (const event of events) document.addEventListener(event, forget);
  addEventListener("pagehide", forget);
  forget();
}
