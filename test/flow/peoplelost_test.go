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
	"bailiwick/internal/vault"
)

// A reset with the recovery code keeps everything; without it the personal
// vault goes, and the vault asks for the Organization Key.
func TestPasswordReset(t *testing.T) {
	const next = "another long pass phrase of tim 77"
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		bearer := s.SignedIn("tim")
		tims := s.Resume(bearer)
		own := s.add(tims, vault.Place{Own: true}, "own")
		code := seal.NewRecoveryCode()
		s.Must(s.People.RenewRecovery(ctx, tims, code))
		ask := func() people.Link {
			s.Clock.Advance(3 * time.Minute)
			s.Must(s.People.Forgot(ctx, people.Forgotten{Email: " TIM@northwind.example", IP: "10.0.0.1"}))
			s.People.Settle()
			return s.newest(mail.PasswordReset, "tim@northwind.example")
		}
		in := people.NewPassword{Link: ask(), Password: seal.NewSecret(next), IP: "10.0.0.1"}
		_, err := s.People.SetPassword(ctx, in)
		s.refused(err, fault.Invalid) // the warning
		in.Recovery = seal.NewRecoveryCode()
		_, err = s.People.SetPassword(ctx, in)
		s.refused(err, fault.Invalid) // not his code
		in.Recovery = code
		var set people.SetPassword
		good, other := parallel(func(ip string) error {
			in := in
			in.IP = ip
			out, err := s.People.SetPassword(ctx, in)
			if err == nil {
				set = out
			}
			return err
		})
		if good != 1 || len(other) > 0 {
			t.Fatalf("%d resets by one link, %v", good, other)
		}
		if _, err := s.actor(bearer); err == nil {
			t.Error("an earlier session goes on")
		}
		if _, err := s.try("tim", apptest.Password); err == nil {
			t.Error("the earlier password is right")
		}
		_, who := s.open(true, "tim", next, withDevice(set.User, set.Device))
		s.reveals(who, own, "own")
		_, who = s.open(true, "tim", next, withCode(s.Code))
		s.reveals(who, s.cred, secret)

		in = people.NewPassword{Link: ask(), Password: seal.NewSecret(apptest.Password), Destroy: true, IP: "10.0.0.1"}
		if _, err := s.People.SetPassword(ctx, in); err != nil {
			t.Fatal(err)
		}
		if n := s.count("SELECT COUNT(*) FROM credentials WHERE owner_id IS NOT NULL"); n != 0 {
			t.Error("the personal vault is still there")
		}
		if n := s.count("SELECT COUNT(*) FROM organizations WHERE epoch_due_at > 0"); n != 1 {
			t.Error("his devices could open the vault, and no epoch is due")
		}
		s.open(false, "tim", apptest.Password)
		_, who = s.open(true, "tim", apptest.Password, withCode(s.Code))
		s.reveals(who, s.cred, secret)
		s.reveals(who, s.add(who, vault.Place{Own: true}, "new"), "new")
	})
}

// A lockout follows the settings, is listed and mailed, and can be ended.
func TestLockouts(t *testing.T) {
	both(t, func(s *scene) {
		st, err := s.People.Settings(ctx, s.Admin)
		s.Must(err)
		next := st
		next.LockoutTries, next.LockoutMinutes = 3, 0
		s.Must(s.People.SaveSettings(ctx, s.Admin, st, next))
		tim := s.Enrol("tim", perm.LevelTechnicianAssigned)
		s.Enrol("mia", perm.LevelManagerAssigned)
		bea := s.Enrol("bea", perm.LevelAdmin)
		for _, name := range []string{"tim", "bea"} {
			for range 4 {
				_, err := s.try(name, "wrong")
				s.refused(err, fault.Unsigned)
			}
		}
		mias := s.SignIn("mia")
		list, err := s.People.Lockouts(ctx, mias)
		s.Must(err)
		for _, l := range list {
			if l.Tries != 3 || l.IP != "127.0.0.1" || l.MayUnlock != (l.ID == tim) || l.Until.IsZero() != (l.ID == tim) {
				t.Errorf("%+v", l)
			}
		}
		if len(list) != 2 {
			t.Fatalf("%d lockouts", len(list))
		}
		if a, b := s.mails(mail.LockedOut), s.mails(mail.LockoutNotice); a != 2 || b != 5 { // of tim to ada, bea and mia; of bea to ada and mia
			t.Errorf("%d mails to owners, %d to others", a, b)
		}
		s.refused(s.People.Unlock(ctx, mias, bea), fault.Absent)
		s.Clock.Advance(16 * time.Minute) // an administrator's ends by time
		if _, err := s.try("bea", apptest.Password); err != nil {
			t.Error(err)
		}
		if _, err := s.try("tim", apptest.Password); err == nil {
			t.Error("tim's ended by time")
		}
		s.Must(s.People.Unlock(ctx, s.SignIn("mia"), tim))
		if _, err := s.try("tim", apptest.Password); err != nil {
			t.Error(err)
		}
	})
}
