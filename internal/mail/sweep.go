package mail

import (
	"context"
	"errors"

	"bailiwick/internal/gate"
)

var (
	sqlBusy = gate.Across("mails of every organization are sent and given up in time, whoever is signed in",
		`SELECT org_id FROM mails WHERE state = 'waiting' UNION SELECT org_id FROM mails WHERE state <> 'waiting' AND ended_at <= $1`)
	sqlHold    = gate.SQL(`UPDATE mails SET held_until = $3 WHERE org_id = $1 AND id = $2 AND state = 'waiting'`)
	sqlExpired = gate.SQL(`UPDATE mails SET state = 'failed', problem = $3, ended_at = $2, body_box = NULL
		WHERE org_id = $1 AND state = 'waiting' AND expires_at <= $2 AND claimed_until <= $2 RETURNING id`)
	sqlVoid = gate.SQL(`UPDATE mails SET state = 'dropped', problem = $3, ended_at = $2, body_box = NULL
		WHERE org_id = $1 AND state = 'waiting' AND claimed_until <= $2 AND (` + void + `) RETURNING id`)
	sqlLost = gate.SQL(`UPDATE mails SET state = 'failed', problem = $3, ended_at = $2
		WHERE org_id = $1 AND state = 'waiting' AND held_by <> '' AND held_until <= $2 AND claimed_until <= $2 RETURNING id`)
	sqlForsake = gate.SQL(`UPDATE mails SET state = 'failed', problem = $3, ended_at = $2
		WHERE org_id = $1 AND state = 'waiting' AND held_by = $4 AND claimed_until <= $2 RETURNING id`)
	sqlOld = gate.SQL(`DELETE FROM mails WHERE org_id = $1 AND state <> 'waiting' AND ended_at <= $2`)
)

// void are mails whose link leads nowhere any more: it was used, perhaps after
// it was passed on by hand, replaced by a later one, or ended with its user.
const void = `mails.link_lookup IS NOT NULL AND NOT EXISTS (SELECT 1 FROM user_links l WHERE l.org_id = mails.org_id AND l.lookup = mails.link_lookup)
	OR mails.key_link <> '' AND NOT EXISTS (SELECT 1 FROM key_links k WHERE k.org_id = mails.org_id AND k.id = mails.key_link AND k.used_at = 0)`

const leadsNowhere = "Not sent: its link was used, or replaced by a later one."

const tooLate = "Not sent in time: it is of no use any more. Send it again."

// Sweep gives up what came too late or was lost with a server, forgets old
// rows, and has the rest sent in the background. It is to be called about once
// a minute.
func (s *Store) Sweep(ctx context.Context) error {
	orgs, err := gate.Do(ctx, s.gate, gate.Stranger("", "", nil), opDue, gate.Nothing(), func(tx *gate.Tx) (orgs []string, err error) {
		err = tx.Everywhere(sqlBusy, func(r *gate.Rows) error {
			var org string
			err := r.Scan(&org)
			orgs = append(orgs, org)
			return err
		}, tx.Millis()-keeping.Milliseconds())
		return orgs, err
	})
	for _, org := range orgs {
		_, failed := gate.Do(ctx, s.gate, gate.Stranger(org, "", nil), opSweep, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			for _, id := range s.heldBy(org) {
				if _, err := tx.Exec(sqlHold, id, tx.Now().Add(holding).UnixMilli()); err != nil {
					return false, err
				}
			}
			if err := s.end(tx, sqlExpired, tx.Millis(), tooLate); err != nil {
				return false, err
			}
			if err := s.end(tx, sqlVoid, tx.Millis(), leadsNowhere); err != nil {
				return false, err
			}
			if err := s.end(tx, sqlLost, tx.Millis(), lostHeld); err != nil {
				return false, err
			}
			_, err := tx.Exec(sqlOld, tx.Millis()-keeping.Milliseconds())
			return true, err
		})
		err = errors.Join(err, failed)
		s.wake(org)
	}
	return err
}

// end runs a statement that ends mails, and lets go of those in memory.
func (s *Store) end(tx *gate.Tx, stmt gate.Stmt, args ...any) error {
	return tx.Each(stmt, func(r *gate.Rows) error {
		var id string
		err := r.Scan(&id)
		tx.After(func() { s.release(id) })
		return err
	}, args...)
}

func (s *Store) heldBy(org string) (ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, of := range s.heldOrg {
		if of == org {
			ids = append(ids, id)
		}
	}
	return ids
}

// forsake notes of the mails in memory that they end with this server.
func (s *Store) forsake() {
	s.mu.Lock()
	orgs := map[string]bool{}
	for _, org := range s.heldOrg {
		orgs[org] = true
	}
	s.mu.Unlock()
	for org := range orgs {
		// What can't be noted now is noted by the sweep of another server.
		_, _ = gate.Do(context.Background(), s.gate, gate.Stranger(org, "", nil), opSweep, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			return true, s.end(tx, sqlForsake, tx.Millis(), lostHeld, s.node)
		})
	}
}
