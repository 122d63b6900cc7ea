package vault

import (
	"context"

	"bailiwick/internal/gate"
)

var sqlFlagSums = gate.SQL(`SELECT c.client_id, COALESCE(c.folder_id, ''), COUNT(DISTINCT f.credential_id) FROM flags f JOIN credentials c ON c.org_id = f.org_id AND c.id = f.credential_id
	WHERE f.org_id = $1 AND f.cleared_at = 0 AND c.archived_at = 0 AND c.client_id IS NOT NULL GROUP BY c.client_id, COALESCE(c.folder_id, '')`)

// FlagCounts gives the number of flagged credentials by client, of those that
// the actor reaches. Clients without one are left out.
func (s *Store) FlagCounts(ctx context.Context, who gate.Actor) (map[string]int, error) {
	return gate.Do(ctx, s.gate, who, OpFlagSums, gate.Nothing(), func(tx *gate.Tx) (map[string]int, error) {
		sums := map[string]int{}
		err := tx.Each(sqlFlagSums, func(r *gate.Rows) error {
			var client, folder string
			var n int
			err := r.Scan(&client, &folder, &n)
			if tx.Sees(client, "", folder) {
				sums[client] += n
			}
			return err
		})
		return sums, err
	})
}
