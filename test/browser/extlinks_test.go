package browser

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"bailiwick/test/browser/chrome"
)

// shareOpen opens the form that shares the credential in the panel.
func shareOpen(p *chrome.Tab) {
	p.In("#panel").Press("More for this credential").Follow("Share by link")
}

// address reads the link that was just made, and says that it is copied.
func address(t *testing.T, p *chrome.Tab) (path string) {
	t.Helper()
	p.Lands("/links/made").Sees("It is shown only now.")
	at := chrome.Ask[string](p, `document.querySelector("#link-address").textContent`)
	if !strings.HasPrefix(at, demo.Address+"/link/xlink_") {
		t.Fatalf("the address is %q", at)
	}
	p.Follow("I have copied it").Sees("Its address can't be shown again.")
	return strings.TrimPrefix(at, demo.Address)
}

// A sender and a stranger, each in a browser of his own: a preview uses no
// view, the copy is read once, and then nothing tells the link from none.
func TestExternalLink(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Linkwood Glass")
	addCredential(p, client, secret{title: "Linkwood kiln", username: "burner", password: "Hot-1200-Degrees!"})
	shareOpen(p)
	p.Sees("One-time codes are never shared.").Type("Note to the recipient", "For the night shift")
	inspectAs(t, p, "share")
	p.Follow("Make link")
	inspectAs(t, p, "share-made")
	at := address(t, p)

	for range 3 { // what a chat program does with an address
		answer, err := http.Get(demo.Address + strings.Split(at, "#")[0])
		if err != nil {
			t.Fatal(err)
		}
		page, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Cache-Control") != "no-store" || strings.Contains(string(page), "Linkwood") || strings.Contains(string(page), "Northwind") {
			t.Errorf("the page is %d, %s", answer.StatusCode, answer.Header.Get("Cache-Control"))
		}
	}

	stranger := chromium.Profile(t, demo.Address)
	stranger.Go(at).Sees("Each look counts").SeesNot("Hot-1200")
	inspectAs(t, stranger, "link-asks")
	stranger.Press("Show it").Sees("Linkwood kiln", "burner", "Hot-1200-Degrees!", "For the night shift", "From Carla Mendes", "This was the last time")
	inspectAs(t, stranger, "link-shown")
	stranger.Go("/sign-in").Go(at).Press("Show it").Sees("This link opens nothing.").SeesNot("Hot-1200")
	inspectAs(t, stranger, "link-dead")
	stranger.Go("/link/xlink_01h455vb4pex5vsknk084sn02q" + at[strings.Index(at, "#"):]).Press("Show it").Sees("This link opens nothing.")
	stranger.Go(strings.Split(at, "#")[0]).Sees("This link opens nothing.") // half of the address

	p.Go("/links").Sees("Linkwood kiln", "1 of 1 time", "All views are used")
	p.Go("/audit?client="+strings.TrimPrefix(client, "/clients/")).Sees("Made a link for somebody outside to Linkwood kiln", "Somebody outside saw by an external link", "Outside")
}

// Three views with a passphrase: a wrong one uses none; and then the sender
// revokes the link.
func TestExternalLinkWithPassphrase(t *testing.T) {
	t.Parallel()
	p := enter(t, "David")
	client := addClient(p, "Passmore Printing")
	addCredential(p, client, secret{title: "Passmore press", username: "ink", password: "cyan magenta 9"})
	shareOpen(p)
	p.Type("Passphrase", "short").Follow("Make link").Sees("No link was made.", "Use at least 8 characters")
	p.Type("Views", "3").Type("Passphrase", "yellow and key").Choose("Lives for", "8 hours").Follow("Make link")
	p.Sees("It can be opened 3 times", "tell the passphrase by another way")
	at := address(t, p)

	stranger := chromium.Profile(t, demo.Address)
	stranger.Go(at).Press("Show it").Sees("Passphrase").SeesNot("cyan")
	inspectAs(t, stranger, "link-passphrase")
	stranger.Type("Passphrase", "yellow and lock").Press("Show it").Sees("This is not the passphrase.", "9 more tries are left").SeesNot("cyan")
	inspectAs(t, stranger, "link-wrong")
	for _, left := range []string{"can be opened 2 times more", "can be opened once more"} {
		stranger.Go("/sign-in").Go(at).Press("Show it").Sees("Passphrase").Type("Passphrase", "yellow and key").Press("Show it").Sees("cyan magenta 9", left)
	}
	p.Go("/links").Sees("Passmore press", "2 of 3 times", "Passphrase")
	inspectAs(t, p, "links")
	p.Follow("Revoke the link to “Passmore press”").Sees("the sealed copy is deleted").Follow("Revoke link").Sees("The link is revoked.")
	stranger.Go("/sign-in").Go(at).Press("Show it").Sees("This link opens nothing.")
}

// The page says that it needs script, and asks for nothing without.
func TestExternalLinkWithoutScript(t *testing.T) {
	t.Parallel()
	p := chromium.Profile(t, demo.Address).WithoutScript()
	if p.Go("/link/xlink_01h455vb4pex5vsknk084sn02q").Sees("This page needs script.").Offers("Show it") {
		t.Error("the page offers what can't work without script")
	}
}

// Nothing personal can be shared, and what the menu does not offer is absent.
func TestNoExternalLinkOfMine(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	p.Go("/my/credentials/new").Type("Title", "My own kiln").Type("Password", "for me alone 12").Follow("Add credential").In("#panel").Sees("My own kiln")
	at := chrome.Ask[string](p, `new URLSearchParams(location.search).get("c")`)
	if p.In("#panel").Press("More for this credential").Offers("Share by link") {
		t.Error("the menu offers to share a personal credential")
	}
	p.Go("/credentials/" + at + "/share").Sees("Not found")
}
