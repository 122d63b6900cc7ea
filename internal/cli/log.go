package cli

import (
	"strconv"
	"strings"

	"bailiwick/sdk"
)

// History shows the versions of a credential.
type History struct {
	Format `embed:""`
	Query  []string `arg:"" help:"Words to search for, or the credential's id."`
}

// Run shows them.
func (c *History) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		found, err := e.credential(api, c.Query)
		if err != nil {
			return err
		}
		h, err := api.History(e.Context, found.ID)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, v := range h.Versions {
			what := "added"
			switch {
			case len(v.Fields) > 0:
				what = "changed " + strings.Join(v.Fields, ", ")
			case v.ChangedBy == "": // shared without its history
				what = "saved"
			}
			rows = append(rows, []string{strconv.FormatInt(v.Version, 10), shown(v.ChangedAt), v.ChangedBy, what, v.Title, v.Username})
		}
		return c.show(e, h.Versions, "VERSION|WHEN|WHO|WHAT|TITLE|USERNAME", rows)
	})
}

// Audit shows the audit log.
type Audit struct {
	Format     `embed:""`
	Client     string `help:"Only of this client: its name, short code or id."`
	Credential string `help:"Only of the credential with this id."`
	Limit      int    `default:"50" help:"How many events, the newest first."`
}

// Run shows it.
func (c *Audit) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	f := sdk.EventFilter{Target: c.Credential}
	if c.Client != "" {
		found, err := e.client(api, c.Client)
		if err != nil {
			return err
		}
		f.Client = found.ID
	}
	all := []sdk.Event{}
	for len(all) < c.Limit {
		f.Limit = min(c.Limit-len(all), 200)
		part, err := api.Audit(e.Context, f)
		if err != nil {
			return err
		}
		all = append(all, part.Events...)
		if f.After = part.Next; f.After == "" {
			break
		}
	}
	var rows [][]string
	for _, v := range all {
		rows = append(rows, []string{strconv.FormatInt(v.Number, 10), shown(v.At), v.Actor, v.Operation, v.Outcome, v.ClientName, v.Name})
	}
	return c.show(e, all, "NUMBER|WHEN|WHO|WHAT|OUTCOME|CLIENT|NAME", rows)
}
