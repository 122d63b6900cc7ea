package cli

import (
	"fmt"
	"strings"
	"time"

	"bailiwick/sdk"
)

// Get copies or prints one field of a credential.
type Get struct {
	Format     `embed:""`
	Query      []string      `arg:"" help:"Words to search for, or the credential's id."`
	Field      string        `default:"password" enum:"password,username,url,notes" help:"Which field: password, username, url or notes."`
	Code       bool          `xor:"what" help:"The present one-time code instead."`
	Custom     string        `xor:"what" help:"The custom field of this name instead."`
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
			return fail(ExitAbsent, "%s has no %s.", clean(found.Title), clean(c.what()))
		}
		return c.give(e, found, value)
	})
}

func (c *Get) value(e *Env, api *sdk.API, of sdk.Credential) (sdk.Secret, error) {
	var secret sdk.Revealed
	var err error
	switch {
	case c.Code && c.Version != 0:
		return "", fail(ExitUsage, "A one-time code is of the present version only.")
	case c.Code && !of.HasCode:
		return "", nil
	case c.Code:
		code, err := api.Code(e.Context, of.ID)
		return code.Code, err
	case c.Custom != "":
		return c.custom(e, api, of)
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

// what names what is got.
func (c *Get) what() string {
	switch {
	case c.Code:
		return "one-time code"
	case c.Custom != "":
		return "custom field " + c.Custom
	}
	return c.Field
}

// custom gives the custom field of a name. Which fields there are stands with
// the secret, so that is seen by it.
func (c *Get) custom(e *Env, api *sdk.API, of sdk.Credential) (sdk.Secret, error) {
	var secret sdk.Revealed
	var err error
	if c.Version != 0 {
		secret, err = api.RevealVersion(e.Context, of.ID, c.Version)
	} else {
		secret, err = api.Copy(e.Context, of.ID)
	}
	for _, f := range secret.Fields {
		if strings.EqualFold(f.Name, c.Custom) {
			return f.Value, err
		}
	}
	return "", err
}

func (c *Get) give(e *Env, of sdk.Credential, value sdk.Secret) error {
	out := got{Credential: of, Field: c.what(), Copied: !c.Stdout}
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
		return c.done(e, out, "Copied the %s of %s. The clipboard is cleared in %s.", c.what(), of.Title, after)
	}
	return c.done(e, out, "Copied the %s of %s.", c.what(), of.Title)
}
