package access

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// Assignments is who is assigned to a client, and who could be.
type Assignments struct {
	Client              Named
	Users               []Assigned
	Groups, OtherGroups []AssignedGroup
	Others              []gate.Person // who can be assigned
}

// AssignedGroup is a group as a client's page names it.
type AssignedGroup struct {
	Named
	Enabled bool
	Users   int
}

var (
	sqlClientName  = gate.SQL(`SELECT id, name FROM clients WHERE org_id = $1 AND id = $2`)
	sqlClientUsers = gate.SQL(`SELECT u.id, COALESCE(NULLIF(u.name, ''), u.email), u.email, u.level_id, a.until FROM client_users a JOIN users u ON u.org_id = a.org_id AND u.id = a.user_id
		WHERE a.org_id = $1 AND a.client_id = $2 AND (a.until = 0 OR a.until > $3) ORDER BY COALESCE(NULLIF(u.name, ''), u.email), u.id`)
	sqlClientGroups = gate.SQL(`SELECT g.id, g.name, g.enabled, (SELECT COUNT(*) FROM group_users u WHERE u.org_id = g.org_id AND u.group_id = g.id),
		EXISTS (SELECT 1 FROM group_clients c WHERE c.org_id = g.org_id AND c.group_id = g.id AND c.client_id = $2)
		FROM security_groups g WHERE g.org_id = $1 ORDER BY g.name, g.id`)
	sqlAssign = gate.SQL(`INSERT INTO client_users (org_id, client_id, user_id, until) SELECT $1, $2, id, $4 FROM users WHERE org_id = $1 AND id = $3
		ON CONFLICT (org_id, client_id, user_id) DO UPDATE SET until = $4`)
	sqlUnassign   = gate.SQL(`DELETE FROM client_users WHERE org_id = $1 AND client_id = $2 AND user_id = $3`)
	sqlGroupThere = gate.SQL(`SELECT name FROM security_groups WHERE org_id = $1 AND id = $2`)
)

// Assignments shows who is assigned to a client.
func (s *Store) Assignments(ctx context.Context, who gate.Actor, client string) (Assignments, error) {
	return gate.Do(ctx, s.gate, who, OpAssignments, gate.Client(client), func(tx *gate.Tx) (a Assignments, err error) {
		if err = tx.Row(sqlClientName, client).Scan(&a.Client.ID, &a.Client.Name); err != nil {
			return a, err
		}
		if a.Users, err = assigned(tx, sqlClientUsers, tx.May(OpAssign, gate.Client(client)), client, tx.Millis()); err != nil {
			return a, err
		}
		a.Others = giveTo(tx, a.Users)
		return a, tx.Each(sqlClientGroups, func(r *gate.Rows) error {
			var g AssignedGroup
			var on bool
			err := r.Scan(&g.ID, &g.Name, &g.Enabled, &g.Users, &on)
			if on {
				a.Groups = append(a.Groups, g)
			} else {
				a.OtherGroups = append(a.OtherGroups, g)
			}
			return err
		}, client)
	})
}

// Assign gives a user whom the actor outranks a client, for good or until a
// time (milliseconds; 0: for good).
func (s *Store) Assign(ctx context.Context, who gate.Actor, client, user string, until int64) error {
	_, err := gate.Do(ctx, s.gate, who, OpAssign, gate.Client(client), func(tx *gate.Tx) (bool, error) {
		if _, ok := tx.Outranks(user); !ok {
			return false, fault.NotFound()
		}
		if err := ends(tx, until); err != nil {
			return false, err
		}
		tx.Event().Fields = []string{"assigned " + user}
		if err := s.tellGiven(tx, client, user); err != nil {
			return false, err
		}
		if err := tx.One(sqlAssign, client, user, until); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}

// Unassign takes a client from a user.
func (s *Store) Unassign(ctx context.Context, who gate.Actor, client, user string) error {
	return s.unassign(ctx, who, client, user, false)
}

func (s *Store) unassign(ctx context.Context, who gate.Actor, client, user string, flag bool) error {
	_, err := gate.Do(ctx, s.gate, who, OpAssign, gate.Client(client), func(tx *gate.Tx) (bool, error) {
		if _, ok := tx.Outranks(user); !ok {
			return false, fault.NotFound()
		}
		tx.Event().Fields = []string{"unassigned " + user}
		if err := tx.One(sqlUnassign, client, user); err != nil {
			return false, err
		}
		if flag {
			if err := Touch(tx, []string{user}); err != nil {
				return false, err
			}
		}
		return true, tx.BumpAccess()
	})
	return err
}

// AssignGroup gives a client to a security group, or takes it away.
func (s *Store) AssignGroup(ctx context.Context, who gate.Actor, client, group string, on bool) error {
	return s.assignGroup(ctx, who, client, group, on, false)
}

func (s *Store) assignGroup(ctx context.Context, who gate.Actor, client, group string, on, flag bool) error {
	_, err := gate.Do(ctx, s.gate, who, OpAssignGroup, gate.Client(client), func(tx *gate.Tx) (bool, error) {
		var name string
		if err := tx.Row(sqlGroupThere, group).Scan(&name); err != nil {
			return false, err
		}
		stmt, word := sqlGroupNoClient, "unassigned "
		if on {
			stmt, word = sqlGroupClient, "assigned "
		}
		tx.Event().Fields = []string{word + group}
		if on {
			g, err := groupOf(tx, group)
			if err != nil {
				return false, err
			}
			if err := s.tellGroup(tx, g, g.Enabled, idsOfPeople(g.Users), append(idsOf(g.Clients), client)); err != nil {
				return false, err
			}
		}
		if _, err := tx.Exec(stmt, group, client); err != nil {
			return false, err
		}
		if flag {
			users, err := usersOf(tx, group)
			if err != nil {
				return false, err
			}
			if err := Touch(tx, users); err != nil {
				return false, err
			}
		}
		return true, tx.BumpAccess()
	})
	return err
}
