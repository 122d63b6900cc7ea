package vault

import (
	"context"

	"bailiwick/internal/gate"
)

var (
	sqlSharedTo   = gate.SQLShared("with whom something is shared", `SELECT s.to_org, o.name FROM shares s JOIN organizations o ON o.id = s.to_org WHERE s.org_id = $1 AND s.credential_id = $2`)
	sqlUnshare    = gate.SQL(`DELETE FROM shares WHERE org_id = $1 AND credential_id = $2`)
	sqlStale      = gate.SQL(`UPDATE credentials SET key_stale = TRUE, change_seq = $3 WHERE org_id = $1 AND id = $2`)
	sqlSetUnshare = gate.SQL(`INSERT INTO flags (org_id, credential_id, home, cause, set_at, set_by, password_rev)
		SELECT c.org_id, c.id, c.client_id, 'unshared', CAST($3 AS BIGINT), CAST($4 AS TEXT), c.password_rev FROM credentials c WHERE c.org_id = $1 AND c.id = $2
		ON CONFLICT (org_id, credential_id, cause, about) DO UPDATE SET set_at = $3, set_by = $4, password_rev = excluded.password_rev, cleared_at = 0, cleared_by = ''`)
)

// UnshareAll ends the sharing of credentials, all or none; from the side that
// made them, or from the one that received them. It is gone from the other side
// at once, and stays where it was made. flag marks it for change there: who had
// it may still know it. Where the receiving side stops, it is always marked.
// What is not shared is passed over, unless nothing is.
func (s *Store) UnshareAll(ctx context.Context, who gate.Actor, chosen []Chosen, flag bool) ([]Changed, error) {
	var ends endings
	return s.several(ctx, who, OpUnshare, chosen, func(tx *gate.Tx, c *stored, i int) (Changed, error) {
		if i == 0 {
			ends = endings{flag: flag, made: map[string][]string{}, got: map[string][]string{}}
		}
		ended, err := ends.one(tx, c)
		if err == nil && i == len(chosen)-1 {
			err = ends.tellOthers(tx)
		}
		changed := Changed{ID: c.ID, From: c.where(), NoUndo: true}
		if err == nil && !ended {
			return changed, errNotShared
		}
		changed.Version = c.Version
		return changed, err
	})
}

var errNotShared = idle("It is not shared with anybody, so nothing was done.")

// endings are what one act ends: by the other organization, the credentials that
// were made here, and those that were received from there.
type endings struct {
	flag      bool
	seq       int64
	made, got map[string][]string
}

// one ends the sharing of one credential, if it is shared. What was received is
// left to the records of its maker.
func (e *endings) one(tx *gate.Tx, c *stored) (ended bool, err error) {
	if c.got.from != "" {
		e.got[c.got.from] = append(e.got[c.got.from], c.ID)
		return true, nil
	}
	to, name, err := sharedWith(tx, c.ID)
	if err != nil || to == "" {
		return false, err
	}
	if e.seq == 0 {
		if e.seq, err = tx.NextChange(); err != nil {
			return false, err
		}
	}
	tx.Event().Name = name
	e.made[to] = append(e.made[to], c.ID)
	return true, end(tx, c.ID, e.seq, e.flag)
}

// tellOthers does what is to be done in the records of the other organizations,
// once in each.
func (e *endings) tellOthers(tx *gate.Tx) error {
	for org, ids := range e.made {
		err := tx.Beside(org, func(b *gate.Tx) error {
			for _, id := range ids {
				b.Note(gate.Event{Kind: string(gate.KindCredential), ID: id, Client: clientOf(b, id)}, "")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for org, ids := range e.got {
		if err := tx.Beside(org, func(b *gate.Tx) error { return refused(b, ids) }); err != nil {
			return err
		}
	}
	return nil
}

// Unshare ends the sharing of one credential.
func (s *Store) Unshare(ctx context.Context, who gate.Actor, credential string, flag bool) error {
	_, err := s.UnshareAll(ctx, who, []Chosen{{ID: credential}}, flag)
	return err
}

func sharedWith(tx *gate.Tx, credential string) (to, name string, err error) {
	if err = tx.Row(sqlSharedTo, credential).Scan(&to, &name); isAbsent(err) {
		err = nil
	}
	return to, name, err
}

// end ends sharing in the organization that made a credential. Its key may be
// known to the other side, so nothing more is written under it; the next open
// session replaces it.
func end(tx *gate.Tx, credential string, seq int64, flag bool) error {
	if flag {
		if _, err := tx.Exec(sqlSetUnshare, credential, tx.Millis(), tx.Who().User()); err != nil {
			return err
		}
	}
	if err := tx.One(sqlStale, credential, seq); err != nil {
		return err
	}
	if _, err := tx.Exec(sqlUnshare, credential); err != nil {
		return err
	}
	_, err := tx.Exec(sqlSharesDue, tx.Millis())
	return err
}

// refused ends sharing because the other side wants it no more.
func refused(b *gate.Tx, ids []string) error {
	seq, err := b.NextChange()
	if err != nil {
		return err
	}
	for _, id := range ids {
		b.Note(gate.Event{Kind: string(gate.KindCredential), ID: id, Client: clientOf(b, id)}, "")
		if err := end(b, id, seq, true); err != nil {
			return err
		}
	}
	return nil
}

var sqlClientThere = gate.SQL(`SELECT COALESCE(client_id, '') FROM credentials WHERE org_id = $1 AND id = $2`)

func clientOf(tx *gate.Tx, credential string) (client string) {
	_ = tx.Row(sqlClientThere, credential).Scan(&client)
	return client
}
