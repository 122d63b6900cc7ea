package gate

import (
	"errors"

	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
)

// A user's personal-vault key comes from his seed, and seeds are numbered from
// 1: a renewed one has the next number. The key of an earlier seed lies under
// that of the next, so what was sealed under it stays readable.

var (
	sqlSeedNumber       = SQL(`SELECT seed_number FROM users WHERE org_id = $1 AND id = $2`)
	sqlPreviousPersonal = SQL(`SELECT previous_box FROM personal_keys WHERE org_id = $1 AND user_id = $2 AND seed_number = $3`)
)

// PersonalOf derives a user's personal-vault key from his seed.
func PersonalOf(seed seal.Key) seal.Key { return seed.Derive("personal vault") }

// PersonalKey gives the key of the actor's personal vault that belongs to a
// number of his seed.
func (t *Tx) PersonalKey(number int64) (seal.Key, error) {
	r := t.who.ring
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.findPersonal(t); err != nil {
		return seal.Key{}, err
	}
	if number < 1 || number > r.newest {
		return seal.Key{}, seal.ErrOpen
	}
	for at := r.newest; at > number; at-- {
		if r.personal[at-1].Valid() {
			continue
		}
		var box []byte
		err := t.Row(sqlPreviousPersonal, t.who.user, at).Scan(&box)
		if errors.Is(err, ErrNoRows) { // lost with the ways in, by a reset
			return seal.Key{}, seal.ErrOpen
		}
		if err != nil {
			return seal.Key{}, err
		}
		k, err := r.personal[at].Unwrap(seal.PurposePersonalPrevious, PlaceOfPreviousPersonal(t.who.org, t.who.user, at), box)
		if err != nil {
			return seal.Key{}, err
		}
		r.personal[at-1] = k
	}
	return r.personal[number], nil
}

// PersonalWriteKey gives the key under which everything new in the actor's
// personal vault is sealed, and its number.
func (t *Tx) PersonalWriteKey() (seal.Key, int64, error) {
	r := t.who.ring
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.findPersonal(t)
	return r.personal[r.newest], r.newest, err
}

func (r *Ring) findPersonal(t *Tx) error {
	if !r.seed.Valid() || t.who.kind != User {
		return fault.Closed()
	}
	if r.newest != 0 {
		return nil
	}
	var number int64
	if err := t.Row(sqlSeedNumber, t.who.user).Scan(&number); err != nil {
		return err
	}
	r.personal, r.newest = map[int64]seal.Key{number: PersonalOf(r.seed)}, number
	return nil
}
