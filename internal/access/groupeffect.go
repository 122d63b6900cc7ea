package access

import (
	"context"
	"slices"

	"bailiwick/internal/gate"
)

// GroupEffect is what a change of a group does to one user.
type GroupEffect struct {
	gate.Person
	Clients, LostClients []Named
	Folders, LostFolders []Folder
}

// PreviewGroupAsIs says what a change of a group would do to whom, while it
// stays enabled or disabled as it is.
func (s *Store) PreviewGroupAsIs(ctx context.Context, who gate.Actor, group string, in GroupInput) ([]GroupEffect, error) {
	return s.previewGroup(ctx, who, group, in, false, func(g Group) bool { return g.Enabled })
}

// PreviewGroup says what a change of a group would do to whom; group "" is a
// new one.
func (s *Store) PreviewGroup(ctx context.Context, who gate.Actor, group string, in GroupInput, enabled bool) ([]GroupEffect, error) {
	return s.previewGroup(ctx, who, group, in, group == "", func(Group) bool { return enabled })
}

func (s *Store) previewGroup(ctx context.Context, who gate.Actor, group string, in GroupInput, fresh bool, enabled func(Group) bool) ([]GroupEffect, error) {
	return gate.Do(ctx, s.gate, who, OpGroupPreview, gate.Nothing(), func(tx *gate.Tx) ([]GroupEffect, error) {
		g := Group{}
		if !fresh {
			var err error
			if g, err = groupOf(tx, group); err != nil {
				return nil, err
			}
		}
		in := in.Whole(g)
		return effects(tx, tx.GroupChange(group, stateOf(tx, g, enabled(g), in.Users, in.Clients)))
	})
}

// stateOf is a group with these users and, of the clients that the actor
// reaches, with these: of the others nothing changes.
func stateOf(tx *gate.Tx, g Group, enabled bool, users, clients []string) gate.GroupState {
	next := gate.GroupState{Enabled: enabled, Users: users, Clients: slices.DeleteFunc(slices.Clone(clients), func(c string) bool { return !tx.SeesClient(c) })}
	for _, c := range g.Clients {
		if !tx.SeesClient(c.ID) {
			next.Clients = append(next.Clients, c.ID)
		}
	}
	for _, f := range g.Folders {
		next.Folders = append(next.Folders, f.ID)
	}
	return next
}

// effects puts names to what the gate found.
func effects(tx *gate.Tx, changes []gate.Change) ([]GroupEffect, error) {
	names, folders, err := allNames(tx)
	var all []GroupEffect
	for _, c := range changes {
		e := GroupEffect{Person: c.Person}
		for _, id := range c.Clients {
			e.Clients = append(e.Clients, Named{id, names[id]})
		}
		for _, id := range c.LostClients {
			e.LostClients = append(e.LostClients, Named{id, names[id]})
		}
		for _, id := range c.Folders {
			e.Folders = append(e.Folders, folders[id])
		}
		for _, id := range c.LostFolders {
			e.LostFolders = append(e.LostFolders, folders[id])
		}
		all = append(all, e)
	}
	return all, err
}

var sqlFolderNames = gate.SQL(`SELECT id, name, COALESCE(client_id, '') FROM folders WHERE org_id = $1 AND client_id IS NOT NULL ORDER BY name_folded, id`)

// allNames are the names of clients and of their folders.
func allNames(tx *gate.Tx) (clients map[string]string, folders map[string]Folder, err error) {
	clients, folders = map[string]string{}, map[string]Folder{}
	err = tx.Each(sqlClientNames, func(r *gate.Rows) error {
		var n Named
		err := r.Scan(&n.ID, &n.Name)
		clients[n.ID] = n.Name
		return err
	})
	if err != nil {
		return clients, folders, err
	}
	return clients, folders, tx.Each(sqlFolderNames, func(r *gate.Rows) error {
		var f Folder
		err := r.Scan(&f.ID, &f.Name, &f.Client.ID)
		f.Client.Name = clients[f.Client.ID]
		folders[f.ID] = f
		return err
	})
}
