package cli

import (
	"strings"

	"bailiwick/sdk"
)

// Flag flags a credential for change.
type Flag struct {
	Format `embed:""`
	Query  []string `arg:"" help:"Words to search for, or the credential's id."`
	Note   string   `help:"Why it should be changed; asked for otherwise. Everybody who sees the credential reads it."`
}

// Run flags it.
func (c *Flag) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		found, err := e.credential(api, c.Query)
		if err != nil {
			return err
		}
		if c.Note == "" {
			if !e.terminal() {
				return fail(ExitUsage, "Say why, with --note. Nothing was flagged.")
			}
			if c.Note, err = e.ask("Why should it be changed", ""); err != nil {
				return err
			}
		}
		if err := api.Flag(e.Context, found.ID, c.Note); err != nil {
			return err
		}
		return c.done(e, sdk.Done{ID: found.ID}, "Flagged %s.", found.Title)
	})
}

// Unflag clears flags of a credential.
type Unflag struct {
	Format `embed:""`
	Query  []string `arg:"" help:"Words to search for, or the credential's id."`
	Cause  string   `enum:"manual,ad-change,touched,unshared,expired,weak,reused," default:"" help:"Only these: manual, ad-change, touched, unshared, expired, weak or reused."`
	Undo   bool     `help:"Put back what you have just cleared, within ten minutes."`
}

// Run clears them.
func (c *Unflag) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		found, err := e.credential(api, c.Query)
		if err != nil {
			return err
		}
		if c.Undo {
			if err := api.Reflag(e.Context, found.ID); err != nil {
				return err
			}
			return c.done(e, sdk.Done{ID: found.ID}, "Put the flags of %s back.", found.Title)
		}
		if err := api.Unflag(e.Context, found.ID, c.Cause); err != nil {
			return err
		}
		return c.done(e, sdk.Done{ID: found.ID}, "Cleared the flags of %s. Put them back with: bailiwick unflag --undo %s", found.Title, found.ID)
	})
}

// causes writes the flags of a credential for a column.
func causes(flags []sdk.Flag) string {
	var all []string
	for _, f := range flags {
		if n := len(all); n == 0 || all[n-1] != f.Cause {
			all = append(all, f.Cause)
		}
	}
	return strings.Join(all, ", ")
}
