package flow

import (
	"fmt"
	"sync"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Two administrators demote each other, and twenty more at once: one is left.
func TestTheLastAdministratorStays(t *testing.T) {
	both(t, func(s *scene) {
		var admins []string
		for i := range 4 {
			admins = append(admins, s.Enrol(fmt.Sprintf("admin%c", 'a'+i), perm.LevelAdmin))
		}
		actors := []gate.Actor{s.Admin}
		for i := range admins {
			actors = append(actors, s.SignIn(fmt.Sprintf("admin%c", 'a'+i)))
		}
		ids := append([]string{s.AdminID}, admins...)
		var wg sync.WaitGroup
		for i, who := range actors {
			for j, id := range ids {
				if i != j {
					wg.Go(func() {
						act := s.People.Demote
						if (i+j)%2 != 0 {
							act = s.People.Disable
						}
						for fault.Is(act(ctx, who, id), fault.Unavailable) { // keys are being renewed
						}
					})
				}
			}
		}
		wg.Wait()
		if n := s.count("SELECT COUNT(*) FROM users WHERE kind = 'administrator' AND level_id = 'admin' AND enabled AND approved AND NOT invited"); n != 1 {
			t.Errorf("%d administrators are left", n)
		}
	})
}

// A pending administrator does not count as one who is left.
func TestPendingAdministratorIsNoneLeft(t *testing.T) {
	both(t, func(s *scene) {
		bea := s.Enrol("bea", perm.LevelAdmin)
		beas := s.SignIn("bea")
		s.exec("UPDATE users SET approved = FALSE WHERE id = $1", s.AdminID)
		s.exec("UPDATE organizations SET access_epoch = access_epoch + 1")
		s.refused(s.People.Demote(ctx, beas, bea), fault.Absent) // nobody himself
		carl := s.Enrol0(beas, "carl", perm.LevelAdmin)
		carls := s.SignIn("carl")
		s.Must(s.People.Disable(ctx, carls, bea))
		s.Must(s.People.Enable(ctx, carls, bea))
		s.Must(s.People.Disable(ctx, s.SignIn("bea"), carl))
	})
}

// An administrator who was disabled, and whose session goes on by the milder
// rule, can't take the last one along.
func TestLingeringAdministratorIsNoneLeft(t *testing.T) {
	both(t, func(s *scene) {
		st, err := s.People.Settings(ctx, s.Admin)
		s.Must(err)
		next := st
		next.LetSessionsEnd = true
		s.Must(s.People.SaveSettings(ctx, s.Admin, st, next))
		bea := s.Enrol("bea", perm.LevelAdmin)
		beas := s.SignIn("bea")
		s.Must(s.People.Disable(ctx, s.Admin, bea))
		for _, act := range []func() error{
			func() error { return s.People.Disable(ctx, beas, s.AdminID) },
			func() error { return s.People.Demote(ctx, beas, s.AdminID) },
			func() error { return s.People.Unapprove(ctx, beas, s.AdminID) },
			func() error {
				return s.People.Save(ctx, beas, s.AdminID, people.Changes{Version: 1, Level: ptr(perm.LevelManagerDefault)})
			},
		} {
			s.refused(act(), fault.Unacceptable)
		}
	})
}

// Promotion and back: the earlier level comes back.
func TestKinds(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelManagerDefault)
		tims := s.SignIn("tim")
		s.Must(s.People.Promote(ctx, s.Admin, tim))
		s.refused(s.People.Promote(ctx, s.Admin, tim), fault.Unacceptable)
		if kind, level := s.kindOf(tim); kind != "administrator" || level != perm.LevelAdmin {
			t.Error(kind, level)
		}
		s.Must(s.People.Demote(ctx, s.Admin, tim))
		if kind, level := s.kindOf(tim); kind != "member" || level != perm.LevelManagerDefault {
			t.Error(kind, level)
		}
		s.reveals(tims, s.cred, secret)
		s.Must(s.People.MakeGuest(ctx, s.Admin, tim))
		if _, err := s.Vault.Reveal(ctx, tims, s.cred); err == nil {
			t.Error("a guest sees a secret")
		}
		if o, err := s.People.Offboarding(ctx, s.Admin, tim); err != nil || len(o.Rows) != 1 || o.Open != 1 {
			t.Errorf("%+v, %v", o, err)
		}
		s.Must(s.People.AddMember(ctx, s.Admin, tim))
		if kind, level := s.kindOf(tim); kind != "member" || level != perm.LevelTechnicianAssigned {
			t.Error(kind, level)
		}
		s.open(true, "tim", apptest.Password, withCode(s.Code))
	})
}

func (s *scene) kindOf(user string) (kind, level string) {
	s.read("SELECT kind, level_id FROM users WHERE id = $1", []any{user}, &kind, &level)
	return kind, level
}

// Enrol0 makes a user by another administrator than the first.
func (s *scene) Enrol0(who gate.Actor, name, level string) string {
	s.T.Helper()
	id, err := s.People.Enrol(ctx, who, people.NewUser{Name: name, Email: name + "@northwind.example", Level: level, Password: seal.NewSecret(apptest.Password)})
	s.Must(err)
	return id
}
