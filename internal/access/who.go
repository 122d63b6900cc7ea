package access

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// Seer is somebody who can see a thing, with the names behind the rules.
type Seer struct {
	gate.Reach
	Level  string   // its name
	Groups []string // by which he reaches the client
	Doors  []Door   // guarded folders on the way
}

// Door is a guarded folder and how somebody gets past its groups.
type Door struct {
	Folder Named
	By     gate.Rules
	Groups []string
	Until  int64 // of a personal pass; 0: for good
}

var (
	sqlGroupsToClient = gate.SQL(`SELECT u.user_id, g.name FROM group_clients c JOIN security_groups g ON g.org_id = c.org_id AND g.id = c.group_id
		JOIN group_users u ON u.org_id = g.org_id AND u.group_id = g.id WHERE c.org_id = $1 AND c.client_id = $2 AND g.enabled ORDER BY g.name, g.id`)
	sqlGroupsToFolder = gate.SQL(`SELECT u.user_id, g.name FROM folder_groups f JOIN security_groups g ON g.org_id = f.org_id AND g.id = f.group_id
		JOIN group_users u ON u.org_id = g.org_id AND u.group_id = g.id WHERE f.org_id = $1 AND f.folder_id = $2 AND g.enabled ORDER BY g.name, g.id`)
)

// namesBy are names of groups by user.
func namesBy(tx *gate.Tx, stmt gate.Stmt, of string) (map[string][]string, error) {
	by := map[string][]string{}
	err := tx.Each(stmt, func(r *gate.Rows) error {
		var user, name string
		err := r.Scan(&user, &name)
		by[user] = append(by[user], name)
		return err
	}, of)
	return by, err
}

// Seers is who can see a thing.
type Seers struct {
	Client, Folder Named // where it lies
	People         []Seer
	There          *There // of a credential that is shared with another organization, or by it
}

// There is who sees a credential at another organization.
type There struct {
	Org      string // its name
	Made     bool   // it made the credential: who sees it there is not told
	Everyone bool
	Chosen   int // otherwise: how many were chosen; their names are the other side's to tell
}

var (
	sqlSharedTo = gate.SQLShared("with whom something is shared", `SELECT o.name, c.from_org <> '', COALESCE(s.everyone, FALSE) FROM credentials c LEFT JOIN shares s ON s.org_id = c.org_id AND s.credential_id = c.id
		JOIN organizations o ON o.id = CASE WHEN c.from_org = '' THEN s.to_org ELSE c.from_org END WHERE c.org_id = $1 AND c.id = $2`)
	sqlSharedWith = gate.SQLShared("with whom something is shared", `SELECT COUNT(*) FROM share_users su JOIN users u ON u.org_id = su.to_org AND u.id = su.user_id WHERE su.org_id = $1 AND su.credential_id = $2`)
)

func there(tx *gate.Tx, credential string) (*There, error) {
	t := &There{}
	err := tx.Row(sqlSharedTo, credential).Scan(&t.Org, &t.Made, &t.Everyone)
	if errors.Is(err, gate.ErrNoRows) {
		return nil, nil
	}
	if err != nil || t.Made || t.Everyone {
		return t, err
	}
	return t, tx.Row(sqlSharedWith, credential).Scan(&t.Chosen)
}

// Who lists everybody who can see a client, folder or credential, by name.
func (s *Store) Who(ctx context.Context, who gate.Actor, target gate.Target) (Seers, error) {
	return gate.Do(ctx, s.gate, who, OpWho, target, func(tx *gate.Tx) (out Seers, err error) {
		if err = tx.Row(sqlClientName, tx.ClientID()).Scan(&out.Client.ID, &out.Client.Name); err != nil {
			return out, err
		}
		if f := tx.FolderID(); f != "" {
			d, _, err := doorOf(tx, f)
			if err != nil {
				return out, err
			}
			out.Folder = d.Folder
		}
		toClient, err := namesBy(tx, sqlGroupsToClient, tx.ClientID())
		if err != nil {
			return out, err
		}
		levels, err := levelNames(tx)
		if err != nil {
			return out, err
		}
		doors := map[string]Door{}
		toFolder := map[string]map[string][]string{}
		for _, r := range tx.Reachers(target) {
			one := Seer{Reach: r, Level: levels[r.Person.Level]}
			if r.Client.Has(gate.ByGroup) {
				one.Groups = toClient[r.ID]
			}
			for _, p := range r.Doors {
				if _, known := doors[p.Folder]; !known {
					if doors[p.Folder], toFolder[p.Folder], err = doorOf(tx, p.Folder); err != nil {
						return out, err
					}
				}
				d := doors[p.Folder]
				if d.By = p.By; p.By.Has(gate.ByGroup) {
					d.Groups = toFolder[p.Folder][r.ID]
				}
				if p.By.Has(gate.ByPass) {
					d.Until = p.Until
				}
				one.Doors = append(one.Doors, d)
			}
			out.People = append(out.People, one)
		}
		if target.Kind == gate.KindCredential {
			out.There, err = there(tx, target.ID)
		}
		return out, err
	})
}

func doorOf(tx *gate.Tx, folder string) (d Door, groups map[string][]string, err error) {
	var client, clientName, parent string
	if err = tx.Row(sqlFolder, folder).Scan(&d.Folder.ID, &d.Folder.Name, &client, &clientName, &parent); err == nil {
		groups, err = namesBy(tx, sqlGroupsToFolder, folder)
	}
	return d, groups, err
}

func levelNames(tx *gate.Tx) (map[string]string, error) {
	all, err := levels(tx)
	by := map[string]string{}
	for _, l := range all {
		by[l.ID] = l.Name
	}
	return by, err
}

// Sight is what a user can see of what the actor reaches himself.
type Sight struct {
	gate.Person
	LevelName string
	Clients   []SeenClient
	Folders   []SeenFolder // guarded ones in clients that he reaches, closed ones too
}

// SeenClient is a client that the user reaches, and how.
type SeenClient struct {
	Named
	By     gate.Rules
	Until  int64
	Groups []string
}

// SeenFolder is a guarded folder.
type SeenFolder struct {
	Folder
	Open  bool
	Doors []Door
}

var (
	sqlUserGroups  = gate.SQL(`SELECT c.client_id, g.name FROM group_users u JOIN security_groups g ON g.org_id = u.org_id AND g.id = u.group_id JOIN group_clients c ON c.org_id = g.org_id AND c.group_id = g.id WHERE u.org_id = $1 AND u.user_id = $2 AND g.enabled ORDER BY g.name, g.id`)
	sqlUserFolders = gate.SQL(`SELECT f.folder_id, g.name FROM group_users u JOIN security_groups g ON g.org_id = u.org_id AND g.id = u.group_id JOIN folder_groups f ON f.org_id = g.org_id AND f.group_id = g.id WHERE u.org_id = $1 AND u.user_id = $2 AND g.enabled ORDER BY g.name, g.id`)
)

// What lists what a user can see: clients by name, and the guarded folders in
// them, open or closed to him. What the actor does not reach is not in it.
func (s *Store) What(ctx context.Context, who gate.Actor, user string) (Sight, error) {
	return gate.Do(ctx, s.gate, who, OpWhat, gate.Nothing(), func(tx *gate.Tx) (out Sight, err error) {
		people := tx.People(true)
		i := slices.IndexFunc(people, func(p gate.Person) bool { return p.ID == user })
		if i < 0 {
			return out, fault.NotFound()
		}
		out.Person = people[i]
		levels, err := levelNames(tx)
		if err != nil {
			return out, err
		}
		out.LevelName = levels[out.Level]
		toClient, err := namesBy(tx, sqlUserGroups, user)
		if err != nil {
			return out, err
		}
		toFolder, err := namesBy(tx, sqlUserFolders, user)
		if err != nil {
			return out, err
		}
		var clients []Named
		if err := tx.Each(sqlClientNames, func(r *gate.Rows) error {
			var n Named
			err := r.Scan(&n.ID, &n.Name)
			clients = append(clients, n)
			return err
		}); err != nil {
			return out, err
		}
		_, folders, err := allNames(tx)
		if err != nil {
			return out, err
		}
		for _, c := range clients {
			r, ok := tx.ReachOf(user, gate.Client(c.ID))
			if !ok || !tx.SeesClient(c.ID) {
				continue
			}
			seen := SeenClient{Named: c, By: r.Client, Until: r.Until}
			if r.Client.Has(gate.ByGroup) {
				seen.Groups = toClient[c.ID]
			}
			out.Clients = append(out.Clients, seen)
			out.Folders = append(out.Folders, guarded(tx, user, c.ID, folders, toFolder)...)
		}
		return out, nil
	})
}

// guarded lists the guarded folders of one client.
func guarded(tx *gate.Tx, user, client string, folders map[string]Folder, groups map[string][]string) (all []SeenFolder) {
	for id, f := range folders {
		if f.Client.ID != client || !tx.Guarded(id) || !tx.SeesFolder(id) {
			continue
		}
		_, open := tx.ReachOf(user, gate.Folder(id))
		seen := SeenFolder{Folder: f, Open: open}
		for _, p := range tx.Doors(user, id) {
			d := Door{Folder: folders[p.Folder].Named, By: p.By}
			if p.By.Has(gate.ByGroup) {
				d.Groups = groups[p.Folder]
			}
			if p.By.Has(gate.ByPass) {
				d.Until = p.Until
			}
			seen.Doors = append(seen.Doors, d)
		}
		all = append(all, seen)
	}
	slices.SortFunc(all, func(a, b SeenFolder) int { return compareFolders(a.Folder, b.Folder) })
	return all
}

func compareFolders(a, b Folder) int {
	return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
}

func sortFolders(all []Folder) { slices.SortFunc(all, compareFolders) }
