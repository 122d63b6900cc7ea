package client

import (
	"context"

	"bailiwick/internal/gate"
)

var (
	sqlMark   = gate.SQL(`INSERT INTO bookmarks (org_id, user_id, client_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	sqlUnmark = gate.SQL(`DELETE FROM bookmarks WHERE org_id = $1 AND user_id = $2 AND client_id = $3`)
)

// Bookmark sets or takes away the actor's own bookmark.
func (s *Store) Bookmark(ctx context.Context, who gate.Actor, clientID string, on bool) error {
	_, err := gate.Do(ctx, s.gate, who, OpBookmark, gate.Client(clientID), func(tx *gate.Tx) (bool, error) {
		stmt := sqlUnmark
		if on {
			stmt = sqlMark
		}
		_, err := tx.Exec(stmt, who.User(), clientID)
		return true, err
	})
	return err
}
