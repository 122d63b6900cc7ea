package flow

import (
	"errors"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

// Who is enabled again gets his keys, and his personal vault, by his password
// and the Organization Key.
func TestEnabledAgain(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		_, who := s.open(true, "tim", apptest.Password, withCode(s.Code))
		own := s.add(who, vault.Place{Own: true}, "tim's own")
		s.Must(s.People.Disable(ctx, s.Admin, tim))
		s.Must(s.Org.ChangeKey(ctx, s.Admin, seal.NewSecret(apptest.Password), s.Code)) // a second epoch without him
		s.exec("UPDATE users SET enabled = TRUE WHERE id = $1", tim)
		s.exec("UPDATE organizations SET access_epoch = access_epoch + 1")
		s.open(false, "tim", apptest.Password)
		in, who := s.open(true, "tim", apptest.Password, withCode(s.Code))
		s.reveals(who, own, "tim's own")
		s.reveals(who, s.cred, secret)
		s.open(true, "tim", apptest.Password, withDevice(tim, in.Device))
		_, who = s.open(true, "tim", apptest.Password, withCode(s.Code))
		s.reveals(who, own, "tim's own")
		if n := s.count("SELECT COUNT(*) FROM key_grants WHERE epoch = 3 AND holder_id = $1", tim); n != 1 {
			t.Errorf("%d grants", n)
		}
		s.Must(s.Org.ChangeKey(ctx, s.Admin, seal.NewSecret(apptest.Password), s.Code)) // he is carried along from now on
		s.reveals(who, own, "tim's own")
	})
}

// Who has a password and no keys yet, as after an invitation, gets a seed at
// the first opening.
func TestFirstOpening(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		s.Must(s.People.Disable(ctx, s.Admin, tim)) // takes him out of the roster
		s.exec("UPDATE users SET enabled = TRUE, home_box = NULL, home_epoch = 0, recovery_box = NULL, hpke_public = NULL, pin = NULL WHERE id = $1", tim)
		s.exec("UPDATE organizations SET access_epoch = access_epoch + 1")
		_, who := s.open(true, "tim", apptest.Password, withCode(s.Code))
		s.reveals(who, s.cred, secret)
		own := s.add(who, vault.Place{Own: true}, "tim's own")
		_, who = s.open(true, "tim", apptest.Password, withCode(s.Code))
		s.reveals(who, own, "tim's own")
	})
}

// Whoever cuts the ways in out of the row of a user in the roster can't have a
// new seed made for him: it would cost him his personal vault.
func TestCutWaysIn(t *testing.T) {
	both(t, func(s *scene) {
		tim := s.Enrol("tim", perm.LevelTechnicianDefault)
		s.exec("UPDATE users SET home_box = NULL, home_epoch = 0, recovery_box = NULL WHERE id = $1", tim)
		if _, err := s.try("tim", apptest.Password, withCode(s.Code)); !errors.Is(err, org.ErrForged) {
			t.Errorf("signed in: %v", err)
		}
	})
}
