package browser

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"bailiwick/sdk"
	"bailiwick/test/browser/chrome"
)

// office is what an administrator does at a desk of his own, over the API.
func (s *server) office(t *testing.T, first string) *sdk.API {
	t.Helper()
	who := s.person(first)
	api, err := sdk.New(s.Address, "", "test")
	if err == nil {
		api, _, err = api.SignIn(t.Context(), sdk.SignIn{Email: who.Email, Password: sdk.Secret(who.Password), OrganizationKey: sdk.Secret(s.OrganizationKey)})
	}
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// link is the path in the newest mail to an address that has not been sent,
// as an administrator copies it from the outbox.
func link(t *testing.T, ada *sdk.API, kind, address string) string {
	t.Helper()
	var found string
	for range 100 { // mails that strangers ask for are written after the answer
		mails, err := ada.Outbox(t.Context(), "waiting", "", 200)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mails.Mails {
			if m.Kind != kind || m.Email != address || found != "" {
				continue
			}
			letter, err := ada.ShowMail(t.Context(), m.ID)
			if err != nil {
				t.Fatal(err)
			}
			found = pathOf(t, letter.Link.Reveal())
		}
		if found != "" {
			return found
		}
		moment()
	}
	t.Fatalf("no mail of kind %s to %s", kind, address)
	return ""
}

func pathOf(t *testing.T, address string) string {
	t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	path := at.RequestURI()
	if at.Fragment != "" {
		path += "#" + at.Fragment
	}
	return path
}

// invited is somebody new, with a link to the page where he accepts.
func invited(t *testing.T, s *server, ada *sdk.API, in sdk.Invitee) sdk.InvitedUser {
	t.Helper()
	made, err := ada.Invite(t.Context(), sdk.Invite{People: []sdk.Invitee{in}, Message: "Welcome to the team."})
	if err != nil {
		t.Fatal(err)
	}
	return made.Users[0]
}

const goodPassword = "seven quiet herons wade upstream"

// newcomer is a member who has accepted, opened the vault in this browser and
// kept his recovery code.
func newcomer(t *testing.T, ada *sdk.API, name, email string) (p *chrome.Tab, code string) {
	t.Helper()
	u := invited(t, demo, ada, sdk.Invitee{Email: email, Name: name, Level: "technician-default"})
	p = chromium.Profile(t, demo.Address)
	p.Go(pathOf(t, u.Link.Reveal())).Type("New password", goodPassword).Follow("Set password and sign in")
	p.Type("Organization Key", demo.OrganizationKey).Follow("Open the vault").Sees("no recovery code yet")
	p.Follow("Make my recovery code")
	groups := readKey(p)
	p.Follow("I have it: confirm")
	confirm(p, groups, "")
	p.Follow("Confirm").Sees("Dashboard")
	return p, strings.Join(groups, "-")
}

// Somebody is invited, sets name and password, opens the vault and keeps the
// recovery code. The link works once.
func TestInvitationIsAccepted(t *testing.T) {
	t.Parallel()
	ada := demo.office(t, "Ada")
	clients, err := ada.Clients(t.Context(), sdk.ClientFilter{})
	if err != nil {
		t.Fatal(err)
	}
	u := invited(t, demo, ada, sdk.Invitee{Email: "nora.quist@northwind.example", Level: "technician-assigned", Clients: []string{clients.Clients[0].ID, clients.Clients[1].ID}})
	path := pathOf(t, u.Link.Reveal())
	p := chromium.Profile(t, demo.Address)
	at := func(name string) { t.Helper(); inspectAs(t, p, "invitation-"+name) }
	p.Go(path).Sees("Ada Lindqvist invites you", clients.Clients[0].Name, "nora.quist@northwind.example", "works once, until")
	at("1-page")
	chrome.Ask[bool](p, `!(page.field("Your name").required = false)`)
	p.Type("New password", "nora quist").Follow("Set password and sign in").Sees("Your account is not ready yet.", "Give a name", "Use at least 12 characters")
	at("2-both-wrong")
	if path := chrome.Ask[string](p, "location.href"); strings.Contains(path, "token") {
		t.Errorf("the token still stands in the address: %s", path)
	}
	p.Type("Your name", "Nora Quist").Type("New password", "nora.quist!1").Follow("Set password and sign in").Sees("This is built from")
	if typed := chrome.Ask[string](p, `page.field("Your name").value + page.field("New password").value`); typed != "Nora Quist" {
		t.Errorf("%q is kept of what was typed", typed)
	}
	p.Type("New password", goodPassword).Sees("Very hard to guess").Follow("Set password and sign in")
	p.Lands("/open").Sees("You are signed in as Nora Quist.")
	at("3-open")
	p.Type("Organization Key", demo.OrganizationKey).Follow("Open the vault").Sees("no recovery code yet").Follow("Make my recovery code")
	code := readKey(p)
	p.Follow("I have it: confirm")
	confirm(p, code, "")
	p.Follow("Confirm").Lands("/").Sees("Dashboard").SeesNot("no recovery code")
	p.Go("/clients").Sees(clients.Clients[0].Name)

	other := chromium.Profile(t, demo.Address)
	other.Go(path).Sees("This link leads nowhere any more", "ask whoever invited you")
	inspectAs(t, other, "invitation-4-used")
	other.Go("/invitation?token=nonsense").Sees("This link leads nowhere any more")
}

// Who kept his recovery code loses nothing by forgetting his password.
func TestForgottenPasswordWithTheRecoveryCode(t *testing.T) {
	t.Parallel()
	ada := demo.office(t, "Ada")
	p, code := newcomer(t, ada, "Otto Winter", "otto.winter@northwind.example")
	p.Go("/my/credentials/new").Type("Title", "Own notebook").Type("Password", "for my eyes only 1").Follow("Add credential").In("#panel").Sees("Own notebook")
	signOut(p, account{Name: "Otto Winter"})

	p.Follow("Forgot your password?")
	inspectAs(t, p, "forgot-1-ask")
	p.Type("Email", "nobody.at.all@northwind.example").Follow("Send the link").Sees("If the address has an account")
	unknown := chrome.Ask[string](p, "document.querySelector('main').innerText")
	p.Go("/forgot").Type("Email", "otto.winter@northwind.example").Follow("Send the link")
	if known := chrome.Ask[string](p, "document.querySelector('main').innerText"); known != unknown {
		t.Errorf("known: %s, unknown: %s", known, unknown)
	}
	inspectAs(t, p, "forgot-2-noted")
	path := link(t, ada, "password-reset", "otto.winter@northwind.example")
	fresh := chromium.Profile(t, demo.Address)
	fresh.Go(path).Sees("otto.winter@northwind.example", "My passwords is destroyed", "destroy 1 credential")
	inspectAs(t, fresh, "forgot-3-reset")
	fresh.Type("New password", "short").Type("Recovery code", code[:10]).Follow("Set the new password").Sees("Your password is not changed yet.")
	fresh.Type("New password", "eleven brisk otters dive below").Type("Recovery code", "").Follow("Set the new password").Sees("Enter your recovery code, or confirm")
	inspectAs(t, fresh, "forgot-4-wrong")
	fresh.Type("New password", "eleven brisk otters dive below").Type("Recovery code", strings.ToLower(code)).Follow("Set the new password").Lands("/sign-in").Sees("Your new password is set.")
	signIn(fresh, account{Email: "otto.winter@northwind.example", Password: "eleven brisk otters dive below"})
	fresh.Lands("/").In(".top").Sees("Open")
	fresh.Go("/my").Sees("Own notebook")
	chromium.Profile(t, demo.Address).Go(path).Sees("This link leads nowhere any more")
}

// Without the code what was one's own is gone, after a warning; the vault
// opens with the Organization Key again.
func TestForgottenPasswordWithoutTheRecoveryCode(t *testing.T) {
	t.Parallel()
	ada := demo.office(t, "Ada")
	p, _ := newcomer(t, ada, "Petra Zorn", "petra.zorn@northwind.example")
	p.Go("/my/credentials/new").Type("Title", "Lost notebook").Type("Password", "for my eyes only 2").Follow("Add credential").In("#panel").Sees("Lost notebook")
	p.Another(t).Go("/forgot").Type("Email", "Petra.Zorn@northwind.example").Follow("Send the link").Sees("Your request is noted.")
	path := link(t, ada, "password-reset", "petra.zorn@northwind.example")
	p.Go(path).Type("New password", "eleven brisk otters dive below").Press("I don't have it: destroy 1 credential in My passwords").Follow("Set the new password")
	p.Lands("/sign-in").Sees("Your new password is set.")
	signIn(p, account{Email: "petra.zorn@northwind.example", Password: "eleven brisk otters dive below"})
	openVault(p, demo.OrganizationKey)
	p.Go("/my").SeesNot("Lost notebook")
}

// moment lets the server come to what it does after an answer.
func moment() {
	ctx, done := context.WithTimeout(context.Background(), 50e6)
	defer done()
	<-ctx.Done()
}
