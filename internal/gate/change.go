package gate

import "slices"

// GroupState is a security group as it is or would be. Clients and Folders
// that don't exist are left out.
type GroupState struct {
	Enabled                 bool
	Users, Clients, Folders []string // folders: those that it guards
}

// Change is what a user gains and loses: ids of clients and folders.
type Change struct {
	Person
	Clients, Folders         []string
	LostClients, LostFolders []string
}

// GroupChange says what putting a group into another state does to whom. It
// asks the decision about every user concerned as he is, and as he would be;
// only what the actor himself sees is named.
func (t *Tx) GroupChange(id string, next GroupState) []Change {
	m, n := t.model.with(id, next)
	var clients []*client
	var folders []*folder
	for _, c := range t.model.clients {
		if t.SeesClient(c.id) {
			clients = append(clients, c)
		}
	}
	for _, f := range t.model.folders {
		if f.client != nil && (f.guardedBy(n) || m.folders[f.id].guardedBy(n)) && t.SeesFolder(f.id) {
			folders = append(folders, f)
		}
	}
	var all []Change
	for _, before := range t.model.users {
		after := m.users[before.id]
		c := Change{Person: Person{before.id, before.name, before.email, before.level}}
		if before.groups.has(n) || after.groups.has(n) {
			for _, at := range clients {
				t.differ(m, before, after, spot{client: at}, spot{client: at}, at.id, &c.Clients, &c.LostClients)
			}
		}
		for _, f := range folders {
			t.differ(m, before, after, spot{client: f.client, folder: f}, spot{client: f.client, folder: m.folders[f.id]}, f.id, &c.Folders, &c.LostFolders)
		}
		if len(c.Clients)+len(c.Folders)+len(c.LostClients)+len(c.LostFolders) > 0 {
			for _, ids := range [][]string{c.Clients, c.Folders, c.LostClients, c.LostFolders} {
				slices.Sort(ids)
			}
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b Change) int { return byName(a.Person, b.Person) })
	return all
}

// GroupsGive lists the clients that a user would reach besides, were he in
// these groups too. Disabled ones assign nothing, and are the caller's to leave
// out.
func (t *Tx) GroupsGive(userID string, groups []string) (clients []string) {
	before := t.model.users[userID]
	if before == nil {
		return nil
	}
	after := *before
	after.grouped = slices.Clone(before.grouped)
	for _, g := range t.model.groups {
		if slices.Contains(groups, g.id) {
			after.grouped = after.grouped.or(g.clients)
		}
	}
	for _, c := range t.model.clients {
		var lost []string
		t.differ(t.model, before, &after, spot{client: c}, spot{client: c}, c.id, &clients, &lost)
	}
	slices.Sort(clients)
	return clients
}

// GuardChange says who would gain or lose a folder if exactly these groups
// were on it.
func (t *Tx) GuardChange(folderID string, groups []string) (gain, lose []Person) {
	f := t.model.folders[folderID]
	if f == nil || f.client == nil {
		return nil, nil
	}
	next := *f
	next.groups = nil
	for i, g := range t.model.groups {
		if slices.Contains(groups, g.id) {
			next.groups = append(next.groups, uint32(i))
		}
	}
	for _, u := range t.model.users {
		var gained, lost []string
		t.differ(t.model, u, u, spot{client: f.client, folder: f}, spot{client: f.client, folder: &next}, u.id, &gained, &lost)
		if len(gained) > 0 {
			gain = append(gain, Person{u.id, u.name, u.email, u.level})
		}
		if len(lost) > 0 {
			lose = append(lose, Person{u.id, u.name, u.email, u.level})
		}
	}
	slices.SortFunc(gain, byName)
	slices.SortFunc(lose, byName)
	return gain, lose
}

// guardedBy reports whether a group is on the folder or above it.
func (f *folder) guardedBy(n uint32) bool {
	for ; f != nil; f = f.parent {
		if slices.Contains(f.groups, n) {
			return true
		}
	}
	return false
}

func (t *Tx) differ(m *Model, before, after *user, was, is spot, id string, gained, lost *[]string) {
	who := Actor{kind: User, user: before.id}
	saw, sees := t.model.sees(before, who, was, t.now), m.sees(after, who, is, t.now)
	switch {
	case sees && !saw:
		*gained = append(*gained, id)
	case saw && !sees:
		*lost = append(*lost, id)
	}
}

// with gives a model in which one group is in another state, and its index.
func (m *Model) with(id string, next GroupState) (*Model, uint32) {
	out := *m
	n := uint32(len(m.groups))
	for i, g := range m.groups {
		if g.id == id {
			n = uint32(i)
		}
	}
	g := &group{id: id}
	for _, c := range next.Clients {
		if at := m.clients[c]; at != nil {
			g.clients.add(at.n)
		}
	}
	out.groups = slices.Clone(m.groups)
	if int(n) == len(m.groups) {
		out.groups = append(out.groups, g)
	}
	out.groups[n] = g
	out.users = make(map[string]*user, len(m.users))
	for _, u := range m.users {
		next := *u
		next.groups = u.groups.without(n)
		out.users[u.id] = &next
	}
	if next.Enabled {
		for _, id := range next.Users {
			if u := out.users[id]; u != nil {
				u.groups.add(n)
			}
		}
	}
	for _, u := range out.users {
		u.grouped = nil
		for i, g := range out.groups {
			if u.groups.has(uint32(i)) {
				u.grouped = u.grouped.or(g.clients)
			}
		}
	}
	out.folders = make(map[string]*folder, len(m.folders))
	for _, f := range m.folders {
		next := *f
		next.groups = slices.DeleteFunc(slices.Clone(f.groups), func(x uint32) bool { return x == n })
		out.folders[f.id] = &next
	}
	for _, f := range out.folders {
		if f.parent != nil {
			f.parent = out.folders[f.parent.id]
		}
	}
	for _, id := range next.Folders {
		if f := out.folders[id]; f != nil {
			f.groups = append(f.groups, n)
		}
	}
	return &out, n
}

// without gives a copy without a number.
func (b bits) without(n uint32) bits {
	out := slices.Clone(b)
	if out.has(n) {
		out[n>>6] &^= 1 << (n & 63)
	}
	return out
}

// or gives a set of what either holds.
func (b bits) or(c bits) bits {
	out := make(bits, max(len(b), len(c)))
	copy(out, b)
	for i, w := range c {
		out[i] |= w
	}
	return out
}
