package matrix

import "bailiwick/internal/refmodel"

// sitesOf puts the sites of the plan into the model's world.
func sitesOf(w *refmodel.World) {
	for org, all := range sitePersons {
		home, nobody := "home", "nobody"
		if org == "site2" {
			home, nobody = "home2", "nobody2"
		}
		o := &refmodel.Org{Site: true, Users: map[string]*refmodel.User{}, Clients: map[string]*refmodel.Client{home: {ID: home, Company: true, Enabled: true, Assigned: map[string]int64{}}},
			Folders: map[string]*refmodel.Folder{}, Credentials: map[string]*refmodel.Credential{},
			Groups: map[string]*refmodel.Group{nobody: {Enabled: true, Users: map[string]bool{}, Clients: map[string]bool{}}}}
		for _, p := range all {
			o.Users[p.name] = &refmodel.User{ID: p.name, Kind: map[bool]string{true: "administrator", false: "member"}[levelNames[p.level] == refmodel.SiteAdministrator],
				Level: levelNames[p.level], Enabled: !p.disabled, Approved: true}
			o.Folders["own-"+p.name] = &refmodel.Folder{OwnerID: p.name}
			o.Credentials["own-"+p.name] = &refmodel.Credential{OwnerID: p.name}
			o.Credentials["ownin-"+p.name] = &refmodel.Credential{OwnerID: p.name, FolderID: "own-" + p.name}
		}
		w.Orgs[org] = o
		w.Orgs["one"].Clients[siteClients[org]].Site = org
	}
	for _, f := range siteBinders {
		m := &refmodel.Folder{ID: f.name, ClientID: f.client}
		if f.group != "" {
			m.Groups = []string{f.group}
		}
		if f.name == "chosen" {
			m.Chosen = map[string]bool{"lim": true}
		}
		w.Orgs[f.org].Folders[f.name] = m
	}
	for _, l := range loans {
		c := &refmodel.Credential{ID: l.name, ClientID: l.client, FolderID: l.folder, Archived: l.archived, Shares: map[string]*refmodel.Share{}}
		if l.name == "s-picked" {
			c.Chosen = map[string]bool{"lim": true}
		}
		w.Orgs[l.org].Credentials[l.name] = c
		if l.to == "" {
			continue
		}
		w.Orgs[l.to].Credentials[l.name] = &refmodel.Credential{ID: l.name, ClientID: l.there(), FolderID: l.filed, From: l.org}
		if !l.ended {
			share := &refmodel.Share{Everyone: len(l.users) == 0, Writes: l.writes, History: l.history, Users: map[string]bool{}}
			for _, u := range l.users {
				share.Users[u] = true
			}
			c.Shares[l.to] = share
		}
	}
}
