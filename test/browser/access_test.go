package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"bailiwick/test/browser/chrome"
)

// A level is copied, its effect seen before it is saved, and it is deleted
// with another in its place.
func TestLevels(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	at := func(name string) { t.Helper(); inspectAs(t, p, "level-"+name) }
	p.Follow("Permission levels").Sees("Organization Admin", "Site User - Limited", "Help desk - read only")
	at("1-list")
	p.Follow("Technician - Assigned Access").Sees("This level is built in", "Who has it", "See and copy secrets.")
	at("2-built-in")
	p.Follow("Copy as new level").Type("Name", "Night desk").Follow("Add level").Sees("Level added.", "Nobody has this level.")
	at("3-custom")
	p.Go("/levels").Follow("Help desk - read only").Sees("Who has it")
	p.Press("Report: Client Passwords").Until(`page.sees("gain Report: Client Passwords")`)
	at("4-effect")
	p.Press("2 users gain Report: Client Passwords").Sees("Quinn")
	p.Follow("Delete").Sees("2 users have this level").Choose("They get", "Night desk").Follow("Preview").Sees("What this change does", "2 users lose")
	at("5-delete")
	p.Follow("Cancel").Sees("Help desk - read only")
	p.Go("/levels").Follow("Night desk").Follow("Delete").Sees("Nobody has this level.").Follow("Delete level").Sees("Level deleted.").SeesNot("Night desk")
}

// The dialog of a group by keyboard alone: a filter, the space bar, and what
// the change would do before it is saved.
func TestGroupsByKeyboard(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	at := func(name string) { t.Helper(); inspectAs(t, p, "group-"+name) }
	client := strings.TrimPrefix(addClient(p, "Kestrel Cold Storage"), "/clients/")
	p.Follow("Security groups")
	at("1-list")
	p.Follow("New group").Type("Name", "Cold chain")
	focus := func(selector string) {
		t.Helper()
		if !chrome.Ask[bool](p, `(document.querySelector(`+"`"+selector+"`"+`).focus(), true)`) {
			t.Fatal(selector)
		}
	}
	focus(`[aria-label="Filter users"]`)
	p.Keys("jonas").Until(`document.querySelectorAll("[data-pair-out] li:not([hidden]) input[name=user]").length === 1`)
	p.Keys(kb.ArrowDown)
	p.Until(`document.activeElement.name === "user"`).Keys(" ")
	p.Until(`document.querySelectorAll("[data-pair-in] input[name=user]").length === 1`)
	focus(`[aria-label="Filter clients"]`)
	p.Keys("kestrel cold").Keys(kb.ArrowDown).Keys(" ").Until(`page.sees("reaches Kestrel Cold Storage")`)
	at("2-effect")
	p.Follow("Add group").Sees("Security group added.", "1 user, 1 client")
	group := p.Path()
	p.Go("/clients/"+client+"/who").Sees("Jonas", "Group Cold chain", "Override")
	at("3-who")
	p.Go(group).Follow("Disable").Sees("This group is disabled.")
	p.Go("/clients/" + client + "/who").SeesNot("Jonas")
	p.Go(group).Follow("Delete").Follow("Delete group").Sees("Security group deleted.").SeesNot("Cold chain")
}

// Somebody asks for a client, it is allowed for an hour, and he is in.
func TestAskAndAllow(t *testing.T) {
	t.Parallel()
	ada, jonas := enter(t, "Ada"), enter(t, "Jonas")
	client := addClient(ada, "Osprey Marine Insurance")
	jonas.Go("/requests").Type("Name of the client", "osprey marine insurance").Type("Why you need it", "Renewal on Friday").Follow("Request access")
	jonas.Sees("Your request is sent", "Waits for an answer")
	inspectAs(t, jonas, "request-1-asked")
	jonas.Type("Name of the client", "No Such Client At All").Follow("Request access").Sees("Your request is sent")
	ada.Go("/").Sees("for your decision").Follow("Decide").Sees("asks for Osprey Marine Insurance", "Renewal on Friday").SeesNot("No Such Client At All")
	inspectAs(t, ada, "request-2-decide")
	ada.Follow("Decline").Sees("Nothing was decided.")
	ada.Choose("How long", "For 1 hour").Follow("Allow").Sees("Allowed.")
	jonas.Go(client).Sees("Osprey Marine Insurance")
	jonas.Go("/requests").Sees("Allowed by Ada")
	ada.Go(client+"/access").Sees("Jonas", "Until")
	inspectAs(t, ada, "request-3-assignments")
	ada.Follow("End for " + demo.person("Jonas").Name).Follow("End only").Sees("No longer assigned.")
	jonas.Go(client).Sees("Not found")
}

// A folder is guarded from its own page; a pass lets one person in.
func TestGuardAndPass(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	client := addClient(p, "Plover Dental Group")
	p.Go(client).Follow("New folder").Type("Name", "Domain controllers").Follow("Add folder").In("")
	p.Follow("Folder access").Sees("Personal passes", "Nobody has a pass.")
	chrome.Ask[bool](p, `(document.querySelector("[data-pair-out] input[name=group]").click(), true)`)
	p.Until(`page.sees("no longer open") || page.sees("Nobody gains or loses")`)
	inspectAs(t, p, "guard-1-effect")
	p.Follow("Save").Sees("The security groups of the folder are saved.")
	p.Choose("User", demo.person("Jonas").Name+" ("+demo.person("Jonas").Email+")").Follow("Give pass").Sees("The personal pass is given.", "Until")
	inspectAs(t, p, "guard-2-pass")
	p.Follow("Who can see this?").Sees("override")
	inspectAs(t, p, "guard-3-who")
}

// Without script the dialog of a group is a list of boxes with a preview.
func TestGroupsWithoutScript(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada").WithoutScript()
	p.Go("/groups/new").Type("Name", "Paper people").PressOne(`[...document.querySelectorAll(".pair label")].find(l => l.textContent.includes("Jonas"))`).Follow("Preview").Sees("What this change does")
	p.Follow("Add group").Sees("Security group added.", "1 user")
	p.Follow("Delete").Follow("Delete group").Sees("Security group deleted.")
}
