package cli

import (
	"os"

	"bailiwick/sdk"
)

// Export writes credentials to a file.
type Export struct {
	To       string   `arg:"" help:"The file to write; it must not be there yet." type:"path"`
	Format   string   `default:"csv" enum:"csv,kdbx,bitwarden" help:"csv, kdbx (KeePass) or bitwarden (JSON)."`
	Client   []string `help:"Only these clients: name, short code or id. All that you reach otherwise." placeholder:"CLIENT"`
	Clients  bool     `help:"The list of clients instead, as CSV."`
	Mine     bool     `help:"Your own passwords instead."`
	Formulas bool     `help:"Leave formula characters in CSV cells as they are."`

	only []string // ids of chosen credentials
}

// Run exports them. It asks for the password, and for the passphrase of a
// KeePass file.
func (c *Export) Run(e *Env) error {
	in := sdk.NewExport{Format: c.Format, Formulas: c.Formulas, Credentials: c.only}
	return e.opened(func(api *sdk.API) error {
		if c.Clients {
			found, err := api.ExportClients(e.Context)
			if err != nil {
				return err
			}
			return e.sheet(c.To, found.CSV)
		}
		for _, name := range c.Client {
			found, err := e.client(api, name)
			if err != nil {
				return err
			}
			in.Clients = append(in.Clients, found.ID)
		}
		password, err := e.Secret("Your password")
		if err != nil {
			return err
		}
		in.Password = sdk.Secret(password)
		if c.Format == "kdbx" {
			phrase, err := e.Secret("Passphrase for the KeePass file")
			if err != nil {
				return err
			}
			in.Passphrase = sdk.Secret(phrase)
		}
		file, err := os.OpenFile(c.To, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fail(ExitUsage, "%s can't be written: %v", c.To, err)
		}
		err = api.Export(e.Context, in, c.Mine, file)
		if closed := file.Close(); err == nil {
			err = closed
		}
		if err != nil { // half a file must not be taken for a whole one
			_ = os.Remove(c.To)
			return err
		}
		return Format{}.done(e, nil, "Wrote %s. It is readable by you alone; delete it when it has done its work.", c.To)
	})
}
