package browser

import (
	"testing"

	"bailiwick/test/browser/chrome"
)

// A browser that is not known needs the Organization Key once; from then on
// the password opens the vault there. Signing out leaves nothing behind.
func TestSignIn(t *testing.T) {
	t.Parallel()
	who := demo.person("Greta")
	p := chromium.Profile(t, demo.Address)
	p.Go("/clients").Lands("/sign-in")
	p.Type("Email", who.Email).Type("Password", "not my password").Follow("Sign in")
	p.Sees("You are not signed in.")
	if v := chrome.Ask[string](p, `page.field("Password").value`); v != "" {
		t.Errorf("a wrong password was sent back: %q", v)
	}
	p.Type("Password", who.Password).Follow("Sign in")
	p.Lands("/open").Sees("This browser is not known yet")
	p.Follow("Go on without the vault").Sees("Sealed")

	p.Go("/open?next=/clients").Type("Organization Key", "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FF").Follow("Open the vault").Sees("The vault is not open yet.")
	p.Type("Organization Key", demo.OrganizationKey).Follow("Open the vault").Sees("no recovery code yet")
	p.Follow("Later").Lands("/clients").In(".top").Sees("Open")

	signOut(p, who)
	signIn(p, who)
	p.Lands("/").In(".top").Sees("Open")
	client := "/clients"
	p.Go(client).Sees("Alder & Finch Attorneys")
	signOut(p, who)
	p.Back().Lands("/sign-in").SeesNot("Alder & Finch Attorneys")
	p.Back().SeesNot("Alder & Finch Attorneys")
	if left := chrome.Ask[string](p, stored); left != "" {
		t.Errorf("the browser still holds: %s", left)
	}
	for name := range p.Cookies() {
		if name == "__Host-session" {
			t.Error("the session's cookie is still there")
		}
	}
}

func signOut(p *chrome.Tab, who account) {
	p.Press("Your menu, " + who.Name).Follow("Sign out")
	p.Lands("/sign-in").Sees("You are signed out.")
}

// stored names what a page has left in the browser besides cookies.
const stored = `(async () => {
	const left = [];
	for (const [name, s] of [["localStorage", localStorage], ["sessionStorage", sessionStorage]]) if (s.length) left.push(name + " " + Object.keys(s));
	for (const d of await indexedDB.databases()) left.push("IndexedDB " + d.name);
	for (const c of await caches.keys()) left.push("cache " + c);
	if ((await navigator.serviceWorker.getRegistrations()).length) left.push("a service worker");
	return left.join(", ");
})()`
