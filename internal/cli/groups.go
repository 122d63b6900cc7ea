package cli

import (
	"slices"
	"strconv"
	"strings"

	"bailiwick/sdk"
)

// Groups is the security groups.
type Groups struct {
	List    GroupList    `cmd:"" default:"withargs" help:"List the groups."`
	Show    GroupShow    `cmd:"" help:"Show who is in a group, what it assigns, and what it guards."`
	Add     GroupAdd     `cmd:"" help:"Add a group."`
	Edit    GroupEdit    `cmd:"" help:"Change a group."`
	Enable  GroupEnable  `cmd:"" help:"Enable a group."`
	Disable GroupDisable `cmd:"" help:"Disable a group: it assigns nothing, and what it guards stays closed."`
	Delete  GroupDelete  `cmd:"" help:"Delete a group."`
}

// GroupList lists them.
type GroupList struct {
	Format `embed:""`
}

// Run lists them.
func (c *GroupList) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	all, err := api.Groups(e.Context)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, g := range all.Groups {
		rows = append(rows, []string{g.Name, strconv.Itoa(len(g.Users)), strconv.Itoa(len(g.Clients)), strconv.Itoa(len(g.Folders)), yes(!g.Enabled, "disabled"), g.ID})
	}
	return c.show(e, all.Groups, "NAME|USERS|CLIENTS|FOLDERS|STATE|ID", rows)
}

// group finds a group by name or id.
func (e *Env) group(api *sdk.API, name string) (sdk.Group, error) {
	all, err := api.Groups(e.Context)
	if err != nil {
		return sdk.Group{}, err
	}
	i := slices.IndexFunc(all.Groups, func(g sdk.Group) bool { return g.ID == name || strings.EqualFold(g.Name, name) })
	if i < 0 {
		return sdk.Group{}, fail(ExitAbsent, "There is no security group %q. See: bailiwick groups", name)
	}
	return all.Groups[i], nil
}

// GroupShow shows one.
type GroupShow struct {
	Format `embed:""`
	Group  string `arg:"" help:"Name or id of the group."`
}

// Run shows it.
func (c *GroupShow) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	g, err := e.group(api, c.Group)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, u := range g.Users {
		rows = append(rows, []string{"user", u.Name + " <" + u.Email + ">"})
	}
	for _, x := range g.Clients {
		rows = append(rows, []string{"assigns", x.Name})
	}
	for _, x := range g.Folders {
		rows = append(rows, []string{"guards", x.Client.Name + " / " + x.Name})
	}
	for _, x := range g.Categories {
		rows = append(rows, []string{"lets read", x.Name})
	}
	return c.show(e, g, "WHAT|NAME", rows)
}

// GroupAdd adds one.
type GroupAdd struct {
	Format `embed:""`
	Name   string   `arg:"" help:"Name of the new group."`
	User   []string `sep:"none" help:"Email or id of a user; may be given several times."`
	Client []string `sep:"none" help:"Name, short code or id of a client that it assigns; may be given several times."`
}

// Run adds it.
func (c *GroupAdd) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	users, err := e.users(api, c.User)
	if err != nil {
		return err
	}
	clients, err := e.clients(api, c.Client)
	if err != nil {
		return err
	}
	made, err := api.AddGroup(e.Context, sdk.NewGroup{Name: c.Name, Users: users, Clients: clients})
	if err != nil {
		return err
	}
	return c.done(e, made, "Added the security group %s.", c.Name)
}

func (e *Env) users(api *sdk.API, names []string) (ids []string, err error) {
	for _, n := range names {
		id, err := e.user(api, n)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (e *Env) clients(api *sdk.API, names []string) (ids []string, err error) {
	for _, n := range names {
		place, _, err := e.place(api, n, false)
		if err != nil {
			return nil, err
		}
		ids = append(ids, place.Client)
	}
	return ids, nil
}

// GroupEdit changes one.
type GroupEdit struct {
	Format       `embed:""`
	Group        string   `arg:"" help:"Name or id of the group."`
	Name         string   `help:"Its new name."`
	AddUser      []string `sep:"none" help:"Email or id of a user to put in."`
	RemoveUser   []string `sep:"none" help:"Email or id of a user to take out."`
	AddClient    []string `sep:"none" help:"Name, short code or id of a client that it is to assign."`
	RemoveClient []string `sep:"none" help:"Name, short code or id of a client that it no longer assigns."`
	Preview      bool     `help:"Only say what it would do to whom."`
}

// Run changes it.
func (c *GroupEdit) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	g, err := e.group(api, c.Group)
	if err != nil {
		return err
	}
	in := sdk.GroupChange{Version: g.Version, Name: g.Name, Users: []string{}, Clients: []string{}}
	if c.Name != "" {
		in.Name = c.Name
	}
	for _, u := range g.Users {
		in.Users = append(in.Users, u.ID)
	}
	for _, x := range g.Clients {
		in.Clients = append(in.Clients, x.ID)
	}
	for _, change := range []struct {
		list        *[]string
		add, remove []string
		find        func(*sdk.API, []string) ([]string, error)
	}{{&in.Users, c.AddUser, c.RemoveUser, e.users}, {&in.Clients, c.AddClient, c.RemoveClient, e.clients}} {
		add, err := change.find(api, change.add)
		if err != nil {
			return err
		}
		remove, err := change.find(api, change.remove)
		if err != nil {
			return err
		}
		*change.list = slices.DeleteFunc(append(*change.list, add...), func(id string) bool { return slices.Contains(remove, id) })
	}
	if c.Preview {
		found, err := api.PreviewGroup(e.Context, g.ID, sdk.GroupPreview{Users: in.Users, Clients: in.Clients})
		if err != nil {
			return err
		}
		return c.groupEffects(e, found)
	}
	done, err := api.EditGroup(e.Context, g.ID, in)
	if err != nil {
		return err
	}
	return c.done(e, done, "Changed the security group %s.", in.Name)
}

func (f Format) groupEffects(e *Env, found sdk.GroupEffects) error {
	var rows [][]string
	for _, x := range found.Effects {
		for _, c := range x.Clients {
			rows = append(rows, []string{x.User.Name, "reaches", c.Name})
		}
		for _, c := range x.LostClients {
			rows = append(rows, []string{x.User.Name, "no longer reaches", c.Name})
		}
		for _, c := range x.Folders {
			rows = append(rows, []string{x.User.Name, "opens", c.Client.Name + " / " + c.Name})
		}
		for _, c := range x.LostFolders {
			rows = append(rows, []string{x.User.Name, "no longer opens", c.Client.Name + " / " + c.Name})
		}
	}
	return f.show(e, found.Effects, "USER|EFFECT|WHAT", rows)
}

// GroupEnable enables one.
type GroupEnable struct {
	Group string `arg:"" help:"Name or id of the group."`
}

// Run enables it.
func (c *GroupEnable) Run(e *Env) error { return e.setGroup(c.Group, true) }

// GroupDisable disables one.
type GroupDisable struct {
	Group string `arg:"" help:"Name or id of the group."`
}

// Run disables it.
func (c *GroupDisable) Run(e *Env) error { return e.setGroup(c.Group, false) }

func (e *Env) setGroup(name string, on bool) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	g, err := e.group(api, name)
	if err != nil {
		return err
	}
	if err := api.EnableGroup(e.Context, g.ID, on); err != nil {
		return err
	}
	word := "Disabled"
	if on {
		word = "Enabled"
	}
	return Format{}.done(e, nil, "%s the security group %s.", word, g.Name)
}

// GroupDelete deletes one.
type GroupDelete struct {
	Format  `embed:""`
	Group   string `arg:"" help:"Name or id of the group."`
	TakeOff bool   `xor:"folders" help:"The guard is taken off the folders that it guards."`
	Instead string `xor:"folders" help:"Name or id of the group that is put on them instead."`
	Flag    bool   `help:"Flag what its users have seen and don't reach any more."`
}

// Run deletes it.
func (c *GroupDelete) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	g, err := e.group(api, c.Group)
	if err != nil {
		return err
	}
	instead := ""
	if c.Instead != "" {
		other, err := e.group(api, c.Instead)
		if err != nil {
			return err
		}
		instead = other.ID
	}
	if err := api.DeleteGroup(e.Context, g.ID, g.Version, c.TakeOff, instead, c.Flag); err != nil {
		return err
	}
	return c.done(e, sdk.Done{ID: g.ID}, "Deleted the security group %s.", g.Name)
}
