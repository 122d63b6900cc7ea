package cli

import (
	"fmt"
	"strings"

	"bailiwick/sdk"
)

// Sites is everything about clients' own organizations, for their provider.
type Sites struct {
	Show   SitesShow   `cmd:"" help:"Show how it stands with a client's site."`
	On     SitesOn     `cmd:"" help:"Switch site login of a client on."`
	Off    SitesOff    `cmd:"" help:"Switch site login of a client off: the site's users are disabled."`
	Types  SitesTypes  `cmd:"" help:"Force your credential types on a site, or leave it its own."`
	Users  SitesUsers  `cmd:"" help:"List the users of clients' sites; the commands of users act on them too, by id."`
	Export SitesExport `cmd:"" help:"Export the users of clients' sites as CSV."`
	Invite SitesInvite `cmd:"" help:"Invite people to a client's site."`
}

// siteOf is a client, by name, short code or id.
type siteOf struct {
	Client string `arg:"" help:"Name, short code or id of the client."`
}

func (c siteOf) with(e *Env, do func(api *sdk.API, id string) error) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	found, err := e.clientAmong(api, c.Client, true)
	if err != nil {
		return err
	}
	return do(api, found.ID)
}

// SitesShow shows a site.
type SitesShow struct {
	Format `embed:""`
	siteOf `embed:""`
}

// Run shows it.
func (c *SitesShow) Run(e *Env) error {
	return c.with(e, func(api *sdk.API, id string) error {
		s, err := api.Site(e.Context, id)
		if err != nil || c.JSON {
			if err == nil {
				err = c.show(e, s, "", nil)
			}
			return err
		}
		if s.ID == "" {
			_, err = fmt.Fprintln(e.Out, "This client has no site. Switch it on with: bailiwick sites on CLIENT")
			return err
		}
		active := "waiting for activation"
		if s.ActivatedAt != nil {
			active = "active since " + shown(*s.ActivatedAt)
		}
		_, err = fmt.Fprintf(e.Out, "Site login   %s\nState        %s\nAddress      /o/%s\nUsers        %d\nKeys         %s\nTypes        %s\n",
			yesNo(s.Login), active, clean(s.Slug), s.Users, clean(s.Keys), map[bool]string{true: "those of the provider", false: "its own"}[s.ForceTypes])
		return err
	})
}

func yesNo(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// SitesOn switches site login on.
type SitesOn struct {
	siteOf `embed:""`
}

// Run switches it.
func (c *SitesOn) Run(e *Env) error {
	return e.opened(func(*sdk.API) error {
		return c.with(e, func(api *sdk.API, id string) error {
			if err := api.OpenSite(e.Context, id); err != nil {
				return err
			}
			s, err := api.Site(e.Context, id)
			if err != nil {
				return err
			}
			next := "Invite its administrator with: bailiwick sites invite CLIENT ADDRESS --level site-administrator"
			if s.ActivatedAt != nil {
				next = "Users who were enabled before are enabled again."
			}
			_, err = fmt.Fprintln(e.Out, "Site login is on. "+next)
			return err
		})
	})
}

// SitesOff switches site login off.
type SitesOff struct {
	siteOf `embed:""`
}

// Run switches it.
func (c *SitesOff) Run(e *Env) error {
	return c.with(e, func(api *sdk.API, id string) error {
		if err := api.CloseSite(e.Context, id); err != nil {
			return err
		}
		_, err := fmt.Fprintln(e.Out, "Site login is off; the site's users are disabled.")
		return err
	})
}

// SitesTypes forces the provider's types.
type SitesTypes struct {
	siteOf `embed:""`
	Own    bool `help:"Leave the site its own types."`
}

// Run says whose types it offers.
func (c *SitesTypes) Run(e *Env) error {
	return c.with(e, func(api *sdk.API, id string) error {
		if err := api.ForceSiteTypes(e.Context, id, !c.Own); err != nil {
			return err
		}
		_, err := fmt.Fprintln(e.Out, map[bool]string{true: "The site offers its own credential types.", false: "The site offers your credential types."}[c.Own])
		return err
	})
}

// SitesUsers lists users of sites.
type SitesUsers struct {
	Format   `embed:""`
	Text     []string `arg:"" optional:"" help:"Words that the name or address holds."`
	Client   string   `help:"Name, short code or id of a client: only its site."`
	Disabled bool     `help:"Disabled ones too."`
}

// Run lists them.
func (c *SitesUsers) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	f := sdk.SiteUserFilter{Text: strings.Join(c.Text, " "), Disabled: c.Disabled, Page: sdk.Page{Limit: 500}}
	if c.Client != "" {
		found, err := e.clientAmong(api, c.Client, true)
		if err != nil {
			return err
		}
		f.Client = found.ID
	}
	all := []sdk.SiteUser{}
	for {
		part, err := api.SiteUsers(e.Context, f)
		if err != nil {
			return err
		}
		all = append(all, part.Users...)
		if f.After = part.Next; f.After == "" {
			break
		}
	}
	var rows [][]string
	for _, u := range all {
		rows = append(rows, []string{u.ClientName, u.Name, u.Email, u.LevelName, u.State, u.ID})
	}
	return c.show(e, all, "CLIENT|NAME|EMAIL|LEVEL|STATE|ID", rows)
}

// SitesExport exports users of sites.
type SitesExport struct {
	To     string `arg:"" optional:"" type:"path" help:"File to write; the standard output otherwise."`
	Client string `help:"Name, short code or id of a client: only its site."`
}

// Run writes the CSV.
func (c *SitesExport) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	client := ""
	if c.Client != "" {
		found, err := e.clientAmong(api, c.Client, true)
		if err != nil {
			return err
		}
		client = found.ID
	}
	sheet, err := api.ExportSiteUsers(e.Context, client)
	if err != nil {
		return err
	}
	return e.sheet(c.To, sheet.CSV)
}

// SitesInvite invites people to a site.
type SitesInvite struct {
	siteOf    `embed:""`
	Addresses []string `arg:"" help:"Addresses."`
	Level     string   `enum:"site-administrator,site-user,site-user-limited" default:"site-user" help:"site-administrator, site-user or site-user-limited."`
	Message   string   `help:"Goes into the mail."`
}

// Run invites them: all, or nobody.
func (c *SitesInvite) Run(e *Env) error {
	return e.opened(func(*sdk.API) error {
		return c.with(e, func(api *sdk.API, id string) error {
			in := sdk.Invite{Message: c.Message}
			for _, a := range c.Addresses {
				in.People = append(in.People, sdk.Invitee{Email: a, Level: c.Level})
			}
			made, err := api.InviteToSite(e.Context, id, in)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(e.Out, "Invited: %d.\n", len(made.Users)); err != nil {
				return err
			}
			for _, u := range made.Users {
				e.passOn(u)
			}
			s, err := api.Site(e.Context, id)
			if err == nil && s.ActivatedAt != nil {
				_, err = fmt.Fprintln(e.Out, "The organization key does not go along: you don't have the site's. Its own administrator gives it to them, or sends them a link for it.")
			}
			return err
		})
	})
}
