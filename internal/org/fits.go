package org

import (
	"context"
	"fmt"

	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

var (
	opFits    = gate.Define(gate.Op{Name: "organization.fits", Sentence: "Find out at start whether the instance key is the right one", Scope: gate.Anyone})
	sqlOuters = gate.Across("the instance key is one for all organizations", `SELECT o.id, o.key_epoch, e.outer_instance_box FROM organizations o
		JOIN key_epochs e ON e.org_id = o.id AND e.epoch = o.key_epoch ORDER BY o.created_at LIMIT 1`)
)

// Fits checks the instance key against the first organization's outer key, so
// that a wrong one is found at start and not at the first sign-in.
func (s *Store) Fits(ctx context.Context) error {
	_, err := gate.Do(ctx, s.gate, gate.Stranger("", "", nil), opFits, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, tx.Everywhere(sqlOuters, func(r *gate.Rows) error {
			var org string
			var epoch int64
			var box []byte
			if err := r.Scan(&org, &epoch, &box); err != nil {
				return err
			}
			if _, err := s.instance.Unwrap(seal.PurposeOuterInstance, placeOfOuter(org, epoch), box); err != nil {
				return fmt.Errorf("the instance key is not the one of this database: put the right one back")
			}
			return nil
		})
	})
	return err
}

var sqlAllOuters = gate.Across("which organizations have still to be recovered", `SELECT o.id, o.name, o.key_epoch, e.outer_instance_box FROM organizations o
	JOIN key_epochs e ON e.org_id = o.id AND e.epoch = o.key_epoch WHERE o.key_epoch > 0 ORDER BY o.created_at, o.id`)

// Unopened names the organizations whose keys do not lie under the instance
// key: after a loss each has its own Recovery key. fits reports whether it is
// the key of any of them.
func (s *Store) Unopened(ctx context.Context) (names []string, fits bool, err error) {
	_, err = gate.Do(ctx, s.gate, gate.Stranger("", "", nil), opFits, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, tx.Everywhere(sqlAllOuters, func(r *gate.Rows) error {
			var org, name string
			var epoch int64
			var box []byte
			if err := r.Scan(&org, &name, &epoch, &box); err != nil {
				return err
			}
			if _, err := s.instance.Unwrap(seal.PurposeOuterInstance, placeOfOuter(org, epoch), box); err != nil {
				names = append(names, name)
			} else {
				fits = true
			}
			return nil
		})
	})
	return names, fits, err
}
