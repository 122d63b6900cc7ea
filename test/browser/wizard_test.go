package browser

import (
	"strconv"
	"strings"
	"testing"

	"bailiwick/test/browser/chrome"
)

// The first minute: from the printed address to an open vault, with a key as
// characters or as words.
func TestFirstMinute(t *testing.T) {
	for _, form := range []string{"As characters", "As twelve words"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			s, printed := startEmpty(t)
			p := chromium.Profile(t, s.Address)
			p.Go("/clients").Sees("This server has no organization yet")
			p.Go(printed).Lands("/setup/organization")
			fillOrganization(p)

			p.Sees("Organization Key").Follow(form)
			key := readKey(p)
			p.Follow("I have it: confirm")
			confirm(p, key, "wrong")
			p.Follow("Confirm and go on").Sees("This is not", "of the key")
			confirm(p, key, "")
			p.Follow("Confirm and go on").Sees("Recovery key")

			recovery := readKey(p)
			p.Follow("I have it: confirm")
			confirm(p, recovery, "")
			p.Follow("Confirm and finish").Lands("/").Sees("Bailiwick is set up, and the vault is open.", "Begin with your first client")
			p.SeesNot("The Recovery key is not confirmed yet")
			client := addClient(p, "First Client Ltd")
			addCredential(p, client, secret{title: "Router", username: "admin", password: "over the wall 55"})

			other := chromium.Profile(t, s.Address)
			other.Go(printed).Sees("Not found").SeesNot("First Client Ltd")
			other.Go("/setup").Sees("Not found")
			signIn(other, account{Email: "sam@first.example", Password: "a long walk by the river"})
			openVault(other, strings.Join(key, "-"))
		})
	}
}

func fillOrganization(p *chrome.Tab) {
	p.Type("Organization", "First Provider").Type("Your name", "Sam First").Type("Your email", "sam@first.example").Type("Your password", "short")
	p.Follow("Go on to the keys").Sees("Not everything is right yet")
	p.Type("Your password", "a long walk by the river").Sees("Very hard to guess").Follow("Go on to the keys")
}

// readKey reads the parts of the key from the page.
func readKey(p *chrome.Tab) []string {
	return chrome.Ask[[]string](p, `(() => {
		const words = [...document.querySelectorAll(".keycode-words li")];
		const parts = words.length ? words : [...document.querySelectorAll(".keycode-group")];
		return parts.map(e => { const c = e.cloneNode(true); c.querySelectorAll("[aria-hidden]").forEach(x => x.remove()); return c.textContent.trim(); });
	})()`)
}

// confirm types the parts that are asked for; slip stands in for the second.
func confirm(p *chrome.Tab, key []string, slip string) {
	labels := chrome.Ask[[]string](p, `[...document.querySelectorAll("label")].map(e => e.textContent.trim())`)
	for i, label := range labels {
		_, number, _ := strings.Cut(label, " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			panic("a key's part is called " + label)
		}
		part := strings.ToLower(key[n-1])
		if i == 1 && slip != "" {
			part = slip
		}
		p.Type(label, part)
	}
}
