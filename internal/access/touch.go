package access

import (
	"context"

	"bailiwick/internal/gate"
	"bailiwick/internal/org"
)

var (
	sqlKnows = gate.SQL(`SELECT c.id, c.client_id, COALESCE(c.folder_id, ''), c.password_rev FROM seen s
		JOIN credentials c ON c.org_id = s.org_id AND c.id = s.credential_id AND c.password_rev = s.password_rev
		WHERE s.org_id = $1 AND s.user_id = $2 AND c.client_id IS NOT NULL AND c.archived_at = 0 ORDER BY c.id`)
	sqlTouch = gate.SQL(`INSERT INTO flags (org_id, credential_id, home, cause, about, set_at, set_by, password_rev) VALUES ($1, $2, $3, 'touched', $4, $5, $6, $7)
		ON CONFLICT (org_id, credential_id, cause, about) DO UPDATE SET set_at = $5, set_by = $6, password_rev = $7, cleared_at = 0, cleared_by = ''`)
	sqlUsersOf = gate.SQL(`SELECT user_id FROM group_users WHERE org_id = $1 AND group_id = $2 ORDER BY user_id`)
)

// Touch flags the present passwords that users have seen and, by what this
// transaction did, don't reach any more. It comes after the change.
func Touch(tx *gate.Tx, users []string) error {
	lost, err := tx.Lost()
	if err != nil {
		return err
	}
	for _, user := range users {
		type known struct {
			credential, client, folder string
			rev                        int64
		}
		var all []known
		err := tx.Each(sqlKnows, func(r *gate.Rows) error {
			var k known
			err := r.Scan(&k.credential, &k.client, &k.folder, &k.rev)
			if err == nil && lost(user, k.client, k.folder) {
				all = append(all, k)
			}
			return err
		}, user)
		if err != nil {
			return err
		}
		for _, k := range all {
			if _, err := tx.Exec(sqlTouch, k.credential, k.client, user, tx.Millis(), tx.Who().User(), k.rev); err != nil {
				return err
			}
			tx.Note(gate.Event{Operation: "credential.flagged", Kind: "credential", ID: k.credential, Client: k.client, Fields: []string{"touched"}}, "")
		}
	}
	return org.TouchedThere(tx)
}

func usersOf(tx *gate.Tx, group string) (users []string, err error) {
	err = tx.Each(sqlUsersOf, func(r *gate.Rows) error {
		var user string
		err := r.Scan(&user)
		users = append(users, user)
		return err
	}, group)
	return users, err
}

// UnassignFlagging takes a client from a user, and flags what he has seen
// there, unless he still reaches it in another way.
func (s *Store) UnassignFlagging(ctx context.Context, who gate.Actor, client, user string) error {
	return s.unassign(ctx, who, client, user, true)
}

// UnassignGroupFlagging takes a client from a security group, and flags what
// its users have seen there, unless they still reach it in another way.
func (s *Store) UnassignGroupFlagging(ctx context.Context, who gate.Actor, client, group string) error {
	return s.assignGroup(ctx, who, client, group, false, true)
}
