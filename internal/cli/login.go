package cli

import (
	"errors"
	"fmt"
	"strings"

	"bailiwick/sdk"
)

// Login signs in and keeps the session.
type Login struct {
	Address      string `arg:"" help:"Address of the server, such as https://vault.example."`
	Email        string `help:"Address of your account; asked for otherwise."`
	Organization string `help:"Short name of the organization, where your address has accounts in several."`
	TokenStdin   bool   `help:"Read an API token from the standard input instead of signing in."`
}

// Run signs in.
func (c *Login) Run(e *Env) error {
	api, err := sdk.New(c.Address, "", e.Agent)
	if err != nil {
		return fail(ExitUsage, "%s", err)
	}
	if c.TokenStdin {
		return c.token(e, api)
	}
	before, err := e.load()
	if err != nil {
		return err
	}
	l := login{Address: api.Address(), Email: c.Email}
	if before.Address == l.Address && (c.Email == "" || c.Email == before.Email) {
		l.Email, l.Device = before.Email, before.Device
	}
	if c.Email == "" {
		if l.Email, err = e.ask("Email", l.Email); err != nil {
			return err
		}
	}
	in := sdk.SignIn{Email: strings.TrimSpace(l.Email), Device: l.Device}
	if in.Password, err = e.askSecret("Password"); err != nil {
		return err
	}
	api, made, err := c.signIn(e, api, in)
	if err != nil {
		return err
	}
	l.Bearer = made.Bearer
	if made.Device != "" {
		l.Device = made.Device
	}
	if err := e.save(l); err != nil {
		return err
	}
	if made.SetUpFactor {
		return fail(ExitSignIn, "Your organization demands a second factor. Set one up first: bailiwick factor add NAME")
	}
	if !made.Open {
		me, err := api.Me(e.Context)
		if err != nil {
			return err
		}
		if me.Waiting || me.Kind == "guest" { // they have no vault to open
			return e.greet(api)
		}
		if err := e.openBy(api, &l, false); err != nil {
			return err
		}
	}
	return e.greet(api)
}

func (c *Login) token(e *Env, api *sdk.API) error {
	token, err := e.line()
	if err != nil {
		return err
	}
	l := login{Address: api.Address(), Bearer: sdk.Secret(strings.TrimSpace(token))}
	if _, err := api.With(l.Bearer).Me(e.Context); err != nil {
		if sdk.Is(err, sdk.Unsigned) {
			return fail(ExitSignIn, "This API token is not valid: it may have expired, or have been revoked.")
		}
		return err
	}
	if err := e.save(l); err != nil {
		return err
	}
	return e.greet(api.With(l.Bearer))
}

// signIn asks which organization where several fit.
func (c *Login) signIn(e *Env, api *sdk.API, in sdk.SignIn) (*sdk.API, sdk.SignedIn, error) {
	next, made, err := api.SignIn(e.Context, in)
	var several *sdk.Error
	if errors.As(err, &several) && several.Kind == sdk.NeedsFactor {
		return e.second(api, in, several)
	}
	if !errors.As(err, &several) || several.Kind != sdk.Choose {
		return next, made, err
	}
	var names []string
	for _, o := range several.Organizations {
		if o.Slug == c.Organization {
			in.Organization = o.ID
		}
		names = append(names, o.Name+" ("+o.Slug+")")
	}
	if in.Organization == "" {
		n, err := e.choose("Your account", names)
		if err != nil {
			return nil, made, err
		}
		in.Organization = several.Organizations[n].ID
	}
	next, made, err = api.SignIn(e.Context, in)
	if errors.As(err, &several) && several.Kind == sdk.NeedsFactor {
		return e.second(api, in, several)
	}
	return next, made, err
}

func (e *Env) greet(api *sdk.API) error {
	me, err := api.Me(e.Context)
	if err != nil {
		return err
	}
	state := "The vault is open."
	switch {
	case me.Waiting:
		state = "Your account waits for approval; you are told by mail."
	case me.Kind == "guest":
		state = "Guests have no vault."
	case !me.Open:
		state = "The vault is sealed; open it with: bailiwick open"
	}
	_, err = fmt.Fprintf(e.Err, "Signed in as %s at %s. %s\n", clean(me.Name), clean(me.Organization), state)
	return err
}

// openBy opens the vault: by the kept device, or else by the Organization Key,
// for which there are three tries.
func (e *Env) openBy(api *sdk.API, l *login, password bool) error {
	in := sdk.Open{Device: l.Device}
	var err error
	if password {
		if in.Password, err = e.askSecret("Password"); err != nil {
			return err
		}
	}
	asked := in.Device == ""
	for range 4 {
		if asked {
			if in.OrganizationKey, err = e.askSecret("Organization Key or your recovery code (empty: leave the vault sealed)"); err != nil {
				return err
			}
			if in.OrganizationKey == "" {
				return nil
			}
		}
		opened, err := api.Open(e.Context, in)
		if err == nil {
			l.Device = opened.Device
			return e.save(*l)
		}
		var wrong *sdk.Error
		if !errors.As(err, &wrong) || wrong.Field("organization_key") == "" {
			return err
		}
		if asked {
			fmt.Fprintln(e.Err, clean(wrong.Field("organization_key")))
		}
		asked = true
	}
	return fail(ExitSignIn, "The vault stays sealed.")
}
