package cli

import (
	"strings"
	"time"

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
	Due      string `enum:"expired,soon," default:"" help:"Only those whose expiry date has passed (expired), or lies within 30 days (soon)."`
	Filter   string `help:"Only those whose title, username, addresses, tags or type hold all of these words."`
	Sort     string `enum:"title,username,address,type,tags,expires,added,changed,by" default:"title" help:"By what they are sorted: title, or a column."`
	Descends bool   `name:"descending" help:"The last ones first."`
	Columns  string `default:"username,type,folder,flags" help:"What is shown beside title and id, of username, address, type, tags, folder, flags, expires, added, changed and by."`
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
		f := sdk.CredentialFilter{Place: place, Folder: folder, Archived: c.Archived, Flagged: c.Flagged, Due: c.Due, Filter: c.Filter, Sort: strings.TrimPrefix(c.Sort, "title"), Descending: c.Descends, Page: sdk.Page{Limit: 500}}
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
		columns := strings.FieldsFunc(c.Columns, func(r rune) bool { return r == ',' || r == ' ' })
		headings := "TITLE"
		for _, name := range columns {
			if _, ok := cellOf(sdk.Credential{}, name, ""); !ok {
				return fail(ExitUsage, "There is no column %q. A list can show username, address, type, tags, folder, flags, expires, added, changed and by.", name)
			}
			headings += "|" + strings.ToUpper(name)
		}
		var rows [][]string
		for _, x := range all {
			row := []string{x.Title}
			for _, name := range columns {
				cell, _ := cellOf(x, name, paths[x.Folder])
				row = append(row, cell)
			}
			rows = append(rows, append(row, x.ID))
		}
		return c.show(e, all, headings+"|ID", rows)
	})
}

// cellOf is what a column says of a credential.
func cellOf(x sdk.Credential, column, folder string) (string, bool) {
	day := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	switch column {
	case "username":
		return x.Username, true
	case "address":
		return strings.Join(x.URLs, " "), true
	case "type":
		return x.Type, true
	case "tags":
		return strings.Join(x.Tags, ", "), true
	case "folder":
		return folder, true
	case "flags":
		return causes(x.Flags), true
	case "expires":
		return day(x.ExpiresAt), true
	case "added":
		return day(&x.CreatedAt), true
	case "changed":
		return day(&x.ChangedAt), true
	case "by":
		return x.ChangedBy, true
	}
	return "", false
}
