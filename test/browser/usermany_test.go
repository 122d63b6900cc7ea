package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"bailiwick/sdk"
	"bailiwick/test/browser/chrome"
)

// Among many clients, with long names, the edit page shows a part; one that is
// not shown is found, given by the space bar, and stays with the others.
func TestEditAmongManyClients(t *testing.T) {
	t.Parallel()
	s := ownDemo(t, nil)
	ada := s.office(t, "Ada")
	for i := range 110 {
		name := fmt.Sprintf("Quarry %03d and Brothers Consolidated Aggregates, Haulage and Reclamation of the Northern Counties Limited", i)
		if _, err := ada.AddClient(t.Context(), sdk.NewClient{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	p := chromium.Profile(t, s.Address)
	signIn(p, s.person("Ada"))
	openVault(p, s.OrganizationKey)
	users, err := ada.Users(t.Context(), sdk.UserFilter{Text: s.person("Jonas").Email})
	if err != nil || len(users.Users) != 1 {
		t.Fatalf("%+v, %v", users, err)
	}
	p.Go("/users/" + users.Users[0].ID).Sees("more. The filter finds them")
	inspectAs(t, p, "many-1-page")
	find := func(words string) {
		t.Helper()
		chrome.Ask[bool](p, `(f => (f.focus(), f.select(), true))(document.querySelector("#clients [data-pair-filter]"))`)
		p.Keys(words)
	}
	find("quarry 107")
	p.Until(`document.querySelectorAll("#clients [data-pair-out] li:not([hidden])").length === 1 && page.sees("Quarry 107")`)
	inspectAs(t, p, "many-2-found")
	find("quarry 107")
	p.Keys(kb.ArrowDown).Until(`document.activeElement.name === "clients"`).Keys(" ")
	p.Until(`[...document.querySelectorAll("#clients [data-pair-in] li")].some(l => l.textContent.includes("Quarry 107"))`)
	for _, width := range []int64{1280, 360} {
		p.Size(width, 800)
		chrome.Ask[bool](p, `(document.querySelector("#clients").scrollIntoView(), true)`)
		p.Still().Picture(fmt.Sprintf("many-2-lists-%d", width))
	}
	p.Size(1280, 800)
	before := chrome.Ask[string](p, `document.querySelector("#clients [data-pair-count]").textContent`)
	find("quarry 003")
	p.Until(`[...document.querySelectorAll("#clients [data-pair-out] li:not([hidden])")].some(l => l.textContent.includes("Quarry 003"))`)
	if now := chrome.Ask[string](p, `document.querySelector("#clients [data-pair-count]").textContent`); now != before {
		t.Errorf("%s are assigned, %s after another search", before, now)
	}
	p.Follow("Save").Sees("User saved.")
	u, err := ada.User(t.Context(), users.Users[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var in []string
	for _, c := range u.Clients {
		if c.In {
			in = append(in, c.Name)
		}
	}
	if fmt.Sprint(len(in)) != before || !strings.Contains(strings.Join(in, ";"), "Quarry 107") {
		t.Errorf("%d of %s: %s", len(in), before, in)
	}
	p.Go("/users/add").Type("Email addresses", "many@many.example, more@many.example").Follow("Next").Sees("more. The filter finds them")
	inspectAs(t, p, "many-3-add")
}

// With approval switched off nobody is asked to approve anybody: the red button
// goes, the slider says why it does nothing, and who waited goes on waiting.
func TestApprovalSwitchedOff(t *testing.T) {
	t.Parallel()
	s := ownDemo(t, nil)
	p := chromium.Profile(t, s.Address)
	signIn(p, s.person("Ada"))
	openVault(p, s.OrganizationKey)
	p.Go("/users").Sees("approvals pending")
	p.Go("/settings/people").Press("User approval required").Follow("Save").Sees("The settings about people are saved.")
	p.Go("/users").Sees("Yara Haddad", "Pending approval").SeesNot("approvals pending", "approval pending")
	inspectAs(t, p, "approval-off-1-users")
	p.FollowOne(`[...document.querySelectorAll(".row-link")].find(a => a.textContent.includes("Yara Haddad"))`).Sees("Approval of users is switched off in the settings")
	inspectAs(t, p, "approval-off-2-slider")
	p.Follow("Approve").Sees("Approve Yara Haddad?").Follow("Approve").Sees("Approved.")
	p.Go("/settings/people").Press("User approval required").Follow("Save")
	p.Go("/users").Sees("1 approval pending")
}

// The second of two people is told the name of the first.
func TestConflictNamesTheOther(t *testing.T) {
	t.Parallel()
	ada, david := enter(t, "Ada"), enter(t, "David")
	user := inviteOne(ada, "yorick@edit.example")
	ada.Go(user).Type("Phone", "111")
	david.Go(user).Type("Phone", "222").Type("Name", "Yorick Yes").Follow("Save").Sees("User saved.")
	name := demo.person("David").Name
	ada.Follow("Save").Sees("Two edits of Yorick Yes", name+" changed this user while you did", "Also changed in the meantime")
	inspectAs(t, ada, "user-conflict-named")
	ada.Follow("Leave it as it is now").Sees("Yorick Yes")
	if phone := chrome.Ask[string](ada, `page.field("Phone").value`); phone != "222" {
		t.Errorf("the phone is %q", phone)
	}
}

// A guest finds the own account and nothing of the vault; whoever looks as
// somebody who can't sign in is told so by the banner.
func TestGuestsAndPerspectivesOfOthers(t *testing.T) {
	t.Parallel()
	guest := chromium.Profile(t, demo.Address)
	signIn(guest, demo.person("Rosa"))
	guest.Lands("/").Sees("Dashboard")
	inspectAs(t, guest, "guest-1-dashboard")
	guest.SeesNot("My passwords", "Search the vault", "holds the keys of the vault", `"/clients"`)
	guest.PressOne(`document.querySelector(".top-search")`).Until(`document.activeElement.id === "palette-query"`)
	guest.Keys("second").Until(`[...document.querySelectorAll("#palette-results .result-title")].some(r => r.textContent === "Second factor")`)
	inspectAs(t, guest, "guest-3-search")
	guest.Go("/me").Sees("Save profile").SeesNot("Mail me when a client")
	inspectAs(t, guest, "guest-2-profile")
	guest.Go("/clients").Sees("Not found")

	p := enter(t, "Ada")
	for path, c := range map[string][3]string{"/users": {"Zoltan Kiss", "State of this user: Pending approval", "pending"}, "/users?disabled=1": {"Wanda Pietrzak", "State of this user: Disabled", "disabled"}} {
		if c[0] == "Zoltan Kiss" {
			path = "/users?kind=guest"
		}
		p.Go(path)
		act(t, p, c[0], "View as user").Sees("You see Bailiwick as "+c[0]+" does.", c[1])
		inspectAs(t, p, "perspective-"+c[2])
		p.Follow("Exit").Sees("You are yourself again.")
	}
}
