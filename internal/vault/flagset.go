package vault

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// longestNote of a flag, in characters.
const longestNote = 1000

// takeBack is how long after clearing flags one may put them back.
const takeBack = 10 * time.Minute

var (
	sqlSetManual = gate.SQL(`INSERT INTO flags (org_id, credential_id, home, cause, set_at, set_by, password_rev, note_epoch, note_box) VALUES ($1, $2, $3, 'manual', $4, $5, $6, $7, $8)
		ON CONFLICT (org_id, credential_id, cause, about) DO UPDATE SET set_at = $4, set_by = $5, password_rev = $6, note_epoch = $7, note_box = $8, cleared_at = 0, cleared_by = ''`)
	sqlClear = gate.SQL(`UPDATE flags SET cleared_at = $3, cleared_by = $4 WHERE org_id = $1 AND credential_id = $2 AND cleared_at = 0 AND ($5 = '' OR cause = $5) RETURNING cause`)
	// The last clearing only, and of what a new password answers only what is
	// about the present one.
	sqlPut = gate.SQL(`UPDATE flags SET cleared_at = 0, cleared_by = '' WHERE org_id = $1 AND credential_id = $2 AND cleared_by = $3 AND cleared_at >= $4
		AND cleared_at = (SELECT MAX(x.cleared_at) FROM flags x WHERE x.org_id = $1 AND x.credential_id = $2 AND x.cleared_by = $3)
		AND (cause IN ('manual', 'ad-change') OR password_rev = (SELECT c.password_rev FROM credentials c WHERE c.org_id = $1 AND c.id = $2)) RETURNING cause`)
	sqlHasManual  = gate.SQL(`SELECT COUNT(*) FROM flags WHERE org_id = $1 AND credential_id = $2 AND cause = 'manual' AND cleared_at = 0`)
	sqlWithdraw   = gate.SQL(`DELETE FROM flags WHERE org_id = $1 AND credential_id = $2 AND cause = 'manual' AND cleared_at = 0 AND set_by = $3 AND set_at >= $4 RETURNING cause`)
	sqlSealedNote = gate.SQL(`SELECT set_at, note_epoch, note_box FROM flags WHERE org_id = $1 AND credential_id = $2 AND cause = 'manual'`)
	// What is known about a password goes along where it is copied; the rest is
	// found anew there.
	sqlCopyFlags = gate.SQL(`INSERT INTO flags (org_id, credential_id, home, cause, about, set_at, set_by, password_rev, note_epoch, note_box)
		SELECT org_id, CAST($3 AS TEXT), CAST($4 AS TEXT), cause, about, set_at, set_by, 1, note_epoch, note_box
		FROM flags WHERE org_id = $1 AND credential_id = $2 AND cleared_at = 0 AND cause IN ('manual', 'touched', 'unshared', 'ad-change')`)
	sqlRehome = gate.SQL(`UPDATE flags SET home = $3 WHERE org_id = $1 AND credential_id = $2`)
	sqlReseal = gate.SQL(`UPDATE flags SET note_epoch = $3, note_box = $4 WHERE org_id = $1 AND credential_id = $2 AND cause = 'manual'`)
	// What a new password answers; a note and the directory's word stay until
	// somebody clears them.
	sqlAnswered = gate.SQL(`DELETE FROM flags WHERE org_id = $1 AND credential_id = $2 AND cause IN ('touched', 'expired', 'unshared', 'weak', 'reused') AND NOT (cause = 'expired' AND about = 'date')`)
	// An expiry date that has passed is answered too, until there is another one.
	sqlDateAnswered = gate.SQL(`UPDATE flags SET cleared_at = $3, cleared_by = '' WHERE org_id = $1 AND credential_id = $2 AND cause = 'expired' AND about = 'date' AND cleared_at = 0`)
	sqlPostpone     = gate.SQL(`DELETE FROM flags WHERE org_id = $1 AND credential_id = $2 AND cause = 'expired' AND about = 'date'`)
)

// Flag flags a credential by hand; the note says why. Flagging again changes
// the note.
func (s *Store) Flag(ctx context.Context, who gate.Actor, credential, note string) error {
	_, err := s.FlagAll(ctx, who, []Chosen{{ID: credential}}, note)
	return err
}

// FlagAll flags several credentials with one note, all or none. Where there was
// a note before, this can't be taken back.
func (s *Store) FlagAll(ctx context.Context, who gate.Actor, chosen []Chosen, note string) ([]Changed, error) {
	note = strings.TrimSpace(note)
	switch n := utf8.RuneCountInString(note); {
	case n == 0:
		return nil, fault.Bad("note", "Say why it should be changed: the note is shown with the flag.")
	case n > longestNote:
		return nil, fault.Bad("note", "Use at most %d characters; this has %d.", longestNote, n)
	case !utf8.ValidString(note):
		return nil, fault.Bad("note", "This is not valid text (UTF-8).")
	}
	return s.several(ctx, who, OpFlag, chosen, func(tx *gate.Tx, c *stored, _ int) (Changed, error) {
		changed := Changed{ID: c.ID, Version: c.Version, From: c.where(), NoUndo: !tx.May(OpUnflag, c.where().target())}
		before := 0
		if err := tx.Row(sqlHasManual, c.ID).Scan(&before); err != nil {
			return changed, err
		}
		changed.NoUndo = changed.NoUndo || before > 0
		key, epoch, err := writing(tx, c.ClientID)
		if err != nil {
			return changed, err
		}
		box := key.SealPadded(seal.PurposeNotes, placeOfFlagNote(who.Org(), c.ID, epoch, tx.Millis()), []byte(note))
		e := tx.Event()
		e.Fields, e.Sealed = []string{Manual}, seal.Hash(box)
		return changed, tx.One(sqlSetManual, c.ID, c.home(), tx.Millis(), who.User(), c.rev, epoch, box)
	})
}

// Unflag clears all flags of a credential, or those of one cause. What sets
// flags by itself does not set a cleared one again until the password changes.
func (s *Store) Unflag(ctx context.Context, who gate.Actor, credential, cause string) error {
	_, err := s.UnflagAll(ctx, who, []Chosen{{ID: credential}}, cause)
	return err
}

// UnflagAll clears the flags of several credentials, all or none: each must
// have one.
func (s *Store) UnflagAll(ctx context.Context, who gate.Actor, chosen []Chosen, cause string) ([]Changed, error) {
	if cause != "" && !slices.Contains(Causes, cause) {
		return nil, fault.Bad("cause", "There is no such cause. There are: %s.", strings.Join(Causes, ", "))
	}
	none := fault.Cannot("It has no flag to be cleared.")
	if len(chosen) > 1 {
		none = fault.Cannot("One of these has no flag to be cleared. Nothing was changed.")
	}
	return s.lift(ctx, who, OpUnflag, chosen, none, func(tx *gate.Tx) (gate.Stmt, []any) {
		return sqlClear, []any{tx.Millis(), who.User(), cause}
	})
}

// Reflag puts back what the actor himself cleared last, within some minutes,
// unless the password has changed.
func (s *Store) Reflag(ctx context.Context, who gate.Actor, credential string) error {
	_, err := s.ReflagAll(ctx, who, []Chosen{{ID: credential}})
	return err
}

// ReflagAll puts back what was cleared of several credentials, all or none.
func (s *Store) ReflagAll(ctx context.Context, who gate.Actor, chosen []Chosen) ([]Changed, error) {
	none := fault.Cannot("There is no flag to be put back: it is too long ago, or the password was changed.")
	return s.lift(ctx, who, OpReflag, chosen, none, func(tx *gate.Tx) (gate.Stmt, []any) {
		return sqlPut, []any{who.User(), tx.Now().Add(-takeBack).UnixMilli()}
	})
}

// WithdrawAll takes back flags by hand that the actor himself has just set. Of
// what somebody else has flagged since it is a conflict.
func (s *Store) WithdrawAll(ctx context.Context, who gate.Actor, chosen []Chosen) ([]Changed, error) {
	return s.lift(ctx, who, OpUnflag, chosen, fault.Stale("credential"), func(tx *gate.Tx) (gate.Stmt, []any) {
		return sqlWithdraw, []any{who.User(), tx.Now().Add(-takeBack).UnixMilli()}
	})
}

// lift changes flags of several credentials by one statement each, which names
// the causes; none is the error where there was nothing to do for one of them.
func (s *Store) lift(ctx context.Context, who gate.Actor, op *gate.Op, chosen []Chosen, none error, what func(*gate.Tx) (gate.Stmt, []any)) ([]Changed, error) {
	return s.several(ctx, who, op, chosen, func(tx *gate.Tx, c *stored, _ int) (Changed, error) {
		changed := Changed{ID: c.ID, Version: c.Version, From: c.where()}
		stmt, args := what(tx)
		var causes []string
		err := tx.Each(stmt, func(r *gate.Rows) error {
			var cause string
			err := r.Scan(&cause)
			if !slices.Contains(causes, cause) {
				causes = append(causes, cause)
			}
			return err
		}, append([]any{c.ID}, args...)...)
		if err == nil && len(causes) == 0 {
			err = none
		}
		slices.Sort(causes)
		tx.Event().Fields = causes
		return changed, err
	})
}

// carryFlags takes the flags of a credential along to another client: their
// notes are sealed under its key.
func carryFlags(tx *gate.Tx, c *stored, client string) error {
	if _, err := tx.Exec(sqlRehome, c.ID, client); err != nil {
		return err
	}
	return resealNote(tx, c, c.ID, client)
}

// copyFlags gives the copy of a credential the flags that it had.
func copyFlags(tx *gate.Tx, c *stored, made string, to Place) error {
	home := to.Client
	if to.Own {
		home = tx.Who().User()
	}
	if _, err := tx.Exec(sqlCopyFlags, c.ID, made, home); err != nil {
		return err
	}
	return resealNote(tx, c, made, to.Client)
}

// resealNote seals the note of a flag that came from a credential for where it
// is now.
func resealNote(tx *gate.Tx, from *stored, credential, client string) error {
	var set, epoch int64
	var box []byte
	noted := false
	err := tx.Each(sqlSealedNote, func(r *gate.Rows) error {
		noted = true
		return r.Scan(&set, &epoch, &box)
	}, credential)
	if err != nil || !noted {
		return err
	}
	old, err := wrapping(tx, from.ClientID, epoch)
	if err != nil {
		return err
	}
	org := tx.Who().Org()
	note, err := old.OpenPadded(seal.PurposeNotes, placeOfFlagNote(org, from.ID, epoch, set), box)
	if err != nil {
		return from.broken("note of a flag", err)
	}
	key, epoch, err := writing(tx, client)
	if err != nil {
		return err
	}
	_, err = tx.Exec(sqlReseal, credential, epoch, key.SealPadded(seal.PurposeNotes, placeOfFlagNote(org, credential, epoch, set), note))
	return err
}
