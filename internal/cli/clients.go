package cli

import (
	"fmt"
	"strconv"
	"strings"

	"bailiwick/sdk"
)

// Clients is everything about clients but their credentials.
type Clients struct {
	List     ClientsList     `cmd:"" default:"withargs" help:"List clients."`
	Show     ClientsShow     `cmd:"" help:"Show a client: facts, overview, banner, numbers."`
	Add      ClientsAdd      `cmd:"" help:"Add a client."`
	Edit     ClientsEdit     `cmd:"" help:"Change a client."`
	Bookmark ClientsBookmark `cmd:"" help:"Put a client first in your own lists."`
	Banner   ClientsBanner   `cmd:"" help:"Change the banner at the top of a client's pages."`
	Panel    ClientsPanel    `cmd:"" help:"Arrange the overview panel of a client."`
	Disable  ClientsDisable  `cmd:"" help:"Disable a client, which hides it and all in it."`
	Enable   ClientsEnable   `cmd:"" help:"Enable a disabled client."`
	Delete   ClientsDelete   `cmd:"" help:"Delete a disabled client for good, with all in it."`
	Import   ClientsImport   `cmd:"" help:"Import clients from a CSV file."`
}

// ClientsList lists clients.
type ClientsList struct {
	Format   `embed:""`
	Text     []string `arg:"" optional:"" help:"Words that the name or short code holds."`
	Tag      string   `help:"Only those that have this tag."`
	Marked   bool     `name:"bookmarked" help:"Only bookmarked ones, and the company vault."`
	Disabled bool     `help:"Disabled ones too."`
}

// Run lists them.
func (c *ClientsList) Run(e *Env) error {
	list := func(api *sdk.API) error {
		all := []sdk.Client{}
		f := sdk.ClientFilter{Text: strings.Join(c.Text, " "), Tag: c.Tag, Marked: c.Marked, Disabled: c.Disabled, Page: sdk.Page{Limit: 500}}
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
			rows = append(rows, []string{yes(x.Bookmarked, "*"), x.Name, x.ShortCode, strconv.Itoa(x.Credentials), numberOrNothing(x.Flagged), strings.Join(x.Tags, ", "), yes(!x.Enabled, "disabled"), x.ID})
		}
		return c.show(e, all, " |NAME|CODE|CREDENTIALS|FLAGS|TAGS|STATE|ID", rows)
	}
	if c.Tag != "" { // tags are sealed
		return e.opened(list)
	}
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	return list(api)
}

func numberOrNothing(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// ClientsShow shows a client.
type ClientsShow struct {
	Format `embed:""`
	Client string `arg:"" help:"Name, short code or id of the client."`
}

// shownClient is what --json prints.
type shownClient struct {
	sdk.Client
	Overview sdk.ClientOverview `json:"overview"`
}

// Run shows it.
func (c *ClientsShow) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	found, err := e.clientAmong(api, c.Client, true)
	if err != nil {
		return err
	}
	x := shownClient{}
	if x.Client, err = api.Client(e.Context, found.ID); err != nil {
		return err
	}
	if x.Overview, err = api.ClientOverview(e.Context, found.ID); err != nil {
		return err
	}
	if c.JSON {
		return c.show(e, x, "", nil)
	}
	o := x.Overview
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-16s %s\n", name, strings.ReplaceAll(strings.TrimSpace(value), "\n", "\n"+strings.Repeat(" ", 17)))
		}
	}
	if o.Banner.Shown {
		line(strings.ToUpper(o.Banner.Level), orSealed(o.Banner.Text, o.Banner.Sealed))
	}
	line("Name", x.Name)
	line("Id", x.ID)
	line("State", yes(!x.Enabled, "disabled"))
	line("Short code", x.ShortCode)
	line("Phone", x.Phone)
	line("Address", x.Address)
	line("Website", x.Website)
	line("Tags", strings.Join(x.Tags, ", "))
	if len(x.Types) > 0 {
		line("Credential types", strings.Join(x.Types, ", "))
	}
	if x.Rotation > 0 {
		line("Rotation policy", strconv.Itoa(x.Rotation)+" days")
	}
	line("Notes", orSealed(x.Notes, x.Sealed))
	if o.Panel.Sealed {
		line("Overview", orSealed("", true))
	}
	for _, i := range o.Panel.Items {
		name := i.Name
		if i.Kind == "text" && name == "" {
			name = "Text"
		}
		line(name, i.Value)
	}
	n := o.Counts
	line("Holds", fmt.Sprintf("%d credentials, %d archived, %d folders, %d flagged", n.Credentials, n.Archived, n.Folders, n.Flagged))
	for _, d := range o.Expiring {
		line(map[bool]string{true: "Expired", false: "Expires"}[d.Expired], d.ExpiresOn+"  "+orSealed(d.Title, d.Title == ""))
	}
	for _, f := range o.Flags {
		line("Flagged", orSealed(f.Title, f.Title == "")+"  "+strings.Join(f.Causes, ", "))
	}
	_, err = fmt.Fprint(e.Out, cleanLines(b.String()))
	return err
}

func orSealed(text string, sealed bool) string {
	if text == "" && sealed {
		return "(sealed in this session)"
	}
	return text
}
