// The list of users: what every row has alike, and its menu, which is made of
// the page's one set of lines when it is first opened.
function dress(row) {
  const link = row.querySelector("a.row-link"), last = row.cells[7] ?? row.insertCell();
  row.setAttribute("role", "row");
  row.dataset.row = "";
  for (const cell of row.cells) cell.setAttribute("role", "cell");
  if (link) link.dataset.rowLink = "";
  last.replaceChildren(...(row.dataset.acts ? [menu(row, link)] : []));
}

function menu(row, link) {
  const menu = document.createElement("details"), summary = document.createElement("summary");
  menu.className = "menu";
  menu.name = "menu";
  menu.dataset.user = link.pathname.split("/")[2];
  summary.className = "acts";
  summary.title = `Actions for ${link.firstChild.textContent.trim()}`;
  summary.textContent = summary.title;
  menu.append(summary);
  return menu;
}

// fill puts in the lines that the row's letters allow, each about its user.
function fill(menu) {
  const list = document.createElement("div"), back = location.pathname + location.search, may = menu.closest("tr").dataset.acts;
  list.className = "menu-list";
  for (const line of document.getElementById("user-acts").content.querySelectorAll("[data-act]")) {
    if (!may.includes(line.dataset.act)) continue;
    const copy = line.cloneNode(true), where = copy.hasAttribute("action") ? "action" : "href";
    const path = copy.getAttribute(where).replace("/ID", `/${menu.dataset.user}`);
    copy.setAttribute(where, "next" in copy.dataset && where === "href" ? `${path}?next=${encodeURIComponent(back)}` : path);
    const next = copy.querySelector("[name=next]");
    if (next) next.value = back;
    list.append(copy);
  }
  menu.append(list);
}

// Where there is no room below, the menu opens upwards.
function place(menu) {
  const list = menu.querySelector(".menu-list"), at = menu.getBoundingClientRect();
  menu.classList.toggle("menu-up", at.bottom + list.offsetHeight > innerHeight && at.top - list.offsetHeight > 64);
}

function dressAll() {
  for (const row of document.querySelectorAll("[data-people] tbody tr:not([role])")) dress(row);
}

export function startUsers() {
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!menu.open || !menu.matches("details[data-user]")) return;
    if (!menu.querySelector(".menu-list")) fill(menu);
    place(menu);
  }, true);
  document.addEventListener("htmx:afterSwap", dressAll);
  dressAll();
}
