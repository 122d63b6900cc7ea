package vault

import (
	"context"

	"bailiwick/internal/gate"
)

var sqlFlagSums = gate.SQL(`SELECT c.client_id, COALESCE(c.folder_id, ''), ` + gate.AloneC + `, COUNT(DISTINCT f.credential_id) FROM flags f JOIN credentials c ON c.org_id = f.org_id AND c.id = f.credential_id
	WHERE f.org_id = $1 AND f.cleared_at = 0 AND c.archived_at = 0 AND c.client_id IS NOT NULL GROUP BY 1, 2, 3`)

// FlagCounts gives the number of flagged credentials by client, of those that
// the actor reaches. Clients without one are left out.
func (s *Store) FlagCounts(ctx context.Context, who gate.Actor) (map[string]int, error) {
	return gate.Do(ctx, s.gate, who, OpFlagSums, gate.Nothing(), func(tx *gate.Tx) (map[string]int, error) {
		sums := map[string]int{}
		err := tx.Each(sqlFlagSums, func(r *gate.Rows) error {
			var at gate.Lies
			var n int
			err := r.Scan(&at.Client, &at.Folder, &at.Item, &n)
			if tx.Sees(at) {
				sums[at.Client] += n
			}
			return err
		})
		return sums, err
	})
}
