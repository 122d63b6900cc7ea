package cli

import (
	"bailiwick/sdk"
)

// Move puts a credential elsewhere.
type Move struct {
	Format `embed:""`
	Query  []string `arg:"" help:"Words to search for, or the credential's id."`
	To     string   `help:"Name, short code or id of the client."`
	Mine   bool     `help:"Into your own passwords."`
	Folder string   `help:"Path or id of the folder there; the root otherwise."`
}

// Run moves it.
func (c *Move) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		found, err := e.credential(api, c.Query)
		if err != nil {
			return err
		}
		place, where := sdk.Place{Client: found.Client, Personal: found.Personal}, "another folder"
		if c.To != "" || c.Mine {
			if place, where, err = e.place(api, c.To, c.Mine); err != nil {
				return err
			}
		} else if c.Folder == "" {
			return fail(ExitUsage, "Say where to: --to CLIENT, --mine or --folder PATH.")
		}
		folder, err := e.folder(api, place, c.Folder)
		if err != nil {
			return err
		}
		made, err := api.Move(e.Context, found.ID, sdk.CredentialMove{Version: found.Version, Client: place.Client, Personal: place.Personal, Folder: folder})
		if err != nil {
			return err
		}
		if made.ID != found.ID {
			return c.done(e, made, "Moved %s to %s; its id is now %s.", found.Title, where, made.ID)
		}
		return c.done(e, made, "Moved %s to %s.", found.Title, where)
	})
}

// Archive takes a credential out of lists and search.
type Archive struct {
	Format `embed:""`
	Query  []string `arg:"" help:"Words to search for, or the credential's id."`
}

// Run archives it.
func (c *Archive) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		found, err := e.credential(api, c.Query)
		if err != nil {
			return err
		}
		if err := api.Archive(e.Context, found.ID); err != nil {
			return err
		}
		return c.done(e, sdk.Done{ID: found.ID}, "Archived %s. Bring it back with: bailiwick unarchive %s", found.Title, found.ID)
	})
}

// Unarchive brings a credential back. Search finds no archived ones, so it takes
// an id, which list --archived shows.
type Unarchive struct {
	Format `embed:""`
	ID     string `arg:"" help:"Id of the credential, as bailiwick list CLIENT --archived shows it."`
}

// Run restores it.
func (c *Unarchive) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		if err := api.Restore(e.Context, c.ID); err != nil {
			return err
		}
		return c.done(e, sdk.Done{ID: c.ID}, "Restored %s.", c.ID)
	})
}
