package org

import (
	"context"
	"time"

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
		if err := provedAgain(tx); err != nil {
			return 0, err
		}
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

// Freshly is how long a second factor that was proved again counts.
const Freshly = 30 * time.Minute

var sqlProvedAgain = gate.SQL(`SELECT u.factor = '' OR s.proved_at > $4 FROM users u JOIN sessions s ON s.org_id = u.org_id AND s.user_id = u.id WHERE u.org_id = $1 AND u.id = $2 AND s.id = $3`)

// provedAgain demands that whoever has a second factor has proved it again in
// this session a short while ago.
func provedAgain(tx *gate.Tx) error {
	ok := false
	if err := tx.Row(sqlProvedAgain, tx.Who().User(), tx.Who().Session(), tx.Now().Add(-Freshly).UnixMilli()).Scan(&ok); err != nil {
		return err
	}
	if !ok {
		return fault.Bad("code", "Prove your second factor again: the code of your app, a recovery code, or your passkey.")
	}
	return nil
}

// ConfirmRecovery records that the Recovery key's printout was checked.
func (s *Store) ConfirmRecovery(ctx context.Context, who gate.Actor) error {
	_, err := gate.Do(ctx, s.gate, who, OpRecoveryConfirm, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, tx.One(sqlRecoveryDone)
	})
	return err
}
