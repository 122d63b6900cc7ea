package people

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

var sqlGiven = gate.SQL(`SELECT c.name FROM client_users cu JOIN clients c ON c.org_id = cu.org_id AND c.id = cu.client_id WHERE cu.org_id = $1 AND cu.user_id = $2 AND (cu.until = 0 OR cu.until > $3) ORDER BY c.name_folded LIMIT 500`)

// given names the clients that are assigned to a user by name.
func given(tx *gate.Tx, user string) (names []string, err error) {
	err = tx.Each(sqlGiven, func(r *gate.Rows) error {
		var name string
		err := r.Scan(&name)
		names = append(names, name)
		return err
	}, user, tx.Millis())
	return names, err
}

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
			things, err := given(tx, user)
			if err != nil {
				return err
			}
			_, _, err = s.sendInvitation(tx, user, st, things, message)
			return err
		})
	})
	return err
}
