package cli

import (
	"fmt"
	"strings"

	"bailiwick/sdk"
)

// Selected does one act to several credentials, all or none.
type Selected struct {
	Move    SelectedMove    `cmd:"" help:"Move them to another folder, client or vault."`
	Archive SelectedArchive `cmd:"" help:"Archive them."`
	Restore SelectedRestore `cmd:"" help:"Take them out of the archive."`
	Type    SelectedType    `cmd:"" help:"Give them another credential type."`
	Flag    SelectedFlag    `cmd:"" help:"Flag them for change."`
	Unflag  SelectedUnflag  `cmd:"" help:"Clear their flags."`
	Share   SelectedShare   `cmd:"" help:"Make a link to each of them for somebody outside."`
	Export  SelectedExport  `cmd:"" help:"Write them to a file."`
}

// Several names credentials.
type Several struct {
	Format `embed:""`
	ID     []string `arg:"" optional:"" help:"Ids of the credentials. Without any they are read from the standard input, one a line."`
}

func (s Several) read(e *Env) ([]sdk.Selected, error) {
	ids := s.ID
	for len(s.ID) == 0 {
		line, err := e.line()
		if err != nil {
			break // the end of the input
		}
		if line = strings.TrimSpace(line); line == "" {
			break // what follows is for somebody else, such as a password
		}
		ids = append(ids, line)
	}
	if len(ids) == 0 {
		return nil, fail(ExitUsage, "Name the credentials by their ids, as bailiwick list shows them. Nothing was changed.")
	}
	var all []sdk.Selected
	for _, id := range ids {
		all = append(all, sdk.Selected{ID: id})
	}
	return all, nil
}

// run says how many it was done to. idle is what those are to which it was not.
func (s Several) run(e *Env, did string, act func(*sdk.API, []sdk.Selected) (sdk.SelectedDone, error), idle ...string) error {
	all, err := s.read(e)
	if err != nil {
		return err
	}
	return e.opened(func(api *sdk.API) error {
		out, err := act(api, all)
		if err != nil {
			return err
		}
		n, passed, more := len(out.Credentials), 0, ""
		for _, c := range out.Credentials {
			if c.Version == 0 {
				passed++
			}
		}
		if len(idle) > 0 && passed > 0 {
			n, more = n-passed, fmt.Sprintf(" %d %s.", passed, idle[0])
		}
		noun := "credentials"
		if n == 1 {
			noun = "credential"
		}
		return s.done(e, out, "%s %d %s.%s", did, n, noun, more)
	})
}

// SelectedMove moves several.
type SelectedMove struct {
	Several `embed:""`
	To      string `help:"Name, short code or id of the client."`
	Mine    bool   `help:"Into your own passwords."`
	Folder  string `help:"Path or id of the folder there; the root otherwise."`
}

// Run moves them.
func (c *SelectedMove) Run(e *Env) error {
	return c.run(e, "Moved", func(api *sdk.API, all []sdk.Selected) (sdk.SelectedDone, error) {
		place, _, err := e.place(api, c.To, c.Mine)
		if err != nil {
			return sdk.SelectedDone{}, err
		}
		folder, err := e.folder(api, place, c.Folder)
		if err != nil {
			return sdk.SelectedDone{}, err
		}
		return api.MoveSelected(e.Context, sdk.MoveSelected{Credentials: all, Client: place.Client, Personal: place.Personal, Folder: folder})
	})
}

// SelectedArchive archives several.
type SelectedArchive struct {
	Several `embed:""`
}

// Run archives them.
func (c *SelectedArchive) Run(e *Env) error {
	return c.run(e, "Archived", func(api *sdk.API, all []sdk.Selected) (sdk.SelectedDone, error) {
		return api.ArchiveSelected(e.Context, sdk.Selection{Credentials: all})
	})
}

// SelectedRestore restores several.
type SelectedRestore struct {
	Several `embed:""`
}

// Run restores them.
func (c *SelectedRestore) Run(e *Env) error {
	return c.run(e, "Restored", func(api *sdk.API, all []sdk.Selected) (sdk.SelectedDone, error) {
		return api.RestoreSelected(e.Context, sdk.Selection{Credentials: all})
	})
}

// SelectedType changes the type of several.
type SelectedType struct {
	Several `embed:""`
	Type    string `required:"" help:"The credential type."`
}

// Run changes it.
func (c *SelectedType) Run(e *Env) error {
	return c.run(e, "Changed the type of", func(api *sdk.API, all []sdk.Selected) (sdk.SelectedDone, error) {
		return api.RetypeSelected(e.Context, sdk.RetypeSelected{Credentials: all, Type: c.Type})
	})
}

// SelectedFlag flags several.
type SelectedFlag struct {
	Several `embed:""`
	Note    string `required:"" help:"Why they should be changed. Everybody who sees the credentials reads it."`
}

// Run flags them.
func (c *SelectedFlag) Run(e *Env) error {
	return c.run(e, "Flagged", func(api *sdk.API, all []sdk.Selected) (sdk.SelectedDone, error) {
		return api.FlagSelected(e.Context, sdk.FlagSelected{Credentials: all, Note: sdk.Secret(c.Note)})
	})
}

// SelectedUnflag clears the flags of several.
type SelectedUnflag struct {
	Several `embed:""`
	Cause   string `enum:"manual,ad-change,touched,unshared,expired,weak,reused," default:"" help:"Only these: manual, ad-change, touched, unshared, expired, weak or reused."`
	Undo    bool   `help:"Put back what you have just cleared, within ten minutes."`
}

// Run clears them.
func (c *SelectedUnflag) Run(e *Env) error {
	if c.Undo {
		return c.run(e, "Put back the flags of", func(api *sdk.API, all []sdk.Selected) (sdk.SelectedDone, error) {
			return api.ReflagSelected(e.Context, sdk.Selection{Credentials: all})
		})
	}
	return c.run(e, "Cleared the flags of", func(api *sdk.API, all []sdk.Selected) (sdk.SelectedDone, error) {
		return api.UnflagSelected(e.Context, sdk.UnflagSelected{Credentials: all, Cause: c.Cause})
	})
}

// Delete deletes an archived credential for good.
type Delete struct {
	Format `embed:""`
	ID     string `arg:"" help:"Id of the credential, as bailiwick list CLIENT --archived shows it."`
	Title  string `help:"Its title, to show that this one is meant; asked for otherwise."`
}

// Run deletes it.
func (c *Delete) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		found, err := api.Credential(e.Context, c.ID)
		if err != nil {
			return err
		}
		title := c.Title
		if title == "" {
			if !e.terminal() {
				return fail(ExitUsage, "Say which one is meant by its title: --title. Nothing was deleted.")
			}
			if title, err = e.ask("This deletes "+clean(found.Title)+" with its history; nothing brings it back. Type its title", ""); err != nil {
				return err
			}
		}
		if err := api.DeleteCredential(e.Context, c.ID, sdk.CredentialDeletion{Version: found.Version, Title: title}); err != nil {
			return err
		}
		return c.done(e, sdk.Done{ID: c.ID}, "Deleted %s for good.", found.Title)
	})
}
