package api_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/sdk"
)

// token reads the newest mail of a kind, as an administrator may while no mail
// server is set, and gives what stands behind token= in its link.
func (s *server) token(kind string) sdk.Secret {
	s.t.Helper()
	ctx := context.Background()
	box, err := s.admin.Outbox(ctx, "waiting", "", 100)
	s.Must(err)
	for _, m := range box.Mails {
		if m.Kind == kind {
			letter, err := s.admin.ShowMail(ctx, m.ID)
			s.Must(err)
			u, err := url.Parse(string(letter.Link))
			s.Must(err)
			return sdk.Secret(u.Query().Get("token"))
		}
	}
	s.t.Fatalf("no mail of kind %s", kind)
	return ""
}

// Nina is invited, accepts, is changed, forgets her password, leaves.
func TestUsersStory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := startOn(t, d)
		a := s.admin
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		contoso, err := a.AddClient(ctx, sdk.NewClient{Name: "Contoso"})
		s.Must(err)
		cred, err := a.AddCredential(ctx, sdk.NewCredential{Client: contoso.ID, Title: "Edge", Password: "s3cret"})
		s.Must(err)
		checked, err := a.CheckAddresses(ctx, "Nina Neu <nina@northwind.example>, ADA@northwind.example")
		s.Must(err)
		if len(checked.Addresses) != 2 || checked.Addresses[0].Name != "Nina Neu" || checked.Addresses[1].Problem == "" || checked.DefaultLevel != perm.LevelTechnicianAssigned {
			t.Fatalf("%+v", checked)
		}
		made, err := a.Invite(ctx, sdk.Invite{People: []sdk.Invitee{{Email: "nina@northwind.example", Name: "Nina Neu", Level: checked.DefaultLevel, Clients: []string{contoso.ID}}}})
		s.Must(err)
		nina := made.Users[0].ID
		_, err = a.Invite(ctx, sdk.Invite{People: []sdk.Invitee{{Email: "bad"}}})
		if want(t, err, sdk.Invalid).Field("people[0].email") == "" {
			t.Error("which address is bad is not said")
		}
		if _, err := a.ResendInvitation(ctx, nina, "Welcome."); err != nil {
			t.Fatal(err)
		}
		link := s.token("invitation")
		if i, err := s.anonymous().Invitation(ctx, link); err != nil || i.Email != "nina@northwind.example" || i.Organization != "Northwind IT" {
			t.Errorf("%+v, %v", i, err)
		}
		_, in, err := s.anonymous().Accept(ctx, sdk.AcceptInvitation{Token: link, Name: "Nina Neu", Password: apptest.Password})
		if err != nil || in.Open || in.User != nina {
			t.Fatalf("%+v, %v", in, err)
		}
		_, _, err = s.anonymous().Accept(ctx, sdk.AcceptInvitation{Token: link, Name: "Nina Neu", Password: apptest.Password})
		want(t, err, sdk.Unacceptable)
		ninas := s.signIn("nina")
		_, err = ninas.Reveal(ctx, cred.ID)
		s.Must(err)
		_, err = ninas.Users(ctx, sdk.UserFilter{})
		want(t, err, sdk.Absent)

		l, err := a.Users(ctx, sdk.UserFilter{Text: "nina", Kind: "member"})
		if err != nil || len(l.Users) != 1 || l.Users[0].State != "Active" || l.Counts["member"] != 1 || l.Users[0].LastSignInAt == nil {
			t.Fatalf("%+v, %v", l, err)
		}
		u, err := a.User(ctx, nina)
		s.Must(err)
		s.Must(a.EditUser(ctx, nina, sdk.UserChange{Version: u.Version, Phone: ptr("+49 1")}))
		help, err := a.AddKnowledgeBase(ctx, sdk.NewKnowledgeBase{Path: "help", Name: "Help"})
		s.Must(err)
		with := func(role string, version int64, zone string) error {
			return a.EditUser(ctx, nina, sdk.UserChange{Version: version, TimeZone: &zone, Services: []sdk.UserServiceRole{{ID: help.ID, Role: role}}})
		}
		now, err := a.User(ctx, nina)
		s.Must(err)
		if want(t, with("editor", now.Version, "Mars/North"), sdk.Invalid).Field("time_zone") == "" {
			t.Error("a bad field is not said")
		}
		s.Must(with("editor", now.Version, "Europe/London"))
		s.Must(a.SetServiceRole(ctx, help.ID, nina, "none"))
		if c := want(t, with("default", now.Version, "Europe/London"), sdk.Conflict); c.PresentVersion <= now.Version || c.Field("service-"+help.ID) != "It is now: None" {
			t.Errorf("a role that somebody else set meanwhile: %+v", c)
		}
		if u, err := a.User(ctx, nina); err != nil || len(u.Services) != 1 || u.Services[0].Explicit != "none" {
			t.Errorf("%+v, %v", u.Services, err)
		}
		if c := want(t, a.EditUser(ctx, nina, sdk.UserChange{Version: u.Version, Phone: ptr("+49 2")}), sdk.Conflict); c.PresentVersion <= u.Version || !strings.Contains(c.Field("phone"), "+49 1") {
			t.Errorf("%+v", c)
		}
		// An administrator's roles are none of their own, not even in the save
		// that makes the administrator.
		none, text := []sdk.UserServiceRole{{ID: help.ID, Role: "default"}}, "An administrator is Admin of every knowledge base."
		u, err = a.User(ctx, nina)
		s.Must(err)
		if c := want(t, a.EditUser(ctx, nina, sdk.UserChange{Version: u.Version, Level: ptr(perm.LevelAdmin), Services: none}), sdk.Invalid); c.Field("service-"+help.ID) != text {
			t.Errorf("%+v", c)
		}
		s.Must(a.PromoteUser(ctx, nina))
		if u, err = a.User(ctx, nina); err != nil || u.Services[0].Explicit != "none" {
			t.Errorf("%+v, %v", u.Services, err)
		}
		if c := want(t, a.EditUser(ctx, nina, sdk.UserChange{Version: u.Version, Level: ptr(perm.LevelTechnicianAssigned), Services: none}), sdk.Invalid); c.Field("service-"+help.ID) != text {
			t.Errorf("%+v", c)
		}
		_, err = a.Invite(ctx, sdk.Invite{People: []sdk.Invitee{{Email: "boss@northwind.example", Level: perm.LevelAdmin, Services: []sdk.InviteeService{{ID: help.ID, Role: "none"}}}}})
		if c := want(t, err, sdk.Invalid); c.Field("people[0].services") != text {
			t.Errorf("%+v", c)
		}
		s.Must(a.DemoteUser(ctx, nina))
		s.Must(a.UnapproveUser(ctx, nina))
		s.Must(a.ApproveUser(ctx, nina))
		want(t, a.ApproveUser(ctx, nina), sdk.Unacceptable)
		want(t, a.UnlockUser(ctx, nina), sdk.Unacceptable)
		s.Must(a.EndUserSessions(ctx, nina))
		want(t, a.DisableUser(ctx, s.AdminID), sdk.Absent)

		for _, email := range []string{"nina@northwind.example", "nobody@northwind.example"} {
			s.Must(s.anonymous().ForgotPassword(ctx, sdk.ForgotPassword{Email: email}))
		}
		s.People.Settle()
		link = s.token("password-reset")
		page, err := s.anonymous().PasswordReset(ctx, link)
		if err != nil || !page.HasVault || page.Email != "nina@northwind.example" {
			t.Fatalf("%+v, %v", page, err)
		}
		_, err = s.anonymous().SetPassword(ctx, sdk.SetPassword{Token: link, Password: "another long pass phrase 77"})
		if want(t, err, sdk.Invalid).Field("destroy") == "" {
			t.Error("no warning")
		}
		set, err := s.anonymous().SetPassword(ctx, sdk.SetPassword{Token: link, Password: "another long pass phrase 77", Destroy: true})
		if err != nil || set.Device != "" {
			t.Errorf("%+v, %v", set, err)
		}
		if sent, err := a.ResetUser(ctx, nina); err != nil || sent.Email != "nina@northwind.example" || sent.Link != "" { // hers waits in the outbox
			t.Errorf("%+v, %v", sent, err)
		}

		s.Must(a.DisableUser(ctx, nina))
		off, err := a.OffBoarding(ctx, nina)
		if err != nil || len(off.Rows) != 1 || off.Rows[0].Title != "Edge" || off.Open != 1 {
			t.Fatalf("%+v, %v", off, err)
		}
		if list, err := a.OffBoardings(ctx); err != nil || len(list.OffBoardings) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
		s.Must(a.DecideOffBoarding(ctx, nina, sdk.OffBoardingDecisions{Rest: &sdk.RestDecision{Action: "flagged"}}))
		if sheet, err := a.OffBoardingSheet(ctx, nina); err != nil || !strings.Contains(sheet.CSV, "Contoso,Edge,"+cred.ID) {
			t.Errorf("%+v, %v", sheet, err)
		}
		s.Must(a.EnableUser(ctx, nina))
		s.Must(a.MakeGuest(ctx, nina))
		s.Must(a.AddAsMember(ctx, nina))
		s.Must(a.DisableUser(ctx, nina))
		s.Must(a.DeleteUser(ctx, nina, "nina@northwind.example"))
		if sheet, err := a.ExportUsers(ctx); err != nil || !strings.Contains(sheet.CSV, "ada@northwind.example") || strings.Contains(sheet.CSV, "nina") {
			t.Errorf("%+v, %v", sheet, err)
		}
		if h, err := a.History(ctx, cred.ID); err != nil || len(h.Versions) == 0 {
			t.Errorf("%+v, %v", h, err)
		}
		if list, err := a.Lockouts(ctx); err != nil || len(list.Lockouts) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		st, err := a.PeopleSettings(ctx)
		s.Must(err)
		next := st
		next.LockoutTries = 2
		if want(t, a.SetPeopleSettings(ctx, sdk.NewPeopleSettings{Read: st, Next: next}), sdk.Invalid).Field("lockout-tries") == "" {
			t.Error("which setting is wrong is not said")
		}
		next.LockoutTries, next.SelfRegistration = 5, true
		s.Must(a.SetPeopleSettings(ctx, sdk.NewPeopleSettings{Read: st, Next: next}))
		s.Must(s.anonymous().Register(ctx, sdk.Registration{Email: "gus@elsewhere.example", Organization: s.OrgID}))
		s.People.Settle()
		api, in, err := s.anonymous().Accept(ctx, sdk.AcceptInvitation{Token: s.token("registration"), Name: "Gus", Password: apptest.Password})
		s.Must(err)
		if me, err := api.Me(ctx); err != nil || in.Open || !me.Waiting || len(me.Permissions) != 0 {
			t.Errorf("%+v, %v", me, err)
		}
		if p, err := api.Profile(ctx); err != nil || p.Email != "gus@elsewhere.example" {
			t.Errorf("%+v, %v", p, err)
		}
		_, err = api.Organization(ctx)
		want(t, err, sdk.Absent)
		s.Must(api.SignOut(ctx))
	})
}

// The recovery code keeps the vault over a reset, and the device that comes
// with it opens it.
func TestResetWithRecoveryCode(t *testing.T) {
	ctx := context.Background()
	s := start(t)
	tim := s.Enrol("tim", perm.LevelTechnicianDefault)
	code := seal.NewRecoveryCode()
	s.Must(s.People.RenewRecovery(ctx, s.SignIn("tim"), code))
	_, err := s.admin.ResetUser(ctx, tim)
	s.Must(err)
	set, err := s.anonymous().SetPassword(ctx, sdk.SetPassword{Token: s.token("password-reset"), Password: "another long pass phrase 77", Recovery: sdk.Secret(code.Chars())})
	s.Must(err)
	_, in, err := s.anonymous().SignIn(ctx, sdk.SignIn{Email: "tim@northwind.example", Password: "another long pass phrase 77", Device: set.Device})
	if err != nil || !in.Open {
		t.Errorf("%+v, %v", in, err)
	}
}
