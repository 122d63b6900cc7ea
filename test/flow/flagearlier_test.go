package flow

import (
	"strings"
	"testing"
	"time"

	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// Rows that were changed from outside are left out and named once; all others
// are judged and compared, and so are they once they are mended.
func TestDamagedRowsAreLeftOut(t *testing.T) {
	both(t, func(s *scene) {
		at := vault.Place{Client: s.contoso}
		for _, column := range []string{"secret_box", "key_box", "overview_box", "key_epoch"} {
			t.Run(column, func(t *testing.T) {
				pw := strong + column
				a, broken, b := s.strong(at, "A", pw), s.strong(at, "Broken", pw), s.strong(at, "B", pw)
				s.exec(`UPDATE credentials SET judged_by = 0`)
				s.exec(`CREATE TABLE whole AS SELECT `+column+` AS was FROM credentials WHERE id = $1`, broken)
				if column == "key_epoch" {
					s.exec(`UPDATE credentials SET key_epoch = 99 WHERE id = $1`, broken)
				} else {
					s.exec(`UPDATE credentials SET `+column+` = (SELECT `+column+` FROM credentials WHERE id = $2) WHERE id = $1`, broken, a)
				}
				err := s.Vault.Check(ctx)
				if err == nil || strings.Count(err.Error(), broken) != 1 || s.Vault.Damaged() != 1 {
					t.Fatalf("%v, %d damaged", err, s.Vault.Damaged())
				}
				s.flagged(a, vault.Reused)
				s.flagged(b, vault.Reused)
				if n := s.count(`SELECT COUNT(*) FROM credentials WHERE judged_by = 0 AND archived_at = 0`); n > 1 {
					t.Errorf("%d are not judged", n)
				}
				if list, known, err := s.Vault.Twins(ctx, s.Admin, a); err != nil || !known || len(list) != 1 {
					t.Errorf("%v %v %v", list, known, err)
				}
				s.Must(s.Vault.Check(ctx)) // it was said
				s.exec(`UPDATE credentials SET `+column+` = (SELECT was FROM whole) WHERE id = $1`, broken)
				s.exec(`DROP TABLE whole`)
				s.Must(s.Vault.Check(ctx))
				if s.flagged(broken, vault.Reused); s.Vault.Damaged() != 0 {
					t.Errorf("%d damaged", s.Vault.Damaged())
				}
				s.Must(s.Vault.Archive(ctx, s.Admin, broken))
			})
		}
	})
}

// An earlier password that comes back, restored or typed again, is no new one:
// who knew it and lost his access has touched it, whoever knew it knows it, and
// it is as old as it was. What only the later one was flagged for is gone.
func TestAnEarlierPasswordComesBack(t *testing.T) {
	both(t, func(s *scene) {
		id := s.strong(vault.Place{Client: s.contoso}, "Router", strong)
		tim := s.Enrol("tim", perm.LevelTechnicianAssigned)
		ann := s.Enrol("ann", perm.LevelTechnicianAssigned)
		for _, user := range []string{tim, ann} {
			s.Must(s.Access.Assign(ctx, s.Admin, s.contoso, user, 0))
		}
		s.exec(`UPDATE clients SET rotation_days = 30 WHERE id = $1`, s.contoso)
		version := int64(1)
		change := func(pw string) {
			t.Helper()
			var err error
			version, err = s.Vault.Patch(ctx, s.Admin, id, version, vault.Patch{Password: &pw})
			s.Must(err)
		}
		restore := func(old int64) {
			t.Helper()
			var err error
			version, err = s.Vault.RestoreVersion(ctx, s.Admin, id, version, old)
			s.Must(err)
		}
		s.reveals(s.SignIn("tim"), id, strong)
		s.Clock.Advance(20 * 24 * time.Hour)
		s.Admin = s.SignIn("ada")
		change(strong + " 2")
		s.reveals(s.SignIn("ann"), id, strong+" 2")
		s.Must(s.Access.UnassignFlagging(ctx, s.Admin, s.contoso, tim))
		s.flagged(id) // Tim knows no present password
		restore(1)
		s.flagged(id, vault.Touched)
		if c, err := s.Vault.Get(ctx, s.Admin, id); err != nil || c.Flags[0].About != tim {
			t.Errorf("%+v, %v", c.Flags, err)
		}
		if n := s.count(`SELECT COUNT(*) FROM audit_events WHERE operation = 'credential.flagged' AND target_id = $1`, id); n != 1 {
			t.Errorf("%d events", n)
		}
		s.Clock.Advance(11 * 24 * time.Hour)
		s.Admin = s.SignIn("ada")
		s.Must(s.Vault.Rotate(ctx))
		s.flagged(id, vault.Touched, vault.Expired) // 31 days old, whenever it was restored

		change(strong + " 3")
		s.flagged(id)
		s.Must(s.Access.UnassignFlagging(ctx, s.Admin, s.contoso, ann))
		s.flagged(id)
		change(strong + " 2") // typed
		s.flagged(id, vault.Touched)
		restore(4)
		s.flagged(id)
		restore(3) // itself restored: as old as the first, and known to Tim
		s.flagged(id, vault.Touched)
		s.Must(s.Vault.Rotate(ctx))
		s.flagged(id, vault.Touched, vault.Expired)

		change("")
		change(strong + " 5")
		restore(version - 1) // no password is nobody's
		s.flagged(id)
	})
}

// A new password answers an expiry date that has passed, an earlier one does
// not.
func TestExpiryDateIsAnswered(t *testing.T) {
	both(t, func(s *scene) {
		in := vault.Input{Secret: vault.Secret{Password: strong}, Expires: s.Clock.Now().AddDate(0, 0, 5)}
		in.Title = "Dated"
		id, err := s.Vault.Add(ctx, s.Admin, vault.Place{Client: s.contoso}, in)
		s.Must(err)
		s.Clock.Advance(7 * 24 * time.Hour)
		s.Admin = s.SignIn("ada")
		s.Must(s.Vault.Rotate(ctx))
		s.flagged(id, vault.Expired)
		next := strong + " anew"
		_, err = s.Vault.Patch(ctx, s.Admin, id, 1, vault.Patch{Password: &next})
		s.Must(err)
		s.flagged(id)
		s.Must(s.Vault.Rotate(ctx))
		s.flagged(id)
		_, err = s.Vault.RestoreVersion(ctx, s.Admin, id, 2, 1)
		s.Must(err)
		s.Must(s.Vault.Rotate(ctx))
		s.flagged(id, vault.Expired)
		in.Expires = s.Clock.Now().AddDate(0, 0, 5)
		_, err = s.Vault.Patch(ctx, s.Admin, id, 3, vault.Patch{Password: &next, Expires: &in.Expires})
		s.Must(err)
		s.flagged(id)
		s.Clock.Advance(7 * 24 * time.Hour)
		s.Admin = s.SignIn("ada")
		s.Must(s.Vault.Rotate(ctx))
		s.flagged(id, vault.Expired)
	})
}
