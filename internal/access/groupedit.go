package access

import (
	"context"
	"slices"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
)

// AddGroup adds a security group with its users and the clients that it
// assigns to them: users whom the actor outranks, clients that he reaches.
func (s *Store) AddGroup(ctx context.Context, who gate.Actor, name string, users, clients []string) (string, error) {
	return gate.Do(ctx, s.gate, who, OpGroupAdd, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		name, err := groupName(tx, name, "")
		if err != nil {
			return "", err
		}
		group := id.New("group")
		e := tx.Event()
		e.Kind, e.ID, e.Name = "group", group, name
		if _, err := tx.Exec(sqlAddGroup, group, name); err != nil {
			return "", err
		}
		g := Group{ID: group, Enabled: true}
		if err := s.tellGroup(tx, g, true, users, clients); err != nil {
			return "", err
		}
		return group, fill(tx, g, users, clients)
	})
}

func groupName(tx *gate.Tx, name, but string) (string, error) {
	var taken []string
	err := tx.Each(sqlGroups, func(r *gate.Rows) error {
		var g Group
		err := r.Scan(&g.ID, &g.Name, &g.Enabled, &g.Version)
		if g.ID != but {
			taken = append(taken, g.Name)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return nameFor(name, "security group", taken)
}

// fill gives a group exactly these users, and of the clients that the actor
// reaches exactly these. Its event says who and what came and went.
func fill(tx *gate.Tx, g Group, users, clients []string) error {
	e := tx.Event()
	added := false
	was, in := map[string]bool{}, setOf(users)
	for _, u := range g.Users {
		was[u.ID] = true
		if !in[u.ID] {
			if err := putUser(tx, g.ID, u.ID, false); err != nil {
				return err
			}
			e.Fields = append(e.Fields, "- "+u.ID)
		}
	}
	for _, u := range unique(users) {
		if !was[u] {
			if err := putUser(tx, g.ID, u, true); err != nil {
				return err
			}
			e.Fields, added = append(e.Fields, "+ "+u), true
		}
	}
	held, in := map[string]bool{}, setOf(clients)
	for _, c := range g.Clients {
		held[c.ID] = true
		if added && !tx.SeesClient(c.ID) {
			return fault.NotFound() // it would give what the actor does not reach himself
		}
		if tx.SeesClient(c.ID) && !in[c.ID] {
			if _, err := tx.Exec(sqlGroupNoClient, g.ID, c.ID); err != nil {
				return err
			}
			e.Fields = append(e.Fields, "- "+c.ID)
		}
	}
	if added && slices.ContainsFunc(g.Folders, func(f Folder) bool { return !tx.SeesFolder(f.ID) }) {
		return fault.NotFound()
	}
	for _, c := range unique(clients) {
		if !tx.SeesClient(c) {
			return fault.NotFound()
		}
		if !held[c] {
			if _, err := tx.Exec(sqlGroupClient, g.ID, c); err != nil {
				return err
			}
			e.Fields = append(e.Fields, "+ "+c)
		}
	}
	return tx.BumpAccess()
}

// putUser puts a user in or out. A group gives rights, so rank applies, and
// nobody gives himself any.
func putUser(tx *gate.Tx, group, user string, in bool) error {
	if _, ok := tx.Outranks(user); !ok {
		return fault.NotFound()
	}
	stmt := sqlGroupNoUser
	if in {
		stmt = sqlGroupUser
	}
	_, err := tx.Exec(stmt, group, user)
	return err
}

func setOf(ids []string) map[string]bool {
	set := map[string]bool{}
	for _, id := range ids {
		set[id] = true
	}
	return set
}

func unique(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// GroupInput is what can be set of a group: its users, and of the clients that
// the actor reaches those that it assigns. A part is of a form that shows some
// of many: its users and clients come to those who are in, the others go.
type GroupInput struct {
	Name               string
	Users, Clients     []string
	Part               bool
	NoUsers, NoClients []string
	Flag               bool // what users have seen who lose it by this change
}

// Whole makes a part whole, for a group as it is.
func (in GroupInput) Whole(g Group) GroupInput {
	if !in.Part {
		return in
	}
	out := GroupInput{Name: in.Name, Users: in.Users, Clients: in.Clients, Flag: in.Flag}
	gone := setOf(in.NoUsers)
	for _, u := range g.Users {
		if !gone[u.ID] {
			out.Users = append(out.Users, u.ID)
		}
	}
	gone = setOf(in.NoClients)
	for _, c := range g.Clients {
		if !gone[c.ID] {
			out.Clients = append(out.Clients, c.ID)
		}
	}
	out.Users, out.Clients = unique(out.Users), unique(out.Clients)
	return out
}

// EditGroup changes a group that the actor read at a version. Whom he puts in
// gets what the group gives, so all of that must be within his own reach.
func (s *Store) EditGroup(ctx context.Context, who gate.Actor, group string, version int64, in GroupInput) error {
	_, err := gate.Do(ctx, s.gate, who, OpGroupEdit, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		g, err := groupOf(tx, group)
		if err != nil {
			return false, err
		}
		if g.Version != version {
			return false, fault.Stale("security group")
		}
		name, err := groupName(tx, in.Name, group)
		if err != nil {
			return false, err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name = "group", group, name
		if name != g.Name {
			e.Fields = []string{"name"}
		}
		if err := tx.One(sqlRenameGroup, group, version, name); err != nil {
			return false, err
		}
		before, err := usersOf(tx, group)
		if err != nil {
			return false, err
		}
		in = in.Whole(g)
		if err := s.tellGroup(tx, g, g.Enabled, in.Users, in.Clients); err != nil {
			return false, err
		}
		if err := fill(tx, g, in.Users, in.Clients); err != nil || !in.Flag {
			return true, err
		}
		return true, Touch(tx, before)
	})
	return err
}

// EnableGroup disables or enables a group. A disabled one assigns nothing, and
// what it guards stays closed; what its users have seen and lose by that is
// flagged, as nothing asks here.
func (s *Store) EnableGroup(ctx context.Context, who gate.Actor, group string, on bool) error {
	_, err := gate.Do(ctx, s.gate, who, OpGroupSet, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		g, err := groupOf(tx, group)
		if err != nil {
			return false, err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name, e.Fields = "group", group, g.Name, []string{map[bool]string{true: "enabled", false: "disabled"}[on]}
		if err := s.tellGroup(tx, g, on, idsOfPeople(g.Users), idsOf(g.Clients)); err != nil {
			return false, err
		}
		if err := tx.One(sqlGroupOn, group, on); err != nil {
			return false, err
		}
		if !on {
			if err := Touch(tx, idsOfPeople(g.Users)); err != nil {
				return false, err
			}
		}
		return true, tx.BumpAccess()
	})
	return err
}

// Guarded says what becomes of the folders that a deleted group guards: its
// guard is taken off, or another group is put on in its place. Flag flags what
// users have seen who lose it with the group.
type Guarded struct {
	TakeOff bool
	Instead string
	Flag    bool
}

// DeleteGroup deletes a group that the actor read at a version. All folders
// that it guards must be reached: whoever takes a guard off opens a folder.
func (s *Store) DeleteGroup(ctx context.Context, who gate.Actor, group string, version int64, folders Guarded) error {
	_, err := gate.Do(ctx, s.gate, who, OpGroupDelete, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		g, err := groupOf(tx, group)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(g.Folders, func(f Folder) bool { return !tx.SeesFolder(f.ID) }) {
			return false, fault.NotFound()
		}
		if g.Version != version {
			return false, fault.Stale("security group")
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name = "group", group, g.Name
		if len(g.Folders) > 0 {
			if err := regard(tx, g, folders); err != nil {
				return false, err
			}
			for _, f := range g.Folders {
				tx.Note(gate.Event{Operation: OpGuard.Name, Kind: "folder", ID: f.ID, Name: f.Name, Client: f.Client.ID, Fields: []string{"security groups"}}, "")
			}
		}
		users, err := usersOf(tx, group)
		if err != nil {
			return false, err
		}
		if err := tx.One(sqlDeleteGroup, group, version); err != nil {
			return false, err
		}
		if folders.Flag {
			if err := Touch(tx, users); err != nil {
				return false, err
			}
		}
		return true, tx.BumpAccess()
	})
	return err
}

func regard(tx *gate.Tx, g Group, folders Guarded) error {
	if folders.TakeOff == (folders.Instead != "") {
		return fault.Bad("folders", "This group guards folders. Say what becomes of them: the guard is taken off, or another group is put on.")
	}
	if folders.Instead != "" {
		other, err := groupOf(tx, folders.Instead)
		if err != nil || other.ID == g.ID {
			return fault.Bad("folders", "There is no such security group.")
		}
		tx.Event().Fields = []string{"folders guarded by " + other.Name}
		if _, err := tx.Exec(sqlReguard, g.ID, other.ID); err != nil {
			return err
		}
	} else {
		tx.Event().Fields = []string{"guard taken off folders"}
	}
	_, err := tx.Exec(sqlUnguardAll, g.ID)
	return err
}
