package flow

import (
	"slices"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

func (s *scene) client(name string) string {
	s.T.Helper()
	id, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: name})
	s.Must(err)
	return id
}

func (s *scene) visitor(who gate.Actor, client string) gate.Actor {
	s.T.Helper()
	v, err := s.People.In(ctx, who, client)
	s.Must(err)
	return v
}

func (s *scene) asked(who gate.Actor, email, level string) people.Added {
	s.T.Helper()
	added, err := s.People.Invite(ctx, who, []people.Invitee{{Email: email, Level: level}}, "")
	s.Must(err)
	return added[0]
}

// loggedAs demands that the newest event of an operation is by a name.
func (s *scene) loggedAs(who gate.Actor, op, name string) {
	s.T.Helper()
	list, _, err := s.Audit.List(ctx, who, audit.Filter{Operations: []string{op}})
	s.Must(err)
	i := slices.IndexFunc(list, func(e audit.Event) bool { return e.Outcome == "done" })
	if i < 0 || list[i].Actor != name {
		s.T.Errorf("%s is logged as %+v, want it by %s", op, list, name)
	}
}

func (s *scene) state(client string) client.Site {
	s.T.Helper()
	site, err := s.Clients.Site(ctx, s.Admin, client)
	s.Must(err)
	return site
}

// A site waits until its first Site Administrator activates it; who accepts
// earlier has a password, and waits; after that both are in.
func TestSiteIsActivated(t *testing.T) {
	both(t, func(s *scene) {
		contoso := s.client("Contoso Ltd")
		if site := s.state(contoso); site.There() || !site.MaySet {
			t.Fatalf("before: %+v", site)
		}
		s.Must(s.Clients.OpenSite(ctx, s.Admin, contoso))
		if site := s.state(contoso); !site.Login || !site.Waits() || site.State != org.PartnerWaits || site.Slug != "contoso-ltd" {
			t.Fatalf("opened: %+v", site)
		}
		visitor := s.visitor(s.Admin, contoso)
		user := s.asked(visitor, "uma@contoso.example", perm.LevelSiteUser)
		if strings.Contains(user.Link.Reveal(), "#") {
			t.Fatal("a Site User's link has the activation secret in it")
		}
		early := s.Activation(user.Link.Reveal()).Acceptance
		early.Name = "Uma"
		e, err := s.People.Accept(ctx, early)
		s.Must(err)
		if !e.Waits {
			t.Error("who accepts early is not told to wait")
		}
		_, err = s.Sessions.SignIn(ctx, session.SignIn{Email: "uma@contoso.example", Password: seal.NewSecret(apptest.Password), IP: "127.0.0.1"})
		if !fault.Is(err, fault.Unsigned) || !strings.Contains(err.Error(), "waits for activation") {
			t.Errorf("early sign-in: %v", err)
		}

		first, second := s.Activation(s.asked(visitor, "sue@contoso.example", perm.LevelSiteAdministrator).Link.Reveal()), s.Activation(s.asked(visitor, "sam@contoso.example", perm.LevelSiteAdministrator).Link.Reveal())
		_, err = s.People.Accept(ctx, first.Acceptance)
		s.refused(err, fault.Unacceptable) // it activates, and not without keys
		wrong := first
		wrong.Proof = seal.NewActivation(first.Proof.Secret, make([]byte, 32))
		_, err = s.People.Activate(ctx, wrong)
		s.refused(err, fault.Unacceptable) // not this provider
		made, err := s.People.Activate(ctx, first)
		s.Must(err)
		_, err = s.People.Activate(ctx, second)
		s.refused(err, fault.Unacceptable) // it is done; the link is not used up
		again, err := s.People.Accept(ctx, second.Acceptance)
		s.Must(err)

		begun, err := s.Sessions.Begin(ctx, made, "127.0.0.1", "test", nil)
		s.Must(err)
		sue := s.Resume(begun)
		if !sue.Open() || sue.Org() != again.Org {
			t.Fatal("who activated is not in")
		}
		for _, email := range []string{"uma@contoso.example", "sam@contoso.example"} {
			in, err := s.Sessions.SignIn(ctx, session.SignIn{Email: email, Password: seal.NewSecret(apptest.Password), Code: first.Code, IP: "127.0.0.1"})
			s.Must(err)
			if !s.Resume(in).Open() {
				t.Errorf("%s does not open the vault with the site's Organization Key", email)
			}
		}
		if _, err := s.Sessions.SignIn(ctx, session.SignIn{Email: "uma@contoso.example", Password: seal.NewSecret(apptest.Password), Code: s.Code, IP: "127.0.0.1"}); err == nil {
			t.Error("the provider's Organization Key opens the site")
		}
		if site := s.state(contoso); site.State != org.PartnerPinned || site.Waits() {
			t.Errorf("activated: %+v", site)
		}
		events, _, err := s.Audit.List(ctx, sue, audit.Filter{Limit: 200})
		s.Must(err)
		said := 0
		for _, e := range events {
			if strings.HasPrefix(e.Operation, "site.activat") {
				said++
			}
		}
		if s.loggedAs(sue, "site.activate", "Sue"); said != 1 {
			t.Errorf("its activation is %d events", said)
		}
	})
}

// Off disables everybody of the site who was enabled, on enables just those;
// disabling the client does the same.
func TestSiteIsSwitchedOff(t *testing.T) {
	both(t, func(s *scene) {
		contoso := s.client("Contoso Ltd")
		site := s.Activate(contoso, "contoso.example")
		left, stays := site.Enrol("lea", perm.LevelSiteUser), site.Enrol("uma", perm.LevelSiteUser)
		s.Must(s.People.Disable(ctx, site.Admin, left))
		uma := site.SignIn("uma")
		for _, by := range []struct{ off, on func() error }{
			{func() error { return s.Clients.CloseSite(ctx, s.Admin, contoso) }, func() error { return s.Clients.OpenSite(ctx, s.Admin, contoso) }},
			{func() error { return s.Clients.Disable(ctx, s.Admin, contoso) }, func() error { return s.Clients.Enable(ctx, s.Admin, contoso) }},
		} {
			s.Must(by.off())
			if _, err := s.People.Me(ctx, uma); err == nil {
				t.Error("a session of a site that is off goes on")
			}
			_, err := s.Sessions.SignIn(ctx, session.SignIn{Email: "uma@contoso.example", Password: seal.NewSecret(apptest.Password), IP: "127.0.0.1"})
			s.refused(err, fault.Unsigned)
			v := s.visitor(s.Admin, contoso)
			s.refused(s.People.Enable(ctx, v, stays), fault.Unacceptable)
			_, err = s.People.Invite(ctx, v, []people.Invitee{{Email: "new@contoso.example", Level: perm.LevelSiteUser}}, "")
			s.refused(err, fault.Unacceptable)
			s.Must(by.on())
			list, err := s.People.SiteUsers(ctx, s.Admin, "", people.Filter{Disabled: true})
			s.Must(err)
			for _, u := range list.Users {
				if u.Enabled != (u.ID != left) {
					t.Errorf("%s is enabled: %v", u.Email, u.Enabled)
				}
			}
			if len(list.Users) != 3 {
				t.Errorf("%d users of sites", len(list.Users))
			}
			uma = site.SignIn("uma") // and makes the epoch that is due
		}
	})
}

// A provider's users act on a site's users as far as their own organization
// lets them reach the client, and their rank goes; never beyond.
func TestVisitors(t *testing.T) {
	both(t, func(s *scene) {
		contoso, fabrikam := s.client("Contoso Ltd"), s.client("Fabrikam")
		site, other := s.Activate(contoso, "contoso.example"), s.Activate(fabrikam, "fabrikam.example")
		uma, foreign := site.Enrol("uma", perm.LevelSiteUser), other.Enrol("ulf", perm.LevelSiteUser)
		s.Enrol("max", perm.LevelManagerAssigned)
		s.Enrol("tim", perm.LevelTechnicianDefault)
		max, tim := s.SignIn("max"), s.SignIn("tim")
		act := func(who gate.Actor, user string) error {
			at, err := s.People.At(ctx, who, user)
			s.Must(err)
			return s.People.EndSessions(ctx, at, user)
		}
		s.refused(act(max, uma), fault.Absent) // does not reach the client
		e, err := s.People.View(ctx, s.Admin, s.id("max"))
		s.Must(err)
		s.Must(s.People.Save(ctx, s.Admin, e.ID, people.Changes{Version: e.Version, Clients: &[]string{contoso}}))
		s.Must(act(max, uma))
		s.refused(act(max, foreign), fault.Absent)
		s.refused(act(max, site.AdminID), fault.Absent) // rank: the level has what a manager lacks
		s.refused(act(tim, uma), fault.Absent)          // reaches it, and lacks the permission
		v := session.Visit(s.Admin, site.ID)
		if _, _, err := s.Clients.List(ctx, v, client.Filter{}); !fault.Is(err, fault.Absent) {
			t.Errorf("a visitor lists the site's clients: %v", err)
		}
		s.refused(s.Sessions.Look(ctx, v, uma), fault.Absent)
		_, err = s.People.Invite(ctx, s.visitor(max, contoso), []people.Invitee{{Email: "boss@contoso.example", Level: perm.LevelSiteAdministrator}}, "")
		s.refused(err, fault.Invalid)
		for _, level := range []string{perm.LevelAdmin, perm.LevelTechnicianAssigned, ""} {
			_, err := s.People.Invite(ctx, v, []people.Invitee{{Email: "pro@contoso.example", Level: level}}, "")
			s.refused(err, fault.Invalid)
			_, err = s.People.Invite(ctx, site.Admin, []people.Invitee{{Email: "pro@contoso.example", Level: level}}, "")
			s.refused(err, fault.Invalid)
		}
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		_, err = s.People.Invite(ctx, s.Admin, []people.Invitee{{Email: "site@northwind.example", Level: perm.LevelSiteUser}}, "")
		s.refused(err, fault.Invalid)
		s.refused(s.People.Disable(ctx, v, site.AdminID), fault.Unacceptable) // the last one
		s.loggedAs(site.Admin, "user.end-sessions", "Northwind IT")
		s.loggedAs(s.Admin, "user.end-sessions", "max")
		s.Must(act(s.Admin, site.AdminID)) // and no rank is above the provider's administrator's
		st, err := s.People.Settings(ctx, s.Admin)
		s.Must(err)
		next := st
		next.NamesToPartners = true
		s.Must(s.People.SaveSettings(ctx, s.Admin, st, next))
		s.Must(act(max, uma))
		s.loggedAs(site.Admin, "user.end-sessions", "max, Northwind IT")
	})
}

// What the database says of the other side's keys counts for nothing by
// itself: a swapped key, MAC or pin, on either side, ends sharing and is shown.
func TestSwappedKeysOfSites(t *testing.T) {
	both(t, func(s *scene) {
		contoso := s.client("Contoso Ltd")
		site := s.Activate(contoso, "contoso.example")
		fake := seal.NewSignKey()
		swap := func(column, table, where string, value []byte, args ...any) (back func()) {
			var was []byte
			s.read("SELECT "+column+" FROM "+table+" WHERE "+where, args, &was)
			s.exec("UPDATE "+table+" SET "+column+" = $2 WHERE "+where, append([]any{args[0], value}, args[1:]...)...)
			return func() {
				s.exec("UPDATE "+table+" SET "+column+" = $2 WHERE "+where, append([]any{args[0], was}, args[1:]...)...)
			}
		}
		shown := func(what string, want org.PartnerState) {
			t.Helper()
			if got := s.state(contoso).State; got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		for what, value := range map[string][]byte{"sign_public": fake.Public(), "site_mac": make([]byte, 32)} {
			back := swap(what, "organizations", "id = $1", value, site.ID)
			shown("another "+what+" before pinning", org.PartnerChanged)
			s.Must(s.Org.Pin(ctx, s.Admin))
			shown("another "+what+" is not pinned", org.PartnerChanged)
			back()
		}
		back := swap("site_box", "clients", "site_id = $1", make([]byte, 90), site.ID)
		shown("another site_box before pinning", org.PartnerChanged)
		s.Must(s.Org.Pin(ctx, s.Admin))
		shown("with another site_box it is not pinned", org.PartnerChanged)
		back()
		shown("put back", org.PartnerNew)
		s.Must(s.Org.Pin(ctx, s.Admin))
		shown("pinned", org.PartnerPinned)
		for _, c := range []struct {
			column, table, where string
			value                []byte
			args                 []any
		}{
			{"sign_public", "organizations", "id = $1", fake.Public(), []any{site.ID}},
			{"box", "partners", "org_id = $1", make([]byte, 90), []any{s.OrgID}},
			{"hpke_public", "key_epochs", "org_id = $1 AND epoch = 1", seal.NewKey().Identity("user").Public(), []any{site.ID}},
			{"hpke_signature", "key_epochs", "org_id = $1 AND epoch = 1", fake.Sign(gate.KeyContext, nil), []any{site.ID}},
		} {
			back := swap(c.column, c.table, c.where, c.value, c.args...)
			shown("another "+c.column, org.PartnerChanged)
			back()
			shown(c.column+" put back", org.PartnerPinned)
		}
		s.exec("DELETE FROM partners WHERE org_id = $1", s.OrgID)
		s.exec("UPDATE organizations SET sign_public = $2 WHERE id = $1", site.ID, fake.Public())
		s.Must(s.Org.Pin(ctx, s.Admin))
		shown("the pin was taken away", org.PartnerChanged)
	})
}
