package people

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

var sqlGiven = gate.SQL(`SELECT c.name FROM client_users cu JOIN clients c ON c.org_id = cu.org_id AND c.id = cu.client_id WHERE cu.org_id = $1 AND cu.user_id = $2 AND (cu.until = 0 OR cu.until > $3) LIMIT 500`)

// Resend sends an invitation again, with a message; the earlier link is void.
func (s *Store) Resend(ctx context.Context, who gate.Actor, user, message string) error {
	if len(message) > 2000 {
		return fault.Bad("message", "Use at most 2,000 characters.")
	}
	_, err := gate.Do(ctx, s.gate, who, OpResend, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, s.on(tx, user, Resend, func(p *Person) error {
			st, err := ReadSettings(tx)
			if err != nil {
				return err
			}
			var things []string
			err = tx.Each(sqlGiven, func(r *gate.Rows) error {
				var name string
				err := r.Scan(&name)
				things = append(things, name)
				return err
			}, user, tx.Millis())
			if err != nil {
				return err
			}
			return s.sendInvitation(tx, user, st, things, message)
		})
	})
	return err
}
