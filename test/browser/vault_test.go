package browser

import (
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bailiwick/test/browser/chrome"
)

// A machine has one clipboard.
var clipboard sync.Mutex

func usesClipboard(t *testing.T, p *chrome.Tab) {
	t.Helper()
	clipboard.Lock()
	t.Cleanup(clipboard.Unlock)
	p.MayUseClipboard()
}

const chosen = `#palette [role=option][aria-selected=true]`

// Fifty times a day: the shortcut, the beginnings of some words, one key.
func TestPalette(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	usesClipboard(t, p)
	client := addClient(p, "Palisade Harbour Services")
	addCredential(p, client, secret{title: "Palisade core switch", username: "netadmin", password: "Stack-of-two-77"})
	addCredential(p, client, secret{title: "Palisade edge router", username: "edgeadmin", password: "over the hills 12"})

	strokes := 0
	press := func(keys string, with ...chromedp.Modifier) {
		p.Keys(keys, with...)
		strokes += len([]rune(keys))
	}
	p.Go("/clients")
	press("k", chromedp.ModifierCtrl)
	press("pal cor")
	p.Until(`document.querySelectorAll("#palette [role=option]").length === 1`)
	press("c", chromedp.ModifierCtrl)
	p.Sees("Password copied. The clipboard is cleared in 30 s.")
	if got := p.Clipboard(); got != "Stack-of-two-77" {
		t.Errorf("the clipboard holds %q", got)
	}
	if strokes != len("pal cor")+2 {
		t.Errorf("copying took %d strokes", strokes)
	}
	p.SeesNot("Stack-of-two-77")
	p.Keys("u", chromedp.ModifierCtrl).Sees("Username copied")
	if got := p.Clipboard(); got != "netadmin" {
		t.Errorf("the clipboard holds %q", got)
	}

	p.Type("Search clients, credentials, commands", "palisade").Until(`document.querySelectorAll("#palette [role=option]").length === 3`)
	first := chrome.Ask[string](p, `document.querySelector("`+chosen+` .result-title").textContent`)
	p.Keys(kb.ArrowDown).Until(`document.querySelector("` + chosen + ` .result-title").textContent !== "` + first + `"`)
	p.Keys(kb.ArrowUp).Until(`document.querySelector("` + chosen + ` .result-title").textContent === "` + first + `"`)
	p.Keys(kb.Enter).Lands(client).In("#panel").Sees(first)
	p.Keys("/").Keys("new client").Until(`document.querySelector("#palette input").value === "new client"`).Until(`document.querySelector("` + chosen + `")?.textContent.includes("New client")`)
	p.Keys(kb.Enter).Lands("/clients/new")
	p.Go("/").Keys("k", chromedp.ModifierCtrl).Keys("new palisade").Until(`document.querySelector("` + chosen + `")?.textContent.includes("New credential in Palisade Harbour Services")`)
	p.Keys(kb.Enter).Lands(client + "/credentials/new")
	p.Go("/").Keys("k", chromedp.ModifierCtrl).Keys("zzzz").Sees("Nothing found")
	p.Keys(kb.Escape).Until(`!document.querySelector("#palette").open && document.querySelector("#palette input").value === ""`)
}

// Who sees the list of users finds people, and the pages of the menu.
func TestPaletteFindsPeopleAndPages(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	p.Go("/").Keys("k", chromedp.ModifierCtrl).Keys("bruno kel").Until(`document.querySelector("` + chosen + `")?.textContent.includes("Bruno Keller")`)
	p.Sees("People").Keys(kb.Enter).Sees("Bruno Keller", "Permission level")
	p.Go("/").Keys("k", chromedp.ModifierCtrl).Keys("lockouts").Until(`document.querySelector("` + chosen + `")?.textContent.includes("Go to lockouts")`)
	p.Keys(kb.Enter).Lands("/users/lockouts")
	p = enter(t, "Hugo")
	p.Go("/").Keys("k", chromedp.ModifierCtrl).Keys("bruno kel").Sees("Nothing found")
}

// What was copied leaves the clipboard after half a minute, and only that.
func TestClipboardIsCleared(t *testing.T) {
	t.Parallel()
	p := enter(t, "David")
	usesClipboard(t, p)
	client := addClient(p, "Clipper Marine")
	addCredential(p, client, secret{title: "Clipper NAS", username: "root", password: "three ropes 31"})
	// Half a minute is over when the test says so.
	chrome.Ask[bool](p, `(() => { const wait = window.setTimeout; window.setTimeout = (act, ms, ...rest) => ms < 30000 ? wait(act, ms, ...rest) : (window.later = act, 0); return true })()`)
	p.In("#panel").Press("Copy Password")
	p.Sees("Password copied").Until("window.later")
	chrome.Ask[bool](p, "Promise.resolve(later()).then(() => true)")
	p.Sees("The clipboard is cleared.")
	if got := p.Clipboard(); got != "" {
		t.Errorf("the clipboard still holds %q", got)
	}
	chrome.Ask[bool](p, "(window.later = null, true)")
	p.Keys("c").Until("window.later")
	chrome.Ask[bool](p, `navigator.clipboard.writeText("something else").then(() => later()).then(() => true)`)
	if got := p.Clipboard(); got != "something else" {
		t.Errorf("what somebody copied later was taken from the clipboard: %q", got)
	}
}

// Revealed, read out, hidden again, and in the audit log.
func TestReveal(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	client := addClient(p, "Revelstoke Foods")
	p.Press("New folder").Lands("/folders/new").Type("Name", "Cold store").Follow("Add folder").In(".tree").Sees("Cold store")
	addCredential(p, client, secret{"Revelstoke freezer", "ops", "Minus-18-degrees", "Cold store"})
	panel := p.In("#panel")
	p.SeesNot("Minus-18-degrees")
	panel.Press("Reveal Password").Sees("Minus-18-degrees", "Hides in", "16 characters")
	panel.Press("Read it out").Sees("capital MIKE")
	panel.Press("Hide").Sees("••••")
	p.SeesNot("Minus-18-degrees")

	panel.Keys("r").Sees("Minus-18-degrees")
	chrome.Ask[bool](p, `(() => { const now = Date.now; Date.now = () => now() + 29000; return true })()`)
	panel.Sees("Hides in 1 s")
	panel.Until(`!page.sees("Minus-18-degrees")`)
	p.SeesNot("Minus-18-degrees")

	panel.Press("Reveal Password").Sees("Minus-18-degrees")
	p.Go("/clients").Back()
	p.SeesNot("Minus-18-degrees")
	p.Go("/audit?client="+strings.TrimPrefix(client, "/clients/")).Sees("Saw the secret of Revelstoke freezer", "Added the folder Cold store", "Ada Lindqvist")
}

// Changed, compared with before, restored.
func TestHistory(t *testing.T) {
	t.Parallel()
	p := enter(t, "Carla")
	client := addClient(p, "Histon Bakers")
	addCredential(p, client, secret{title: "Histon oven", username: "baker", password: "first-loaf-111"})
	p.In("#panel").Follow("Edit").Type("Username", "miller").Type("Password", "second-loaf-222").Follow("Save")
	p.Sees("Credential saved.").In("#panel").Sees("miller")
	p.In("#panel").Press("More for this credential").Follow("History")
	p.Sees("2 versions", "Carla Mendes").Press("Reveal version 1").Sees("first-loaf-111")
	p.Follow("Restore this version").Sees("The earlier version is the present one now", "3 versions")
	p.Follow("Back to the credential").In("#panel").Sees("baker")
	p.In("#panel").Press("Reveal Password").Sees("first-loaf-111")
}

// Moved to another client's folder, and back by Undo.
func TestMove(t *testing.T) {
	t.Parallel()
	p := enter(t, "Bruno")
	from, to := addClient(p, "Movers North"), addClient(p, "Movers South")
	p.Press("New folder").Type("Name", "Depot").Follow("Add folder")
	addCredential(p, from, secret{title: "Movers gate", username: "gate", password: "open sesame 909"})
	p.In("#panel").Press("More for this credential").Follow("Move to")
	p.Choose("Client", "Movers South").Choose("Folder", "Depot").Follow("Move")
	p.Sees("moved", "Movers gate").Lands(to)
	p.Follow("Undo").Go(from).Sees("Movers gate")
	p.Go(to).Until(`!page.sees("Movers gate")`)
}

// Several at once, by keyboard, and taken back.
func TestArchive(t *testing.T) {
	t.Parallel()
	p := enter(t, "Bruno")
	client := addClient(p, "Archer and Sons")
	for _, title := range []string{"Archer one", "Archer two", "Archer three"} {
		addCredential(p, client, secret{title: title, username: "a", password: "some arrows 4"})
	}
	p.In("#panel").Press("More for this credential").Follow("Archive").Sees("Credential archived.")
	p.In("#credentials").Until(`!page.sees("Archer three")`)
	p.Follow("Undo").In("#credentials").Sees("Archer three")

	p.Go(client).Keys("j").Keys("x").Keys("j").Keys("x").Until(`document.querySelector("[data-selected-count]").textContent === "2"`)
	p.In("#selection").Follow("Archive")
	p.Sees("2 credentials archived.").In("#credentials").Sees("1 credential")
	p.In(".tabs").Follow("Archive").In("#credentials").Sees("Archer one", "Archer three")
	p.Press("Archer one").In("#panel").Sees("It is in no list and no search.").Follow("Restore")
	p.Sees("Credential restored.").Go(client).In("#credentials").Sees("Archer one", "2 credentials")
}

// A vault that nobody else sees.
func TestPersonalVault(t *testing.T) {
	t.Parallel()
	p := enter(t, "Kira")
	p.Go("/my").Sees("Only you can open these")
	addCredential(p, "/my", secret{title: "Kira home router", username: "kira", password: "under the stairs 8"})
	p.In("#panel").Press("Reveal Password").Sees("under the stairs 8")

	boss := enter(t, "Ada")
	boss.Go("/search?q=kira+home").Sees("Nothing found")
	boss.Go(p.Path()).SeesNot("Kira home router")
}
