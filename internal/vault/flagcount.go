package vault

import (
	"context"

	"bailiwick/internal/gate"
)

// Sums by place and causes are kept by the database itself (migration 18), as
// lists of clients ask for them each time.
const flagSums = `SELECT client_id, folder_id, item, causes, n FROM flag_sums WHERE org_id = $1`

var (
	sqlFlagSums  = gate.SQL(flagSums)
	sqlFlagSumAt = gate.SQL(flagSums + ` AND client_id = $2`)
)

// flagBits are the causes in the order of the bits of credentials.flagged.
var flagBits = [...]string{Touched, Expired, ADChange, Unshared, Weak, Reused, Manual}

// Flagged says how many credentials of a client are flagged, and for what: one
// can have several causes.
type Flagged struct {
	Credentials int
	For         map[string]int
}

// SumFlags counts flagged credentials by client, of those that the actor
// reaches: in all clients, or in one. Clients without one are left out.
func SumFlags(tx *gate.Tx, client string) (map[string]Flagged, error) {
	sums := map[string]Flagged{}
	each := func(r *gate.Rows) error {
		var at gate.Lies
		var causes, n int
		if err := r.Scan(&at.Client, &at.Folder, &at.Item, &causes, &n); err != nil || !tx.Sees(at) {
			return err
		}
		sum := sums[at.Client]
		if sum.For == nil {
			sum.For = map[string]int{}
		}
		sum.Credentials += n
		for i, cause := range flagBits {
			if causes&(1<<i) != 0 {
				sum.For[cause] += n
			}
		}
		sums[at.Client] = sum
		return nil
	}
	if client != "" {
		return sums, tx.Each(sqlFlagSumAt, each, client)
	}
	return sums, tx.Each(sqlFlagSums, each)
}

// FlagCounts gives the number of flagged credentials by client, of those that
// the actor reaches. Clients without one are left out.
func (s *Store) FlagCounts(ctx context.Context, who gate.Actor) (map[string]int, error) {
	return gate.Do(ctx, s.gate, who, OpFlagSums, gate.Nothing(), func(tx *gate.Tx) (map[string]int, error) {
		all, err := SumFlags(tx, "")
		counts := make(map[string]int, len(all))
		for client, sum := range all {
			counts[client] = sum.Credentials
		}
		return counts, err
	})
}
