package cli

import "bailiwick/sdk"

// Chosen is what a Site User - Limited sees.
type Chosen struct {
	Show   ChosenShow   `cmd:"" default:"withargs" help:"Show what was chosen for a Site User - Limited."`
	Save   ChosenSave   `cmd:"" help:"Choose what a Site User - Limited sees, in place of what was chosen before."`
	Add    ChosenAdd    `cmd:"" help:"Choose more for a Site User - Limited; the rest stays."`
	Remove ChosenRemove `cmd:"" help:"Take away what was chosen for a Site User - Limited; the rest stays."`
}

// ChosenShow shows it.
type ChosenShow struct {
	Format `embed:""`
	User   string `arg:"" help:"Email or id of the user."`
}

// Run shows it.
func (c *ChosenShow) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		id, err := e.user(api, c.User)
		if err != nil {
			return err
		}
		found, err := api.Chosen(e.Context, id)
		if err != nil {
			return err
		}
		place, _, err := e.onlyVault(api)
		if err != nil {
			return err
		}
		paths, err := e.folders(api, place)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, f := range found.Folders {
			rows = append(rows, []string{"folder", paths[f], f})
		}
		for _, id := range found.Credentials {
			x, err := api.Credential(e.Context, id)
			if sdk.Is(err, sdk.Absent) { // archived by its maker, or not shared any more
				err = nil
			}
			if err != nil {
				return err
			}
			rows = append(rows, []string{"credential", x.Title, id})
		}
		return c.show(e, found, "KIND|NAME|ID", rows)
	})
}

// Things are what can be chosen.
type Things struct {
	Folder     []string `placeholder:"ID,…" help:"Folders, with all that is in them."`
	Credential []string `placeholder:"ID,…" help:"Credentials."`
}

func (t Things) words() string {
	return countOf(len(t.Folder), "folder") + " and " + countOf(len(t.Credential), "credential")
}

// ChosenSave sets it.
type ChosenSave struct {
	Format `embed:""`
	User   string `arg:"" help:"Email or id of the user."`
	Things `embed:""`
}

// Run sets it.
func (c *ChosenSave) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		id, err := e.user(api, c.User)
		if err != nil {
			return err
		}
		if err := api.Choose(e.Context, id, sdk.Chosen{Folders: c.Folder, Credentials: c.Credential}); err != nil {
			return err
		}
		return c.done(e, sdk.Done{ID: id}, "Chose %s. The user sees nothing else but what is shared with him by name.", c.words())
	})
}

// ChosenAdd chooses more.
type ChosenAdd struct {
	Format `embed:""`
	User   []string `arg:"" help:"Emails or ids of users."`
	Things `embed:""`
}

// Run chooses it.
func (c *ChosenAdd) Run(e *Env) error {
	return c.change(e, c.Format, c.User, "Chose %s for %s.", func(in *sdk.ChooseFor, users []string) { in.Add = users })
}

// ChosenRemove takes it away.
type ChosenRemove struct {
	Format `embed:""`
	User   []string `arg:"" help:"Emails or ids of users."`
	Things `embed:""`
}

// Run takes it away.
func (c *ChosenRemove) Run(e *Env) error {
	return c.change(e, c.Format, c.User, "Took %s away from %s.", func(in *sdk.ChooseFor, users []string) { in.Remove = users })
}

func (t Things) change(e *Env, f Format, users []string, said string, put func(*sdk.ChooseFor, []string)) error {
	return e.opened(func(api *sdk.API) error {
		ids := make([]string, len(users))
		for i, u := range users {
			id, err := e.user(api, u)
			if err != nil {
				return err
			}
			ids[i] = id
		}
		in := sdk.ChooseFor{Folders: t.Folder, Credentials: t.Credential}
		put(&in, ids)
		if err := api.ChooseThese(e.Context, in); err != nil {
			return err
		}
		return f.done(e, sdk.Done{ID: ids[0]}, said, t.words(), countOf(len(users), "user"))
	})
}
