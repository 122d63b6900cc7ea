package session

import (
	"context"

	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// Need is what opens the vault in a sealed session: the password where the
// session was sealed after a pause, the Organization Key where the browser is
// not known. Digits belong to the organization-key link that was asked about.
type Need struct{ Password, Key, Digits bool }

var sqlLinkDigits = gate.SQL(`SELECT COUNT(*) FROM key_links WHERE org_id = $1 AND id = $2 AND user_id = $3 AND digits`)

var sqlKnown = gate.SQL(`SELECT COUNT(*) FROM devices WHERE org_id = $1 AND lookup = $2 AND user_id = $3 AND expires_at > $4`)

// Need says what the page that opens the vault has to ask for.
func (s *Store) Need(ctx context.Context, who gate.Actor, bearer string, device seal.Token) (Need, error) {
	return s.NeedOf(ctx, who, bearer, device, "")
}

// NeedOf is Need for the page of an organization-key link of the actor.
func (s *Store) NeedOf(ctx context.Context, who gate.Actor, bearer string, device seal.Token, link string) (Need, error) {
	_, _, token, ok := parseBearer(bearer)
	return gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) (Need, error) {
		need := Need{Password: true, Key: true}
		if link != "" {
			n := 0
			if err := tx.Row(sqlLinkDigits, link, who.User()).Scan(&n); err != nil {
				return need, err
			}
			need.Digits = n > 0
		}
		if !ok {
			return need, nil
		}
		if p, err := s.keptP(tx, who, token, seal.Key{}); err == nil {
			need.Password = false
			p.Wipe()
		}
		if !device.Valid() {
			return need, nil
		}
		known := 0
		err := tx.Row(sqlKnown, device.Lookup(), who.User(), tx.Millis()).Scan(&known)
		need.Key = known == 0
		return need, err
	})
}
