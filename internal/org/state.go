package org

import (
	"context"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// KeyState is what administrators see of the organization's keys.
type KeyState struct {
	Epoch             int64
	Made              time.Time // when the present epoch was made, and why
	Why               string
	Due               DueSince // At is zero when no epoch is due
	RecoveryConfirmed bool
	Changed           time.Time // of the Organization Key
}

var (
	// OpKeyState shows the state of the keys; whoever may change them may see it.
	OpKeyState = gate.Define(gate.Op{Name: "organization.keys.view", Sentence: "See the state of the organization's keys", Scope: gate.Whole, Needs: OpChangeKey.Needs})

	sqlKeyState = gate.SQL(`SELECT o.key_epoch, o.epoch_due_at, o.epoch_due_why, o.recovery_confirmed, e.made_at, e.why
		FROM organizations o JOIN key_epochs e ON e.org_id = o.id AND e.epoch = o.key_epoch WHERE o.id = $1`)
	sqlKeyChanged = gate.SQL(`SELECT MAX(made_at) FROM key_epochs WHERE org_id = $1 AND (epoch = 1 OR why = $2)`)
)

// whyChanged is the reason of an epoch that a new Organization Key made.
const whyChanged = "the Organization Key was changed"

// Keys shows the state of the keys.
func (s *Store) Keys(ctx context.Context, who gate.Actor) (KeyState, error) {
	return gate.Do(ctx, s.gate, who, OpKeyState, gate.Nothing(), func(tx *gate.Tx) (k KeyState, err error) {
		var due, made, changed int64
		if err = tx.Row(sqlKeyState).Scan(&k.Epoch, &due, &k.Due.Why, &k.RecoveryConfirmed, &made, &k.Why); err != nil {
			return k, err
		}
		err = tx.Row(sqlKeyChanged, whyChanged).Scan(&changed)
		k.Made, k.Changed = time.UnixMilli(made).UTC(), time.UnixMilli(changed).UTC()
		if due > 0 {
			k.Due.At = time.UnixMilli(due).UTC()
		}
		return k, err
	})
}

// ProveRecovery records that the Recovery key's printout was checked, after
// opening that key's grant of the present epoch with what was typed.
func (s *Store) ProveRecovery(ctx context.Context, who gate.Actor, code seal.Code) error {
	_, err := gate.Do(ctx, s.gate, who, OpRecoveryConfirm, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		org, n := tx.Who().Org(), tx.KeyEpoch()
		var sealed []byte
		if err := tx.Row(sqlGrant, n, seal.HolderRecoveryKey, org).Scan(&sealed); err != nil {
			return false, err
		}
		at := placeOfGrant(org, seal.HolderRecoveryKey, org, n)
		vault, err := code.Key().Identity("recovery key").OpenKey(seal.PurposeGrant, at, sealed)
		if err != nil {
			return false, fault.Bad("recovery_key", "This is not the Recovery key of this organization. Check it against the printout; the Organization Key is another one.")
		}
		present, err := tx.VaultKey(n)
		if err != nil {
			return false, err
		}
		if !vault.Equal(present) {
			return false, forged(seal.ErrOpen, "the Recovery key's grant")
		}
		return true, tx.One(sqlRecoveryDone)
	})
	return err
}
