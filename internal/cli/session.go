package cli

import (
	"strings"

	"bailiwick/sdk"
)

// Logout ends the session. What makes this machine known is kept, so that the
// next sign-in needs the password only.
type Logout struct {
	Forget bool `help:"Forget this machine too: the next sign-in needs the Organization Key."`
}

// Run signs out.
func (c *Logout) Run(e *Env) error {
	l, err := e.load()
	if err != nil {
		return err
	}
	if l.Bearer != "" && !strings.HasPrefix(l.Bearer.Reveal(), "bwt_") {
		api, err := sdk.New(l.Address, l.Bearer, e.Agent)
		if err != nil {
			return err
		}
		if err := api.SignOut(e.Context); err != nil && !sdk.Is(err, sdk.Unsigned) {
			return err
		}
	}
	l.Bearer = ""
	if c.Forget {
		l = login{}
	}
	if err := e.save(l); err != nil {
		return err
	}
	return Format{}.done(e, nil, "Signed out.")
}

// Open opens the vault in the session.
type Open struct {
	Link    bool `help:"By a link that somebody sent; it is asked for."`
	Request bool `help:"Ask the administrators to send such a link, and leave the vault sealed."`
}

// Run asks for what opens the vault.
func (c *Open) Run(e *Env) error {
	api, l, err := e.connect()
	if err != nil {
		return err
	}
	me, err := api.Me(e.Context)
	if err != nil {
		return err
	}
	if me.Open {
		return Format{}.done(e, nil, "The vault is open already.")
	}
	switch {
	case c.Request:
		if err := api.RequestKey(e.Context); err != nil {
			return err
		}
		return Format{}.done(e, nil, "The administrators are asked to send you a link that opens the vault.")
	case c.Link:
		err = e.openByLink(api, &l)
	default:
		err = e.openBy(api, &l, true)
	}
	if err != nil {
		return err
	}
	return e.greet(api)
}

// Close seals the vault in the session.
type Close struct{}

// Run seals.
func (*Close) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	if err := api.Close(e.Context); err != nil {
		return err
	}
	return Format{}.done(e, nil, "The vault is sealed.")
}

// Whoami shows the profile of who is signed in.
type Whoami struct {
	Format `embed:""`
}

// Run shows it.
func (c *Whoami) Run(e *Env) error {
	api, l, err := e.connect()
	if err != nil {
		return err
	}
	me, err := api.Me(e.Context)
	if err != nil {
		return err
	}
	vault := "sealed"
	if me.Open {
		vault = "open"
	}
	return c.show(e, me, "NAME|EMAIL|LEVEL|ORGANIZATION|SERVER|VAULT", [][]string{{me.Name, me.Email, me.Level, me.Organization, l.Address, vault}})
}

// opened runs fn, and once more after the vault was opened where it is sealed
// and somebody is there to open it.
func (e *Env) opened(fn func(*sdk.API) error) error {
	api, l, err := e.connect()
	if err != nil {
		return err
	}
	err = fn(api)
	if !sdk.Is(err, sdk.Sealed) || !e.terminal() || e.Getenv("BAILIWICK_TOKEN") != "" {
		return err
	}
	if err := e.openBy(api, &l, true); err != nil {
		return err
	}
	return fn(api)
}

// openByLink opens the vault once by a link, and with the digits that the
// sender told, if any.
func (e *Env) openByLink(api *sdk.API, l *login) error {
	var in sdk.Open
	var err error
	for _, ask := range []struct {
		what string
		to   *sdk.Secret
	}{{"Link", &in.Link}, {"Six digits (empty: none were told)", &in.Digits}, {"Password", &in.Password}} {
		if *ask.to, err = e.askSecret(ask.what); err != nil {
			return err
		}
	}
	opened, err := api.Open(e.Context, in)
	if err != nil {
		return err
	}
	l.Device = opened.Device
	return e.save(*l)
}
