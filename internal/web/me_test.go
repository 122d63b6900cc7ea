package web

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

// keepChoice lays a sign-in on the desk as one that fits in two organizations.
func (b *surfer) keepChoice(s *site) string {
	ticket := seal.NewToken()
	b.cookies["__Host-choice"] = ticket.Reveal()
	s.server.desk.choices.put(string(ticket.Lookup()), choice{ada, seal.NewSecret(apptest.Password),
		[]session.Choice{{Org: s.OrgID, Slug: "northwind-it", Name: "Northwind IT"}, {Org: "org_two", Slug: "contoso", Name: "Contoso"}}, "/me"})
	return ticket.Reveal()
}

func TestChangePassword(t *testing.T) {
	s := newSite(t)
	b, other := s.surfer(t).signIn(ada), s.surfer(t).signIn(ada)
	const next = "seven purple otters skate home"
	s.secrets = append(s.secrets, next)
	b.get("/me").says(200, "Ada Admin", ada, "Organization Admin", "Northwind IT")
	b.post("/me/password", "password", "wrong horse battery staple", "new_password", next).says(422, "The password is not right").lacks("wrong horse", next)
	b.post("/me/password", "password", apptest.Password, "new_password", "Northwind IT 2026").says(422, "Your password was not changed").lacks(apptest.Password)
	b.post("/me/password", "password", apptest.Password, "new_password", next).leads("/me")
	b.get("/me").says(200, "Your password is changed", "Open")
	other.get("/me").leads("/sign-in?next=%2Fme")
	other.post("/sign-in", "email", ada, "password", apptest.Password).says(401)
	other.post("/sign-in", "email", ada, "password", next).leads("/")
	b.post("/me/strength", "new_password", "Northwind Admin").says(200, "Fair")
	b.post("/me/strength", "new_password", "").says(204)
}

func TestRenewKeys(t *testing.T) {
	s := newSite(t)
	ex := s.Enrol("ex", perm.LevelTechnicianDefault)
	s.Enrol("bea", perm.LevelAdmin)
	b, other := s.surfer(t).signIn(ada), s.surfer(t).signIn(ada)
	b.get("/me").says(200, "Renew my keys").lacks("It is time to renew your keys")
	b.post("/me/keys", "renew_password", "wrong horse battery staple").says(422, "Your keys were not renewed", "The password is not right").lacks("wrong horse")
	b.post("/me/keys", "renew_password", apptest.Password).leads("/me/recovery-code?next=%2Fme")
	b.get("/me/recovery-code?next=%2Fme").says(200, "Your keys are renewed", "You have no recovery code yet", "Open")
	other.get("/me").leads("/sign-in?next=%2Fme")
	other.post("/sign-in", "email", ada, "password", apptest.Password)
	other.get("/me").says(200, "Open the vault first") // this browser is not known any more
	b.post("/sign-out")
	b.post("/sign-in", "email", ada, "password", apptest.Password).leads("/") // and this one is
	b.get("/me").says(200, "Renew my keys").lacks("Open the vault first")

	b.post("/me/keys", "renew_password", apptest.Password)
	s.Must(s.People.Disable(context.Background(), s.SignIn("bea"), ex))
	b.get("/me").says(200, "It is time to renew your keys", "your keys are renewed along with the password")
	const next = "seven purple otters skate home"
	s.secrets = append(s.secrets, next)
	b.post("/me/password", "password", apptest.Password, "new_password", next).leads("/me/recovery-code?next=%2Fme")
	b.get("/me").says(200, "Open").lacks("It is time to renew your keys")
}

func TestTheme(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t).signIn(ada)
	b.post("/me/theme", "theme", "dark").leads("/me")
	if !strings.Contains(b.get("/me").Body.String(), `data-theme="dark"`) || !strings.Contains(b.get("/nowhere").Body.String(), `data-theme="dark"`) {
		t.Error("the page is not dark")
	}
	b.header.Set("X-Requested-With", "bailiwick")
	b.post("/me/theme", "theme", "system").says(204)
	b.header.Del("X-Requested-With")
	b.post("/me/theme", "theme", `"><script>`).leads("/me")
	if strings.Contains(b.get("/me").Body.String(), "data-theme=\"") && strings.Contains(b.get("/me").Body.String(), `<html lang="en" data-theme`) {
		t.Error("the theme is not the system's again")
	}
}

func linkWith(a answer, pattern string) string {
	a.t.Helper()
	m := regexp.MustCompile(`href="(` + pattern + `)"`).FindStringSubmatch(a.Body.String())
	if m == nil {
		a.t.Fatalf("no link like %s: %s", pattern, a.text())
	}
	return m[1]
}

func TestSessionsAndDevices(t *testing.T) {
	s := newSite(t)
	s.Enrol("tina", perm.LevelTechnicianDefault)
	b, other := s.surfer(t).signIn(ada), s.surfer(t).signIn(ada)
	page := b.get("/me/sessions").says(200, "Firefox on Linux", "This one", "192.0.2.7", "Known devices")
	// Of three sessions (one began with set-up) two can be ended from here.
	end := linkWith(page, `/me/sessions/session_[a-z0-9]+/end`)
	b.get(end).says(200, "End this session?", "signed out at once")
	b.post(end).leads("/me/sessions")
	b.post(end).says(404)
	b.get(end).says(404)
	b.get("/me/sessions/end").says(200, "End 1 other session?")
	b.post("/me/sessions/end").leads("/me/sessions")
	b.get("/me/sessions").says(200, "Ended 1 other session.").lacks("/me/sessions/end")
	other.get("/me").leads("/sign-in?next=%2Fme")

	tina := s.surfer(t).signIn("tina@northwind.example")
	forget := linkWith(b.get("/me/sessions"), `/me/devices/device_[a-z0-9]+/forget`)
	tina.get(forget).says(404)
	tina.post(forget).says(404)
	before := s.epoch(t)
	b.get(forget).says(200, "Forget this device?", "new keys")
	b.post(forget).leads("/me/sessions")
	b.get("/me/sessions").says(200, "The device is forgotten")
	if s.epoch(t) != before+1 {
		t.Error("forgetting a device made no new epoch")
	}
}

func (s *site) epoch(t *testing.T) int64 {
	t.Helper()
	v, err := s.Org.View(context.Background(), s.Admin)
	if err != nil {
		t.Fatal(err)
	}
	return v.KeyEpoch
}

func TestAPITokens(t *testing.T) {
	s := newSite(t)
	s.Enrol("tina", perm.LevelTechnicianDefault)
	b := s.surfer(t).signIn("tina@northwind.example")
	b.get("/me/tokens").says(200, "No API tokens", "New token")
	b.get("/me/tokens/new").says(200, "Password: View", "See and copy secrets.", "All clients that I reach").lacks("Organization: Admin", "User: Disable", "Plugin Access.")
	b.post("/me/tokens/new", "name", "Backup", "days", "900", "scope", "some").
		says(422, "No token was made", "between 1 and 365", "Choose at least one permission", "Choose clients")
	b.post("/me/tokens/new", "name", "Backup", "days", "90", "scope", "all", "permission", "User: Disable").says(422, "not among your own permissions")
	b.post("/me/tokens/new", "name", "Backup", "days", "90", "scope", "all", "permission", "Password: View", "permission", "Client: View List").leads("/me/tokens/made")
	b.post("/me/tokens/new", "name", "Backup", "days", "90", "scope", "all", "permission", "Password: View", "client", s.Company).says(422, "Choose one or the other")
	bearer := regexp.MustCompile(`data-copy-text="(bwt_[^"]+)"`).FindStringSubmatch(b.get("/me/tokens/made").says(200, "It is shown only now").Body.String())
	if bearer == nil {
		t.Fatal("the token is not shown")
	}
	s.secrets = append(s.secrets, bearer[1])
	who, err := s.Sessions.Resume(context.Background(), bearer[1], "192.0.2.8", nil)
	if err != nil || who.Kind() != gate.Token {
		t.Fatalf("the shown token opens nothing: %v", err)
	}
	s.surfer(t).signIn("tina@northwind.example").get("/me/tokens/made").leads("/me/tokens")
	b.post("/me/tokens/made").leads("/me/tokens")
	b.get("/me/tokens/made").leads("/me/tokens")
	list := b.get("/me/tokens").says(200, "Backup", "2 permissions", "All clients").lacks(bearer[1])
	revoke := linkWith(list, `/me/tokens/token_[a-z0-9]+/revoke`)
	s.surfer(t).signIn(ada).get(revoke).says(404)
	b.get(revoke).says(200, "Revoke “Backup”?", "stops working at once")
	b.post(revoke).leads("/me/tokens")
	if _, err := s.Sessions.Resume(context.Background(), bearer[1], "192.0.2.8", nil); err == nil {
		t.Error("a revoked token still works")
	}
	b.post(revoke).says(404)
}

func TestRecoveryCode(t *testing.T) {
	s := newSite(t)
	b := s.surfer(t).signIn(ada)
	b.get("/me/recovery-code?next=/me/sessions").says(200, "You have no recovery code yet", "Later")
	b.get("/me/recovery-code/new").leads("/me/recovery-code")
	b.post("/me/recovery-code", "next", "/me/sessions").leads("/me/recovery-code/new")
	b.get("/me/recovery-code/new").says(200, "Recovery code of Ada Admin").lacks("twelve words")
	b.post("/me/recovery-code/new", "first", "AAAAA", "second", "BBBBB").says(422, "This is not group")
	b.get("/me/recovery-code").says(200, "You have no recovery code yet")
	s.surfer(t).signIn(ada).get("/me/recovery-code/new").leads("/me/recovery-code")
	b.prove("/me/recovery-code/new").leads("/me/sessions")
	b.get("/me/recovery-code").says(200, "You have a recovery code.")
	b.post("/me/recovery-code/new", "first", "A", "second", "B").leads("/me/recovery-code")
	b.post("/close")
	b.post("/me/recovery-code").says(423, "The vault is sealed")
}
