package vault

import (
	"context"

	"bailiwick/internal/gate"
)

// Titles gives the titles of credentials by id, of those that the actor
// reaches; others are left out.
func (s *Store) Titles(ctx context.Context, who gate.Actor, ids []string) (map[string]string, error) {
	return gate.Do(ctx, s.gate, who, OpSearch, gate.Nothing(), func(tx *gate.Tx) (map[string]string, error) {
		return s.TitlesOf(tx, ids)
	})
}

// TitlesOf is Titles within another operation, of an actor who has the keys.
func (s *Store) TitlesOf(tx *gate.Tx, ids []string) (map[string]string, error) {
	titles := map[string]string{}
	for _, id := range ids {
		if _, known := titles[id]; known || !tx.May(OpView, gate.Credential(id)) {
			continue
		}
		c, err := load(tx, id)
		if err != nil {
			return nil, err
		}
		titles[id] = c.Title
	}
	return titles, nil
}
