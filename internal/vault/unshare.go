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
func (s *Store) UnshareAll(ctx context.Context, who gate.Actor, chosen []Chosen, flag bool) ([]Changed, error) {
	var seq int64
	return s.several(ctx, who, OpUnshare, chosen, func(tx *gate.Tx, c *stored, i int) (changed Changed, err error) {
		changed = Changed{ID: c.ID, Version: c.Version, From: c.where(), NoUndo: true}
		if c.got.from != "" {
			return changed, tx.Beside(c.got.from, func(b *gate.Tx) error {
				return refused(b, c.ID)
			})
		}
		if i == 0 || seq == 0 {
			if seq, err = tx.NextChange(); err != nil {
				return changed, err
			}
		}
		to, name, err := sharedWith(tx, c.ID)
		if err != nil || to == "" {
			return changed, err // it is not shared: nothing to do
		}
		tx.Event().Name = name
		if err := end(tx, c.ID, seq, flag); err != nil {
			return changed, err
		}
		return changed, tx.Beside(to, func(b *gate.Tx) error {
			b.Note(gate.Event{Kind: string(gate.KindCredential), ID: c.ID, Client: clientOf(b, c.ID)}, "")
			return nil
		})
	})
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
func refused(b *gate.Tx, credential string) error {
	seq, err := b.NextChange()
	if err != nil {
		return err
	}
	b.Note(gate.Event{Kind: string(gate.KindCredential), ID: credential, Client: clientOf(b, credential)}, "")
	return end(b, credential, seq, true)
}

var sqlClientThere = gate.SQL(`SELECT COALESCE(client_id, '') FROM credentials WHERE org_id = $1 AND id = $2`)

func clientOf(tx *gate.Tx, credential string) (client string) {
	_ = tx.Row(sqlClientThere, credential).Scan(&client)
	return client
}
