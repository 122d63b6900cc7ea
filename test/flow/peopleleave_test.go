package flow

import (
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/fault"
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// Somebody leaves: what he has seen is decided on, and then he can be deleted.
func TestOffboarding(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianAssigned)
		s.Must(s.Access.Assign(ctx, s.Admin, s.contoso, tim, 0))
		s.Enrol("mia", perm.LevelManagerAssigned)
		tims := s.SignIn("tim")
		second := s.add(s.Admin, vault.Place{Client: s.contoso}, "second secret")
		s.reveals(tims, s.cred, secret)
		s.reveals(tims, second, "second secret")
		s.add(tims, vault.Place{Own: true}, "own")
		s.refused(s.People.Delete(ctx, s.Admin, tim, "tim@northwind.example"), fault.Unacceptable)
		s.Must(s.People.Disable(ctx, s.Admin, tim))
		s.refused(s.People.Delete(ctx, s.Admin, tim, "tim@northwind.example"), fault.Unacceptable)
		o, err := s.People.Offboarding(ctx, s.Admin, tim)
		if err != nil || len(o.Rows) != 2 || o.Open != 2 || !o.Done.IsZero() {
			t.Fatalf("%+v, %v", o, err)
		}
		// Mia reaches no client: a number is all she learns, and flagging the rest flags it.
		mias := s.SignIn("mia")
		if o, err := s.People.Offboarding(ctx, mias, tim); err != nil || len(o.Rows) != 0 || o.Hidden != 2 || o.HiddenOpen != 2 {
			t.Errorf("%+v, %v", o, err)
		}
		waive := people.Decision{Credential: s.cred, Action: people.Waived, Reason: "changed by hand"}
		s.refused(s.People.Decide(ctx, mias, tim, people.Decisions{Rows: []people.Decision{waive}}), fault.Absent)
		s.refused(s.People.Decide(ctx, s.Admin, tim, people.Decisions{Rows: []people.Decision{{Credential: s.cred, Action: people.Waived}}}), fault.Invalid)
		s.Must(s.People.Decide(ctx, s.Admin, tim, people.Decisions{Rows: []people.Decision{waive}}))
		s.Must(s.People.Decide(ctx, mias, tim, people.Decisions{Rest: people.Decision{Action: people.Waived, Reason: "no"}}))
		o, err = s.People.Offboarding(ctx, s.Admin, tim)
		if err != nil || o.Open != 0 || o.Done.IsZero() {
			t.Fatalf("%+v, %v", o, err)
		}
		for _, k := range o.Rows {
			if want := map[string]string{s.cred: people.Waived, second: people.Flagged}[k.Credential]; k.Action != want {
				t.Errorf("%s is %s", k.Credential, k.Action)
			}
		}
		if n := s.count("SELECT COUNT(*) FROM flags WHERE cause = 'touched' AND about = $1 AND credential_id = $2", tim, second); n != 1 {
			t.Error("the flag is not on the credential")
		}
		if n := s.mails(mail.Offboarded); n != 1 {
			t.Errorf("%d mails to administrators", n)
		}
		csv, err := o.Evidence(map[string]string{second: "=1+1"})
		if err != nil || !strings.Contains(string(csv), "'=1+1") || !strings.Contains(string(csv), "changed by hand") {
			t.Errorf("%s, %v", csv, err)
		}
		// What was decided stays as evidence when the password is changed.
		_, err = s.Vault.Edit(ctx, s.Admin, second, 1, vault.Input{Overview: vault.Overview{Title: "second"}, Secret: vault.Secret{Password: "a later one"}})
		s.Must(err)
		if o, err = s.People.Offboarding(ctx, s.Admin, tim); err != nil || len(o.Rows) != 1 || len(o.Past) != 1 || o.Past[0].Credential != second || o.Past[0].Action != people.Flagged {
			t.Errorf("%+v, %v", o, err)
		}
		if csv, err := o.Evidence(nil); err != nil || !strings.Contains(string(csv), "changed since") {
			t.Errorf("%s, %v", csv, err)
		}
		s.refused(s.People.Delete(ctx, s.Admin, tim, "tom@northwind.example"), fault.Invalid)
		s.Must(s.People.Delete(ctx, s.Admin, tim, " TIM@northwind.example"))
		if n := s.count("SELECT COUNT(*) FROM credentials WHERE owner_id IS NOT NULL"); n != 0 {
			t.Error("the personal vault is still there")
		}
		s.Must(s.Org.ConfirmRecovery(ctx, s.Admin))
		if again := s.invite(s.Admin, people.Invitee{Email: "tim@northwind.example", Level: perm.LevelTechnicianAssigned}); again == tim {
			t.Error("the same id came back")
		}
	})
}

// A former member is enabled again and enters with the Organization Key, with
// what was in his personal vault.
func TestEnabledByAnOperation(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		own := s.add(s.SignIn("tim"), vault.Place{Own: true}, "own")
		s.Must(s.People.Disable(ctx, s.Admin, tim))
		s.Must(s.People.Enable(ctx, s.Admin, tim))
		s.open(false, "tim", apptest.Password)
		_, who := s.open(true, "tim", apptest.Password, withCode(s.Code))
		s.reveals(who, own, "own")
	})
}

// With the milder rule a disabled user's session goes on, and new keys are due
// when it has ended.
func TestSessionsEndByThemselves(t *testing.T) {
	both(t, func(s *scene) {
		st, err := s.People.Settings(ctx, s.Admin)
		s.Must(err)
		next := st
		next.LetSessionsEnd = true
		s.Must(s.People.SaveSettings(ctx, s.Admin, st, next))
		s.refused(s.People.SaveSettings(ctx, s.Admin, st, next), fault.Conflict)
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		tims := s.SignIn("tim")
		s.Must(s.People.Disable(ctx, s.Admin, tim))
		s.reveals(tims, s.cred, secret)
		if _, err := s.try("tim", apptest.Password); err == nil {
			t.Error("a disabled user signs in")
		}
		s.Must(s.Sweep())
		s.reveals(tims, s.cred, secret)
		before := s.count("SELECT MAX(key_epoch) FROM organizations")
		s.Must(s.Sessions.SignOut(ctx, tims))
		s.Must(s.Sweep())
		if _, err := s.Vault.Reveal(ctx, tims, s.cred); err == nil {
			t.Error("it goes on after its end")
		}
		// Or made already, by what the sweep does with an open session.
		if n := s.count("SELECT COUNT(*) FROM organizations WHERE epoch_due_at > 0 OR key_epoch > $1", before); n != 1 {
			t.Error("no epoch is due")
		}
	})
}
