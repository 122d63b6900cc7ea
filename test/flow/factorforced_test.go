package flow

import (
	"strings"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/factor"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

// An administrator forces a second factor on everybody. Running sessions go on;
// the next sign-in can do nothing but set one up. API tokens go on, and nobody
// without a second factor makes one.
func TestForcedFactor(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelManagerDefault)
		running := s.SignIn("tim")
		token, err := s.Sessions.AddToken(ctx, running, session.NewToken{Name: "script", Permissions: []string{"Client: View List"}, AllClients: true, Days: 1})
		s.Must(err)
		next := people.Default()
		next.ForceSecondFactor = true
		s.Must(s.People.SaveSettings(ctx, s.Admin, people.Default(), next))
		s.reveals(running, s.cred, secret)
		_, err = s.Sessions.AddToken(ctx, running, session.NewToken{Name: "script", Permissions: []string{"Client: View List"}, AllClients: true, Days: 1})
		s.refused(err, fault.Unacceptable)
		in := s.SignedIn("tim")
		if !in.Enrol {
			t.Error("the sign-in does not say what is to be done")
		}
		who := s.Resume(in)
		for what, do := range map[string]func() error{
			"reveal":  func() error { _, err := s.Vault.Reveal(ctx, who, s.cred); return err },
			"clients": func() error { _, err := s.Clients.Get(ctx, who, s.contoso); return err },
			"password": func() error {
				_, err := s.Sessions.ChangePassword(ctx, who, session.Password{Bearer: in.Bearer(), Present: right(), Next: seal.NewSecret("quite another long pass phrase 77")})
				return err
			},
			"token": func() error {
				_, err := s.Sessions.AddToken(ctx, who, session.NewToken{Name: "x", Permissions: []string{"Client: View List"}, AllClients: true, Days: 1})
				return err
			},
			"sessions": func() error { _, _, err := s.Sessions.List(ctx, who); return err },
		} {
			if err := do(); !fault.Is(err, fault.Enrol) {
				t.Errorf("%s before the second factor: %v", what, err)
			}
		}
		if _, err := s.People.Me(ctx, who); err != nil {
			t.Error(err)
		}
		api, err := s.Sessions.Resume(ctx, token.Bearer, "127.0.0.1", nil)
		s.Must(err)
		if _, err := s.Clients.Get(ctx, api, s.contoso); err != nil {
			t.Errorf("a token: %v", err)
		}
		seed, _ := s.app(in)
		who = s.Resume(in)
		s.reveals(who, s.cred, secret)
		st, err := s.Factors.List(ctx, who)
		if err != nil || st.Due || !st.Forced || len(st.Factors) != 1 {
			t.Fatalf("%+v, %v", st, err)
		}
		s.refused(s.Factors.Remove(ctx, who, st.Factors[0].ID, right()), fault.Unacceptable)
		done, err := s.second(s.halfway("tim"), factor.Proof{Code: s.code(seed)})
		if err != nil || done.Enrol {
			t.Errorf("after it is set up: %+v, %v", done, err)
		}
	})
}

// What a session may do that has a second factor to set up first is exactly
// this; everything else is refused in one place.
func TestWhatEnrolmentLeaves(t *testing.T) {
	var left []string
	for _, o := range gate.Ops() {
		if o.Enrol {
			left = append(left, o.Name)
		}
	}
	want := "factor.add factor.begin factor.list organization.epoch.make password.confirm session.follow session.renew session.sign-out share.settle site.pin site.pin.due user.me user.theme"
	if got := strings.Join(left, " "); got != want {
		t.Errorf("left is\n%s, not\n%s", got, want)
	}
}

// An administrator resets Tim's second factor. Tim is told, what waits is void,
// and his next sign-in sets one up, though nobody forces it.
func TestResetFactor(t *testing.T) {
	both(t, func(s *scene) {
		user := s.Enrol("tim", perm.LevelTechnicianDefault)
		s.refused(s.People.ResetFactor(ctx, s.Admin, user), fault.Unacceptable)
		tim := s.SignedIn("tim")
		s.Enrol("bob", perm.LevelAdmin)
		_, codes := s.app(tim)
		waits := s.halfway("tim")
		s.refused(s.People.ResetFactor(ctx, s.Resume(tim), s.AdminID), fault.Absent)
		s.refused(s.People.ResetFactor(ctx, s.Resume(tim), user), fault.Absent)
		s.Must(s.People.ResetFactor(ctx, s.Admin, user))
		if n := s.mails(mail.FactorReset); n != 1 {
			t.Errorf("%d mails", n)
		}
		_, err := s.second(waits, factor.Proof{Code: codes[0].Reveal()})
		s.refused(err, fault.Unsigned)
		in, err := s.try("tim", apptest.Password)
		if err != nil || !in.Enrol {
			t.Fatalf("%+v, %v", in, err)
		}
		s.app(in)
		if p, err := s.People.View(ctx, s.Admin, user); err != nil || p.Factor != "TOTP" || !p.May[people.ResetFactor] {
			t.Errorf("%+v, %v", p.Person, err)
		}
	})
}

// Sign-ins from a new browser, and changes of factors, are mailed; a browser
// that is known, and the first sign-in of all, are not.
func TestNewBrowserMail(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		first := s.SignedIn("tim")
		if n := s.mails(mail.NewBrowser); n != 0 {
			t.Errorf("%d mails about the first sign-in", n)
		}
		known := func(in *session.SignIn) { in.Browser, in.Keeps = first.Browser, true }
		_, err := s.try("tim", apptest.Password, known)
		s.Must(err)
		_, err = s.try("tim", apptest.Password, withDevice(first.User, first.Device))
		s.Must(err)
		if n := s.mails(mail.NewBrowser); n != 0 {
			t.Errorf("%d mails about a known browser", n)
		}
		_, err = s.try("tim", apptest.Password)
		s.Must(err)
		if n := s.mails(mail.NewBrowser); n != 1 {
			t.Errorf("%d mails about another browser", n)
		}
		s.app(first)
		if n := s.mails(mail.FactorChanged); n != 1 {
			t.Errorf("%d mails about the second factor", n)
		}
	})
}

// Changing the Organization Key takes a fresh second factor besides the
// password, of whoever has one.
func TestKeyChangeNeedsFactor(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("bob", perm.LevelAdmin)
		in := s.SignedIn("bob")
		seed, codes := s.app(in)
		bob := s.Resume(in)
		s.refused(s.Org.ChangeKey(ctx, bob, right(), seal.NewCode()), fault.Invalid)
		s.refused(s.Sessions.Prove(ctx, bob, in.Bearer(), factor.Proof{Code: "000000"}), fault.Invalid)
		s.refused(s.Org.ChangeKey(ctx, bob, right(), seal.NewCode()), fault.Invalid)
		s.Must(s.Sessions.Prove(ctx, bob, in.Bearer(), factor.Proof{Code: s.code(seed)}))
		s.Must(s.Org.ChangeKey(ctx, bob, right(), seal.NewCode()))
		s.Clock.Advance(31 * time.Minute)
		bob = s.Resume(in)
		_, err := s.Sessions.Open(ctx, bob, session.Open{Bearer: in.Bearer(), Password: right(), Device: in.Device})
		s.Must(err)
		bob = s.Resume(in)
		s.refused(s.Org.ChangeKey(ctx, bob, right(), seal.NewCode()), fault.Invalid)
		s.Must(s.Sessions.Prove(ctx, bob, in.Bearer(), factor.Proof{Code: codes[0].Reveal()}))
		s.Must(s.Org.ChangeKey(ctx, bob, right(), seal.NewCode()))
	})
}

// Somebody who writes to the database gives a sign-in that waits to another
// user, or puts another's keys into it: it is nobody's then.
func TestChangedSignIn(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		s.Enrol("zoe", perm.LevelTechnicianDefault)
		timSeed, _ := s.app(s.SignedIn("tim"))
		zoeSeed, _ := s.app(s.SignedIn("zoe"))
		tim := s.halfway("tim")
		s.exec("UPDATE sign_ins SET user_id = $1", s.id("zoe"))
		_, err := s.second(tim, factor.Proof{Code: s.code(zoeSeed)})
		s.refused(err, fault.Unsigned)
		s.exec("DELETE FROM sign_ins")
		tim = s.halfway("tim")
		s.exec("UPDATE sign_ins SET keys_box = (SELECT keys_box FROM sessions WHERE user_id = $1 LIMIT 1)", s.id("zoe"))
		_, err = s.second(tim, factor.Proof{Code: s.code(timSeed)})
		s.refused(err, fault.Unsigned)
	})
}
