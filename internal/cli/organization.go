package cli

import "bailiwick/sdk"

// Organization is one's own organization.
type Organization struct {
	Brand Brand `cmd:"" help:"Show or change the colour of its pages."`
}

// Brand shows or changes the colour of the organization's pages.
type Brand struct {
	Format `embed:""`
	Colour string `placeholder:"#RRGGBB" help:"The new colour, such as '#2b6cb0', or none."`
}

// Run shows or changes it.
func (c *Brand) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	switch c.Colour {
	case "":
		is, err := api.Brand(e.Context)
		if err != nil {
			return err
		}
		return c.show(e, is, "COLOUR OF YOUR OWN|COLOUR OF YOUR PAGES", [][]string{{orNone(is.Colour), orNone(is.Shown)}})
	case "none":
		if err := api.SetBrand(e.Context, sdk.NewBrand{}); err != nil {
			return err
		}
		return c.done(e, sdk.NewBrand{}, "The organization has no colour of its own any more.")
	}
	in := sdk.NewBrand{Colour: c.Colour}
	if err := api.SetBrand(e.Context, in); err != nil {
		return err
	}
	return c.done(e, in, "The organization's pages have the colour %s.", clean(c.Colour))
}

func orNone(colour string) string {
	if colour == "" {
		return "none"
	}
	return colour
}
