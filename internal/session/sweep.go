package session

import (
	"context"
	"errors"

	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// emptied is the size of a keys_box without anything in it.
const emptied = 61

var (
	sqlIdleOrgs = gate.Across("sessions of every organization are sealed in time, whether they come back or not",
		`SELECT DISTINCT org_id FROM sessions WHERE expires_at <= $1 OR (LENGTH(keys_box) > $2 AND last_used < $1 - `+idleMillis+`) UNION SELECT org_id FROM sign_ins WHERE expires_at <= $1`)
	sqlEnded   = gate.SQL(`DELETE FROM sessions WHERE org_id = $1 AND expires_at <= $2`)
	sqlTooLate = gate.SQL(`DELETE FROM sign_ins WHERE org_id = $1 AND expires_at <= $2`)
	sqlIdle    = gate.SQL(`SELECT id, user_id, lookup, outer_epoch, keys_box, open FROM sessions WHERE org_id = $1 AND LENGTH(keys_box) > $3 AND last_used < $2 - ` + idleMillis)
)

// Sweep drops kept keys of sessions that were not used for the idle time, and
// takes them out of their rows too: a cookie that is found later opens
// nothing, even with a copy of the database and the instance key. Sessions
// whose time is over are deleted.
func (s *Store) Sweep(ctx context.Context) error {
	now := s.clock.Now()
	s.mu.Lock()
	for id, h := range s.rings {
		if now.Sub(h.used) > h.idle {
			delete(s.rings, id)
		}
	}
	s.mu.Unlock()
	orgs, err := gate.Do(ctx, s.gate, gate.Stranger("", "", nil), opFind, gate.Nothing(), func(tx *gate.Tx) (orgs []string, err error) {
		err = tx.Everywhere(sqlIdleOrgs, func(r *gate.Rows) error {
			var org string
			err := r.Scan(&org)
			orgs = append(orgs, org)
			return err
		}, now.UnixMilli(), emptied)
		return orgs, err
	})
	for _, org := range orgs {
		_, failed := gate.Do(ctx, s.gate, gate.Stranger(org, "", nil), opTouch, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			for _, stmt := range []gate.Stmt{sqlEnded, sqlTooLate} {
				if _, err := tx.Exec(stmt, now.UnixMilli()); err != nil {
					return false, err
				}
			}
			return true, s.empty(tx, org)
		})
		err = errors.Join(err, failed)
	}
	return err
}

// empty seals idle sessions without their tokens: only the outer layer stays,
// which shows that the row is genuine.
func (s *Store) empty(tx *gate.Tx, org string) error {
	type session struct {
		row
		lookup []byte
	}
	var all []session
	err := tx.Each(sqlIdle, func(r *gate.Rows) error {
		var i session
		err := r.Scan(&i.id, &i.user, &i.lookup, &i.epoch, &i.box, &i.open)
		all = append(all, i)
		return err
	}, tx.Millis(), emptied)
	if err != nil {
		return err
	}
	for _, i := range all {
		outer, err := s.org.Outer(tx, i.epoch)
		if err != nil {
			return err
		}
		if _, err := outer.Open(seal.PurposeSession, placeOfSession(org, i.id, i.user, i.lookup, i.open, i.epoch), i.box); err != nil {
			if _, err := tx.Exec(sqlExpire, i.id); err != nil { // changed from outside: it opens nothing
				return err
			}
			continue
		}
		box := outer.Seal(seal.PurposeSession, placeOfSession(org, i.id, i.user, i.lookup, false, i.epoch), nil)
		if err := tx.One(sqlSeal, i.id, i.epoch, box); err != nil {
			return err
		}
		tx.After(func() { s.drop(i.id) })
	}
	return nil
}
