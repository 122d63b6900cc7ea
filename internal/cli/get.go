package cli

import (
	"fmt"
	"time"

	"bailiwick/sdk"
)

// Get copies or prints one field of a credential.
type Get struct {
	Format     `embed:""`
	Query      []string      `arg:"" help:"Words to search for, or the credential's id."`
	Field      string        `default:"password" enum:"password,username,url,notes" help:"Which field: password, username, url or notes."`
	Version    int64         `help:"Of an earlier version, by its number in the history."`
	Stdout     bool          `help:"Print it, and nothing else, instead of copying it."`
	ClearAfter time.Duration `default:"30s" help:"When the clipboard is cleared."`
	NoClear    bool          `help:"Leave it on the clipboard."`
}

// got is what is printed as JSON. The value is there with --stdout only.
type got struct {
	Credential sdk.Credential `json:"credential"`
	Field      string         `json:"field"`
	Value      *sdk.Secret    `json:"value,omitempty"`
	Copied     bool           `json:"copied"`
}

// Run gets it.
func (c *Get) Run(e *Env) error {
	if !c.Stdout {
		if err := clipboardReady(); err != nil {
			return err
		}
	}
	return e.opened(func(api *sdk.API) error {
		found, err := e.credential(api, c.Query)
		if err != nil {
			return err
		}
		value, err := c.value(e, api, found)
		if err != nil {
			return err
		}
		if value == "" {
			return fail(ExitAbsent, "%s has no %s.", clean(found.Title), c.Field)
		}
		return c.give(e, found, value)
	})
}

func (c *Get) value(e *Env, api *sdk.API, of sdk.Credential) (sdk.Secret, error) {
	var secret sdk.Revealed
	var err error
	switch {
	case c.Version == 0 && c.Field == "username":
		return sdk.Secret(of.Username), nil
	case c.Version == 0 && c.Field == "url":
		if len(of.URLs) > 0 {
			return sdk.Secret(of.URLs[0]), nil
		}
		return "", nil
	case c.Field == "username" || c.Field == "url":
		return "", fail(ExitUsage, "With --version only password and notes can be had; see bailiwick history for the rest.")
	case c.Version != 0:
		secret, err = api.RevealVersion(e.Context, of.ID, c.Version)
	case c.Stdout:
		secret, err = api.Reveal(e.Context, of.ID)
	default:
		secret, err = api.Copy(e.Context, of.ID)
	}
	if c.Field == "notes" {
		return secret.Notes, err
	}
	return secret.Password, err
}

func (c *Get) give(e *Env, of sdk.Credential, value sdk.Secret) error {
	out := got{Credential: of, Field: c.Field, Copied: !c.Stdout}
	if c.Stdout {
		out.Value = &value
		if c.JSON {
			return c.show(e, out, "", nil)
		}
		_, err := fmt.Fprintln(e.Out, value.Reveal())
		return err
	}
	after := c.ClearAfter
	if c.NoClear {
		after = 0
	}
	if err := e.toClipboard(value.Reveal(), after); err != nil {
		return err
	}
	if after > 0 {
		return c.done(e, out, "Copied the %s of %s. The clipboard is cleared in %s.", c.Field, of.Title, after)
	}
	return c.done(e, out, "Copied the %s of %s.", c.Field, of.Title)
}
