package org

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// Member is a user's new keys, still to be stored with his row.
type Member struct {
	User     string
	Seed, P  seal.Key
	Recovery seal.RecoveryCode
	record   []byte
}

// Epoch is the keys of one epoch, as a session with an open vault has them.
type Epoch struct {
	Org    string
	N      int64
	Vault  seal.Key
	Outer  seal.Key
	Sign   seal.SignKey
	Roster seal.Roster
	signed []byte

	public, signature []byte // of the organization's key pair; the signature is missing in older rows
}

// first is the version of a new user's password record and recovery way in.
const first = 1

// NewMember makes the keys of a user with a password. The Argon2id is done
// here, outside of any transaction; outer is the present outer key.
func (s *Store) NewMember(ctx context.Context, org, user string, password seal.Secret, outer seal.Key, epoch int64) (Member, error) {
	m := Member{User: user, Seed: seal.NewKey(), Recovery: seal.NewRecoveryCode()}
	var err error
	m.record, m.P, err = s.argon.Enrol(ctx, password, outer, PlaceOfPassword(org, user, epoch, first))
	return m, err
}

var (
	sqlMemberKeys = gate.SQL(`UPDATE users SET outer_epoch = $3, password_record = $4, recovery_box = $5, home_epoch = $3, home_box = $6, hpke_public = $7, pin = $8,
		password_version = 1, recovery_version = 1, seed_number = 1, seed_epoch = $3
		WHERE org_id = $1 AND id = $2`)
	sqlAddGrant  = gate.SQL(`INSERT INTO key_grants (org_id, epoch, holder_kind, holder_id, sealed) VALUES ($1, $2, $3, $4, $5)`)
	sqlSetRoster = gate.SQL(`UPDATE key_epochs SET roster = $3 WHERE org_id = $1 AND epoch = $2 AND roster = $4`)
)

// Join stores a member's keys: his ways in, his key in the roster, his key
// grant. The session that does it holds the vault key and his seed, and only
// so can a public key come into the roster.
func (s *Store) Join(tx *gate.Tx, e *Epoch, m Member) error {
	id := m.Seed.Identity("user")
	home := seal.SealHome(m.P, e.Vault, placeOfHome(e.Org, m.User, e.N), m.Seed)
	recovery := seal.SealRecovery(m.Recovery, e.Outer, placeOfRecovery(e.Org, m.User, e.N, first), m.Seed)
	pin := seal.SealPin(m.Seed, e.Org, m.User, e.Sign.Public(), e.N)
	if err := tx.One(sqlMemberKeys, m.User, e.N, m.record, recovery, home, id.Public(), pin); err != nil {
		return err
	}
	return e.admit(tx, seal.Holder{Kind: seal.HolderUser, ID: m.User, Public: id.Public()})
}

// admit puts a holder into the epoch's roster and gives users their grant.
func (e *Epoch) admit(tx *gate.Tx, h seal.Holder) error {
	before := e.signed
	e.Roster.Holders = append(e.Roster.Holders, h)
	e.signed = e.Roster.Sign(e.Sign)
	if err := tx.One(sqlSetRoster, e.N, e.signed, before); err != nil {
		return err
	}
	if h.Kind == seal.HolderToken {
		return nil // its scope key is sealed to it by whoever makes the token
	}
	return e.grant(tx, h)
}

// AdmitToken puts an API token's public key into the roster.
func (e *Epoch) AdmitToken(tx *gate.Tx, token string, public []byte) error {
	return e.admit(tx, seal.Holder{Kind: seal.HolderToken, ID: token, Public: public})
}

// grant seals the vault key to a holder of the roster. The Organization Key's
// grant has the outer key around it, so that a copy of the database without
// the instance key is not even worth a guess; the Recovery key's has not.
func (e *Epoch) grant(tx *gate.Tx, h seal.Holder) error {
	at := placeOfGrant(e.Org, h.Kind, h.ID, e.N)
	sealed, err := seal.SealTo(h.Public, seal.PurposeGrant, at, e.Vault)
	if err != nil {
		return err
	}
	if h.Kind == seal.HolderOrganizationKey {
		sealed = e.Outer.Seal(seal.PurposeOrgGrant, at, sealed)
	}
	_, err = tx.Exec(sqlAddGrant, e.N, h.Kind, h.ID, sealed)
	return err
}

var (
	sqlGuestKeys  = gate.SQL(`UPDATE users SET outer_epoch = $3, password_record = $4, password_version = 1 WHERE org_id = $1 AND id = $2`)
	sqlRecovery   = gate.SQL(`UPDATE users SET recovery_box = $3, recovery_version = $5, recovery_confirmed = TRUE WHERE org_id = $1 AND id = $2 AND outer_epoch = $4`)
	sqlRecoveryAt = gate.SQL(`SELECT recovery_version FROM users WHERE org_id = $1 AND id = $2`)
)

// Guest stores a guest's password record; guests have no keys.
func (s *Store) Guest(tx *gate.Tx, m Member, epoch int64) error {
	return tx.One(sqlGuestKeys, m.User, epoch, m.record)
}

// SetRecovery puts the actor's seed under a new recovery code.
func (s *Store) SetRecovery(tx *gate.Tx, code seal.RecoveryCode) error {
	seed := tx.Who().Ring().Seed()
	if !seed.Valid() {
		return fault.Closed()
	}
	outer, err := s.Outer(tx, tx.KeyEpoch())
	if err != nil {
		return err
	}
	org, user := tx.Who().Org(), tx.Who().User()
	var version int64
	if err := tx.Row(sqlRecoveryAt, user).Scan(&version); err != nil {
		return err
	}
	version++
	box := seal.SealRecovery(code, outer, placeOfRecovery(org, user, tx.KeyEpoch(), version), seed)
	return tx.One(sqlRecovery, user, box, tx.KeyEpoch(), version)
}
