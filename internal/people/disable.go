package people

import (
	"context"
	"strings"

	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
)

var (
	sqlDisable = gate.SQL(`UPDATE users SET enabled = FALSE, lingering = $3, version = version + 1 WHERE org_id = $1 AND id = $2 AND enabled`)
	sqlEnable  = gate.SQL(`UPDATE users SET enabled = TRUE, lingering = FALSE, off_by_site = FALSE, version = version + 1 WHERE org_id = $1 AND id = $2 AND NOT enabled`)
	sqlRunning = gate.SQL(`SELECT COUNT(*) FROM sessions WHERE org_id = $1 AND user_id = $2 AND expires_at > $3`)
)

// Disable stops a user's sign-in and ends his sessions, devices, tokens and
// links in the same transaction. A new epoch is made at once or due, and his
// off-boarding begins. With the setting that lets sessions end by themselves,
// his running ones go on, and the epoch is due when the last has ended.
func (s *Store) Disable(ctx context.Context, who gate.Actor, user string) error {
	return s.act(ctx, who, OpDisable, user, Disable, func(tx *gate.Tx, p *Person, removed func(*gate.Tx, string) error) error {
		return s.disable(tx, p, removed)
	})
}

func (s *Store) disable(tx *gate.Tx, p *Person, removed func(*gate.Tx, string) error) error {
	st, err := ReadSettings(tx)
	if err != nil {
		return err
	}
	running := 0
	if st.LetSessionsEnd {
		if err := tx.Row(sqlRunning, p.ID, tx.Millis()).Scan(&running); err != nil {
			return err
		}
	}
	if err := tx.One(sqlDisable, p.ID, running > 0); err != nil {
		return err
	}
	if err := all(tx, p.ID, sqlDevices, sqlTokens, sqlEndLinks); err != nil {
		return err
	}
	if err := extlink.EndBy(tx, p.ID); err != nil {
		return err
	}
	if !p.Invited {
		if err := beginOffboarding(tx, p); err != nil {
			return err
		}
	}
	if running > 0 {
		return nil
	}
	if err := all(tx, p.ID, sqlSessions); err != nil {
		return err
	}
	return removed(tx, "a user was disabled")
}

// Enable lets a disabled user sign in again. He has no way in of the present
// epoch: he needs the Organization Key or a link that brings it.
func (s *Store) Enable(ctx context.Context, who gate.Actor, user string) error {
	return s.act(ctx, who, OpEnable, user, Enable, func(tx *gate.Tx, p *Person, _ func(*gate.Tx, string) error) error {
		return s.enable(tx, p.ID)
	})
}

func (s *Store) enable(tx *gate.Tx, user string) error {
	is, err := org.StandingOf(tx)
	if err != nil {
		return err
	}
	if is.Suspended {
		return fault.Cannot("Site login is off, or the client is disabled. Switched on again, it enables everybody who was enabled before.")
	}
	return tx.One(sqlEnable, user)
}

// OpDelete deletes a user for good.
var OpDelete = gate.Define(gate.Op{Name: "user.delete", Sentence: "Delete a user for good (rank applies)", Scope: gate.Whole, Visits: true, Needs: perm.UserDisable, Write: true, Audit: true, Once: true})

var (
	sqlDestroy = []gate.Stmt{ // his personal vault, which nothing but his seed opens
		gate.SQL(`DELETE FROM personal_keys WHERE org_id = $1 AND user_id = $2`),
		gate.SQL(`DELETE FROM credentials WHERE org_id = $1 AND owner_id = $2`),
		gate.SQL(`DELETE FROM folders WHERE org_id = $1 AND owner_id = $2`),
	}
	sqlDelete = gate.SQL(`DELETE FROM users WHERE org_id = $1 AND id = $2`)
)

// Delete removes a user for good, with his grants and his personal vault. The
// email must be typed as it is shown. The same address can be added later, as
// somebody new.
func (s *Store) Delete(ctx context.Context, who gate.Actor, user, typed string) error {
	return s.act(ctx, who, OpDelete, user, Delete, func(tx *gate.Tx, p *Person, removed func(*gate.Tx, string) error) error {
		if org.Fold(typed) != org.Fold(p.Email) {
			return fault.Bad("email", "Type the address of the user: %s.", strings.TrimSpace(p.Email))
		}
		if err := all(tx, user, sqlDestroy...); err != nil {
			return err
		}
		if err := tx.One(sqlDelete, user); err != nil {
			return err
		}
		if !p.keys {
			return nil
		}
		return removed(tx, "a user was deleted")
	})
}
