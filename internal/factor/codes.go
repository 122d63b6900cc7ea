package factor

import (
	"context"
	"errors"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// howMany recovery codes a user is given.
const howMany = 10

var (
	sqlCodes     = gate.SQL(`SELECT id, outer_epoch, version, factor_box FROM factors WHERE org_id = $1 AND user_id = $2 AND kind = 'codes' AND confirmed`)
	sqlDropCodes = gate.SQL(`DELETE FROM factors WHERE org_id = $1 AND user_id = $2 AND kind = 'codes'`)
	sqlAddCodes  = gate.SQL(`INSERT INTO factors (org_id, id, user_id, kind, confirmed, outer_epoch, factor_box, counter, created_at) VALUES ($1, $2, $3, 'codes', TRUE, $4, $5, $6, $7)`)
	sqlUseCode   = gate.SQL(`UPDATE factors SET version = $4, factor_box = $5, counter = $6, last_used = $7 WHERE org_id = $1 AND id = $2 AND version = $3`)
)

// newCodes makes a user's codes anew; the earlier ones are void.
func (s *Store) newCodes(tx *gate.Tx, user string) ([]seal.FactorCode, error) {
	if _, err := tx.Exec(sqlDropCodes, user); err != nil {
		return nil, err
	}
	n := tx.KeyEpoch()
	outer, err := s.org.Outer(tx, n)
	if err != nil {
		return nil, err
	}
	var made []seal.FactorCode
	var hashes []byte
	for range howMany {
		c := seal.NewFactorCode()
		made, hashes = append(made, c), append(hashes, c.Hash(user)...)
	}
	row := id.New("factor")
	box := outer.Seal(seal.PurposeFactorCodes, org.PlaceOfFactor(tx.Who().Org(), row, user, codes, n, 1), hashes)
	_, err = tx.Exec(sqlAddCodes, row, user, n, box, len(made), tx.Millis())
	return made, err
}

// useCode takes a code off the list. Two at the same time can't both.
func (s *Store) useCode(tx *gate.Tx, user string, code seal.FactorCode) error {
	var row string
	var epoch, version int64
	var box []byte
	err := tx.Row(sqlCodes, user).Scan(&row, &epoch, &version, &box)
	if errors.Is(err, gate.ErrNoRows) {
		return ErrWrong
	}
	if err != nil {
		return err
	}
	outer, err := s.org.Outer(tx, epoch)
	if err != nil {
		return err
	}
	organization := tx.Who().Org()
	hashes, err := outer.Open(seal.PurposeFactorCodes, org.PlaceOfFactor(organization, row, user, codes, epoch, version), box)
	if err != nil {
		return ErrWrong
	}
	typed, left, found := code.Hash(user), []byte{}, false
	for ; len(hashes) >= seal.KeySize; hashes = hashes[seal.KeySize:] {
		if one := hashes[:seal.KeySize]; seal.Equal(one, typed) {
			found = true
		} else {
			left = append(left, one...)
		}
	}
	if !found {
		return ErrWrong
	}
	box = outer.Seal(seal.PurposeFactorCodes, org.PlaceOfFactor(organization, row, user, codes, epoch, version+1), left)
	n, err := tx.Exec(sqlUseCode, row, version, version+1, box, len(left)/seal.KeySize, tx.Millis())
	if err == nil && n != 1 {
		err = ErrWrong
	}
	if err != nil {
		return err
	}
	return s.tell(tx, user, "The list of recovery codes, of which one was used,")
}

// NewCodes makes the actor's recovery codes anew.
func (s *Store) NewCodes(ctx context.Context, who gate.Actor, password seal.Secret) ([]seal.FactorCode, error) {
	if err := s.org.Confirm(ctx, who, password); err != nil {
		return nil, err
	}
	return gate.Do(ctx, s.gate, who, OpCodes, gate.Nothing(), func(tx *gate.Tx) ([]seal.FactorCode, error) {
		all, _, err := list(tx, who.User())
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			return nil, fault.Cannot("Recovery codes take the place of a second factor. Set one up first.")
		}
		tx.Event().Kind, tx.Event().ID = "user", who.User()
		if err := s.tell(tx, who.User(), "The list of recovery codes"); err != nil {
			return nil, err
		}
		return s.newCodes(tx, who.User())
	})
}
