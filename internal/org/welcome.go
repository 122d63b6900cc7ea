package org

import (
	"errors"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// newcomer is the row of a user who opens the vault without a way in of the
// present epoch: invited, enabled again, or after a reset of his password.
type newcomer struct {
	kind                  string
	outerEpoch            int64
	record                []byte
	recordAt              int64
	homeEpoch             int64
	home, reset, recovery []byte
	recoveryAt            int64
	number                int64
}

var (
	sqlNewcomer = gate.SQL(`SELECT kind, outer_epoch, password_record, password_version, home_epoch, home_box, reset_box, recovery_box, recovery_version, seed_number
		FROM users WHERE org_id = $1 AND id = $2 AND enabled AND approved AND NOT invited`)
	sqlWelcome = gate.SQL(`UPDATE users SET outer_epoch = $3, password_record = $4, home_epoch = $3, home_box = $5, reset_box = NULL, recovery_box = $6, recovery_version = $7,
		recovery_confirmed = $8, hpke_public = $9, pin = $10, seed_number = $11, seed_epoch = CASE WHEN $12 THEN CAST($3 AS BIGINT) ELSE seed_epoch END
		WHERE org_id = $1 AND id = $2`)
	sqlRegrant = gate.SQL(`DELETE FROM key_grants WHERE org_id = $1 AND epoch = $2 AND holder_kind = $3 AND holder_id = $4`)
)

// welcome lets the user of a session into the present epoch, after his password
// opened p, and the Organization Key or a link opened the vault key: the two
// proofs by which a public key comes into the roster. The seed is the one of
// his earlier home way in where there is one, else a new one.
func (s *Store) welcome(tx *gate.Tx, user string, p, vault seal.Key, epoch int64) (Opened, error) {
	tx.Who().Ring().Advance(epoch, vault)
	e, err := s.present(tx, epoch)
	if err != nil {
		return Opened{}, err
	}
	var u newcomer
	err = tx.Row(sqlNewcomer, user).Scan(&u.kind, &u.outerEpoch, &u.record, &u.recordAt, &u.homeEpoch, &u.home, &u.reset, &u.recovery, &u.recoveryAt, &u.number)
	if err != nil {
		return Opened{}, err
	}
	if u.kind == "guest" {
		return Opened{}, fault.Cannot("Guests have no vault. Ask an administrator to make you a member.")
	}
	seed, fresh, err := s.seedOf(tx, e, user, p, u)
	if err != nil {
		return Opened{}, err
	}
	outer, err := s.Outer(tx, u.outerEpoch)
	if err != nil {
		return Opened{}, err
	}
	record, err := seal.Rekey(u.record, outer, PlaceOfPassword(e.Org, user, u.outerEpoch, u.recordAt), e.Outer, PlaceOfPassword(e.Org, user, e.N, u.recordAt))
	if err != nil {
		return Opened{}, forged(err, "password record of "+user)
	}
	recovery, err := u.recoveryIn(e, user, outer, seed, fresh)
	if err != nil {
		return Opened{}, err
	}
	if fresh && u.hadSeed() {
		u.number++
	}
	public, pin := seed.Identity("user").Public(), seal.SealPin(seed, e.Org, user, e.Sign.Public(), e.N)
	home := seal.SealHome(p, e.Vault, placeOfHome(e.Org, user, e.N), seed)
	if err := tx.One(sqlWelcome, user, e.N, record, home, recovery, u.recoveryAt, !fresh, public, pin, u.number, fresh); err != nil {
		return Opened{}, err
	}
	tx.Note(gate.Event{Operation: "vault.entered", Kind: "user", ID: user, Actor: user}, "")
	return Opened{Seed: seed, Vault: vault, Epoch: e.N, Pin: pin}, e.readmit(tx, seal.Holder{Kind: seal.HolderUser, ID: user, Public: public})
}

func (u newcomer) hadSeed() bool { return u.homeEpoch != 0 }

// seedOf opens the earlier seed, or makes a new one. Who is in the signed
// roster has a way in: if it is missing, somebody cut the row, and a new seed
// would cost him his personal vault. Only a reset leaves him there without one,
// and says so under the outer key.
func (s *Store) seedOf(tx *gate.Tx, e *Epoch, user string, p seal.Key, u newcomer) (seed seal.Key, fresh bool, err error) {
	if u.home != nil {
		vault, err := tx.VaultKey(u.homeEpoch)
		if err != nil {
			return seed, false, err
		}
		if seed, err = seal.OpenHome(p, vault, placeOfHome(e.Org, user, u.homeEpoch), u.home); err != nil {
			return seed, false, forged(err, "home way in")
		}
		public, err := pinned(tx, user, seed, e.N)
		if err == nil && !seal.Equal(public, e.Sign.Public()) {
			err = forged(seal.ErrOpen, "signing key")
		}
		return seed, false, err
	}
	if _, in := e.Roster.Find(seal.HolderUser, user); in {
		outer, err := s.Outer(tx, u.homeEpoch)
		if errors.Is(err, gate.ErrNoRows) {
			return seed, false, forged(seal.ErrOpen, "no way in of "+user)
		}
		if err != nil {
			return seed, false, err
		}
		if _, err := outer.Open(seal.PurposeHome, placeOfReset(e.Org, user, u.homeEpoch), u.reset); err != nil {
			return seed, false, forged(err, "no way in of "+user)
		}
	}
	return seal.NewKey(), true, nil
}

// recoveryIn carries the recovery way in into the epoch. With a new seed it is
// one that nobody knows, until the user makes his code.
func (u *newcomer) recoveryIn(e *Epoch, user string, outer, seed seal.Key, fresh bool) ([]byte, error) {
	if fresh {
		u.recoveryAt++
		return seal.SealRecovery(seal.NewRecoveryCode(), e.Outer, placeOfRecovery(e.Org, user, e.N, u.recoveryAt), seed), nil
	}
	box, err := seal.RekeyOuter(u.recovery, seal.PurposeRecovery, outer, placeOfRecovery(e.Org, user, u.outerEpoch, u.recoveryAt), e.Outer, placeOfRecovery(e.Org, user, e.N, u.recoveryAt))
	if err != nil {
		return nil, forged(err, "recovery way in of "+user)
	}
	return box, nil
}

// readmit is admit for a holder who may be in the roster with an earlier key.
func (e *Epoch) readmit(tx *gate.Tx, h seal.Holder) error {
	for i, other := range e.Roster.Holders {
		if other.Kind == h.Kind && other.ID == h.ID {
			e.Roster.Holders = append(e.Roster.Holders[:i:i], e.Roster.Holders[i+1:]...)
			if _, err := tx.Exec(sqlRegrant, e.N, h.Kind, h.ID); err != nil {
				return err
			}
			break
		}
	}
	return e.admit(tx, h)
}

// placeOfReset is where a reset says that the ways in to a user's seed are gone.
func placeOfReset(org, user string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "users", Row: user, Envelope: "reset_box", Epoch: epoch}
}
