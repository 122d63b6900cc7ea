package people

import (
	"context"
	"errors"
	"time"

	"bailiwick/internal/gate"
)

var (
	sqlUnconfirmedOrgs = gate.Across("registrations are dropped, and what lingers ends, in every organization",
		`SELECT org_id FROM users WHERE (unconfirmed AND created_at < $1) OR (lingering
			AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.org_id = users.org_id AND s.user_id = users.id AND s.expires_at > $2)) GROUP BY org_id`)
	sqlDropUnconfirmed = gate.SQL(`DELETE FROM users WHERE org_id = $1 AND unconfirmed AND created_at < $2`)
	sqlLingers         = []gate.Stmt{
		gate.SQL(`DELETE FROM tokens WHERE org_id = $1 AND user_id IN (SELECT u.id FROM users u WHERE u.org_id = $1 AND u.lingering
			AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.org_id = $1 AND s.user_id = u.id AND s.expires_at > $2))`),
		gate.SQL(`DELETE FROM devices WHERE org_id = $1 AND user_id IN (SELECT u.id FROM users u WHERE u.org_id = $1 AND u.lingering
			AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.org_id = $1 AND s.user_id = u.id AND s.expires_at > $2))`),
	}
	sqlLinger = gate.SQL(`UPDATE users SET lingering = FALSE WHERE org_id = $1 AND lingering
		AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.org_id = users.org_id AND s.user_id = users.id AND s.expires_at > $2)`)
)

// Sweep drops registrations that were not confirmed within two days, and marks
// a new epoch as due where the last session of a disabled user has ended by
// itself. It is to be called about once a minute.
func (s *Store) Sweep(ctx context.Context) error {
	now := s.gate.Now()
	old := now.Add(-48 * time.Hour).UnixMilli()
	orgs, err := gate.Do(ctx, s.gate, gate.Stranger("", "", nil), opOpen, gate.Nothing(), func(tx *gate.Tx) (orgs []string, err error) {
		err = tx.Everywhere(sqlUnconfirmedOrgs, func(r *gate.Rows) error {
			var org string
			err := r.Scan(&org)
			orgs = append(orgs, org)
			return err
		}, old, now.UnixMilli())
		return orgs, err
	})
	for _, org := range orgs {
		_, failed := gate.Do(ctx, s.gate, gate.Stranger(org, "", nil), opForget, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			if _, err := tx.Exec(sqlDropUnconfirmed, old); err != nil {
				return false, err
			}
			for _, stmt := range sqlLingers { // what was made while it lingered
				if _, err := tx.Exec(stmt, now.UnixMilli()); err != nil {
					return false, err
				}
			}
			n, err := tx.Exec(sqlLinger, now.UnixMilli())
			if err != nil || n == 0 {
				return false, err
			}
			if err := s.org.Due(tx, "a user was disabled"); err != nil {
				return false, err
			}
			return true, tx.BumpAccess()
		})
		err = errors.Join(err, failed)
	}
	return err
}
