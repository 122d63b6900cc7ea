package cli

import (
	"fmt"
	"strings"

	"bailiwick/sdk"
)

// Shares is sharing between a provider and its clients' sites.
type Shares struct {
	List SharesList `cmd:"" default:"withargs" help:"List what is shared with whom, and what came from the other organization."`
	With SharesWith `cmd:"" help:"Show with whom a client's credentials can be shared."`
	Add  SharesAdd  `cmd:"" help:"Share credentials of one client, or change how they are shared."`
	Stop SharesStop `cmd:"" help:"Stop sharing credentials, on either side."`
}

// SharesList lists them.
type SharesList struct {
	Format `embed:""`
	Client string `arg:"" optional:"" help:"Name, short code or id of the client; all of them otherwise."`
}

// Run lists them.
func (c *SharesList) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		of := ""
		if c.Client != "" {
			found, err := e.client(api, c.Client)
			if err != nil {
				return err
			}
			of = found.ID
		}
		found, err := api.Shares(e.Context, of)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, s := range found.Shares {
			way := "to " + s.Organization
			if s.Received {
				way = "from " + s.Organization
			}
			state := s.Problem
			if s.Waits && state == "" {
				state = "waits for the other side"
			}
			if s.Off && s.Problem == "" {
				state = "the site is switched off"
			}
			rows = append(rows, []string{s.Title, s.ClientName, way, people(s.Shared), rights(s.Shared), shown(s.Since), s.By, state, s.Credential})
		}
		return c.show(e, found, "CREDENTIAL|CLIENT|SHARED|WITH|MAY|SINCE|BY|STATE|ID", rows)
	})
}

func people(s sdk.Shared) string {
	if s.Everyone {
		return "everyone"
	}
	var names []string
	for _, p := range s.People {
		names = append(names, p.Name)
	}
	if s.Received && len(names) == 0 {
		return "chosen users"
	}
	return strings.Join(names, ", ")
}

func rights(s sdk.Shared) string {
	may := "read"
	if s.Write {
		may = "read and write"
	}
	if s.History {
		may += ", history"
	}
	return may
}

// SharesWith shows the people of the other side.
type SharesWith struct {
	Format `embed:""`
	Client string `arg:"" help:"Name, short code or id of the client."`
}

// Run shows them.
func (c *SharesWith) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	of, err := e.client(api, c.Client)
	if err != nil {
		return err
	}
	found, err := api.Partner(e.Context, of.ID)
	if err != nil {
		return err
	}
	if found.Problem != "" {
		fmt.Fprintln(e.Err, found.Problem)
	}
	var rows [][]string
	for _, p := range found.People {
		rows = append(rows, []string{p.Name, p.Email, p.ID})
	}
	return c.show(e, found, "NAME|EMAIL|ID", rows)
}

// SharesAdd shares credentials.
type SharesAdd struct {
	Several  `embed:""`
	Client   string   `required:"" help:"The client in which they lie: name, short code or id."`
	Everyone bool     `xor:"with" required:"" help:"With everyone there who reaches the client and may see secrets."`
	User     []string `xor:"with" required:"" placeholder:"EMAIL,…" help:"Or with these users there: emails or ids."`
	Write    bool     `help:"They may change it; read-only otherwise."`
	History  bool     `help:"They see who changed what when, and versions that are saved while it is shared."`
}

// Run shares them.
func (c *SharesAdd) Run(e *Env) error {
	return c.run(e, "Shared", func(api *sdk.API, all []sdk.Selected) (sdk.SelectedDone, error) {
		in := sdk.NewShares{Credentials: all, Sharing: sdk.Sharing{Everyone: c.Everyone, Write: c.Write, History: c.History}}
		if c.Everyone {
			return api.Share(e.Context, in)
		}
		of, err := e.client(api, c.Client)
		if err != nil {
			return sdk.SelectedDone{}, err
		}
		other, err := api.Partner(e.Context, of.ID)
		if err != nil {
			return sdk.SelectedDone{}, err
		}
		for _, u := range c.User {
			id := ""
			for _, p := range other.People {
				if p.ID == u || strings.EqualFold(p.Email, u) {
					id = p.ID
				}
			}
			if id == "" {
				return sdk.SelectedDone{}, fail(ExitUsage, "%s has no user %s who could be chosen; bailiwick shares with %q lists them. Nothing was shared.", other.Name, u, c.Client)
			}
			in.Users = append(in.Users, id)
		}
		return api.Share(e.Context, in)
	})
}

// SharesStop ends sharing.
type SharesStop struct {
	Several   `embed:""`
	KeepQuiet bool `name:"without-flag" help:"Do not flag them for change, though the other side may still know them."`
}

// Run ends it.
func (c *SharesStop) Run(e *Env) error {
	return c.run(e, "Stopped sharing", func(api *sdk.API, all []sdk.Selected) (sdk.SelectedDone, error) {
		return api.Unshare(e.Context, sdk.EndShares{Credentials: all, KeepQuiet: c.KeepQuiet})
	}, "not shared")
}
