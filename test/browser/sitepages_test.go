package browser

import (
	"slices"
	"strings"
	"testing"

	"bailiwick/test/browser/chrome"
)

// enterSite signs somebody of a site in, at the site's own address, and gives
// the address of its vault.
func enterSite(t *testing.T, name, slug string) (*chrome.Tab, string) {
	t.Helper()
	p, who := chromium.Profile(t, demo.Address), demo.Accounts[slices.IndexFunc(demo.Accounts, func(a account) bool { return a.Name == name })]
	p.Go("/o/"+slug).Type("Email", who.Email).Type("Password", who.Password).Follow("Sign in")
	openVault(p, who.OrganizationKey)
	return p, chrome.Ask[string](p, `[...document.querySelectorAll("nav a")].find((a) => a.textContent.includes("Company vault")).getAttribute("href")`)
}

// The pages of a site for each of its levels, and what its administrator
// chooses for a limited user, from the list and from a folder.
func TestPagesOfASite(t *testing.T) {
	t.Parallel()
	at := func(p *chrome.Tab, name string) { t.Helper(); inspectAs(t, p, "site-"+name) }
	slug := strings.ToLower(strings.ReplaceAll(demo.person("Paula").Site, " ", "-"))
	for _, path := range []string{"/o/" + slug, "/forgot?at=" + slug, "/request-key?at=" + slug} {
		p := chromium.Profile(t, demo.Address).Go(path)
		at(p, "before-"+strings.Trim(strings.ReplaceAll(strings.Split(path, "?")[0], "/", "-"), "-"))
	}
	paula, vault := enterSite(t, "Paula Reyes", slug)
	quentin, _ := enterSite(t, "Quentin Moss", slug)
	rosa, _ := enterSite(t, "Rosa Delgado", slug)
	for name, p := range map[string]*chrome.Tab{"administrator": paula, "user": quentin, "limited": rosa} {
		at(p.Go("/"), "dashboard-"+name)
		at(p.Go(vault).Sees("Company vault"), "list-"+name)
	}

	// From the list, and from a folder.
	paula.Go(vault).Until(`document.querySelector("[data-select]") !== null`)
	chrome.Ask[bool](paula, `(document.querySelectorAll("tbody [data-select]").forEach((b, i) => i < 3 && !b.checked && b.click()), true)`)
	at(paula, "selected")
	paula.Follow("Choose for users").Sees("Choose 3 credentials for users", "Rosa Delgado")
	at(paula, "choose-several")
	if chrome.Ask[bool](paula, `document.querySelector("[name=user]").checked`) {
		t.Error("Rosa sees all three already")
	}
	paula.Press("Rosa Delgado").Follow("Save").Sees("Saved: chosen for 1 user more.")
	paula.Go(vault).Follow("Front desk").Follow("Choose for users").Sees("Choose Front desk for users")
	at(paula, "choose-folder")
	paula.Follow("Cancel")
	user := chrome.Ask[string](paula.Go("/users"), `[...document.querySelectorAll("a")].find((a) => a.textContent.includes("Rosa Delgado")).getAttribute("href")`)
	at(paula.Go(user), "edit-limited")
	at(paula.Go(user+"/chosen").Sees("What Rosa Delgado sees"), "chosen")
	at(paula.Go("/users/import"), "import-users")
	at(paula.Go("/import"), "import")
	at(paula.Go("/requests"), "requests")
	at(paula.Go("/shares"), "shares")

	// Its provider's side: the users of sites, adding one, the client with its site.
	ada := enter(t, "Ada")
	at(ada.Go("/users?kind=site").Sees("Rosa Delgado"), "users-of-sites")
	client := chrome.Ask[string](ada.Go("/shares"), `[...document.querySelectorAll("a.link")].find((a) => a.getAttribute("href").startsWith("/shares?client=")).getAttribute("href").split("client=")[1]`)
	at(ada.Go("/users/add?site="+client), "add-people")
	ada.Go("/clients/" + client + "/edit").Sees("Its own address")
	chrome.Ask[bool](ada, `(document.getElementById("site").scrollIntoView(), true)`)
	at(ada, "of-client")
	ada.Go("/clients/" + client).Until(`document.querySelector("[data-select]") !== null`)
	chrome.Ask[bool](ada, `(document.querySelectorAll("tbody [data-select]").forEach((b, i) => i < 4 && !b.checked && b.click()), true)`)
	at(ada.Follow("Share passwords").Sees("Everyone at"), "share-several")
	ada.Follow("Cancel")

	// Who accepts before the site is activated waits.
	waits := addClient(ada, "Waiting Rooms")
	ada.Go(waits + "/edit").Follow("Switch site login on").Sees("The site waits for activation.")
	ada.Type("Email addresses", "nell@waiting.example").Follow("Next").Sees("Permission level")
	at(ada, "add-given")
	ada.Choose("Kind", "Member").Follow("Add 1 person").Sees("1 person invited")
	at(ada, "added")
	link := chrome.Ask[string](ada, `[...document.querySelectorAll(".link-line input")].map(i => i.value).find(x => x.includes("/invitation"))`)
	nell := chromium.Profile(t, demo.Address)
	nell.Go(link[strings.Index(link, "/invitation"):]).Type("Your name", "Nell Park").Type("New password", "a long walk by the river")
	at(nell, "invitation")
	at(nell.Follow("Set password").Sees("The site waits for activation by its administrator."), "waits")
	ada.Go(waits + "/edit").Sees("Waiting for activation")
	chrome.Ask[bool](ada, `(document.getElementById("site").scrollIntoView(), true)`)
	at(ada, "of-client-waiting")
}
