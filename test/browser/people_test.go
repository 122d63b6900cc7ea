package browser

import (
	"testing"

	"bailiwick/test/browser/chrome"
)

// enter signs somebody of the demo in on a fresh browser and opens the vault.
func enter(t *testing.T, first string) *chrome.Tab {
	t.Helper()
	p := chromium.Profile(t, demo.Address)
	signIn(p, demo.person(first))
	openVault(p, demo.OrganizationKey)
	return p
}

func signIn(p *chrome.Tab, who account) {
	p.Go("/sign-in").Type("Email", who.Email).Type("Password", who.Password).Follow("Sign in")
}

// openVault is what the first sign-in on a browser asks for. The recovery code
// that is offered then is left for later.
func openVault(p *chrome.Tab, key string) {
	p.Sees("This browser is not known yet").Type("Organization Key", key).Follow("Open the vault")
	if p.Offers("Later") {
		p.Follow("Later")
	}
	p.Lands("/").Sees("Dashboard")
}

// addClient makes a client of a test's own, and stays on its page.
func addClient(p *chrome.Tab, name string) string {
	p.Go("/clients/new").Type("Name", name).Follow("Add client").Sees(name)
	return p.Path()
}

// secret is a credential as somebody types it.
type secret struct{ title, username, password, folder string }

func addCredential(p *chrome.Tab, client string, s secret) {
	p.Go(client + "/credentials/new")
	p.Type("Title", s.title).Type("Username", s.username).Type("Password", s.password)
	if s.folder != "" {
		p.Choose("Folder", s.folder)
	}
	p.Follow("Add credential").In("#panel").Sees(s.title)
}
