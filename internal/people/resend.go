package people

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/keylink"
	"bailiwick/internal/org"
)

var sqlGiven = gate.SQL(`SELECT g.name FROM (
		SELECT c.id, c.name, c.name_folded FROM client_users cu JOIN clients c ON c.org_id = cu.org_id AND c.id = cu.client_id
		WHERE cu.org_id = $1 AND cu.user_id = $2 AND (cu.until = 0 OR cu.until > $3)
		UNION SELECT c.id, c.name, c.name_folded FROM group_users gu JOIN security_groups s ON s.org_id = gu.org_id AND s.id = gu.group_id AND s.enabled
		JOIN group_clients gc ON gc.org_id = gu.org_id AND gc.group_id = gu.group_id JOIN clients c ON c.org_id = gc.org_id AND c.id = gc.client_id AND (c.enabled OR c.company)
		WHERE gu.org_id = $1 AND gu.user_id = $2) g ORDER BY g.name_folded, g.id LIMIT 500`)

// given names the clients that are assigned to a user, by himself or by his
// security groups.
func given(tx *gate.Tx, user string) (names []string, err error) {
	err = tx.Each(sqlGiven, func(r *gate.Rows) error {
		var name string
		err := r.Scan(&name)
		names = append(names, name)
		return err
	}, user, tx.Millis())
	if err != nil {
		return nil, err
	}
	bases, err := kb.Given(tx, user)
	return append(bases, names...), err
}

// Resend sends an invitation again, with a message; the earlier link is void.
// An organization-key link that went along is made anew by whoever can.
func (s *Store) Resend(ctx context.Context, who gate.Actor, user, message string) (Added, error) {
	if len(message) > 2000 {
		return Added{}, fault.Bad("message", "Use at most 2,000 characters.")
	}
	a, err := gate.Do(ctx, s.gate, who, OpResend, gate.Nothing(), func(tx *gate.Tx) (a Added, err error) {
		return a, s.on(tx, user, Resend, func(p *Person) error {
			st, err := ReadSettings(tx)
			if err != nil {
				return err
			}
			things, err := given(tx, user)
			if err != nil {
				return err
			}
			l, err := s.sendInvitation(tx, user, p.Level, st, things, message)
			if err != nil {
				return err
			}
			a = Added{ID: user, Email: p.Email}
			if tx.Visits() {
				if a.Link, err = s.mail.ByHand(tx, l.path); err != nil {
					return err
				}
			}
			along, err := keyAlong(tx, user)
			if ok, why := may(tx, SendKey, *p); err == nil && along && ok && why == "" {
				var made keylink.Made
				if made, err = s.keys.Make(tx, user, l.expires, st.KeyLinkDigits); err != nil {
					return err
				}
				tx.Event().Fields = []string{"organization key sent"}
				if a.KeyLink, err = s.mail.ByHand(tx, made.Path); err != nil {
					return err
				}
				a.Link, err = s.mail.ByHand(tx, l.path)
				a.KeySent, a.Digits = true, made.Digits
			}
			return err
		})
	})
	return a, org.HeldUp(err)
}

var sqlKeyAlong = gate.SQL(`SELECT COUNT(*) FROM key_links WHERE org_id = $1 AND user_id = $2 AND used_at = 0`)

// keyAlong reports whether an organization-key link was made for a user that
// he has not used.
func keyAlong(tx *gate.Tx, user string) (bool, error) {
	n := 0
	err := tx.Row(sqlKeyAlong, user).Scan(&n)
	return n > 0, err
}
