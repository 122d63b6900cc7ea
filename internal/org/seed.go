package org

import (
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// whySeed is the reason of an epoch that a renewed seed made.
const whySeed = "a user renewed their keys"

var (
	sqlSeedOld = gate.SQL(`SELECT COUNT(*) FROM users u JOIN key_epochs e ON e.org_id = u.org_id AND e.epoch > u.seed_epoch
		WHERE u.org_id = $1 AND u.id = $2 AND u.home_box IS NOT NULL AND e.why <> $3`)
	sqlSeedAt = gate.SQL(`SELECT seed_number, recovery_version FROM users WHERE org_id = $1 AND id = $2`)
	sqlReseed = gate.SQL(`UPDATE users SET home_epoch = $3, home_box = $4, recovery_box = $5, recovery_version = $6, recovery_confirmed = FALSE,
		hpke_public = $7, pin = $8, seed_number = $9, seed_epoch = $3 WHERE org_id = $1 AND id = $2`)
	sqlAddPersonal = gate.SQL(`INSERT INTO personal_keys (org_id, user_id, seed_number, previous_box) VALUES ($1, $2, $3, $4)`)
)

// SeedOld reports whether somebody or something that could open the vault was
// removed since the user's seed was made, so that it is time to renew it.
func (s *Store) SeedOld(tx *gate.Tx, user string) (bool, error) {
	n := 0
	err := tx.Row(sqlSeedOld, user, whySeed).Scan(&n)
	return n > 0, err
}

// Renewed is what a session holds after its user's seed was renewed.
type Renewed struct {
	Keys  seal.SessionKeys
	Outer seal.Key
}

// Reseed gives the actor a new seed in a new epoch. Whoever knew the earlier
// seed, the earlier P or both gets nothing of the new epoch by them: the user's
// holder in the roster is another key, and his ways in are made anew under p,
// which a fresh password record holds already. His recovery code is void until
// he makes another. The earlier personal-vault key lies under the new one.
func (s *Store) Reseed(tx *gate.Tx, p seal.Key) (Renewed, error) {
	who := tx.Who()
	user, earlier, seed := who.User(), who.Ring().Seed(), seal.NewKey()
	public := seed.Identity("user").Public()
	e, err := s.next(tx, whySeed, change{seal.HolderUser, user, public})
	if err != nil {
		return Renewed{}, err
	}
	var number, version int64
	if err := tx.Row(sqlSeedAt, user).Scan(&number, &version); err != nil {
		return Renewed{}, err
	}
	number, version = number+1, version+1
	home := seal.SealHome(p, e.Vault, placeOfHome(e.Org, user, e.N), seed)
	void := seal.SealRecovery(seal.NewRecoveryCode(), e.Outer, placeOfRecovery(e.Org, user, e.N, version), seed)
	pin := seal.SealPin(seed, e.Org, user, e.Sign.Public(), e.N)
	if err := tx.One(sqlReseed, user, e.N, home, void, version, public, pin, number); err != nil {
		return Renewed{}, err
	}
	box := gate.PersonalOf(seed).Wrap(seal.PurposePersonalPrevious, gate.PlaceOfPreviousPersonal(e.Org, user, number), gate.PersonalOf(earlier))
	if _, err := tx.Exec(sqlAddPersonal, user, number, box); err != nil {
		return Renewed{}, err
	}
	return Renewed{seal.SessionKeys{P: p, Seed: seed, Vault: e.Vault, Epoch: e.N}, e.Outer}, dropPasskeys(tx, user)
}
