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
		e, err := s.next(tx, "the Organization Key was changed", &code)
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

// OpConfirm checks the actor's own password again.
var OpConfirm = gate.Define(gate.Op{Name: "password.confirm", Sentence: "Prove with the password that oneself is there", Scope: gate.Self, Guests: true})

var sqlRecord = gate.SQL(`SELECT outer_epoch, password_record FROM users WHERE org_id = $1 AND id = $2`)

// Confirm checks the actor's own password, for acts that ask for it again.
func (s *Store) Confirm(ctx context.Context, who gate.Actor, password seal.Secret) error {
	p, err := s.CheckOwn(ctx, who, password)
	p.Wipe()
	return err
}

// CheckOwn opens P with the actor's own password.
func (s *Store) CheckOwn(ctx context.Context, who gate.Actor, password seal.Secret) (seal.Key, error) {
	type record struct {
		epoch int64
		box   []byte
		outer seal.Key
	}
	r, err := gate.Do(ctx, s.gate, who, OpConfirm, gate.Nothing(), func(tx *gate.Tx) (r record, err error) {
		if err = tx.Row(sqlRecord, who.User()).Scan(&r.epoch, &r.box); err == nil {
			r.outer, err = s.Outer(tx, r.epoch)
		}
		return r, err
	})
	if err != nil {
		return seal.Key{}, err
	}
	p, _, err := s.argon.Open(ctx, password, r.outer, PlaceOfUser(who.Org(), who.User(), "password_record", r.epoch), r.box)
	if err != nil {
		if waiting := Waiting(err); waiting != err {
			return seal.Key{}, waiting
		}
		return seal.Key{}, fault.Bad("password", "The password is not right.")
	}
	return p, nil
}
