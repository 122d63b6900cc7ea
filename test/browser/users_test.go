package browser

import (
	"testing"

	"bailiwick/test/browser/chrome"
)

// menuOf opens the menu of the row that holds a text, and gives its lines.
func menuOf(p *chrome.Tab, text string) []string {
	p.PressOne(`[...document.querySelectorAll("[data-people] tbody tr")].find(r => r.textContent.includes(` + quote(text) + `)).querySelector("summary")`)
	return chrome.Ask[[]string](p, `[...document.querySelectorAll("details[open] .menu-item")].map(i => i.textContent.trim())`)
}

// The users page: tabs, filter, who waits, who is disabled, and a menu whose
// lines are the rights of whoever looks.
func TestUsersPage(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	at := func(name string) { t.Helper(); inspectAs(t, p, "users-"+name) }
	p.Follow("Users").Sees("Members", "Femi Adeyemi", "Technician - Default Access", "Locked out", "Invited").SeesNot("Viktor Thorsen", "Rosa Bianchi")
	at("1-members")
	menuOf(p, "Femi Adeyemi")
	at("2-menu")
	p.Go("/users?kind=administrator").Sees("Bruno Keller", "You")
	at("3-administrators")
	p.Go("/users?kind=guest").Sees("Rosa Bianchi")
	p.Go("/users").Follow("Show disabled").Sees("Viktor Thorsen", "Disabled")
	at("4-disabled")
	p.Follow("Off-boarding")
}

func quote(s string) string { return "`" + s + "`" }
