package people

import (
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// What can be given to a user lies within the actor's own: account roles that
// he has, clients that he reaches, groups that give nothing which he lacks.

var sqlOwnRoles = gate.SQL(`SELECT role_account, role_user_manager FROM users WHERE org_id = $1 AND id = $2`)

// givesRoles reports which account roles the actor may give and take:
// Organization: Admin, or the same role and Permissions: Edit.
func givesRoles(tx *gate.Tx) (account, manager bool, err error) {
	if tx.Site() {
		return false, false, nil
	}
	if tx.Has(perm.OrganizationAdmin) {
		return true, true, nil
	}
	if !tx.Has(perm.PermissionsEdit) {
		return false, false, nil
	}
	err = tx.Row(sqlOwnRoles, tx.Who().User()).Scan(&account, &manager)
	return account, manager, err
}

var (
	sqlIsGroup      = gate.SQL(`SELECT COUNT(*) FROM security_groups WHERE org_id = $1 AND id = $2`)
	sqlGroupGives   = gate.SQL(`SELECT client_id FROM group_clients WHERE org_id = $1 AND group_id = $2`)
	sqlAllGroups    = gate.SQL(`SELECT id, name FROM security_groups WHERE org_id = $1 ORDER BY name, id`)
	sqlAllClients   = gate.SQL(`SELECT id, name FROM clients WHERE org_id = $1 ORDER BY company DESC, name_folded, id`)
	sqlHisClients   = gate.SQL(`SELECT client_id FROM client_users WHERE org_id = $1 AND user_id = $2 AND (until = 0 OR until > $3)`)
	sqlHisGroups    = gate.SQL(`SELECT group_id FROM group_users WHERE org_id = $1 AND user_id = $2`)
	sqlTakeClient   = gate.SQL(`DELETE FROM client_users WHERE org_id = $1 AND client_id = $2 AND user_id = $3`)
	sqlTakeGroup    = gate.SQL(`DELETE FROM group_users WHERE org_id = $1 AND group_id = $2 AND user_id = $3`)
	sqlDropClients  = gate.SQL(`DELETE FROM client_users WHERE org_id = $1 AND user_id = $2`)
	sqlDropGroups   = gate.SQL(`DELETE FROM group_users WHERE org_id = $1 AND user_id = $2`)
	sqlGroupGuards  = gate.SQL(`SELECT folder_id FROM folder_groups WHERE org_id = $1 AND group_id = $2`)
	sqlAllGivenByGs = gate.SQL(`SELECT group_id, client_id FROM group_clients WHERE org_id = $1`)
	sqlAllGuards    = gate.SQL(`SELECT group_id, folder_id FROM folder_groups WHERE org_id = $1`)
)

// givesGroup reports whether the actor may put users into a group: he manages
// groups, and reaches every client that it assigns and every folder that it
// guards, as the dialog of the group itself demands.
func givesGroup(tx *gate.Tx, group string) (bool, error) {
	n := 0
	if err := tx.Row(sqlIsGroup, group).Scan(&n); err != nil || n == 0 || tx.Visits() || !tx.Has(perm.SecurityGroupsManage) {
		return false, err
	}
	clients, err := idsOf(tx, sqlGroupGives, group)
	if err != nil {
		return false, err
	}
	folders, err := idsOf(tx, sqlGroupGuards, group)
	return allOf(clients, tx.SeesClient) && allOf(folders, tx.SeesFolder), err
}

func allOf(ids map[string]bool, is func(string) bool) bool {
	for id := range ids {
		if !is(id) {
			return false
		}
	}
	return true
}

func idsOf(tx *gate.Tx, stmt gate.Stmt, args ...any) (map[string]bool, error) {
	in := map[string]bool{}
	err := tx.Each(stmt, func(r *gate.Rows) error {
		var id string
		err := r.Scan(&id)
		in[id] = true
		return err
	}, args...)
	return in, err
}

// clientChoices lists the clients that the actor reaches, and counts those of
// the user's that he does not: they are neither shown nor touched.
func clientChoices(tx *gate.Tx, user string) (all []Choice, hidden int, err error) {
	if tx.Site() { // everybody reaches its one client
		return nil, 0, nil
	}
	in, err := idsOf(tx, sqlHisClients, user, tx.Millis())
	if err != nil {
		return nil, 0, err
	}
	err = tx.Each(sqlAllClients, func(r *gate.Rows) error {
		var c Choice
		err := r.Scan(&c.ID, &c.Name)
		c.In, c.May = in[c.ID], tx.Has(perm.EditAccessAssignments)
		if tx.SeesClient(c.ID) {
			all = append(all, c)
		} else if c.In {
			hidden++
		}
		return err
	})
	return all, hidden, err
}

func groupChoices(tx *gate.Tx, user string) (all []Choice, err error) {
	if tx.Visits() || !tx.Has(perm.SecurityGroupsView) && !tx.Has(perm.SecurityGroupsManage) {
		return nil, nil
	}
	in, err := idsOf(tx, sqlHisGroups, user)
	if err != nil {
		return nil, err
	}
	beyond, err := groupsBeyond(tx)
	if err != nil {
		return nil, err
	}
	err = tx.Each(sqlAllGroups, func(r *gate.Rows) error {
		var c Choice
		err := r.Scan(&c.ID, &c.Name)
		c.In = in[c.ID]
		c.May = tx.Has(perm.SecurityGroupsManage) && (c.In || !beyond[c.ID]) // taking out gives nothing
		all = append(all, c)
		return err
	})
	return all, err
}

// groupsBeyond finds the groups that give more than the actor reaches.
func groupsBeyond(tx *gate.Tx) (map[string]bool, error) {
	beyond := map[string]bool{}
	note := func(sees func(string) bool) func(*gate.Rows) error {
		return func(r *gate.Rows) error {
			var group, thing string
			err := r.Scan(&group, &thing)
			beyond[group] = beyond[group] || !sees(thing)
			return err
		}
	}
	if err := tx.Each(sqlAllGivenByGs, note(tx.SeesClient)); err != nil {
		return nil, err
	}
	return beyond, tx.Each(sqlAllGuards, note(tx.SeesFolder))
}
