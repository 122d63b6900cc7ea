package cli

import (
	"context"
	"os"
	"path/filepath"

	"bailiwick/sdk"
)

// ClientsImport imports clients from a CSV file: all of them, or none.
type ClientsImport struct {
	Format   `embed:""`
	File     string `arg:"" type:"existingfile" help:"The CSV file, such as export --clients writes."`
	Update   bool   `help:"Update clients that are there already; they are left out otherwise."`
	Reading  `embed:""`
	OnlyGood bool `help:"Leave out rows that can't be imported."`
	Preview  bool `help:"Only say what would be done."`
	Yes      bool `short:"y" help:"Do not ask before importing."`
}

// Run uploads, shows what would be done, asks, imports and waits for the end.
func (c *ClientsImport) Run(e *Env) error {
	as := &Import{Format: c.Format, OnlyGood: c.OnlyGood, Preview: c.Preview, Yes: c.Yes, Reading: c.Reading}
	choices := sdk.ImportChoices{Duplicates: "skip", OnlyGood: c.OnlyGood}
	if c.Update {
		choices.Duplicates = "update"
	}
	return e.opened(func(api *sdk.API) error {
		f, err := os.Open(c.File)
		if err != nil {
			return fail(ExitUsage, "%s", err)
		}
		defer f.Close()
		made, err := api.UploadClients(e.Context, filepath.Base(c.File), f)
		if err != nil {
			return err
		}
		if err := as.check(e, api, made.ID, choices); err != nil || c.Preview {
			_ = api.CancelImport(context.WithoutCancel(e.Context), made.ID) // nothing of it is to stay
			return err
		}
		if err := api.RunImport(e.Context, made.ID); err != nil {
			return err
		}
		return as.wait(e, api, made.ID)
	})
}
