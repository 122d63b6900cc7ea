package org

import (
	"errors"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// Resetting is what a reset of a password has to know of a user beforehand.
type Resetting struct {
	User    string
	Epoch   int64 // present one, under whose outer key the new record lies
	Version int64 // of the new record
	Outer   seal.Key
	Keys    bool // he has a seed that something opens
}

var (
	sqlResetting = gate.SQL(`SELECT u.password_version + 1, u.recovery_box IS NOT NULL, o.key_epoch FROM users u JOIN organizations o ON o.id = u.org_id
		WHERE u.org_id = $1 AND u.id = $2 AND u.enabled AND NOT u.invited`)
	// A lockout that ends by time ends; one that somebody has to end stays. So do
	// the failures of who has a second factor: else each link, to somebody who
	// reads the user's mail, would be worth ten more guesses at the code.
	sqlReset = gate.SQL(`UPDATE users SET outer_epoch = $3, password_record = $4, password_version = $5, version = version + 1,
		recovery_box = $6, home_epoch = $7, home_box = $8, reset_box = $9, hpke_public = $10, pin = $11, recovery_confirmed = recovery_confirmed AND $12,
		failures = CASE WHEN locked_until >= 253402300799000 OR factor <> '' THEN failures ELSE 0 END, locked_until = CASE WHEN locked_until >= 253402300799000 OR factor <> '' THEN locked_until ELSE 0 END
		WHERE org_id = $1 AND id = $2 AND password_version = $5 - 1 AND enabled AND NOT invited`)
	sqlWays = gate.SQL(`SELECT home_epoch, home_box, hpke_public, pin, outer_epoch, recovery_version, recovery_box FROM users WHERE org_id = $1 AND id = $2`)
)

// Resetting reads what a reset has to know. A user who can't have his password
// reset, such as a disabled one, is absent.
func (s *Store) Resetting(tx *gate.Tx, user string) (r Resetting, err error) {
	r.User = user
	if err := tx.Row(sqlResetting, user).Scan(&r.Version, &r.Keys, &r.Epoch); err != nil {
		return r, err
	}
	r.Outer, err = s.Outer(tx, r.Epoch)
	return r, err
}

// ErrMoved says that keys or password were changed since Resetting.
var ErrMoved = errors.New("the user's keys or the vault's were changed in the meantime")

// Reset puts a new password record, and the new P in it, in the place of the
// user's. With his recovery code the seed comes along: its home way in is made
// anew under the new P, and what he had stays. Without it nothing opens his
// seed any more: his ways in and his public key go, the row says under the
// outer key that a reset took them, and he enters anew.
func (s *Store) Reset(tx *gate.Tx, r Resetting, record []byte, p seal.Key, code seal.RecoveryCode) (Opened, error) {
	var epoch int64
	if err := tx.Row(sqlPresentEpoch).Scan(&epoch); err != nil {
		return Opened{}, err
	}
	if epoch != r.Epoch {
		return Opened{}, ErrMoved
	}
	org := tx.Who().Org()
	var w struct {
		homeEpoch, outerEpoch, recoveryAt int64
		home, public, pin, recovery       []byte
	}
	if err := tx.Row(sqlWays, r.User).Scan(&w.homeEpoch, &w.home, &w.public, &w.pin, &w.outerEpoch, &w.recoveryAt, &w.recovery); err != nil {
		return Opened{}, err
	}
	var opened Opened
	var mark []byte
	switch {
	case code.Valid():
		var err error
		opened, err = s.ByRecovery(tx, r.User, code, epoch)
		if NoGrant(err) {
			return Opened{}, fault.Cannot("This account has missed a change of the vault's keys, so the recovery code alone can't carry the personal vault over. Nothing was changed. Sign in with the earlier password and the Organization Key first, or go on without the code, which destroys the personal vault.")
		}
		if err != nil {
			return Opened{}, err
		}
		w.home = seal.SealHome(p, opened.Vault, placeOfHome(org, r.User, epoch), opened.Seed)
		w.homeEpoch, w.pin = epoch, opened.Pin
		outer, err := s.Outer(tx, w.outerEpoch)
		if err != nil {
			return Opened{}, err
		}
		if w.recovery, err = seal.RekeyOuter(w.recovery, seal.PurposeRecovery, outer, placeOfRecovery(org, r.User, w.outerEpoch, w.recoveryAt),
			r.Outer, placeOfRecovery(org, r.User, epoch, w.recoveryAt)); err != nil {
			return Opened{}, forged(err, "recovery way in of "+r.User)
		}
	case w.homeEpoch != 0:
		w.home, w.public, w.pin, w.recovery, w.homeEpoch = nil, nil, nil, nil, epoch
		mark = r.Outer.Seal(seal.PurposeHome, placeOfReset(org, r.User, epoch), []byte("reset"))
	}
	n, err := tx.Exec(sqlReset, r.User, epoch, record, r.Version, w.recovery, w.homeEpoch, w.home, mark, w.public, w.pin, code.Valid())
	if err == nil && n != 1 {
		err = ErrMoved
	}
	if err == nil {
		err = dropPasskeys(tx, r.User)
	}
	return opened, err
}

var sqlDropPasskeys = gate.SQL(`UPDATE factors SET p_box = NULL WHERE org_id = $1 AND user_id = $2`)

// dropPasskeys forgets the passkeys' ways to a P that was replaced. They stay
// second factors.
func dropPasskeys(tx *gate.Tx, user string) error {
	_, err := tx.Exec(sqlDropPasskeys, user)
	return err
}

var sqlPresentEpoch = gate.SQL(`SELECT key_epoch FROM organizations WHERE id = $1`)
