// Package access is who reaches what: custom levels, security groups,
// assignments to clients, and the groups on folders.
//
// It decides nothing: the gate does, from what is stored here.
package access

import (
	"context"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/perm"
)

// Store is what the front doors call.
type Store struct{ gate *gate.Gate }

// New makes the store.
func New(g *gate.Gate) *Store { return &Store{g} }

// Operations. Each raises the access epoch, so that what it changes holds from
// the next request on, on every node.
var (
	OpLevelAdd = gate.Define(gate.Op{Name: "level.add", Sentence: "Add a custom permission level within one's own permissions", Scope: gate.Whole, Needs: perm.PermissionsAdd, Write: true, Audit: true, Once: true})
	OpGroupAdd = gate.Define(gate.Op{Name: "group.add", Sentence: "Add a security group", Scope: gate.Whole, Needs: perm.SecurityGroupsManage, Write: true, Audit: true, Once: true})
	OpGroupSet = gate.Define(gate.Op{Name: "group.enable", Sentence: "Disable or enable a security group", Scope: gate.Whole, Needs: perm.SecurityGroupsManage, Write: true, Audit: true, Once: true})
	OpGuard    = gate.Define(gate.Op{Name: "folder.guard", Sentence: "Put security groups on a folder", Scope: gate.Single, Needs: perm.SecurityGroupsManage, Write: true, Audit: true, Once: true})
	OpAssign   = gate.Define(gate.Op{Name: "client.assign", Sentence: "Assign a user to a client", Scope: gate.Single, Needs: perm.EditAccessAssignments, Write: true, Audit: true, Once: true})
)

var (
	sqlAddLevel    = gate.SQL(`INSERT INTO levels (org_id, id, name, permissions) VALUES ($1, $2, $3, $4)`)
	sqlAddGroup    = gate.SQL(`INSERT INTO security_groups (org_id, id, name) VALUES ($1, $2, $3)`)
	sqlGroupUser   = gate.SQL(`INSERT INTO group_users (org_id, group_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	sqlGroupClient = gate.SQL(`INSERT INTO group_clients (org_id, group_id, client_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	sqlGroupOn     = gate.SQL(`UPDATE security_groups SET enabled = $3, version = version + 1 WHERE org_id = $1 AND id = $2`)
	sqlUnguard     = gate.SQL(`DELETE FROM folder_groups WHERE org_id = $1 AND folder_id = $2`)
	sqlGuard       = gate.SQL(`INSERT INTO folder_groups (org_id, folder_id, group_id) SELECT $1, $2, id FROM security_groups WHERE org_id = $1 AND id = $3`)
	sqlAssign      = gate.SQL(`INSERT INTO client_users (org_id, client_id, user_id, until) SELECT $1, $2, id, $4 FROM users WHERE org_id = $1 AND id = $3
		ON CONFLICT (org_id, client_id, user_id) DO UPDATE SET until = $4`)
	sqlUnassign = gate.SQL(`DELETE FROM client_users WHERE org_id = $1 AND client_id = $2 AND user_id = $3`)
)

// AddLevel adds a custom level.
func (s *Store) AddLevel(ctx context.Context, who gate.Actor, name string, set perm.Set) (string, error) {
	return gate.Do(ctx, s.gate, who, OpLevelAdd, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		for _, i := range perm.All() {
			if set.Has(i.P) && (!tx.Has(i.P) || !i.P.Custom()) {
				return "", fault.Bad("permissions", "%q can't be put into a level by you.", i.Name)
			}
		}
		level := id.New("level")
		e := tx.Event()
		e.Kind, e.ID, e.Name = "level", level, name
		if _, err := tx.Exec(sqlAddLevel, level, name, strings.Join(set.Names(), "\n")); err != nil {
			return "", err
		}
		return level, tx.BumpAccess()
	})
}

// AddGroup adds a security group with its users and the clients that it
// assigns to them: users whom the actor outranks, clients that he reaches.
func (s *Store) AddGroup(ctx context.Context, who gate.Actor, name string, users, clients []string) (string, error) {
	return gate.Do(ctx, s.gate, who, OpGroupAdd, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		group := id.New("group")
		e := tx.Event()
		e.Kind, e.ID, e.Name = "group", group, name
		if _, err := tx.Exec(sqlAddGroup, group, name); err != nil {
			return "", err
		}
		for _, u := range users {
			// A group gives rights, so rank applies, and nobody gives himself any.
			if _, ok := tx.Outranks(u); !ok {
				return "", fault.NotFound()
			}
			if _, err := tx.Exec(sqlGroupUser, group, u); err != nil {
				return "", err
			}
		}
		for _, c := range clients {
			if !tx.SeesClient(c) {
				return "", fault.NotFound()
			}
			if _, err := tx.Exec(sqlGroupClient, group, c); err != nil {
				return "", err
			}
		}
		return group, tx.BumpAccess()
	})
}

// EnableGroup disables or enables a group. A disabled one assigns nothing, and
// what it guards stays closed.
func (s *Store) EnableGroup(ctx context.Context, who gate.Actor, group string, on bool) error {
	_, err := gate.Do(ctx, s.gate, who, OpGroupSet, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		e := tx.Event()
		e.Kind, e.ID = "group", group
		if err := tx.One(sqlGroupOn, group, on); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}

// Guard puts exactly these groups on a folder.
func (s *Store) Guard(ctx context.Context, who gate.Actor, folder string, groups []string) error {
	_, err := gate.Do(ctx, s.gate, who, OpGuard, gate.Folder(folder), func(tx *gate.Tx) (bool, error) {
		if _, err := tx.Exec(sqlUnguard, folder); err != nil {
			return false, err
		}
		for _, g := range groups {
			if err := tx.One(sqlGuard, folder, g); err != nil {
				return false, err
			}
		}
		tx.Event().Fields = []string{"security groups"}
		return true, tx.BumpAccess()
	})
	return err
}

// Assign gives a user whom the actor outranks a client, for good or until a time (milliseconds; 0:
// for good).
func (s *Store) Assign(ctx context.Context, who gate.Actor, client, user string, until int64) error {
	_, err := gate.Do(ctx, s.gate, who, OpAssign, gate.Client(client), func(tx *gate.Tx) (bool, error) {
		if _, ok := tx.Outranks(user); !ok {
			return false, fault.NotFound()
		}
		tx.Event().Fields = []string{"assigned " + user}
		if err := tx.One(sqlAssign, client, user, until); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}

// Unassign takes a client from a user.
func (s *Store) Unassign(ctx context.Context, who gate.Actor, client, user string) error {
	_, err := gate.Do(ctx, s.gate, who, OpAssign, gate.Client(client), func(tx *gate.Tx) (bool, error) {
		if _, ok := tx.Outranks(user); !ok {
			return false, fault.NotFound()
		}
		tx.Event().Fields = []string{"unassigned " + user}
		if err := tx.One(sqlUnassign, client, user); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}
