package browser

import (
	"fmt"
	"strings"
	"testing"

	"bailiwick/test/browser/chrome"
)

// ofRow is a button of a credential's row by its key.
func ofRow(title, key string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("tr[data-row]")].find((r) => r.querySelector(".row-link").textContent === %q)?.querySelector('[data-key="%s"]')`, title, key)
}

// openSite switches the site of a client on, and has its first administrator
// activate it in a browser of his own; it gives that browser and the site's
// Organization Key.
func openSite(t *testing.T, p *chrome.Tab, client, email string) (*chrome.Tab, string) {
	t.Helper()
	p.Go(client+"/edit").Follow("Switch site login on").Sees("Add people to", "The site waits for activation.")
	p.Type("Email addresses", email).Follow("Next").Follow("Add 1 person").Sees("1 person invited")
	link := chrome.Ask[[]string](p, `[...document.querySelectorAll(".link-line input")].map(i => i.value).filter(x => x.includes("/invitation"))`)
	if len(link) == 0 {
		t.Fatal("no link to be passed on")
	}
	s := chromium.Profile(t, demo.Address)
	s.Go(link[0][strings.Index(link[0], "/invitation"):]).Sees("You are its first administrator")
	inspectAs(t, s, "site-activation")
	s.Type("Your name", "Mara Fitch").Type("New password", "a long walk by the river").Follow("Go on to the keys")
	s.Sees("Organization Key").Follow("As characters")
	inspectAs(t, s, "site-activation-key")
	key := readKey(s)
	s.Follow("I have it: confirm")
	inspectAs(t, s, "site-activation-confirm")
	confirm(s, key, "")
	s.Follow("Confirm and go on").Sees("Recovery key")
	inspectAs(t, s, "site-activation-recovery")
	recovery := readKey(s)
	s.Follow("I have it: confirm")
	confirm(s, recovery, "")
	s.Follow("Confirm and finish").Lands("/").Sees("is activated, and its vault is open")
	return s, strings.Join(key, "-")
}

// The life of a site in two browsers at once: it is activated; the provider
// shares a password read-only, then read and write; the site reads, files and
// changes it; both change it at once; the site shares one back; both stop.
func TestSharingBetweenProviderAndSite(t *testing.T) {
	t.Parallel()
	at := func(p *chrome.Tab, name string) { t.Helper(); inspectAs(t, p, "sharing-"+name) }
	ada := enter(t, "Ada")
	client := addClient(ada, "Two Rivers Mill")
	addCredential(ada, client, secret{title: "Mill router", username: "miller", password: "weir-and-sluice-8"})
	addCredential(ada, client, secret{title: "Mill camera", username: "watch", password: "heron-on-a-post-3"})
	if chrome.Ask[bool](ada.Go(client), ofRow("Mill router", "s")+` != null`) {
		t.Error("before there is a site, a row offers to share")
	}
	mara, _ := openSite(t, ada, client, "mara@tworivers.example")
	vault := chrome.Ask[string](mara, `[...document.querySelectorAll("nav a")].find((a) => a.textContent.includes("Company vault")).getAttribute("href")`)
	mara.Go("/shares").Sees("Nothing is shared")
	at(mara, "01-nothing")

	// Read-only with everyone, from the row by its key.
	ada.Go(client).Until(ofRow("Mill router", "s") + ` != null`)
	chrome.Ask[bool](ada, `([...document.querySelectorAll(".row-link")].find((l) => l.textContent === "Mill router").focus(), true)`)
	ada.Keys("s").Sees("Share Mill router", "Everyone at Two Rivers Mill")
	at(ada, "02-dialog")
	ada.Follow("Share").Sees("Credential shared.")
	mara.Go(vault).Sees("Mill router", "From Northwind Managed IT").SeesNot("Mill camera")
	mara.Press("Mill router").In("#panel").Sees("Shared by Northwind Managed IT", "read-only")
	at(mara, "03-received")
	if mara.In("#panel").Offers("Edit") {
		t.Error("what is read-only is offered for editing")
	}
	mara.In("#panel").Press("Reveal Password").Sees("weir-and-sluice-8")
	mara.MayUseClipboard().PressOne(ofRow("Mill router", "c")).Sees("Password copied")
	if got := mara.Clipboard(); got != "weir-and-sluice-8" {
		t.Errorf("copied %q", got)
	}

	// Read and write, with history: the icon is filled and changes it.
	ada.Go(client).Until(ofRow("Mill router", "s") + `?.matches(".icon-filled[aria-label='Change sharing of Mill router']")`)
	at(ada, "04-list")
	// On a phone, too, where the row has a username: it is pressed there, though
	// other buttons give way.
	ada.Size(360, 780).Still()
	if !chrome.Ask[bool](ada, ofRow("Mill router", "s")+`.offsetWidth > 20 && `+ofRow("Mill router", "u")+`.offsetWidth > 20 && `+ofRow("Mill camera", "s")+`.offsetWidth > 20`) {
		t.Error("on a phone a row hides its Share button")
	}
	if chrome.Ask[bool](ada, `document.documentElement.scrollWidth > innerWidth`) {
		t.Error("on a phone the list is too wide")
	}
	ada.Picture("sharing-phone")
	ada.FollowOne(ofRow("Mill router", "s")).Sees("Sharing of Mill router").Size(1280, 800)
	ada.Press("Read and write").Press("They see the change history")
	at(ada, "05-changed")
	ada.Follow("Save").Sees("Credential shared.")

	// The site files it where it likes; the provider's folders don't move.
	mara.Go(vault).Follow("New folder").Type("Name", "Machines").Follow("Add folder")
	mara.Go(vault).Press("Mill router").In("#panel").Press("More for this credential").Follow("Move to").Choose("Folder", "Machines").Follow("Move").Sees("moved")
	ada.Go(client).Sees("Mill router").SeesNot("Machines")

	// Both change it at the same moment.
	edit := chrome.Ask[string](mara.Go(vault).Press("Mill router").Until(`document.querySelector("#panel a[aria-label=Edit]") !== null`), `document.querySelector("#panel a[aria-label=Edit]").getAttribute("href")`)
	mara.Go(edit).Type("Username", "mara")
	ada.Go(edit).Type("Username", "ada")
	mara.Follow("Save").Sees("Credential saved.")
	ada.Follow("Save").Sees("while you did", "mara", "ada")
	at(ada, "06-conflict")
	ada.PressOne(`document.querySelector('[name="keep-username"][value="theirs"]')`).Follow("Save these choices").Sees("mara")
	ada.Go(edit).Type("Password", "new-wheel-in-spring-5").Follow("Save").Sees("Credential saved.")
	mara.Go(vault).Press("Mill router").In("#panel").Press("Reveal Password").Sees("new-wheel-in-spring-5")
	mara.In("#panel").Press("More for this credential").Follow("History").Sees("versions", "Northwind Managed IT")
	at(mara, "07-history")

	// One comes back, for a chosen user.
	addCredential(mara, vault, secret{title: "Flour till", username: "till", password: "sacks-by-the-door-6"})
	mara.Go(vault).FollowOne(ofRow("Flour till", "s")).Press("Only these").Follow("Share").Sees("Nothing was shared", "Choose with whom")
	at(mara, "08-nobody")
	mara.Press("Ada Lindqvist").Follow("Share").Sees("Credential shared.")
	ada.Go(client).Sees("Flour till", "From Two Rivers Mill")
	carla := enter(t, "Carla")
	carla.Go(client).Sees("Mill router").SeesNot("Flour till")
	ada.Go("/shares?client="+strings.TrimPrefix(client, "/clients/")).Sees("Mill router", "with Two Rivers Mill", "Flour till", "by Two Rivers Mill", "read and write, with history")
	at(ada, "09-shares")
	mara.Go("/shares").Sees("Mill router", "by Northwind Managed IT", "Flour till", "Ada Lindqvist")

	// Both stop what the other made; it stays where it was made, flagged.
	mara.Go(vault).FollowOne(ofRow("Mill router", "s")).Sees("Stop sharing Mill router", "disappears here at once")
	at(mara, "10-end-received")
	mara.Follow("Stop sharing").Sees("Stopped sharing 1 credential.")
	mara.Go(vault).Sees("Flour till").SeesNot("Mill router")
	ada.Go(client).Press("Mill router").In("#panel").Sees("Unshared")
	mara.Go(vault).FollowOne(ofRow("Flour till", "s")).Follow("Stop sharing").Sees("Flag for change")
	at(mara, "11-end-made")
	mara.Follow("Stop sharing").Sees("Stopped sharing 1 credential.")
	ada.Go(client).Sees("Mill camera").SeesNot("Flour till")
	mara.Go(vault).Press("Flour till").In("#panel").Sees("Unshared")
}
