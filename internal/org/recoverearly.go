package org

import (
	"errors"

	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// Before its activation a site has an outer key alone, which lies under the
// instance key and nothing else. When that is lost, so are the passwords of
// those who accepted their invitation early: they get another by a reset.

var (
	sqlEarlyOuter = gate.SQL(`SELECT outer_instance_box FROM key_epochs WHERE org_id = $1 AND epoch = 0`)
	sqlNewEarly   = gate.SQL(`UPDATE key_epochs SET outer_instance_box = $2 WHERE org_id = $1 AND epoch = 0`)
	sqlDropEarly  = gate.SQL(`UPDATE users SET password_record = NULL, version = version + 1 WHERE org_id = $1 AND outer_epoch = 0 AND password_record IS NOT NULL`)
)

// early gives the organization, and those of its sites that wait for their
// activation, a new outer key of that time where nothing opens the earlier one.
func (s *Store) early(tx *gate.Tx, r *Recovered) error {
	if err := s.earlyOf(tx, r); err != nil {
		return err
	}
	family, err := tx.Related()
	for _, org := range family {
		if err == nil {
			err = tx.Beside(org, func(b *gate.Tx) error {
				is, err := StandingOf(b)
				if err != nil || !is.Waits {
					return err
				}
				return s.earlyOf(b, r)
			})
		}
	}
	return err
}

func (s *Store) earlyOf(tx *gate.Tx, r *Recovered) error {
	org := tx.Who().Org()
	var box []byte
	err := tx.Row(sqlEarlyOuter).Scan(&box)
	if errors.Is(err, gate.ErrNoRows) { // it was never a site that waits
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := s.instance.Unwrap(seal.PurposeOuterInstance, placeOfOuter(org, waiting), box); err == nil {
		return nil
	}
	if err := tx.One(sqlNewEarly, s.instance.Wrap(seal.PurposeOuterInstance, placeOfOuter(org, waiting), seal.NewKey())); err != nil {
		return err
	}
	n, err := tx.Exec(sqlDropEarly)
	r.Early += int(n)
	return err
}
