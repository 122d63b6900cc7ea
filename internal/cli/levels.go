package cli

import (
	"slices"
	"strconv"
	"strings"

	"bailiwick/sdk"
)

// Levels is the permission levels.
type Levels struct {
	List   LevelList   `cmd:"" default:"withargs" help:"List the levels."`
	Show   LevelShow   `cmd:"" help:"Show what a level holds, and who has it."`
	Add    LevelAdd    `cmd:"" help:"Add a custom level."`
	Edit   LevelEdit   `cmd:"" help:"Change a custom level."`
	Delete LevelDelete `cmd:"" help:"Delete a custom level."`
}

// LevelList lists them.
type LevelList struct {
	Format `embed:""`
}

// Run lists them.
func (c *LevelList) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	all, err := api.Levels(e.Context)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, l := range all.Levels {
		kind := "custom"
		if l.BuiltIn {
			kind = "built in"
		}
		rows = append(rows, []string{l.Name, kind, strconv.Itoa(len(l.Permissions)), strconv.Itoa(len(l.Users)), yes(l.Default, "default"), l.ID})
	}
	return c.show(e, all.Levels, "NAME|KIND|PERMISSIONS|USERS|DEFAULT|ID", rows)
}

// level finds a level by name or id.
func (e *Env) level(api *sdk.API, name string) (sdk.Level, error) {
	all, err := api.Levels(e.Context)
	if err != nil {
		return sdk.Level{}, err
	}
	i := slices.IndexFunc(all.Levels, func(l sdk.Level) bool { return l.ID == name || strings.EqualFold(l.Name, name) })
	if i < 0 {
		return sdk.Level{}, fail(ExitAbsent, "There is no level %q. See: bailiwick levels", name)
	}
	return all.Levels[i], nil
}

// LevelShow shows one.
type LevelShow struct {
	Format `embed:""`
	Level  string `arg:"" help:"Name or id of the level."`
}

// Run shows it.
func (c *LevelShow) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	l, err := e.level(api, c.Level)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, p := range l.Permissions {
		rows = append(rows, []string{"permission", p})
	}
	for _, u := range l.Users {
		rows = append(rows, []string{"user", u.Name + " <" + u.Email + ">"})
	}
	return c.show(e, l, "WHAT|NAME", rows)
}

// LevelAdd adds one.
type LevelAdd struct {
	Format     `embed:""`
	Name       string   `arg:"" help:"Name of the new level."`
	From       string   `help:"Begin with what this level holds, as far as it can be given."`
	Permission []string `short:"p" sep:"none" help:"A permission by its name; may be given several times."`
}

// Run adds it.
func (c *LevelAdd) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	names := append([]string{}, c.Permission...)
	if c.From != "" {
		from, err := e.level(api, c.From)
		if err != nil {
			return err
		}
		me, err := api.Me(e.Context)
		if err != nil {
			return err
		}
		for _, p := range from.Permissions {
			if slices.Contains(me.Permissions, p) && p != "Organization: Admin" && p != "User: Auto-provision" {
				names = append(names, p)
			}
		}
	}
	made, err := api.AddLevel(e.Context, sdk.NewLevel{Name: c.Name, Permissions: names})
	if err != nil {
		return err
	}
	return c.done(e, made, "Added the level %s.", c.Name)
}

// LevelEdit changes one.
type LevelEdit struct {
	Format  `embed:""`
	Level   string   `arg:"" help:"Name or id of the level."`
	Name    string   `help:"Its new name."`
	Add     []string `sep:"none" help:"A permission that it gets; may be given several times."`
	Remove  []string `sep:"none" help:"A permission that it loses; may be given several times."`
	Preview bool     `help:"Only say who would gain and lose what."`
}

// Run changes it.
func (c *LevelEdit) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	l, err := e.level(api, c.Level)
	if err != nil {
		return err
	}
	names := slices.DeleteFunc(append(slices.Clone(l.Permissions), c.Add...), func(p string) bool { return slices.Contains(c.Remove, p) })
	if c.Preview {
		found, err := api.PreviewLevel(e.Context, l.ID, sdk.LevelPreview{Permissions: names})
		if err != nil {
			return err
		}
		return c.effects(e, found)
	}
	in := sdk.LevelChange{Version: l.Version, Name: l.Name, Permissions: names}
	if c.Name != "" {
		in.Name = c.Name
	}
	done, err := api.EditLevel(e.Context, l.ID, in)
	if err != nil {
		return err
	}
	return c.done(e, done, "Changed the level %s.", in.Name)
}

func (f Format) effects(e *Env, found sdk.LevelEffects) error {
	var rows [][]string
	for _, x := range found.Effects {
		for _, p := range x.Gain {
			rows = append(rows, []string{p.Name, "gains", x.Permission})
		}
		for _, p := range x.Lose {
			rows = append(rows, []string{p.Name, "loses", x.Permission})
		}
	}
	return f.show(e, found.Effects, "USER|EFFECT|PERMISSION", rows)
}

// LevelDelete deletes one.
type LevelDelete struct {
	Format      `embed:""`
	Level       string `arg:"" help:"Name or id of the level."`
	Replacement string `help:"Name or id of the level that its users get."`
	Preview     bool   `help:"Only say who would gain and lose what."`
}

// Run deletes it.
func (c *LevelDelete) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	l, err := e.level(api, c.Level)
	if err != nil {
		return err
	}
	next := sdk.Level{}
	if c.Replacement != "" {
		if next, err = e.level(api, c.Replacement); err != nil {
			return err
		}
	}
	if c.Preview {
		if next.ID == "" {
			return fail(ExitUsage, "Say which level its users would get: --replacement NAME.")
		}
		found, err := api.PreviewLevel(e.Context, l.ID, sdk.LevelPreview{Replacement: next.ID})
		if err != nil {
			return err
		}
		return c.effects(e, found)
	}
	if err := api.DeleteLevel(e.Context, l.ID, l.Version, next.ID); err != nil {
		return err
	}
	return c.done(e, sdk.Done{ID: l.ID}, "Deleted the level %s.", l.Name)
}
