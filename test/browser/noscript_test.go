package browser

import (
	"testing"

	"bailiwick/test/browser/chrome"
)

// Without script: sign in, open, look, reveal, add, search, archive, sign out.
func TestWithoutScript(t *testing.T) {
	t.Parallel()
	p := chromium.Profile(t, demo.Address).WithoutScript()
	signIn(p, demo.person("Bruno"))
	openVault(p, demo.OrganizationKey)
	client := addClient(p, "Noscript Nurseries")
	addCredential(p, client, secret{title: "Noscript pump", username: "water", password: "deep-well-1970"})
	p.SeesNot("deep-well-1970")
	p = p.In("#panel").Follow("Reveal Password").Sees("deep-well-1970", "Noscript Nurseries")
	p.Go(client).Follow("Noscript pump").In("#panel").Sees("water")
	p.Go("/").In(".page").Type("Search clients, credentials, commands", "noscript pu").Follow("Search")
	p = p.Follow("Noscript pump Noscript Nurseries water")
	p.In("#panel").Press("More for this credential").Follow("Archive").Sees("Credential archived.")
	p = p.Follow("Undo").Sees("Noscript pump")
	if n := chrome.Ask[int](p, `[...document.querySelectorAll(".needs-js")].filter(e => e.checkVisibility()).length`); n != 0 {
		t.Errorf("%d things that need script are shown without it", n)
	}
	p.Press("Your menu, Bruno Keller").Follow("Sign out").Sees("You are signed out.")
}
