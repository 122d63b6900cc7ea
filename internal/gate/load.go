package gate

import (
	"strings"

	"bailiwick/internal/perm"
)

var (
	sqlOrgFacts      = SQL(`SELECT kind FROM organizations WHERE id = $1`)
	sqlSettings      = SQL(`SELECT name, value FROM settings WHERE org_id = $1`)
	sqlLevels        = SQL(`SELECT id, permissions FROM levels WHERE org_id = $1`)
	sqlUsers         = SQL(`SELECT id, name, email, kind, level_id, enabled OR lingering, approved, invited, role_account, role_user_manager FROM users WHERE org_id = $1`)
	sqlClients       = SQL(`SELECT id, company, enabled FROM clients WHERE org_id = $1 ORDER BY id`)
	sqlClientUsers   = SQL(`SELECT client_id, user_id, until FROM client_users WHERE org_id = $1`)
	sqlGroups        = SQL(`SELECT id, enabled FROM security_groups WHERE org_id = $1 ORDER BY id`)
	sqlGroupUsers    = SQL(`SELECT group_id, user_id FROM group_users WHERE org_id = $1`)
	sqlGroupClients  = SQL(`SELECT group_id, client_id FROM group_clients WHERE org_id = $1`)
	sqlFolders       = SQL(`SELECT id, COALESCE(client_id, ''), COALESCE(owner_id, ''), COALESCE(parent_id, '') FROM folders WHERE org_id = $1`)
	sqlFolderGroups  = SQL(`SELECT folder_id, group_id FROM folder_groups WHERE org_id = $1`)
	sqlPasses        = SQL(`SELECT folder_id, user_id, until FROM folder_passes WHERE org_id = $1`)
	companyByDefault = "company-vault-by-default-access"
	showUnassigned   = "show-unassigned"
)

// modelOf gives the model of the access epoch that this transaction reads,
// compiled at most once per node and epoch.
func (g *Gate) modelOf(t *Tx) (*Model, error) {
	g.mu.Lock()
	m := g.models[t.who.org]
	g.mu.Unlock()
	if m != nil && m.epoch == t.state.accessEpoch {
		return m, nil
	}
	m, err := load(t)
	if err != nil {
		return nil, err
	}
	// Only a committed epoch may be kept: the number of one that is rolled
	// back will be given again to something else.
	t.After(func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.models[t.who.org] = m
	})
	return m, nil
}

func load(t *Tx) (*Model, error) {
	m := &Model{epoch: t.state.accessEpoch, defaultRole: Reader, users: map[string]*user{}, clients: map[string]*client{}, folders: map[string]*folder{}}
	var kind string
	if err := t.Row(sqlOrgFacts).Scan(&kind); err != nil {
		return nil, err
	}
	m.site = kind == "site"
	l := loader{t: t, m: m, groups: map[string]uint32{}, enabled: map[string]bool{}}
	for _, step := range []func() error{l.settings, l.levels, l.users, l.clients, l.groupsOf, l.groupUsers, l.groupClients, l.assigned, l.folders, l.guards, l.passes, l.things, l.chosen, l.bases} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

type loader struct {
	t       *Tx
	m       *Model
	sets    map[string]perm.Set
	groups  map[string]uint32
	enabled map[string]bool
	members map[string][]*user // by enabled group
}

func (l *loader) settings() error {
	return l.t.Each(sqlSettings, func(r *Rows) error {
		var name, value string
		err := r.Scan(&name, &value)
		switch name {
		case companyByDefault:
			l.m.companyByDefault = value == "on"
		case showUnassigned:
			l.m.showUnassigned = value == "on"
		case DefaultRole:
			l.m.defaultRole, _ = RoleNamed(value)
		}
		return err
	})
}

func (l *loader) levels() error {
	l.sets = map[string]perm.Set{}
	for _, b := range perm.Builtin() {
		if b.Site == l.m.site { // the other sort's levels give nothing here
			l.sets[b.ID] = b.Set
		}
	}
	if l.m.site { // a site has no custom levels
		return nil
	}
	return l.t.Each(sqlLevels, func(r *Rows) error {
		var id, names string
		err := r.Scan(&id, &names)
		set, _ := perm.Parse(strings.Split(names, "\n"))
		// Whatever a row says, these two come with a built-in level only.
		l.sets[id] = set.Without(perm.OrganizationAdmin).Without(perm.UserAutoProvision).Effective()
		return err
	})
}

func (l *loader) users() error {
	return l.t.Each(sqlUsers, func(r *Rows) error {
		u := &user{}
		var enabled, approved, invited, account, manager bool
		err := r.Scan(&u.id, &u.name, &u.email, &u.kind, &u.level, &enabled, &approved, &invited, &account, &manager)
		if u.name == "" { // not accepted yet
			u.name = u.email
		}
		u.active, u.waits = enabled && approved && !invited, enabled && !approved && !invited
		if u.kind != "guest" {
			u.set, u.leveled = l.sets[u.level], l.has(u.level)
			if account && !l.m.site {
				u.roles = u.roles.Or(perm.RoleAccount)
			}
			if manager && !l.m.site {
				u.roles = u.roles.Or(perm.RoleUserManager)
			}
			u.set = u.set.Or(u.roles)
			u.override = u.set.Has(perm.OrganizationAdmin) || u.leveled && u.level == perm.LevelSiteAdministrator
		}
		l.m.users[u.id] = u
		return err
	})
}

func (l *loader) has(level string) bool {
	_, ok := l.sets[level]
	return ok
}

func (l *loader) clients() error {
	return l.t.Each(sqlClients, func(r *Rows) error {
		c := &client{n: uint32(len(l.m.clients))}
		err := r.Scan(&c.id, &c.company, &c.enabled)
		l.m.clients[c.id] = c
		return err
	})
}

func (l *loader) groupsOf() error {
	return l.t.Each(sqlGroups, func(r *Rows) error {
		var id string
		var enabled bool
		err := r.Scan(&id, &enabled)
		l.groups[id] = uint32(len(l.groups))
		l.enabled[id] = enabled
		l.m.groups = append(l.m.groups, &group{id: id})
		return err
	})
}

func (l *loader) groupUsers() error {
	l.members = map[string][]*user{}
	return l.t.Each(sqlGroupUsers, func(r *Rows) error {
		var group, id string
		err := r.Scan(&group, &id)
		if u := l.m.users[id]; u != nil && l.enabled[group] {
			u.groups.add(l.groups[group])
			l.members[group] = append(l.members[group], u)
		}
		return err
	})
}

func (l *loader) groupClients() error {
	return l.t.Each(sqlGroupClients, func(r *Rows) error {
		var group, id string
		err := r.Scan(&group, &id)
		if c := l.m.clients[id]; c != nil {
			l.m.groups[l.groups[group]].clients.add(c.n)
			for _, u := range l.members[group] {
				u.grouped.add(c.n)
			}
		}
		return err
	})
}

func (l *loader) assigned() error {
	return l.t.Each(sqlClientUsers, func(r *Rows) error {
		var id, userID string
		var until int64
		err := r.Scan(&id, &userID, &until)
		u, c := l.m.users[userID], l.m.clients[id]
		switch {
		case u == nil || c == nil:
		case until == 0:
			u.reach.add(c.n)
		default:
			if u.timed == nil {
				u.timed = map[uint32]int64{}
			}
			u.timed[c.n] = until
		}
		return err
	})
}

func (l *loader) folders() error {
	parents := map[*folder]string{}
	err := l.t.Each(sqlFolders, func(r *Rows) error {
		f := &folder{}
		var clientID, parent string
		err := r.Scan(&f.id, &clientID, &f.owner, &parent)
		f.client = l.m.clients[clientID]
		l.m.folders[f.id] = f
		if parent != "" {
			parents[f] = parent
		}
		return err
	})
	for f, parent := range parents {
		f.parent = l.m.folders[parent]
	}
	return err
}

func (l *loader) guards() error {
	return l.t.Each(sqlFolderGroups, func(r *Rows) error {
		var id, group string
		err := r.Scan(&id, &group)
		if f := l.m.folders[id]; f != nil {
			f.groups = append(f.groups, l.groups[group])
		}
		return err
	})
}

func (l *loader) passes() error {
	return l.t.Each(sqlPasses, func(r *Rows) error {
		var folder, id string
		var until int64
		err := r.Scan(&folder, &id, &until)
		if u := l.m.users[id]; u != nil {
			if u.passes == nil {
				u.passes = map[string]int64{}
			}
			u.passes[folder] = until
		}
		return err
	})
}
