package client

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

var sqlEnabled = gate.SQL(`UPDATE clients SET enabled = $3, changed_at = $4, change_seq = $5, version = version + 1 WHERE org_id = $1 AND id = $2 AND enabled <> $3 AND NOT company`)

// Disable hides a client, and all in it, from whoever may not disable clients.
// Nothing in it is touched, so enabling brings back just what was there.
func (s *Store) Disable(ctx context.Context, who gate.Actor, clientID string) error {
	return s.setEnabled(ctx, who, OpDisable, clientID, false)
}

// Enable brings a disabled client back.
func (s *Store) Enable(ctx context.Context, who gate.Actor, clientID string) error {
	return s.setEnabled(ctx, who, OpEnable, clientID, true)
}

func (s *Store) setEnabled(ctx context.Context, who gate.Actor, op *gate.Op, clientID string, on bool) error {
	_, err := gate.Do(ctx, s.gate, who, op, gate.Client(clientID), func(tx *gate.Tx) (bool, error) {
		c, err := scan(tx.Row(sqlOne, who.User(), clientID))
		if err != nil {
			return false, err
		}
		if c.Company {
			return false, fault.Cannot("The company vault can't be disabled.")
		}
		tx.Event().Name = c.Name
		if c.Enabled == on {
			return true, nil
		}
		seq, err := tx.NextChange()
		if err != nil {
			return false, err
		}
		if err := tx.One(sqlEnabled, clientID, on, tx.Millis(), seq); err != nil {
			return false, err
		}
		if err := s.org.SettleSite(tx, clientID); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}
