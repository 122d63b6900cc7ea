package cli

import (
	"slices"
	"strconv"
	"strings"

	"bailiwick/sdk"
)

// ClientsBanner changes a banner.
type ClientsBanner struct {
	Format `embed:""`
	Client string  `arg:"" help:"Name, short code or id of the client."`
	Text   *string `xor:"what" help:"What everybody has to know before they begin."`
	Level  string  `enum:"info,warning,danger," default:"" help:"info, warning or danger."`
	Until  *string `placeholder:"DAY" help:"The last day that shows it, such as 2027-01-31; empty for no end."`
	Remove bool    `xor:"what" help:"Take the banner away."`
}

// Run changes what is given and leaves the rest.
func (c *ClientsBanner) Run(e *Env) error {
	if c.Text == nil && c.Level == "" && c.Until == nil && !c.Remove {
		return fail(ExitUsage, "Say what to change: --text, --level or --until; or --remove. bailiwick clients show CLIENT shows it.")
	}
	return e.opened(func(api *sdk.API) error {
		found, err := e.clientAmong(api, c.Client, true)
		if err != nil {
			return err
		}
		o, err := api.ClientOverview(e.Context, found.ID)
		if err != nil {
			return err
		}
		if o.Banner.Sealed {
			return sealedHere()
		}
		in := sdk.BannerChange{Version: o.Banner.Version, Text: o.Banner.Text, Level: o.Banner.Level, Until: o.Banner.Until}
		if c.Text != nil {
			in.Text = *c.Text
		}
		if c.Level != "" {
			in.Level = c.Level
		}
		if c.Until != nil {
			in.Until = *c.Until
		}
		words := "The banner of %s is changed."
		if c.Remove {
			in.Text, in.Until, words = "", "", "The banner of %s is gone."
		}
		made, err := api.SetBanner(e.Context, found.ID, in)
		if err != nil {
			return err
		}
		return c.done(e, made, words, found.Name)
	})
}

// ClientsPanel arranges an overview panel. Items are counted from 1, as
// without any flag it lists them.
type ClientsPanel struct {
	Format `embed:""`
	Client string   `arg:"" help:"Name, short code or id of the client."`
	Field  []string `placeholder:"NAME=VALUE" sep:"none" help:"Set the field of this name, or add it at the end; may be given several times."`
	Text   string   `placeholder:"HEADING" help:"Add a text under this heading, read from the standard input."`
	Remove int      `placeholder:"N" help:"Remove item N."`
	Move   int      `placeholder:"N" help:"Move item N; --to says where."`
	To     int      `placeholder:"PLACE" help:"The place that the moved item takes."`
}

// Run arranges it.
func (c *ClientsPanel) Run(e *Env) error {
	text := ""
	if c.Text != "" {
		var err error
		if text, err = e.rest(); err != nil {
			return err
		}
	}
	return e.opened(func(api *sdk.API) error {
		found, err := e.clientAmong(api, c.Client, true)
		if err != nil {
			return err
		}
		o, err := api.ClientOverview(e.Context, found.ID)
		if err != nil {
			return err
		}
		if o.Panel.Sealed {
			return sealedHere()
		}
		if len(c.Field) == 0 && c.Text == "" && c.Remove == 0 && c.Move == 0 {
			return c.list(e, o.Panel)
		}
		items, err := c.arranged(o.Panel.Items, text)
		if err != nil {
			return err
		}
		made, err := api.SetPanel(e.Context, found.ID, sdk.PanelChange{Version: o.Panel.Version, Items: items})
		if err != nil {
			return err
		}
		return c.done(e, made, "The overview of %s is changed.", found.Name)
	})
}

func (c *ClientsPanel) list(e *Env, p sdk.Panel) error {
	var rows [][]string
	for i, item := range p.Items {
		rows = append(rows, []string{strconv.Itoa(i + 1), item.Kind, item.Name, strings.ReplaceAll(item.Value, "\n", " ")})
	}
	return c.show(e, p, "N|KIND|NAME|VALUE", rows)
}

func (c *ClientsPanel) arranged(items []sdk.PanelItem, text string) ([]sdk.PanelItem, error) {
	for _, set := range c.Field {
		name, value, ok := strings.Cut(set, "=")
		if !ok || strings.TrimSpace(name) == "" {
			return nil, fail(ExitUsage, "Write a field as NAME=VALUE.")
		}
		item := sdk.PanelItem{Kind: "field", Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)}
		if i := slices.IndexFunc(items, func(x sdk.PanelItem) bool { return x.Kind == "field" && strings.EqualFold(x.Name, item.Name) }); i >= 0 {
			items[i] = item
		} else {
			items = append(items, item)
		}
	}
	if c.Text != "" {
		items = append(items, sdk.PanelItem{Kind: "text", Name: c.Text, Value: text})
	}
	there := func(n int) bool { return n >= 1 && n <= len(items) }
	if c.Move != 0 {
		if !there(c.Move) || !there(c.To) {
			return nil, fail(ExitUsage, "Say which item goes where: --move N --to PLACE, from 1 to %d.", len(items))
		}
		item := items[c.Move-1]
		items = slices.Insert(slices.Delete(items, c.Move-1, c.Move), c.To-1, item)
	}
	if c.Remove != 0 {
		if !there(c.Remove) {
			return nil, fail(ExitUsage, "There is no item %d. bailiwick clients panel CLIENT lists them.", c.Remove)
		}
		items = slices.Delete(items, c.Remove-1, c.Remove)
	}
	return items, nil
}

// sealedHere has the vault opened, where somebody sits at a terminal.
func sealedHere() error { return &sdk.Error{Problem: sdk.Problem{Kind: sdk.Sealed}} }
