package flow

import (
	"maps"
	"testing"
	"time"

	"bailiwick/internal/access"
	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/password"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
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

// What the generator makes for an alarm is no weak password there, and one
// elsewhere.
func TestPINIsNoWeakPassword(t *testing.T) {
	both(t, func(s *scene) {
		at := vault.Place{Client: s.other("Adatum")}
		add := func(typ, pw string) (string, error) {
			in := vault.Input{Type: typ, Overview: vault.Overview{Title: typ + pw}, Secret: vault.Secret{Password: pw}}
			return s.Vault.Add(ctx, s.Admin, at, in)
		}
		made := password.Make(password.ForType("Alarm code"), seal.Random)
		alarm, err := add("Alarm code", made)
		s.Must(err)
		s.flagged(alarm)
		short, err := add("Alarm code", made[:4])
		s.Must(err)
		s.flagged(short, vault.Weak)
		c, err := s.Vault.Get(ctx, s.Admin, alarm)
		s.Must(err)
		typ := "Server"
		_, err = s.Vault.Patch(ctx, s.Admin, alarm, c.Version, vault.Patch{Type: &typ})
		s.Must(err)
		s.Must(s.Vault.Check(ctx))
		s.flagged(alarm, vault.Weak)

		read, err := s.Vault.Passwords(ctx, s.Admin)
		s.Must(err)
		next := read
		next.Policy.Enforce = true
		s.Must(s.Vault.SavePasswords(ctx, s.Admin, read, next))
		if _, err = add("Alarm code", made); err != nil {
			t.Errorf("refused: %v", err)
		}
		if _, err = add("Server", made); !fault.Is(err, fault.Invalid) {
			t.Errorf("not refused: %v", err)
		}
	})
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

// Several are flagged, cleared and put back, all or none, and each time exactly
// the last change is taken back.
func TestFlagsOfSeveral(t *testing.T) {
	both(t, func(s *scene) {
		at := vault.Place{Client: s.other("Adatum")}
		a, b, c := s.strong(at, "A", strong), s.strong(at, "B", strong+"b"), s.strong(at, "C", strong+"c")
		both := []vault.Chosen{{ID: a}, {ID: b}}
		s.refused(second(s.Vault.FlagAll(ctx, s.Admin, []vault.Chosen{{ID: a}, {ID: "cred_nothing"}}, "x")), fault.Absent)
		s.refused(second(s.Vault.FlagAll(ctx, s.Admin, []vault.Chosen{{ID: a}, {ID: b, Version: 7}}, "x")), fault.Conflict)
		s.flagged(a)
		made, err := s.Vault.FlagAll(ctx, s.Admin, both, "told on the telephone")
		s.Must(err)
		if made[0].NoUndo || made[0].Version != 1 {
			t.Errorf("%+v", made)
		}
		s.flagged(b, vault.Manual)
		s.refused(second(s.Vault.UnflagAll(ctx, s.Admin, []vault.Chosen{{ID: a}, {ID: c}}, "")), fault.Unacceptable)
		s.flagged(a, vault.Manual)
		s.Must(second(s.Vault.UnflagAll(ctx, s.Admin, both, "")))
		s.flagged(a)
		s.flagged(b)
		if n := s.count(`SELECT COUNT(*) FROM audit_events WHERE operation = 'credential.unflag' AND outcome = 'done'`); n != 2 {
			t.Errorf("%d events for two", n)
		}
		s.Must(second(s.Vault.ReflagAll(ctx, s.Admin, both)))
		s.flagged(a, vault.Manual)
		s.flagged(b, vault.Manual)

		s.Must(second(s.Vault.WithdrawAll(ctx, s.Admin, both)))
		s.flagged(b)
		s.refused(second(s.Vault.WithdrawAll(ctx, s.Admin, both)), fault.Conflict)
		if made, err = s.Vault.FlagAll(ctx, s.Admin, both, "first"); err != nil || made[1].NoUndo {
			t.Fatalf("%+v, %v", made, err)
		}
		if made, err = s.Vault.FlagAll(ctx, s.Admin, both, "second"); err != nil || !made[1].NoUndo {
			t.Fatalf("a note that took another's place can be undone: %+v, %v", made, err)
		}

		// Only the last clearing comes back, and a note also after a new password.
		weak := s.strong(at, "Printer", "printer1")
		s.Must(s.Vault.Flag(ctx, s.Admin, weak, "note"))
		s.Must(s.Vault.Unflag(ctx, s.Admin, weak, vault.Weak))
		s.Clock.Advance(time.Minute)
		s.Must(s.Vault.Unflag(ctx, s.Admin, weak, vault.Manual))
		next := strong + " anew"
		_, err = s.Vault.Patch(ctx, s.Admin, weak, 1, vault.Patch{Password: &next})
		s.Must(err)
		s.Must(s.Vault.Reflag(ctx, s.Admin, weak))
		s.flagged(weak, vault.Manual)
	})
}

func second[T any](_ T, err error) error { return err }

// A move takes flags along, also of several and into another kind of vault, and
// so does the way back.
func TestFlagsGoAlong(t *testing.T) {
	both(t, func(s *scene) {
		from, to := vault.Place{Client: s.other("Adatum")}, vault.Place{Client: s.other("Fabrikam")}
		a, b := s.strong(from, "A", strong), s.strong(from, "B", "printer1")
		s.Must(s.Vault.Flag(ctx, s.Admin, a, "note of A"))
		made, err := s.Vault.MoveAll(ctx, s.Admin, []vault.Moving{{Chosen: vault.Chosen{ID: a}, To: to}, {Chosen: vault.Chosen{ID: b}, To: to}})
		s.Must(err)
		note := func(id, want string) {
			t.Helper()
			c, err := s.Vault.Get(ctx, s.Admin, id)
			if err != nil || len(c.Flags) == 0 || c.Flags[0].Note != want {
				t.Fatalf("%+v, %v", c.Flags, err)
			}
		}
		sums := func(want map[string]int) {
			t.Helper()
			got, err := s.Vault.FlagCounts(ctx, s.Admin)
			s.Must(err)
			delete(got, s.contoso)
			if !maps.Equal(got, want) {
				t.Errorf("counted %v, not %v", got, want)
			}
		}
		note(a, "note of A")
		sums(map[string]int{to.Client: 2})
		_, err = s.Vault.MoveAll(ctx, s.Admin, []vault.Moving{{Chosen: vault.Chosen{ID: a, Version: made[0].Version}, To: from}, {Chosen: vault.Chosen{ID: b, Version: made[1].Version}, To: from}})
		s.Must(err)
		note(a, "note of A")
		s.flagged(b, vault.Weak)
		sums(map[string]int{from.Client: 2})
		for _, at := range []vault.Place{from, to} {
			list, _, err := s.Vault.List(ctx, s.Admin, vault.Listing{Place: at, Flagged: true})
			if want := map[bool]int{true: 2, false: 0}[at == from]; err != nil || len(list) != want {
				t.Errorf("%d flagged, %v", len(list), err)
			}
		}
		own, err := s.Vault.Move(ctx, s.Admin, a, 3, vault.Place{Own: true})
		s.Must(err)
		note(own, "note of A")
		back, err := s.Vault.Move(ctx, s.Admin, own, 1, to)
		s.Must(err)
		note(back, "note of A")
		sums(map[string]int{from.Client: 1, to.Client: 1}) // the archived one does not count
	})
}

// With a group or a level goes what it let somebody reach.
func TestTouchedByGroupsAndLevels(t *testing.T) {
	both(t, func(s *scene) {
		id := s.strong(vault.Place{Client: s.contoso}, "Router", strong)
		tim := s.Enrol("tim", perm.LevelTechnicianAssigned)
		group, err := s.Access.AddGroup(ctx, s.Admin, "Night shift", []string{tim}, []string{s.contoso})
		s.Must(err)
		s.reveals(s.SignIn("tim"), id, strong)
		s.Must(s.Access.EnableGroup(ctx, s.Admin, group, false))
		s.flagged(id, vault.Touched)
		s.Must(s.Vault.Unflag(ctx, s.Admin, id, ""))
		s.Must(s.Access.EnableGroup(ctx, s.Admin, group, true))
		s.flagged(id)
		s.Must(s.Access.DeleteGroup(ctx, s.Admin, group, 3, access.Guarded{Flag: true}))
		s.flagged(id, vault.Touched)
		s.Must(s.Vault.Unflag(ctx, s.Admin, id, ""))

		max, low, high := s.Enrol("max", perm.LevelManagerDefault), perm.LevelTechnicianAssigned, perm.LevelManagerDefault
		s.reveals(s.SignIn("max"), id, strong)
		give := func(level string, flag bool) {
			t.Helper()
			p, err := s.People.View(ctx, s.Admin, max)
			s.Must(err)
			s.Must(s.People.Save(ctx, s.Admin, max, people.Changes{Version: p.Version, Level: &level, Flag: flag}))
		}
		give(low, false)
		s.flagged(id)
		give(high, true)
		s.flagged(id)
		give(low, true)
		s.flagged(id, vault.Touched)
	})
}
