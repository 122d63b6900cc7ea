package org

import (
	"errors"

	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// Opened is what a way in led to. Pin is to be stored with SetPin once a
// write transaction is at hand.
type Opened struct {
	Seed, Vault seal.Key
	Epoch       int64
	Pin         []byte
}

// BySeed opens the vault with the user's seed: by a device, a recovery code,
// or a session that has to follow a new epoch.
func (s *Store) BySeed(tx *gate.Tx, user string, seed seal.Key, epoch int64) (Opened, error) {
	vault, pin, err := grantFor(tx, user, seed, epoch)
	return Opened{Seed: seed, Vault: vault, Epoch: epoch, Pin: pin}, err
}

var sqlHome = gate.SQL(`SELECT home_epoch, home_box FROM users WHERE org_id = $1 AND id = $2`)

// ByCode opens the vault with the Organization Key, and then the seed by its
// home way in. P comes from the password.
func (s *Store) ByCode(tx *gate.Tx, user string, p seal.Key, code seal.Code, epoch int64) (Opened, error) {
	vault, err := s.vaultByCode(tx, code, epoch)
	if err != nil {
		return Opened{}, err
	}
	return s.byVault(tx, user, p, vault, epoch)
}

// byVault opens the seed by its home way in, under P and the vault key.
func (s *Store) byVault(tx *gate.Tx, user string, p, vault seal.Key, epoch int64) (Opened, error) {
	org := tx.Who().Org()
	var homeEpoch int64
	var home []byte
	if err := tx.Row(sqlHome, user).Scan(&homeEpoch, &home); err != nil {
		return Opened{}, err
	}
	if home == nil || homeEpoch != epoch {
		return s.welcome(tx, user, p, vault, epoch)
	}
	seed, err := seal.OpenHome(p, vault, placeOfHome(org, user, epoch), home)
	if err != nil {
		return Opened{}, forged(err, "home way in")
	}
	granted, pin, err := grantFor(tx, user, seed, epoch)
	if NoGrant(err) { // he was a guest for a while, and out of the roster
		return s.welcome(tx, user, p, vault, epoch)
	}
	if err != nil {
		return Opened{}, err
	}
	if !granted.Equal(vault) {
		return Opened{}, forged(seal.ErrOpen, "key grant")
	}
	return Opened{Seed: seed, Vault: vault, Epoch: epoch, Pin: pin}, nil
}

// vaultByCode opens the Organization Key's own grant.
func (s *Store) vaultByCode(tx *gate.Tx, code seal.Code, epoch int64) (seal.Key, error) {
	org := tx.Who().Org()
	outer, err := s.Outer(tx, epoch)
	if err != nil {
		return seal.Key{}, err
	}
	var sealed []byte
	if err := tx.Row(sqlGrant, epoch, seal.HolderOrganizationKey, org).Scan(&sealed); err != nil {
		return seal.Key{}, err
	}
	at := placeOfGrant(org, seal.HolderOrganizationKey, org, epoch)
	inner, err := outer.Open(seal.PurposeOrgGrant, at, sealed)
	if err != nil {
		return seal.Key{}, forged(err, "the Organization Key's grant")
	}
	vault, err := code.Key().Identity("organization key").OpenKey(seal.PurposeGrant, at, inner)
	if err != nil {
		return seal.Key{}, invalidCode()
	}
	return vault, nil
}

// SetPin stores what the user has now seen of the organization's keys.
func (s *Store) SetPin(tx *gate.Tx, user string, pin []byte) error {
	return tx.One(sqlSetPin, user, pin)
}

// NoGrant reports whether a user has no key grant of the present epoch: he was
// removed, or has still to be let in.
func NoGrant(err error) bool { return errors.Is(err, errNoGrant) }

var sqlRecoveryBox = gate.SQL(`SELECT outer_epoch, recovery_version, recovery_box FROM users WHERE org_id = $1 AND id = $2`)

// ByRecovery opens the seed with the user's own recovery code, and then the
// vault by his key grant. The password was checked before.
func (s *Store) ByRecovery(tx *gate.Tx, user string, code seal.RecoveryCode, epoch int64) (Opened, error) {
	var at, version int64
	var box []byte
	if err := tx.Row(sqlRecoveryBox, user).Scan(&at, &version, &box); err != nil {
		return Opened{}, err
	}
	if len(box) == 0 {
		return Opened{}, invalidCode()
	}
	outer, err := s.Outer(tx, at)
	if err != nil {
		return Opened{}, err
	}
	seed, err := seal.OpenRecovery(code, outer, placeOfRecovery(tx.Who().Org(), user, at, version), box)
	if err != nil {
		return Opened{}, invalidCode()
	}
	return s.BySeed(tx, user, seed, epoch)
}
