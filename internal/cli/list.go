package cli

import (
	"strconv"
	"strings"

	"bailiwick/sdk"
)

// Clients lists clients.
type Clients struct {
	Format   `embed:""`
	Text     []string `arg:"" optional:"" help:"Words that the name or short code holds."`
	Disabled bool     `help:"Disabled ones too."`
}

// Run lists them.
func (c *Clients) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	all := []sdk.Client{}
	f := sdk.ClientFilter{Text: strings.Join(c.Text, " "), Disabled: c.Disabled, Page: sdk.Page{Limit: 500}}
	for {
		part, err := api.Clients(e.Context, f)
		if err != nil {
			return err
		}
		all = append(all, part.Clients...)
		if f.After = part.Next; f.After == "" {
			break
		}
	}
	var rows [][]string
	for _, x := range all {
		rows = append(rows, []string{x.Name, x.ShortCode, strconv.Itoa(x.Credentials), yes(!x.Enabled, "disabled"), x.ID})
	}
	return c.show(e, all, "NAME|CODE|CREDENTIALS|STATE|ID", rows)
}

// List lists the credentials of a place.
type List struct {
	Format   `embed:""`
	Client   string `arg:"" optional:"" help:"Name, short code or id of the client."`
	Mine     bool   `help:"Your own passwords instead of a client's."`
	Folder   string `help:"Only this folder and what lies below: its path or id."`
	Archived bool   `help:"The archived ones instead."`
}

// Run lists them.
func (c *List) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		place, _, err := e.place(api, c.Client, c.Mine)
		if err != nil {
			return err
		}
		folder, err := e.folder(api, place, c.Folder)
		if err != nil {
			return err
		}
		paths, err := e.folders(api, place)
		if err != nil {
			return err
		}
		all := []sdk.Credential{}
		f := sdk.CredentialFilter{Place: place, Folder: folder, Archived: c.Archived, Page: sdk.Page{Limit: 500}}
		for {
			part, err := api.Credentials(e.Context, f)
			if err != nil {
				return err
			}
			all = append(all, part.Credentials...)
			if f.After = part.Next; f.After == "" {
				break
			}
		}
		var rows [][]string
		for _, x := range all {
			rows = append(rows, []string{x.Title, x.Username, x.Type, paths[x.Folder], x.ID})
		}
		return c.show(e, all, "TITLE|USERNAME|TYPE|FOLDER|ID", rows)
	})
}
