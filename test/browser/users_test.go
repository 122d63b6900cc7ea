package browser

import (
	"slices"
	"strings"
	"testing"

	"bailiwick/test/browser/chrome"
)

// row is the row of the users page that holds a text.
func row(text string) string {
	return `[...document.querySelectorAll("[data-people] tbody tr")].find(r => r.textContent.includes("` + text + `"))`
}

// menuOf opens the menu of a user, and gives its lines.
func menuOf(p *chrome.Tab, user string) []string {
	p.PressOne(row(user) + `.querySelector("summary")`).Until(`document.querySelector("[data-user][open] .menu-item") !== null`)
	return chrome.Ask[[]string](p, `[...document.querySelectorAll("[data-user][open] .menu-item")].map(i => i.textContent.trim())`)
}

// act chooses a line of a user's menu.
func act(t *testing.T, p *chrome.Tab, user, line string) *chrome.Tab {
	t.Helper()
	if lines := menuOf(p, user); !slices.Contains(lines, line) {
		t.Fatalf("%s is not in the menu of %s: %q", line, user, lines)
	}
	return p.FollowOne(`[...document.querySelectorAll("[data-user][open] .menu-item")].find(i => i.textContent.trim() === "` + line + `")`)
}

// The users page: tabs, filter, who is disabled, and menus whose lines are the
// rights of whoever looks.
func TestUsersPage(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	at := func(name string) { t.Helper(); inspectAs(t, p, "users-"+name) }
	p.Follow("Users").Sees("Femi Adeyemi", "femi@northwind-it.example", "Technician - Default Access", "Member · User manager", "Invited").SeesNot("Ulla Brandt", "Rosa Bianchi")
	at("1-members")
	if lines := menuOf(p, "Femi Adeyemi"); strings.Join(lines[:3], ", ") != "View as user, Edit, What can this user see?" || slices.Contains(lines, "Enable") || slices.Contains(lines, "Approve") {
		t.Errorf("the menu of Femi: %q", lines)
	}
	at("2-menu")
	p.Go("/users").Type("Filter users", "bruno").Until(`page.sees("No member fits")`)
	p.Follow("Administrators: 1").Sees("Bruno Keller", "1 administrator")
	p.Go("/users?kind=administrator").Sees("Bruno Keller", "You")
	if chrome.Ask[bool](p, row("ada@")+`.querySelector("summary") !== null`) {
		t.Error("Ada has a menu for herself")
	}
	at("3-administrators")
	p.Go("/users?kind=guest").Sees("Rosa Bianchi")
	p.Go("/users").Follow("Show disabled").Sees("Ulla Brandt", "Disabled", "Show enabled")
	at("4-disabled")
	p.Press("More").Sees("Lockouts", "Import users", "Export as CSV", "Settings about people")

	david := enter(t, "David") // a manager who also is a User manager
	david.Follow("Users").Sees("Femi Adeyemi").SeesNot("Settings about people")
	if lines := menuOf(david, "Femi Adeyemi"); slices.Contains(lines, "Promote to administrator") || !slices.Contains(lines, "Disable") {
		t.Errorf("David's menu for Femi: %q", lines)
	}
	david.Go("/users?kind=administrator").Sees("Ada Lindqvist")
	if lines := menuOf(david, "Ada Lindqvist"); strings.Join(lines, ", ") != "What can this user see?" {
		t.Errorf("David's menu for an administrator: %q", lines)
	}
	jonas := enter(t, "Jonas")
	if jonas.Offers("Users") {
		t.Error("a technician is offered the users")
	}
	jonas.Go("/users").Sees("Not found")
}

// Somebody who waits is approved by the red button, and made pending again.
func TestApproval(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	at := func(name string) { t.Helper(); inspectAs(t, p, "approval-"+name) }
	p.Go("/users").Follow("2 approvals pending").Sees("Yara Haddad", "Zoltan Kiss", "Waiting for approval").SeesNot("Femi Adeyemi")
	at("1-waiting")
	act(t, p, "Yara Haddad", "Approve").Sees("Approve Yara Haddad?", "is told by mail")
	at("2-approve")
	p.Follow("Approve").Sees("Approved.", "Zoltan Kiss").SeesNot("Yara Haddad")
	p.Follow("Show everybody").Sees("1 approval pending")
	act(t, p, "Yara Haddad", "Make pending again").Sees("Make Yara Haddad pending again?", "reaches only public content")
	p.Follow("Make pending again").Sees("The user waits for approval again.", "2 approvals pending")
}

// Somebody is invited anew, reset and promoted; the link waits in the outbox.
func TestUserActs(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	at := func(name string) { t.Helper(); inspectAs(t, p, "act-"+name) }
	p.Go("/users")
	act(t, p, "Svea Lund", "Resend invitation").Type("Message", "It got lost").Sees("The earlier one no longer works")
	at("1-resend")
	p.Follow("Resend invitation").Sees("No mail server is set, so the mail waits here").Follow("Show what it says").Sees("Copy link")
	at("2-link")
	p.Go("/users")
	act(t, p, "Kira Novak", "Reset user").Sees("Reset Kira Novak?", "Send the organization key along")
	at("3-reset")
	p.Follow("Send the reset link").Sees("Show what it says")
	p.Go("/users")
	act(t, p, "Olivia Grant", "Promote to administrator").Sees("comes back with a demotion").Follow("Promote").Sees("The user is an administrator now.")
	p.Go("/users?kind=administrator").Sees("Olivia Grant")
	act(t, p, "Olivia Grant", "Demote to member").Follow("Demote").Sees("The user is a member now.")
	p.Go("/users").Sees("Olivia Grant", "Manager - Assigned Access")
}

// A technician leaves: disabled with what ends said before, off-boarded row by
// row, deleted by typing the address.
func TestOffboarding(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	at := func(name string) { t.Helper(); inspectAs(t, p, "off-"+name) }
	p.Go("/users").Follow("1 off-boarding").Sees("Viktor Thorsen")
	at("1-list")
	p.Follow("Viktor Thorsen").Sees("Off-boarding of Viktor Thorsen", "passwords to decide on", "has seen the present password of each")
	at("2-open")
	titles := chrome.Ask[[]string](p, `[...document.querySelectorAll(".off-title")].map(a => a.textContent.trim())`)
	if len(titles) < 2 {
		t.Fatalf("Viktor has seen %q", titles)
	}
	p.Choose("Action on "+titles[0], "No action, because…").Follow("Save decisions").Sees("Nothing was decided yet", "Say why this password need not be changed")
	at("3-reason")
	p.Type("Reason for no action on "+titles[0], "Changed by hand on Friday").Follow("Save decisions").Sees("Waived", "Flagged", "Done").SeesNot("to decide on")
	at("4-done")
	p.Go("/users?disabled=1")
	act(t, p, "Viktor Thorsen", "Delete").Sees("Delete Viktor Thorsen for good?", "the personal vault, which nobody can bring back")
	at("5-delete")
	p.Type("Type the email of this user", "wrong@northwind-it.example").Follow("Delete Viktor Thorsen").Sees("Nothing was changed.", "Type the address of the user")
	p.Type("Type the email of this user", "viktor@northwind-it.example").Follow("Delete Viktor Thorsen").Sees("The user is deleted.").SeesNot("Viktor Thorsen")

	p.Go("/users?disabled=1")
	act(t, p, "Wanda Pietrzak", "Enable").Sees("Enable Wanda Pietrzak?").Follow("Enable").Sees("The user is enabled.")
	act(t, p, "Wanda Pietrzak", "Disable").Sees("Disable Wanda Pietrzak?", "can no longer sign in")
	at("6-disable")
	p.Follow("Disable Wanda Pietrzak").Sees("Off-boarding of Wanda Pietrzak", "Nothing to decide on")
	at("7-nothing")
}

// Whoever types ten wrong passwords is locked out, and let in again from the list.
func TestLockouts(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	p.Go("/users").Press("More").Follow("Lockouts").Sees("Uma Patel", "203.0.113.24", "10")
	inspectAs(t, p, "lockouts-1-list")
	p.Follow("Unlock Uma Patel").Sees("Unlocked.", "Nobody is locked out")
	inspectAs(t, p, "lockouts-2-none")
}

// The perspective is begun from the users page: a banner, the other's own view,
// nothing changed, My passwords closed by a key; Exit and Sign out lead back.
func TestPerspectiveFromUsers(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada")
	p.Go("/users")
	act(t, p, "Mira Sato", "View as user").Lands("/").Sees("You see Bailiwick as Mira Sato does.", "nothing can be changed")
	inspectAs(t, p, "perspective-1-dashboard")
	for _, name := range []string{"Users", "Import", "Organization keys"} {
		if p.In("#nav").Offers(name) {
			t.Errorf("Mira would not be offered %s", name)
		}
	}
	p.Go("/my").Sees("My passwords of Mira Sato can't be opened here", "This is not a matter of permissions")
	p.Go("/clients/new").SeesNot("Add client")
	p.Go("/clients").Sees("Cedar Grove School District").SeesNot("Alder & Finch Attorneys")
	p.Follow("Cedar Grove School District").PressOne(`document.querySelector(".row-link")`).In("#panel").Press("Reveal Password").In("").Sees("Choose Exit")
	p.Go("/").Follow("Exit").Lands("/").Sees("You are yourself again.").SeesNot("You see Bailiwick as")
	p.Go("/users")
	act(t, p, "Mira Sato", "View as user").Sees("You see Bailiwick as Mira Sato does.")
	p.Press("Your menu, Mira Sato").Follow("Sign out").Sees("You are yourself again.").In("#nav").Sees("Organization keys")
}

// Without script the rows lead to the same acts as a page.
func TestUsersWithoutScript(t *testing.T) {
	t.Parallel()
	p := enter(t, "Ada").WithoutScript()
	p.Go("/users").Type("Filter users", "ines").Keys("\r")
	p.Until(`location.search.includes("filter=ines")`).Sees("Ines Costa").SeesNot("Femi Adeyemi")
	p = p.Follow("Show the actions of each user").Follow("Actions")
	p.Sees("Ines Costa", "View as user", "End sessions")
	p.Follow("End sessions").Sees("End all sessions of Ines Costa?", "Ends for good").Follow("End sessions").Sees("All sessions and devices of the user are ended.")
}
