package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"bailiwick/test/browser/chrome"
)

// A list of addresses is pasted; what is wrong is mended without losing the
// rest; one of three is set apart; the links and digits are there to be
// passed on, as no mail server is set.
func TestAddPeople(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	at := func(name string) { t.Helper(); inspectAs(t, p, "add-"+name) }
	addClient(p, "Lapwing Opticians")
	p.Go("/users/add").Sees("Separated by spaces, tabs, commas")
	at("1-addresses")
	p.Type("Email addresses", "Pia Paste <pia@add.example>, rolf@add.example; not-an-address PIA@add.example\nada@"+strings.SplitN(demo.person("Ada").Email, "@", 2)[1])
	p.Follow("Next").Sees("3 addresses can't be used", "2 addresses are fine", "This is not an email address", "stands here twice", "already")
	at("2-mended")
	p.Type("Address 1", "sven@add.example").Follow("Leave out: PIA@add.example").Sees("1 address can't be used", "3 addresses are fine")
	p.Follow("Leave out: " + demo.person("Ada").Email)
	p.Sees("3 people are invited when you are done here", "Everybody gets", "Both roles belong to trusted people only").SeesNot("They wait for approval")
	p.Choose("Permission level", "Technician - Assigned Access")
	at("3-given")
	chrome.Ask[bool](p, `([...document.querySelectorAll("#clients label")].find(l => l.textContent.includes("Lapwing Opticians")).click(), true)`)
	p.Follow("Set apart: rolf@add.example").Sees("The others get", "Set apart from the others.", "Clients of rolf@add.example")
	chrome.Ask[bool](p, `(document.querySelector("select[id^='kind-']").value = "guest", true)`)
	p.Until(`!page.sees("Clients of rolf@add.example")`)
	chrome.Ask[bool](p, `(document.getElementById("key").click(), true)`)
	p.Type("Message", "Welcome aboard.")
	at("4-apart")
	p.Follow("Add 3 people").Sees("3 people invited", "No mail server is set", "Tell each the six digits by telephone", "Link that opens the vault", "pia@add.example", "Pia Paste")
	if n := chrome.Ask[int](p, `document.querySelectorAll(".digits").length`); n != 2 {
		t.Errorf("%d people have six digits, want 2: the guest has none", n)
	}
	if links := chrome.Ask[[]string](p, `[...document.querySelectorAll(".link-line input")].map(i => i.value)`); len(links) != 5 || !strings.Contains(strings.Join(links, " "), "/invitation?token=") {
		t.Errorf("links to be passed on: %d", len(links))
	}
	at("5-added")
}

// Without script the same dialog is a form in two steps.
func TestAddPeopleWithoutScript(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada").WithoutScript()
	p.Go("/users/add").Type("Email addresses", "tove@noscript.example, nobody").Follow("Next").Sees("1 address can't be used")
	p.Type("Address 1", "ulla@noscript.example").Follow("Check again").Sees("2 people are invited when you are done here")
	p.Follow("Set apart: tove@noscript.example").Sees("Set apart from the others.").Follow("Add 2 people").Sees("2 people invited", "ulla@noscript.example")
}

// Every field of the edit page: the lists by keyboard, the switches, a new
// address that waits, and what is wrong shown all at once.
func TestEditUser(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	at := func(name string) { t.Helper(); inspectAs(t, p, "user-"+name) }
	addClient(p, "Dunlin Ferries")
	user := inviteOne(p, "wilma@edit.example")
	p.Go(user).Sees("The invitation is not accepted yet.", "Its link works until")
	at("1-invited")
	p.Type("Name", "Wilma Webb").Type("Phone", "+44 20 7946 0000").Type("Time zone", "Mars/North").Follow("Save").Sees("Nothing was saved.", "There is no such time zone")
	at("2-wrong")
	p.Type("Time zone", "Europe/London")
	chrome.Ask[bool](p, `(document.querySelector("#clients [data-pair-filter]").focus(), true)`)
	p.Keys("dunlin").Until(`document.querySelectorAll("#clients [data-pair-out] li:not([hidden])").length === 1`)
	p.Keys(kb.ArrowDown).Keys(" ").Until(`document.querySelectorAll("#clients [data-pair-in] li").length === 1`)
	p.Press("Remove from service: Staff handbook").Press("User manager").Follow("Save").Sees("User saved.", "Wilma Webb", "Public content only")
	at("2-services")
	enter(t, "Ada").WithoutScript().Go(user).Press("Use default: Reader: Staff handbook").Follow("Save").Sees("User saved.", "Reader, by default")
	p.Go(user)
	if !chrome.Ask[bool](p, `document.getElementById("role_user_manager").checked && document.querySelectorAll("#clients [data-pair-in] li").length === 1`) {
		t.Error("the role and the client were not saved")
	}
	p.Press("Enabled").Follow("Save").Sees("Disable Wilma Webb?", "Signing in stops at once.", "its link is dead")
	at("3-asked")
	p.Follow("Cancel").Sees("Wilma Webb")
	p.Press("Enabled").Follow("Save").Follow("Disable Wilma Webb").Sees("User saved.", "Disabled")
}

// Two people edit the same user: the second one sees both and chooses.
func TestTwoEditsOfAUser(t *testing.T) {
	t.Parallel()
	one, two := enter(t, "Ada"), enter(t, "Ada")
	user := inviteOne(one, "xaver@edit.example")
	one.Go(user).Type("Name", "Xaver One").Type("Phone", "111")
	two.Go(user).Type("Name", "Xaver Two")
	one.Follow("Save").Sees("User saved.")
	two.Follow("Save").Sees("Two edits of Xaver One", "Also changed in the meantime", "111", "Xaver Two")
	inspectAs(t, two, "user-conflict")
	two.Follow("Save these").Sees("User saved.", "Xaver Two")
	if phone := chrome.Ask[string](two, `page.field("Phone").value`); phone != "111" {
		t.Errorf("the other's phone is %q", phone)
	}
}

// The settings about people say their defaults, and hold.
func TestPeopleSettings(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	p.Follow("People settings").Sees("User approval required", "Default level", "10 unless you change it")
	inspectAs(t, p, "people-settings")
	p.Type("Password-reset link, hours", "48").Follow("Save").Sees("The settings about people are saved.")
	if got := chrome.Ask[string](p, `document.getElementById("reset-hours").value`); got != "48" {
		t.Errorf("the reset link lives %s hours", got)
	}
}

// inviteOne adds one person with what is preset, and gives the edit page.
func inviteOne(p *chrome.Tab, email string) string {
	p.Go("/users/add").Type("Email addresses", email).Follow("Next").Follow("Add 1 person").Sees("1 person invited")
	return p.Follow(email).Sees("The invitation is not accepted yet.").Path()
}

// A file of people: columns are guessed and mended, a bad row is left out,
// and those who were invited wait for approval.
func TestImportUsers(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	at := func(name string) { t.Helper(); inspectAs(t, p, "userimport-"+name) }
	file := filepath.Join(t.TempDir(), "people.csv")
	text := "Who;Email;Permission level;Clients\nYara Young;yara@import.example;Technician - Assigned Access;Cascade Logistics\nZeno Zahl;zeno@import.example;;\nNobody;not-an-address;;No Such Client\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Go("/users/add").Follow("Import from CSV").Sees("Nobody is invited before you have seen")
	at("1-upload")
	p.Upload("File", file).Follow("Upload and check").Sees("3 rows", "will be invited", "can't be invited", "They wait for approval", "This is not an email address", "No Such Client")
	p.Choose("Who becomes", "Name").Press("Leave out rows that can't be invited").Follow("Check again").Sees("Yara Young", "Zeno Zahl")
	at("2-checked")
	p.Follow("Invite 2 people").Lands("/users").Sees("2 people invited.")
}
