package people

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
)

// Match is a user whom a search found, as the list shows him. A higher score
// is a better match, on the scale of the search for credentials.
type Match struct {
	Person
	Score int
}

var sqlMatches = gate.SQL(`SELECT u.id, u.name, u.email FROM users u WHERE ` + filtered)

// Search finds enabled users by beginnings of words of name and address, the
// best first. It asks for what the list of users asks for.
func (s *Store) Search(ctx context.Context, who gate.Actor, query string, limit int) ([]Match, error) {
	return gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) ([]Match, error) {
		if !seesUsers(tx) {
			return nil, fault.NotFound()
		}
		// The database narrows the users down to those that have the letters
		// anywhere; which of them begin a word, and in what order, is for find.
		ix, w := find.New(), patterns(query)
		err := tx.Each(sqlMatches, func(r *gate.Rows) error {
			var e find.Entry
			err := r.Scan(&e.ID, &e.Title, &e.Username)
			ix.Put(e)
			return err
		}, false, false, w[0], w[1], w[2])
		if err != nil {
			return nil, err
		}
		hits := ix.Search(query, func(uint32) bool { return true }, limit)
		out, all := make([]Match, len(hits)), make([]*Person, len(hits))
		for i, h := range hits {
			if out[i].Person, err = scanPerson(tx.Row(sqlPerson, h.ID), tx.Millis()); err != nil {
				return nil, err
			}
			out[i].Score, all[i] = h.Score, &out[i].Person
		}
		return out, judge(tx, all...)
	})
}
