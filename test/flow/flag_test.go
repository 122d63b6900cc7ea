package flow

import (
	"testing"
	"time"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/password"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// causes of the flags that an actor sees on a credential.
func (s *scene) causes(who gate.Actor, credential string) (all []string) {
	s.T.Helper()
	c, err := s.Vault.Get(ctx, who, credential)
	s.Must(err)
	for _, f := range c.Flags {
		all = append(all, f.Cause)
	}
	return all
}

func (s *scene) flagged(credential string, want ...string) {
	s.T.Helper()
	got := s.causes(s.Admin, credential)
	if len(got) != len(want) {
		s.T.Fatalf("flagged %v, not %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			s.T.Fatalf("flagged %v, not %v", got, want)
		}
	}
}

func (s *scene) other(name string) string {
	s.T.Helper()
	id, err := s.Clients.Add(ctx, s.Admin, client.Input{Name: name})
	s.Must(err)
	return id
}

const strong = "plinth-umbrella-quarry-84-violet"

func (s *scene) strong(at vault.Place, title, pw string) string {
	s.T.Helper()
	in := vault.Input{Secret: vault.Secret{Password: pw}}
	in.Title = title
	id, err := s.Vault.Add(ctx, s.Admin, at, in)
	s.Must(err)
	return id
}

// A note by hand stays until it is cleared; clearing can be taken back by who
// did it, for some minutes, unless the password changes.
func TestManualFlag(t *testing.T) {
	both(t, func(s *scene) {
		at := vault.Place{Client: s.other("Adatum")}
		id := s.strong(at, "Router", strong)
		s.flagged(id)
		s.refused(s.Vault.Flag(ctx, s.Admin, id, "  "), fault.Invalid)
		s.Must(s.Vault.Flag(ctx, s.Admin, id, "on the whiteboard"))
		c, err := s.Vault.Get(ctx, s.Admin, id)
		s.Must(err)
		if len(c.Flags) != 1 || c.Flags[0].Note != "on the whiteboard" || c.Flags[0].SetByName == "" {
			t.Fatalf("%+v", c.Flags)
		}
		s.strong(at, "Switch", strong+"x")
		list, _, err := s.Vault.List(ctx, s.Admin, vault.Listing{Place: at, Flagged: true})
		if err != nil || len(list) != 1 || list[0].ID != id {
			t.Fatalf("%+v, %v", list, err)
		}
		s.Must(s.Vault.Unflag(ctx, s.Admin, id, vault.Manual))
		s.flagged(id)
		s.refused(s.Vault.Unflag(ctx, s.Admin, id, ""), fault.Unacceptable)
		s.Must(s.Vault.Reflag(ctx, s.Admin, id))
		s.flagged(id, vault.Manual)

		fabrikam := s.other("Fabrikam")
		_, err = s.Vault.Move(ctx, s.Admin, id, 1, vault.Place{Client: fabrikam})
		s.Must(err)
		if c, err := s.Vault.Get(ctx, s.Admin, id); err != nil || len(c.Flags) != 1 || c.Flags[0].Note != "on the whiteboard" {
			t.Fatalf("after a move: %+v, %v", c.Flags, err)
		}
		if list, _, err := s.Vault.List(ctx, s.Admin, vault.Listing{Place: vault.Place{Client: fabrikam}, Flagged: true}); err != nil || len(list) != 1 {
			t.Errorf("%d, %v", len(list), err)
		}
		s.Must(s.Vault.Unflag(ctx, s.Admin, id, ""))
		s.Clock.Advance(11 * time.Minute)
		s.refused(s.Vault.Reflag(ctx, s.Admin, id), fault.Unacceptable)
	})
}

// The rotation job flags what is too old, once, and lifts what is not any more.
func TestRotation(t *testing.T) {
	both(t, func(s *scene) {
		at := vault.Place{Client: s.contoso}
		old, dated := s.strong(at, "Old", strong), vault.Input{Secret: vault.Secret{Password: strong + "2"}, Expires: s.Clock.Now().AddDate(0, 0, 5)}
		dated.Title = "Dated"
		expiring, err := s.Vault.Add(ctx, s.Admin, at, dated)
		s.Must(err)
		own, err := s.Vault.Add(ctx, s.Admin, vault.Place{Own: true}, dated)
		s.Must(err)
		s.exec(`UPDATE clients SET rotation_days = 30 WHERE id = $1`, s.contoso)
		events := func() int {
			return s.count(`SELECT COUNT(*) FROM audit_events WHERE operation = 'rotation.flag' AND actor_kind = 'rotation'`)
		}

		s.Must(s.Vault.Rotate(ctx))
		s.flagged(old)
		s.Clock.Advance(7 * 24 * time.Hour)
		s.Admin = s.SignIn("ada")
		s.Must(s.Vault.Rotate(ctx))
		s.Must(s.Vault.Rotate(ctx))
		s.flagged(expiring, vault.Expired)
		s.flagged(own, vault.Expired)
		if n := events(); n != 2 {
			t.Errorf("%d events for two flags", n)
		}
		s.Must(s.Vault.Unflag(ctx, s.Admin, expiring, ""))
		s.Must(s.Vault.Rotate(ctx))
		s.flagged(expiring)
		never := time.Time{}
		_, err = s.Vault.Patch(ctx, s.Admin, own, 1, vault.Patch{Expires: &never})
		s.Must(err)
		s.flagged(own)

		s.Clock.Advance(24 * 24 * time.Hour)
		s.Admin = s.SignIn("ada")
		s.Must(s.Vault.Rotate(ctx))
		s.flagged(old, vault.Expired)
		next := strong + " anew"
		_, err = s.Vault.Patch(ctx, s.Admin, old, 1, vault.Patch{Password: &next})
		s.Must(err)
		s.flagged(old)
		s.Must(s.Vault.Rotate(ctx))
		s.flagged(old)
		s.flagged(s.cred, vault.Expired, vault.Weak)
		s.exec(`UPDATE clients SET rotation_days = 0 WHERE id = $1`, s.contoso)
		s.Must(s.Vault.Rotate(ctx))
		s.flagged(s.cred, vault.Weak)
	})
}

// Weak at once where it is typed; reused found while a vault is open.
func TestWeakAndReused(t *testing.T) {
	both(t, func(s *scene) {
		at := vault.Place{Client: s.contoso}
		weak := s.strong(at, "Printer", "printer1")
		s.flagged(weak, vault.Weak)
		a, b := s.strong(at, "A", strong), s.strong(vault.Place{Client: s.other("Fabrikam")}, "B", strong)
		own := s.strong(vault.Place{Own: true}, "Own", strong)
		s.flagged(a)
		s.Must(s.Vault.Check(ctx))
		s.flagged(a, vault.Reused)
		s.flagged(b, vault.Reused)
		s.flagged(own)
		list, known, err := s.Vault.Twins(ctx, s.Admin, a)
		if err != nil || !known || len(list) != 1 || list[0].ID != b {
			t.Fatalf("%+v %v %v", list, known, err)
		}
		s.Enrol("tim", perm.LevelTechnicianAssigned)
		s.Must(s.Access.Assign(ctx, s.Admin, s.contoso, s.id("tim"), 0))
		tim := s.SignIn("tim")
		if got := s.causes(tim, a); len(got) != 1 || got[0] != vault.Reused {
			t.Errorf("Tim sees %v", got)
		}
		if list, _, err := s.Vault.Twins(ctx, tim, a); err != nil || len(list) != 0 {
			t.Errorf("Tim is told of what he does not reach: %v, %v", list, err)
		}
		if sums, err := s.Vault.FlagCounts(ctx, tim); err != nil || len(sums) != 1 {
			t.Errorf("Tim counts %v, %v", sums, err)
		}
		s.Must(s.Vault.Unflag(ctx, s.Admin, a, ""))
		s.Must(s.Vault.Check(ctx))
		s.flagged(a)
		next := strong + " anew"
		_, err = s.Vault.Patch(ctx, s.Admin, b, 1, vault.Patch{Password: &next})
		s.Must(err)
		s.flagged(b)
		s.Must(s.Vault.Check(ctx))
		if n := s.count(`SELECT COUNT(*) FROM flags WHERE cause = 'reused'`); n != 0 {
			t.Errorf("%d flags of what is not reused any more", n)
		}

		s.Must(s.Vault.SavePasswords(ctx, s.Admin, vault.Passwords{Policy: password.Standard()}, vault.Passwords{Policy: password.Policy{Length: 40, Enforce: true}}))
		_, err = s.Vault.Patch(ctx, s.Admin, a, 1, vault.Patch{Password: &next})
		s.refused(err, fault.Invalid)
		s.flagged(a)
		s.Must(s.Vault.Check(ctx))
		s.flagged(a, vault.Weak)
		s.flagged(weak, vault.Weak)
		_, err = s.Vault.Patch(ctx, s.Admin, own, 1, vault.Patch{Password: &next})
		s.Must(err)
		s.flagged(own, vault.Weak)
	})
}

// Who loses a client is asked about: what he has seen there is flagged, unless
// he still reaches it.
func TestTouched(t *testing.T) {
	both(t, func(s *scene) {
		id := s.strong(vault.Place{Client: s.contoso}, "Router", strong)
		unseen := s.strong(vault.Place{Client: s.contoso}, "Switch", strong+"x")
		tim := s.Enrol("tim", perm.LevelTechnicianAssigned)
		group, err := s.Access.AddGroup(ctx, s.Admin, "Night shift", []string{tim}, []string{s.contoso})
		s.Must(err)
		s.Must(s.Access.Assign(ctx, s.Admin, s.contoso, tim, 0))
		s.reveals(s.SignIn("tim"), id, strong)
		s.Must(s.Access.UnassignFlagging(ctx, s.Admin, s.contoso, tim))
		s.flagged(id) // the group still lets him in
		s.Must(s.Access.UnassignGroupFlagging(ctx, s.Admin, s.contoso, group))
		s.flagged(id, vault.Touched)
		s.flagged(unseen)
		if n := s.count(`SELECT COUNT(*) FROM audit_events WHERE operation = 'credential.flagged' AND target_id = $1`, id); n != 1 {
			t.Errorf("%d events", n)
		}
		c, err := s.Vault.Get(ctx, s.Admin, id)
		if err != nil || c.Flags[0].AboutName != "tim" {
			t.Errorf("%+v, %v", c.Flags, err)
		}
		s.Must(s.Vault.Unflag(ctx, s.Admin, id, ""))
		s.Must(s.Access.Assign(ctx, s.Admin, s.contoso, tim, 0))
		s.Must(s.Access.Unassign(ctx, s.Admin, s.contoso, tim))
		s.flagged(id)
	})
}
