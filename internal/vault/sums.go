package vault

import (
	"context"

	"bailiwick/internal/gate"
)

// Sums by place and flags are kept by the database itself (migration 18), as
// lists of clients ask for them each time.
const sumRows = `client_id, folder_id, item, flagged, n FROM credential_sums WHERE org_id = $1`

var (
	sqlSums  = gate.SQL(`SELECT ` + sumRows)
	sqlSumAt = gate.SQL(`SELECT ` + sumRows + ` AND client_id = $2`)
)

// flagBits are the causes in the order of the bits of credentials.flagged.
var flagBits = [...]string{Touched, Expired, ADChange, Unshared, Weak, Reused, Manual}

// Sum says how many present credentials there are, how many of them are
// flagged, and for what: one can have several causes.
type Sum struct {
	Credentials, Flagged int
	FlaggedFor           map[string]int
}

// Sums counts credentials by client, of those that the actor reaches: in all
// clients, or in one. Clients without one are left out.
func Sums(tx *gate.Tx, client string) (map[string]Sum, error) {
	all := map[string]Sum{}
	each := func(r *gate.Rows) error {
		var at gate.Lies
		var flagged, n int
		if err := r.Scan(&at.Client, &at.Folder, &at.Item, &flagged, &n); err != nil || !tx.Sees(at) {
			return err
		}
		sum := all[at.Client]
		sum.Credentials += n
		if flagged != 0 {
			sum.flag(flagged, n)
		}
		all[at.Client] = sum
		return nil
	}
	if client != "" {
		return all, tx.Each(sqlSumAt, each, client)
	}
	return all, tx.Each(sqlSums, each)
}

func (s *Sum) flag(bits, n int) {
	if s.FlaggedFor == nil {
		s.FlaggedFor = map[string]int{}
	}
	s.Flagged += n
	for i, cause := range flagBits {
		if bits&(1<<i) != 0 {
			s.FlaggedFor[cause] += n
		}
	}
}

// FlagCounts gives the number of flagged credentials by client, of those that
// the actor reaches. Clients without one are left out.
func (s *Store) FlagCounts(ctx context.Context, who gate.Actor) (map[string]int, error) {
	return gate.Do(ctx, s.gate, who, OpFlagSums, gate.Nothing(), func(tx *gate.Tx) (map[string]int, error) {
		all, err := Sums(tx, "")
		counts := map[string]int{}
		for client, sum := range all {
			if sum.Flagged > 0 {
				counts[client] = sum.Flagged
			}
		}
		return counts, err
	})
}
