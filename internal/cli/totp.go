package cli

import (
	"os"

	"bailiwick/sdk"
)

// TOTP sets, replaces or removes the TOTP secret of a credential. It can't be
// shown: bailiwick get --code gives codes.
type TOTP struct {
	Format  `embed:""`
	Query   []string `arg:"" help:"Words to search for, or the credential's id."`
	Stdin   bool     `xor:"totp" help:"Read the secret, or its otpauth:// address, from the standard input (its first line)."`
	Picture string   `xor:"totp" type:"existingfile" help:"Read the QR code in this picture: PNG, JPEG or GIF."`
	Remove  bool     `xor:"totp" help:"Remove the TOTP secret."`
}

// Run sets or removes it.
func (c *TOTP) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		found, err := e.credential(api, c.Query)
		if err != nil {
			return err
		}
		if c.Remove {
			done, err := api.RemoveTOTP(e.Context, found.ID, found.Version)
			if err != nil {
				return err
			}
			return c.done(e, done, "%s gives no codes any more.", found.Title)
		}
		in := sdk.NewTOTP{Version: found.Version}
		switch {
		case c.Picture != "":
			if in.Picture, err = os.ReadFile(c.Picture); err != nil {
				return err
			}
		case c.Stdin:
			var text string
			text, err = e.line()
			in.Secret = sdk.Secret(text)
		case e.terminal():
			in.Secret, err = e.askSecret("TOTP secret, or its otpauth:// address")
		default:
			return fail(ExitUsage, "Say where the secret comes from: --stdin or --picture. Nothing was changed.")
		}
		if err != nil {
			return err
		}
		done, err := api.SetTOTP(e.Context, found.ID, in)
		if err != nil {
			return err
		}
		return c.done(e, done, "%s gives one-time codes now. See: bailiwick get --code", found.Title)
	})
}
