package matrix

import (
	"bailiwick/internal/refmodel"
)

// levelNames are the built-in levels as the text calls them.
var levelNames = map[string]string{
	"admin": refmodel.OrganizationAdmin, "manager-default": refmodel.ManagerDefault, "manager-assigned": refmodel.ManagerAssigned,
	"technician-default": refmodel.TechnicianDefault, "technician-assigned": refmodel.TechnicianAssigned,
	"site-administrator": refmodel.SiteAdministrator, "site-user": refmodel.SiteUser, "site-user-limited": refmodel.SiteUserLimited,
}

// model makes the reference model's world from the plan. Its ids are the
// plan's names; "one" is the plan's organization, "two" the foreign one.
func model() *refmodel.World {
	o := &refmodel.Org{Users: map[string]*refmodel.User{}, Clients: map[string]*refmodel.Client{}, Folders: map[string]*refmodel.Folder{},
		Credentials: map[string]*refmodel.Credential{}, Levels: map[string]*refmodel.Level{"level_slot": {}, "level_unplugged": {Permissions: unplugged()}, "level_spare": {Permissions: []string{"Password: View"}}},
		Groups: map[string]*refmodel.Group{
			"in":  {Enabled: true, Users: map[string]bool{}, Clients: map[string]bool{}},
			"out": {Enabled: true, Users: map[string]bool{}, Clients: map[string]bool{}},
			"off": {Users: map[string]bool{}, Clients: map[string]bool{}},
		}}
	for _, p := range persons {
		u := &refmodel.User{ID: p.name, Kind: "member", Level: p.level, Enabled: !p.disabled, Approved: !p.pending, Invited: p.invited,
			RoleAccount: p.account, RoleUserManager: p.manage}
		if name, ok := levelNames[p.level]; ok {
			u.Level = name
		}
		switch u.Level {
		case "":
			u.Kind = "guest"
		case refmodel.OrganizationAdmin, refmodel.SiteAdministrator:
			u.Kind = "administrator"
		}
		o.Users[p.name] = u
		o.Groups["in"].Users[p.name], o.Groups["off"].Users[p.name] = true, true
		o.Folders["own-"+p.name] = &refmodel.Folder{OwnerID: p.name}
		o.Credentials["own-"+p.name] = &refmodel.Credential{OwnerID: p.name}
		o.Credentials["ownin-"+p.name] = &refmodel.Credential{OwnerID: p.name, FolderID: "own-" + p.name}
	}
	now := start.UnixMilli()
	for _, c := range customers {
		m := &refmodel.Client{ID: c.name, Company: c.name == "company", Enabled: !c.disabled, Assigned: map[string]int64{}}
		for _, p := range persons {
			switch c.assigned {
			case "all":
				m.Assigned[p.name] = 0
			case "timed":
				m.Assigned[p.name] = now + 1
			case "lapsed":
				m.Assigned[p.name] = now
			}
		}
		if !m.Company {
			m.Assigned["admin"] = 0 // who adds a client is assigned to it
		}
		if c.group != "" {
			o.Groups[c.group].Clients[c.name] = true
		}
		o.Clients[c.name] = m
	}
	for _, b := range binders {
		f := &refmodel.Folder{ID: b.name, ClientID: b.client, ParentID: b.parent}
		if b.group != "" {
			f.Groups = []string{b.group}
		}
		o.Folders[b.name] = f
	}
	for _, l := range logins {
		o.Credentials[l.name] = &refmodel.Credential{ID: l.name, ClientID: l.client, FolderID: l.folder, Archived: l.archived}
	}
	two := &refmodel.Org{
		Users:       map[string]*refmodel.User{"eve": {Kind: "administrator", Level: refmodel.OrganizationAdmin, Enabled: true, Approved: true}},
		Clients:     map[string]*refmodel.Client{"foreign": {Enabled: true}, "company2": {Company: true, Enabled: true}},
		Folders:     map[string]*refmodel.Folder{"foreign": {ClientID: "foreign"}, "own-eve": {OwnerID: "eve"}},
		Credentials: map[string]*refmodel.Credential{"foreign": {ClientID: "foreign"}, "foreign2": {ClientID: "company2"}, "own-eve": {OwnerID: "eve"}, "ownin-eve": {OwnerID: "eve", FolderID: "own-eve"}},
		Groups:      map[string]*refmodel.Group{"foreign": {Enabled: true}},
	}
	w := &refmodel.World{Now: now, Orgs: map[string]*refmodel.Org{"one": o, "two": two}}
	sitesOf(w)
	shelvesOf(w)
	return w
}
