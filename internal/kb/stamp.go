package kb

import (
	"context"

	"bailiwick/internal/gate"
)

var sqlUpcoming = gate.SQL(`SELECT COALESCE(MIN(published_at), 0) FROM kb_articles WHERE org_id = $1 AND base_id = $2 AND published_at > $3`)

// Stamp decides whether the actor may read a knowledge base, and says of which
// state what he would be answered is.
func (s *Store) Stamp(ctx context.Context, who gate.Actor, base string) (gate.Stamp, error) {
	return gate.Do(ctx, s.gate, who, OpOpen, gate.Base(base), func(tx *gate.Tx) (gate.Stamp, error) { return tx.Stamp(), nil })
}

// Upcoming is when, in Unix milliseconds, the next article appears by itself; 0
// if none is scheduled. It is asked for before an answer is made, which then
// holds until that time.
func (s *Store) Upcoming(ctx context.Context, who gate.Actor, base string) (int64, error) {
	return gate.Do(ctx, s.gate, who, OpOpen, gate.Base(base), func(tx *gate.Tx) (at int64, err error) {
		return at, tx.Row(sqlUpcoming, tx.BaseID(), tx.Millis()).Scan(&at)
	})
}
