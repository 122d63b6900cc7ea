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
	sqlPut   = gate.SQL(`UPDATE flags SET cleared_at = 0, cleared_by = '' WHERE org_id = $1 AND credential_id = $2 AND cleared_by = $3 AND cleared_at >= $4
		AND password_rev = (SELECT c.password_rev FROM credentials c WHERE c.org_id = $1 AND c.id = $2) RETURNING cause`)
	sqlSealedNote = gate.SQL(`SELECT set_at, note_epoch, note_box FROM flags WHERE org_id = $1 AND credential_id = $2 AND cause = 'manual' AND note_box IS NOT NULL`)
	sqlRehome     = gate.SQL(`UPDATE flags SET home = $3 WHERE org_id = $1 AND credential_id = $2`)
	sqlReseal     = gate.SQL(`UPDATE flags SET note_epoch = $3, note_box = $4 WHERE org_id = $1 AND credential_id = $2 AND cause = 'manual'`)
	// What a new password answers; a note and the directory's word stay until
	// somebody clears them.
	sqlAnswered = gate.SQL(`DELETE FROM flags WHERE org_id = $1 AND credential_id = $2 AND cause IN ('touched', 'expired', 'unshared', 'weak', 'reused')`)
	sqlPostpone = gate.SQL(`DELETE FROM flags WHERE org_id = $1 AND credential_id = $2 AND cause = 'expired' AND about = 'date'`)
)

// Flag flags a credential by hand; the note says why. Flagging again changes
// the note.
func (s *Store) Flag(ctx context.Context, who gate.Actor, credential, note string) error {
	note = strings.TrimSpace(note)
	switch n := utf8.RuneCountInString(note); {
	case n == 0:
		return fault.Bad("note", "Say why it should be changed: the note is shown with the flag.")
	case n > longestNote:
		return fault.Bad("note", "Use at most %d characters; this has %d.", longestNote, n)
	case !utf8.ValidString(note):
		return fault.Bad("note", "This is not valid text (UTF-8).")
	}
	_, err := gate.Do(ctx, s.gate, who, OpFlag, gate.Credential(credential), func(tx *gate.Tx) (bool, error) {
		c, err := load(tx, credential)
		if err != nil {
			return false, err
		}
		key, epoch, err := writing(tx, c.ClientID)
		if err != nil {
			return false, err
		}
		box := key.SealPadded(seal.PurposeNotes, placeOfFlagNote(who.Org(), credential, epoch, tx.Millis()), []byte(note))
		e := tx.Event()
		e.Fields, e.Sealed = []string{Manual}, seal.Hash(box)
		tx.Title(c.ClientID, c.Title)
		return true, tx.One(sqlSetManual, credential, c.home(), tx.Millis(), who.User(), c.rev, epoch, box)
	})
	return err
}

// Unflag clears all flags of a credential, or those of one cause. What sets
// flags by itself does not set a cleared one again until the password changes.
func (s *Store) Unflag(ctx context.Context, who gate.Actor, credential, cause string) error {
	if cause != "" && !slices.Contains(Causes, cause) {
		return fault.Bad("cause", "There is no such cause. There are: %s.", strings.Join(Causes, ", "))
	}
	return s.lift(ctx, who, OpUnflag, credential, "It has no flag to be cleared.", func(tx *gate.Tx) (gate.Stmt, []any) {
		return sqlClear, []any{tx.Millis(), who.User(), cause}
	})
}

// Reflag puts back what the actor himself cleared within the last minutes,
// unless the password has changed.
func (s *Store) Reflag(ctx context.Context, who gate.Actor, credential string) error {
	return s.lift(ctx, who, OpReflag, credential, "There is no flag to be put back: it is too long ago, or the password was changed.", func(tx *gate.Tx) (gate.Stmt, []any) {
		return sqlPut, []any{who.User(), tx.Now().Add(-takeBack).UnixMilli()}
	})
}

func (s *Store) lift(ctx context.Context, who gate.Actor, op *gate.Op, credential, none string, what func(*gate.Tx) (gate.Stmt, []any)) error {
	_, err := gate.Do(ctx, s.gate, who, op, gate.Credential(credential), func(tx *gate.Tx) (bool, error) {
		if _, err := inPlace(tx, credential); err != nil { // its title, where the session opens it
			return false, err
		}
		stmt, args := what(tx)
		var causes []string
		err := tx.Each(stmt, func(r *gate.Rows) error {
			var cause string
			err := r.Scan(&cause)
			if !slices.Contains(causes, cause) {
				causes = append(causes, cause)
			}
			return err
		}, append([]any{credential}, args...)...)
		if err != nil {
			return false, err
		}
		if len(causes) == 0 {
			return false, fault.Cannot("%s", none)
		}
		slices.Sort(causes)
		tx.Event().Fields = causes
		return true, nil
	})
	return err
}

// carryFlags takes the flags of a credential along to another client: their
// notes are sealed under its key.
func carryFlags(tx *gate.Tx, c *stored, client string) error {
	if _, err := tx.Exec(sqlRehome, c.ID, client); err != nil {
		return err
	}
	var set, epoch int64
	var box []byte
	err := tx.Each(sqlSealedNote, func(r *gate.Rows) error { return r.Scan(&set, &epoch, &box) }, c.ID)
	if err != nil || box == nil {
		return err
	}
	old, err := wrapping(tx, c.ClientID, epoch)
	if err != nil {
		return err
	}
	org := tx.Who().Org()
	note, err := old.OpenPadded(seal.PurposeNotes, placeOfFlagNote(org, c.ID, epoch, set), box)
	if err != nil {
		return c.broken("note of a flag", err)
	}
	key, epoch, err := tx.WriteKey(client)
	if err != nil {
		return err
	}
	_, err = tx.Exec(sqlReseal, c.ID, epoch, key.SealPadded(seal.PurposeNotes, placeOfFlagNote(org, c.ID, epoch, set), note))
	return err
}
