package org

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

var sqlRecoveryDone = gate.SQL(`UPDATE organizations SET recovery_confirmed = TRUE WHERE id = $1`)

// ChangeKey replaces the Organization Key: a new epoch at once. password proves
// that the administrator himself is there.
func (s *Store) ChangeKey(ctx context.Context, who gate.Actor, password seal.Secret, code seal.Code) error {
	if !code.Valid() {
		return fault.Bad("organization_key", "There is no new Organization Key.")
	}
	if err := s.Confirm(ctx, who, password); err != nil {
		return err
	}
	_, err := gate.Do(ctx, s.gate, who, OpChangeKey, gate.Nothing(), func(tx *gate.Tx) (int64, error) {
		public := code.Key().Identity("organization key").Public()
		e, err := s.next(tx, whyChanged, change{seal.HolderOrganizationKey, who.Org(), public})
		if err != nil {
			return 0, err
		}
		tx.Event().Kind = "organization"
		tx.Event().Fields = []string{"organization key"}
		return e.N, nil
	})
	return err
}

// ConfirmRecovery records that the Recovery key's printout was checked.
func (s *Store) ConfirmRecovery(ctx context.Context, who gate.Actor) error {
	_, err := gate.Do(ctx, s.gate, who, OpRecoveryConfirm, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, tx.One(sqlRecoveryDone)
	})
	return err
}
