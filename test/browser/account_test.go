package browser

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"bailiwick/sdk"
	"bailiwick/test/browser/chrome"
)

// Somebody registers himself where that is on, confirms the address, waits,
// and is let in when he is approved.
func TestSelfRegistration(t *testing.T) {
	t.Parallel()
	s := ownDemo(t, nil)
	ada := s.office(t, "Ada")
	p := chromium.Profile(t, s.Address)
	at := func(name string) { t.Helper(); inspectAs(t, p, "register-"+name) }
	p.Go("/register").Sees("Not found")
	p.Go("/sign-in").SeesNot("Register")
	st, err := ada.PeopleSettings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	next := st
	next.SelfRegistration = true
	if err := ada.SetPeopleSettings(t.Context(), sdk.NewPeopleSettings{Read: st, Next: next}); err != nil {
		t.Fatal(err)
	}
	p.Go("/sign-in")
	at("1-sign-in")
	p.Follow("Register")
	at("2-ask")
	p.Type("Email", "gus@elsewhere.example").Follow("Register").Sees("Your registration is noted.")
	at("3-noted")
	p.Go(link(t, ada, "registration", "gus@elsewhere.example")).Sees("You have confirmed your address.")
	at("4-confirmed")
	p.Type("Your name", "Gus Guest").Type("New password", goodPassword).Follow("Set password and sign in").Lands("/").Sees("You wait for approval")
	at("5-waits")
	for _, path := range []string{"/clients", "/my", "/search?q=a", "/me/sessions", "/audit", "/organization/keys"} {
		p.Go(path).Sees("Not found")
	}
	p.Go("/me").Sees("Waits for approval")
	at("6-profile")
	p.Type("Phone", "+44 20 7946 0000").Follow("Save profile").Sees("Your profile is saved.")
	p.Go("/open?next=/clients").Lands("/").Sees("You wait for approval").Follow("Sign out").Lands("/sign-in")
	signIn(p, account{Email: "gus@elsewhere.example", Password: goodPassword})
	p.Sees("You wait for approval")
	users, err := ada.Users(t.Context(), sdk.UserFilter{Pending: true, Text: "gus@elsewhere"})
	if err != nil || len(users.Users) != 1 {
		t.Fatalf("%+v, %v", users, err)
	}
	if err := ada.ApproveUser(t.Context(), users.Users[0].ID); err != nil {
		t.Fatal(err)
	}
	p.Go("/").Sees("Dashboard").SeesNot("You wait for approval")
}

// One's own profile; another address counts when it is confirmed from there.
func TestOwnProfile(t *testing.T) {
	t.Parallel()
	ada := demo.office(t, "Ada")
	p, _ := newcomer(t, ada, "Quentin Amber", "quentin.amber@northwind.example")
	at := func(name string) { t.Helper(); inspectAs(t, p, "profile-"+name) }
	p.Go("/me").Sees("Technician")
	at("1-page")
	p.Type("Name", "").Type("Time zone", "Atlantis/Capital").Type("Phone", "0171")
	chrome.Ask[bool](p, `!(page.field("Name").required = false)`)
	p.Follow("Save profile").Sees("Your profile was not saved.", "There is no such time zone")
	at("2-wrong")
	if v := chrome.Ask[string](p, `page.field("Phone").value`); v != "0171" {
		t.Errorf("%q is kept", v)
	}
	p.Type("Name", "Quentin A. Amber").Type("Time zone", "Europe/Lisbon").Press("Mail me when a client is given to me").Follow("Save profile").Sees("Your profile is saved.", "Quentin A. Amber")
	if on := chrome.Ask[bool](p, `page.field("Mail me when a client is given to me").checked`); on {
		t.Error("the setting of mails is not kept")
	}
	p.Type("Email", "quentin@amber.example").Follow("Save profile").Sees("Enter your password.")
	p.PressOne(`document.querySelector("#profile-password")`).Keys(goodPassword).Follow("Save profile").Sees("quentin@amber.example waits to be confirmed.")
	at("3-pending")
	path := link(t, ada, "confirm-address", "quentin@amber.example")
	p.Go(path).Sees("quentin@amber.example")
	at("4-confirm")
	p.Follow("Confirm this address").Sees("Your address is confirmed")
	at("5-confirmed")
	p.Go(path).Sees("This link leads nowhere any more")
	mails, err := ada.Outbox(t.Context(), "", "", 200)
	if err != nil {
		t.Fatal(err)
	}
	told := false
	for _, m := range mails.Mails {
		told = told || m.Kind == "address-changed" && m.Email == "quentin.amber@northwind.example"
	}
	if !told {
		t.Error("the earlier address was not told")
	}
	fresh := chromium.Profile(t, demo.Address)
	signIn(fresh, account{Email: "quentin.amber@northwind.example", Password: goodPassword})
	fresh.Sees("You are not signed in.")
	signIn(fresh, account{Email: "quentin@amber.example", Password: goodPassword})
	fresh.Sees("This browser is not known yet")
}

// notebook is a log that is read while it is written.
type notebook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (n *notebook) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.Write(b)
}

func (n *notebook) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.String()
}

// ownDemo is a server that no other story shares, with its log.
func ownDemo(t *testing.T, log *notebook) *server {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if log == nil {
		log = &notebook{}
	}
	s, err := startDemo(dir, log)
	if err != nil {
		os.Stderr.WriteString(log.String())
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	return s
}

// The organization key comes with the invitation: what is behind the # goes to
// no server before it is used, and the digits that were told open the vault.
func TestOrganizationKeyAlongWithAnInvitation(t *testing.T) {
	t.Parallel()
	log := &notebook{}
	s := ownDemo(t, log)
	ada := s.office(t, "Ada")
	u := invited(t, s, ada, sdk.Invitee{Email: "rosa.lind@northwind.example", Name: "Rosa Lind", Level: "technician-default", SendKey: true})
	key := pathOf(t, u.KeyLink.Reveal())
	_, secret, _ := strings.Cut(key, "#")
	if u.Digits.Reveal() == "" || secret == "" {
		t.Fatal("no digits, or no secret")
	}
	p := chromium.Profile(t, s.Address)
	at := func(name string) { t.Helper(); inspectAs(t, p, "key-link-"+name) }
	p.Go(key).Sees("Sign in first")
	at("1-not-signed-in")
	p.Go(pathOf(t, u.Link.Reveal())).Type("New password", goodPassword).Follow("Set password and sign in").Lands("/open")
	p.Go("/sign-in") // leads on: Rosa is signed in
	p.Go(key).Sees("Six digits")
	at("2-digits")
	if shown := chrome.Ask[string](p, "location.href"); strings.Contains(shown, secret) {
		t.Error("the secret stays in the address")
	}
	p.Type("Six digits", wrongDigits(u.Digits.Reveal())).Follow("Open the vault").Sees("This does not open the link.")
	at("3-wrong-digits")
	p.Type("Six digits", u.Digits.Reveal()).Follow("Open the vault").Sees("no recovery code yet").Follow("Later").Sees("Dashboard")
	p.Go("/clients").Sees("Bayside Dental Group")
	at("4-open")
	if text := log.String(); !strings.Contains(text, "/key/{id}") || strings.Contains(text, secret) || strings.Contains(text, u.Digits.Reveal()+" ") || strings.Contains(text, "token=") {
		t.Errorf("the log names no request, or holds what it must not:\n%s", text)
	}

	// In a new browser the link leads through signing in, and is used up.
	fresh := chromium.Profile(t, s.Address)
	fresh.Go(key).Follow("Sign in").Type("Email", "rosa.lind@northwind.example").Type("Password", goodPassword).Follow("Sign in")
	fresh.Lands(strings.Split(key, "#")[0]).Type("Six digits", u.Digits.Reveal()).Follow("Open the vault").Sees("This link is used, expired or not for you.")
}

func wrongDigits(right string) string {
	if right == "123456" {
		return "654321"
	}
	return "123456"
}

// A new browser without the Organization Key: asked for from the sign-in page
// and from a sealed session, sent by an administrator, opened by its link.
func TestOrganizationKeyIsRequested(t *testing.T) {
	t.Parallel()
	ada := demo.office(t, "Ada")
	home, _ := newcomer(t, ada, "Sven Tallow", "sven.tallow@northwind.example")
	signOut(home, account{Name: "Sven Tallow"})
	p := chromium.Profile(t, demo.Address)
	p.Go("/sign-in").Follow("Request the organization key").Type("Email", "nonsense").Sees("Email")
	inspectAs(t, p, "request-key-1-ask")
	p.Type("Email", "sven.tallow@northwind.example").Follow("Request the organization key").Sees("Your request is noted.")
	inspectAs(t, p, "request-key-2-noted")
	asks := link(t, ada, "key-requested", demo.person("Ada").Email)
	if !strings.HasPrefix(asks, "/users/user_") {
		t.Errorf("the administrator is led to %s", asks)
	}
	signIn(p, account{Email: "sven.tallow@northwind.example", Password: goodPassword})
	p.Lands("/open").Press("Request the organization key").Follow("Ask the administrators").Sees("You have asked already.")

	if err := ada.SendKey(t.Context(), strings.TrimPrefix(asks, "/users/")); err != nil {
		t.Fatal(err)
	}
	p.Go(link(t, ada, "key-link", "sven.tallow@northwind.example")).SeesNot("Six digits").Follow("Open the vault").Sees("Dashboard").In(".top").Sees("Open")
	p.Go("/clients").Sees("Bayside Dental Group")
}
