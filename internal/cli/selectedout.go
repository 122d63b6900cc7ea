package cli

import (
	"fmt"

	"bailiwick/sdk"
)

// SelectedShare makes a link to each of several credentials.
type SelectedShare struct {
	Several    `embed:""`
	Fields     []string `placeholder:"FIELD,…" default:"title,username,password,urls" help:"What the recipient sees: title, username, password, urls, notes, fields (custom ones)."`
	Views      int      `default:"1" help:"How often each can be opened, 1 to 20."`
	For        lifetime `default:"3d" help:"How long they live, 10m to 30d."`
	Passphrase bool     `help:"Ask for a passphrase that the recipient needs besides, the same for all."`
}

// Run makes them: all or none.
func (c *SelectedShare) Run(e *Env) error {
	if err := linkFits(c.Views, c.For); err != nil {
		return err
	}
	in := sdk.ShareSelected{Link: sdk.NewExternalLink{Fields: c.Fields, Views: c.Views, Minutes: c.For.minutes()}}
	var err error
	if in.Credentials, err = c.read(e); err != nil {
		return err
	}
	return e.opened(func(api *sdk.API) error {
		if c.Passphrase {
			typed, err := e.Secret("Passphrase for the recipient")
			if err != nil {
				return err
			}
			in.Link.Passphrase = sdk.Secret(typed)
		}
		made, err := api.ShareSelected(e.Context, in)
		if err != nil {
			return err
		}
		if c.JSON {
			return c.show(e, made, "", nil)
		}
		if err := c.done(e, made, "Made %d links. Each can be opened %s, until %s. They are shown only now:", len(made.Links), times(c.Views), shown(made.Links[0].ExpiresAt)); err != nil {
			return err
		}
		for _, l := range made.Links {
			found, err := api.Credential(e.Context, l.Credential)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(e.Out, "%s\t%s\n", clean(found.Title), l.Address.Reveal()); err != nil {
				return err
			}
		}
		return nil
	})
}

// SelectedExport writes several credentials to a file.
type SelectedExport struct {
	To       string   `arg:"" help:"The file to write; it must not be there yet." type:"path"`
	ID       []string `arg:"" optional:"" help:"Ids of the credentials. Without any they are read from the standard input, one a line, up to an empty line."`
	Format   string   `default:"csv" enum:"csv,kdbx,bitwarden" help:"csv, kdbx (KeePass) or bitwarden (JSON)."`
	Mine     bool     `help:"They are of your own passwords."`
	Formulas bool     `help:"Leave formula characters in CSV cells as they are."`
}

// Run exports them: all or none.
func (c *SelectedExport) Run(e *Env) error {
	all, err := Several{ID: c.ID}.read(e)
	if err != nil {
		return err
	}
	as := &Export{To: c.To, Format: c.Format, Mine: c.Mine, Formulas: c.Formulas}
	for _, one := range all {
		as.only = append(as.only, one.ID)
	}
	return as.Run(e)
}
