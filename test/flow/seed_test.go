package flow

import (
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// Who renews his keys goes on with all he had, and nothing that was known of
// him before opens what is written after.
func TestRenewKeys(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelAdmin)
		here, there := s.SignedIn("tim"), s.SignedIn("tim")
		tim := s.Resume(here)
		code := seal.NewRecoveryCode()
		s.Must(s.People.RenewRecovery(ctx, tim, code))
		own := s.add(tim, vault.Place{Own: true}, "tim's own")
		seed := tim.Ring().Seed()

		renew := func(password string) error {
			device, err := s.Sessions.RenewKeys(ctx, s.Resume(here), session.Password{Bearer: here.Bearer(), Present: seal.NewSecret(password), Agent: "test"})
			if err == nil {
				here.Device = device
			}
			return err
		}
		s.refused(renew("wrong"), fault.Invalid)
		if s.epoch() != 1 {
			t.Fatal("an epoch was made by a wrong password")
		}
		for range 2 { // the chain of earlier personal keys has more than one link
			s.Must(renew(apptest.Password))
		}
		_, err := s.Vault.Reveal(ctx, tim, own) // a request that began before
		s.refused(err, fault.Unavailable)
		tim = s.Resume(here)
		s.reveals(tim, own, "tim's own")
		s.reveals(tim, s.cred, secret)
		_, err = s.actor(there)
		s.refused(err, fault.Unsigned)
		s.open(false, "tim", apptest.Password, withDevice("tim", there.Device))
		in, who := s.open(false, "tim", apptest.Password)
		_, err = s.Sessions.Open(ctx, who, session.Open{Bearer: in.Bearer(), Recovery: code})
		s.refused(err, fault.Invalid)
		user := who.User()
		here, tim = s.open(true, "tim", apptest.Password, withDevice(user, here.Device))
		s.open(true, "tim", apptest.Password, withCode(s.Code))
		s.reveals(s.Admin, s.cred, secret)
		if at := s.titles(tim, own); at != 2 {
			t.Errorf("%d titles of the personal credential in the log", at)
		}
		_, err = s.Vault.Edit(ctx, tim, own, 1, vault.Input{Overview: vault.Overview{Title: "Edge firewall"}, Secret: vault.Secret{Password: "tim's later"}})
		s.Must(err)
		s.reveals(tim, own, "tim's later")
		v, err := s.Vault.RevealVersion(ctx, tim, own, 1)
		if err != nil || v.Password != "tim's own" {
			t.Errorf("earlier version: %q, %v", v.Password, err)
		}
		var sealed, box []byte
		var keyID string
		s.read("SELECT sealed FROM key_grants WHERE epoch = 3 AND holder_id = $1", []any{user}, &sealed)
		if _, err := seed.Identity("user").OpenKey(seal.PurposeGrant, seal.Place{Org: s.OrgID, Table: "key_grants", Row: user, Envelope: "user", Epoch: 3}, sealed); err == nil {
			t.Error("the earlier seed opens a grant of a later epoch")
		}
		s.read("SELECT key_id, key_box FROM credentials WHERE id = $1", []any{own}, &keyID, &box)
		at := seal.Place{Org: s.OrgID, Table: "credentials", Row: own, Envelope: "key_box", KeyID: keyID, Epoch: 3}
		if _, err := gate.PersonalOf(seed).Unwrap(seal.PurposeItemKey, at, box); err == nil {
			t.Error("the earlier personal key opens what was written later")
		}
		if _, err := gate.PersonalOf(tim.Ring().Seed()).Unwrap(seal.PurposeItemKey, at, box); err != nil {
			t.Errorf("the present personal key: %v", err)
		}
	})
}

// titles counts the events of a credential whose title the actor can read.
func (s *scene) titles(who gate.Actor, cred string) (n int) {
	s.T.Helper()
	events, _, err := s.Audit.List(ctx, who, audit.Filter{Target: cred})
	s.Must(err)
	for _, e := range events {
		if e.Title == "Edge firewall" {
			n++
		}
	}
	return n
}

// The next change of password after a removal renews the keys, and the one
// after that does not.
func TestPasswordChangeAfterARemoval(t *testing.T) {
	both(t, func(s *scene) {
		s.Enrol("tim", perm.LevelTechnicianDefault)
		s.Enrol("kim", perm.LevelTechnicianDefault)
		dan := s.Enrol("dan", perm.LevelTechnicianDefault)
		here, sealed := s.SignedIn("tim"), s.SignedIn("kim")
		before := s.Resume(here).Ring().Seed()
		s.Must(s.Sessions.Close(ctx, s.Resume(sealed), sealed.Bearer()))
		s.Must(s.People.Disable(ctx, s.Admin, dan))

		change := func(in session.SignedIn, from, to string) seal.Token {
			device, err := s.Sessions.ChangePassword(ctx, s.Resume(in), session.Password{Bearer: in.Bearer(), Present: seal.NewSecret(from), Next: seal.NewSecret(to)})
			s.Must(err)
			return device
		}
		const second, third = "another quite long password of tim", "a third quite long password of tim"
		if old, err := s.Sessions.SeedOld(ctx, s.Resume(here)); err != nil || !old {
			t.Errorf("not time to renew: %v", err)
		}
		device := change(here, apptest.Password, second)
		who := s.Resume(here)
		if !device.Valid() || who.Ring().Seed().Equal(before) || s.epoch() != 3 {
			t.Error("the keys were not renewed")
		}
		if old, err := s.Sessions.SeedOld(ctx, who); err != nil || old {
			t.Errorf("still time to renew: %v", err)
		}
		s.reveals(who, s.cred, secret)
		s.open(true, "tim", second, withDevice(who.User(), device))
		if change(here, second, third).Valid() || s.epoch() != 3 {
			t.Error("renewed again without a reason")
		}
		for _, operation := range []string{"keys.renew", "password.change"} {
			if n := s.count("SELECT COUNT(*) FROM audit_events WHERE operation = $1 AND outcome = 'done' AND actor_id = $2", operation, who.User()); n < 1 {
				t.Errorf("no event of %s", operation)
			}
		}
		// A sealed session has no keys to renew, and changes the password alone.
		if change(sealed, apptest.Password, "another quite long password of kim").Valid() || s.epoch() != 3 {
			t.Error("a sealed session renewed keys")
		}
	})
}
