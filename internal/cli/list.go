package cli

import (
	"bailiwick/sdk"
)

// List lists the credentials of a place.
type List struct {
	Format   `embed:""`
	Client   string `arg:"" optional:"" help:"Name, short code or id of the client."`
	Mine     bool   `help:"Your own passwords instead of a client's."`
	Folder   string `help:"Only this folder and what lies below: its path or id."`
	Archived bool   `help:"The archived ones instead."`
	Flagged  bool   `help:"Only those with a flag."`
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
		f := sdk.CredentialFilter{Place: place, Folder: folder, Archived: c.Archived, Flagged: c.Flagged, Page: sdk.Page{Limit: 500}}
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
			rows = append(rows, []string{x.Title, x.Username, x.Type, paths[x.Folder], causes(x.Flags), x.ID})
		}
		return c.show(e, all, "TITLE|USERNAME|TYPE|FOLDER|FLAGS|ID", rows)
	})
}
