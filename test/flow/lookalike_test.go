package flow

import (
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/fault"
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// variants are written otherwise and read like scope@northwind.example: by
// case, by width, by another alphabet, by what can't be seen.
var variants = []string{"SCOPE@NORTHWIND.EXAMPLE", "Scope@northwind.example", "ＳＣＯＰＥ@northwind.example", "scope@ｎorthwind.example", "ѕсоре@northwind.example",
	"ſcope@northwind.example", "ⓢcope@northwind.example", "sc0pe@northwind.example", "scop\u0435@northwind.example", "sco\u00adpe@northwind.example",
	"sco\u200dpe@northwind.example", "scope@northw\u0131nd.example", "SCOPE@NORTHW\u0130ND.EXAMPLE", "scope@northwind\u3002example"}

// However an address is written, it makes no second account and catches no
// mail of another's, by whatever way in it is tried.
func TestVariantsOfAnAddress(t *testing.T) {
	both(t, func(s *scene) {
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		st, err := s.People.Settings(ctx, s.Admin)
		s.Must(err)
		next := st
		next.SelfRegistration = true
		s.Must(s.People.SaveSettings(ctx, s.Admin, st, next))
		s.Enrol("scope", perm.LevelTechnicianAssigned)
		tim := s.Enrol("tim", perm.LevelTechnicianAssigned)
		tims := s.SignIn("tim")
		users := s.count("SELECT COUNT(*) FROM users")
		for i, like := range variants {
			ip := "10.0.0." + string(rune('1'+i%9))
			if _, err := s.People.Invite(ctx, s.Admin, []people.Invitee{{Email: like}}, ""); !fault.Is(err, fault.Invalid) {
				t.Errorf("invited as %q: %v", like, err)
			}
			if a, err := s.People.Check(ctx, s.Admin, like); err != nil || len(a.Candidates) == 0 || a.Candidates[0].Problem == "" {
				t.Errorf("checked as %q: %+v, %v", like, a.Candidates, err)
			}
			if err := s.People.Register(ctx, people.Registration{Org: s.OrgID, Email: like, IP: ip}); err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("registered as %q: %v", like, err)
			}
			p, err := s.People.Profile(ctx, tims)
			s.Must(err)
			p.Email = like
			s.refused(s.People.SaveProfile(ctx, tims, p, seal.NewSecret(apptest.Password)), fault.Invalid)
			e, err := s.People.View(ctx, s.Admin, tim)
			s.Must(err)
			s.refused(s.People.Save(ctx, s.Admin, tim, people.Changes{Version: e.Version, Email: &like}), fault.Invalid)
			if err := s.People.Forgot(ctx, people.Forgotten{Email: like, IP: ip}); err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("forgotten as %q: %v", like, err)
			}
			if err := s.People.RequestKey(ctx, like, ip); err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("asked for the key as %q: %v", like, err)
			}
			s.People.Settle()
			s.Clock.Advance(time.Hour)
		}
		if n := s.count("SELECT COUNT(*) FROM users"); n != users {
			t.Errorf("%d users instead of %d", n, users)
		}
		for _, kind := range []mail.Kind{mail.ConfirmAddress, mail.Registration, mail.Invitation} {
			if n := s.mails(kind); n != 0 {
				t.Errorf("%d mails of kind %s", n, kind)
			}
		}
		// What folds to the address is the address: its mails go to the stored one.
		if n := s.mails(mail.PasswordReset); n < 2 {
			t.Errorf("%d mails: another case of the letters is not the same address", n)
		}
		if n := s.count("SELECT COUNT(*) FROM mails WHERE kind = 'password-reset' AND address <> 'scope@northwind.example'"); n != 0 {
			t.Errorf("%d mails went elsewhere", n)
		}
		// An address that somebody waits to confirm is his who confirms it first,
		// and never two people's.
		for _, name := range []string{"nora", "olaf"} {
			id := s.Enrol(name, perm.LevelTechnicianAssigned)
			e, err := s.People.View(ctx, s.Admin, id)
			s.Must(err)
			s.Must(s.People.Save(ctx, s.Admin, id, people.Changes{Version: e.Version, Email: ptr("shared@northwind.example")}))
		}
		all, _, err := s.Mail.Outbox(ctx, s.Admin, mail.Filter{Limit: 50})
		s.Must(err)
		good := 0
		for _, m := range all {
			if m.Kind == mail.ConfirmAddress && m.Address == "shared@northwind.example" {
				if err := s.People.ConfirmAddress(ctx, s.linkIn(m.ID), "10.0.0.1", nil); err == nil {
					good++
				} else if !fault.Is(err, fault.Unacceptable) {
					t.Error(err)
				}
			}
		}
		if n := s.count("SELECT COUNT(*) FROM users WHERE email_folded = 'shared@northwind.example'"); n != 1 || good != 1 {
			t.Errorf("%d users have one address, %d confirmed it", n, good)
		}
	})
}
