package access

import (
	"context"
	"errors"
	"slices"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// Group is a security group, with what the actor reaches of it.
type Group struct {
	ID, Name  string
	Enabled   bool
	Version   int64
	Users     []gate.Person
	Clients   []Named
	Folders   []Folder // that it guards
	Limits    []Named  // categories of knowledge bases that its users read
	MayChange bool
}

// Folder is a guarded folder with its client.
type Folder struct {
	Named
	Client Named
}

var (
	sqlGroups          = gate.SQL(`SELECT id, name, enabled, version FROM security_groups WHERE org_id = $1 ORDER BY name, id`)
	sqlGroupUsers      = gate.SQL(`SELECT m.group_id, u.id, COALESCE(NULLIF(u.name, ''), u.email), u.email, u.level_id FROM group_users m JOIN users u ON u.org_id = m.org_id AND u.id = m.user_id WHERE m.org_id = $1 AND ($2 = '' OR m.group_id = $2) ORDER BY COALESCE(NULLIF(u.name, ''), u.email), u.id`)
	sqlGroupClients    = gate.SQL(`SELECT m.group_id, c.id, c.name FROM group_clients m JOIN clients c ON c.org_id = m.org_id AND c.id = m.client_id WHERE m.org_id = $1 AND ($2 = '' OR m.group_id = $2) ORDER BY c.name_folded, c.id`)
	sqlGroupFolders    = gate.SQL(`SELECT m.group_id, f.id, f.name, c.id, c.name FROM folder_groups m JOIN folders f ON f.org_id = m.org_id AND f.id = m.folder_id JOIN clients c ON c.org_id = f.org_id AND c.id = f.client_id WHERE m.org_id = $1 AND ($2 = '' OR m.group_id = $2) ORDER BY c.name_folded, f.name_folded, f.id`)
	sqlGroupCategories = gate.SQL(`SELECT m.group_id, c.id, b.name || ': ' || c.name FROM kb_category_groups m JOIN kb_categories c ON c.org_id = m.org_id AND c.id = m.category_id JOIN kb_bases b ON b.org_id = c.org_id AND b.id = c.base_id WHERE m.org_id = $1 AND ($2 = '' OR m.group_id = $2) ORDER BY b.name, c.name, c.id`)
	sqlAddGroup        = gate.SQL(`INSERT INTO security_groups (org_id, id, name) VALUES ($1, $2, $3)`)
	sqlGroupUser       = gate.SQL(`INSERT INTO group_users (org_id, group_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	sqlGroupNoUser     = gate.SQL(`DELETE FROM group_users WHERE org_id = $1 AND group_id = $2 AND user_id = $3`)
	sqlGroupClient     = gate.SQL(`INSERT INTO group_clients (org_id, group_id, client_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	sqlGroupNoClient   = gate.SQL(`DELETE FROM group_clients WHERE org_id = $1 AND group_id = $2 AND client_id = $3`)
	sqlRenameGroup     = gate.SQL(`UPDATE security_groups SET name = $4, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $3`)
	sqlGroupOn         = gate.SQL(`UPDATE security_groups SET enabled = $3, version = version + 1 WHERE org_id = $1 AND id = $2`)
	sqlReguard         = gate.SQL(`INSERT INTO folder_groups (org_id, folder_id, group_id) SELECT org_id, folder_id, $3 FROM folder_groups WHERE org_id = $1 AND group_id = $2 ON CONFLICT DO NOTHING`)
	sqlUnguardAll      = gate.SQL(`DELETE FROM folder_groups WHERE org_id = $1 AND group_id = $2`)
	sqlDeleteGroup     = gate.SQL(`DELETE FROM security_groups WHERE org_id = $1 AND id = $2 AND version = $3`)
)

// Groups lists the security groups by name.
func (s *Store) Groups(ctx context.Context, who gate.Actor) ([]Group, error) {
	return gate.Do(ctx, s.gate, who, OpGroups, gate.Nothing(), func(tx *gate.Tx) ([]Group, error) {
		all, err := groups(tx, "")
		for i := range all {
			all[i].seen(tx)
		}
		return all, err
	})
}

// Group gives one security group.
func (s *Store) Group(ctx context.Context, who gate.Actor, group string) (Group, error) {
	return gate.Do(ctx, s.gate, who, OpGroups, gate.Nothing(), func(tx *gate.Tx) (Group, error) {
		g, err := groupOf(tx, group)
		g.seen(tx)
		return g, err
	})
}

// groups reads the groups, or one, with all that they hold.
func groups(tx *gate.Tx, only string) (all []Group, err error) {
	at := map[string]int{}
	err = tx.Each(sqlGroups, func(r *gate.Rows) error {
		g := Group{MayChange: tx.May(OpGroupEdit, gate.Nothing())}
		err := r.Scan(&g.ID, &g.Name, &g.Enabled, &g.Version)
		at[g.ID] = len(all)
		all = append(all, g)
		return err
	})
	var group string
	return all, errors.Join(err, tx.Each(sqlGroupUsers, func(r *gate.Rows) error {
		var p gate.Person
		err := r.Scan(&group, &p.ID, &p.Name, &p.Email, &p.Level)
		all[at[group]].Users = append(all[at[group]].Users, p)
		return err
	}, only), tx.Each(sqlGroupClients, func(r *gate.Rows) error {
		var c Named
		err := r.Scan(&group, &c.ID, &c.Name)
		all[at[group]].Clients = append(all[at[group]].Clients, c)
		return err
	}, only), tx.Each(sqlGroupFolders, func(r *gate.Rows) error {
		var f Folder
		err := r.Scan(&group, &f.ID, &f.Name, &f.Client.ID, &f.Client.Name)
		all[at[group]].Folders = append(all[at[group]].Folders, f)
		return err
	}, only), tx.Each(sqlGroupCategories, func(r *gate.Rows) error {
		var c Named
		err := r.Scan(&group, &c.ID, &c.Name)
		all[at[group]].Limits = append(all[at[group]].Limits, c)
		return err
	}, only))
}

// groupOf reads one group with all that it holds.
func groupOf(tx *gate.Tx, group string) (Group, error) {
	all, err := groups(tx, group)
	if err != nil {
		return Group{}, err
	}
	i := slices.IndexFunc(all, func(g Group) bool { return g.ID == group })
	if i < 0 {
		return Group{}, fault.NotFound()
	}
	return all[i], nil
}

// seen leaves what the actor reaches: of the rest he learns not even a number.
func (g *Group) seen(tx *gate.Tx) {
	g.Clients = slices.DeleteFunc(g.Clients, func(c Named) bool { return !tx.SeesClient(c.ID) })
	g.Folders = slices.DeleteFunc(g.Folders, func(f Folder) bool { return !tx.SeesFolder(f.ID) })
	g.Limits = slices.DeleteFunc(g.Limits, func(c Named) bool { return !tx.ReadsCategory(c.ID) })
}

// GroupChoice is what the actor can put into groups and take out.
type GroupChoice struct {
	Users   []gate.Person
	Fixed   map[string]bool // users whom he may neither put in nor take out
	Clients []Named
}

var sqlClientNames = gate.SQL(`SELECT id, name FROM clients WHERE org_id = $1 ORDER BY company DESC, name_folded, id`)

// GroupChoices lists the users and clients that a group can hold.
func (s *Store) GroupChoices(ctx context.Context, who gate.Actor) (GroupChoice, error) {
	return gate.Do(ctx, s.gate, who, OpGroupPreview, gate.Nothing(), func(tx *gate.Tx) (GroupChoice, error) {
		c := GroupChoice{Users: tx.People(false), Fixed: map[string]bool{}}
		for _, u := range c.Users {
			if _, ok := tx.Outranks(u.ID); !ok {
				c.Fixed[u.ID] = true
			}
		}
		err := tx.Each(sqlClientNames, func(r *gate.Rows) error {
			var n Named
			err := r.Scan(&n.ID, &n.Name)
			if tx.SeesClient(n.ID) {
				c.Clients = append(c.Clients, n)
			}
			return err
		})
		return c, err
	})
}
