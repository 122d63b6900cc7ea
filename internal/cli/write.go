package cli

import (
	"time"

	"bailiwick/sdk"
)

// NewPassword is how a new password comes in: never as an argument.
type NewPassword struct {
	PasswordStdin bool `xor:"password" help:"Read the password from the standard input (its first line)."`
	Generate      bool `xor:"password" help:"Let the server choose one."`
	Making        `embed:""`
}

// get gives a password, or the rules by which it is to be generated. ask says
// whether to ask for one when no flag says how it comes.
func (n NewPassword) get(e *Env, ask bool) (password sdk.Secret, given bool, rules *sdk.Generator, err error) {
	switch {
	case n.Generate:
		if rules = n.rules(); rules == nil { // as the type begins with
			rules = &sdk.Generator{}
		}
		return "", true, rules, nil
	case n.PasswordStdin:
		text, err := e.line()
		return sdk.Secret(text), true, nil, err
	case ask:
		if password, err = e.askSecret("Password (empty: none)"); err != nil {
			return "", false, nil, err
		}
		if password == "" {
			return "", true, nil, nil
		}
		again, err := e.askSecret("Once more")
		if err == nil && again != password {
			err = fail(ExitUsage, "The two do not match. Nothing was saved.")
		}
		return password, true, nil, err
	}
	return "", false, nil, nil
}

// Add adds a credential.
type Add struct {
	Format      `embed:""`
	NewPassword `embed:""`
	Client      string   `arg:"" optional:"" help:"Name, short code or id of the client."`
	Mine        bool     `help:"Into your own passwords instead of a client's."`
	Folder      string   `help:"Path or id of the folder."`
	Title       string   `help:"By which it can be found; asked for otherwise."`
	Username    string   `help:"Login name."`
	URL         []string `name:"url" help:"Address; may be given several times."`
	Tag         []string `help:"Tag; may be given several times."`
	Type        string   `help:"Credential type by its name; the usual one otherwise. See: bailiwick types"`
	Expires     string   `help:"Expiry date, such as 2027-03-31."`
	NoPassword  bool     `help:"Add it without a password."`
}

// Run adds it.
func (c *Add) Run(e *Env) error {
	in := sdk.NewCredential{Type: c.Type, Title: c.Title, Username: c.Username, URLs: c.URL, Tags: c.Tag}
	expires, _, err := expiry(c.Expires)
	if err != nil {
		return err
	}
	in.ExpiresAt = expires
	asked := false
	return e.opened(func(api *sdk.API) error {
		place, where, err := e.place(api, c.Client, c.Mine)
		if err != nil {
			return err
		}
		in.Client, in.Personal = place.Client, place.Personal
		if in.Folder, err = e.folder(api, place, c.Folder); err != nil {
			return err
		}
		if !asked {
			if err := c.fill(e, &in); err != nil {
				return err
			}
			asked = true
		}
		made, err := api.AddCredential(e.Context, in)
		if err != nil {
			return err
		}
		return c.done(e, made, "Added %s to %s: %s", in.Title, where, made.ID)
	})
}

func (c *Add) fill(e *Env, in *sdk.NewCredential) (err error) {
	if in.Title == "" && e.terminal() {
		if in.Title, err = e.ask("Title", ""); err != nil {
			return err
		}
		if in.Username, err = e.ask("Username", in.Username); err != nil {
			return err
		}
	}
	var given bool
	in.Password, given, in.Generator, err = c.get(e, e.terminal())
	if err == nil && !given && in.Generator == nil && !c.NoPassword && !e.terminal() {
		return fail(ExitUsage, "Say where the password comes from: --password-stdin or --generate; or --no-password for none. Nothing was added.")
	}
	return err
}

// Edit changes a credential.
type Edit struct {
	Format      `embed:""`
	NewPassword `embed:""`
	Query       []string  `arg:"" help:"Words to search for, or the credential's id."`
	Password    bool      `xor:"password" help:"Ask for a new password."`
	Title       *string   `help:"New title."`
	Username    *string   `help:"New login name."`
	URL         *[]string `name:"url" help:"New addresses, instead of all present ones."`
	Tag         *[]string `help:"New tags, instead of all present ones."`
	Type        *string   `help:"New credential type."`
	Expires     string    `help:"New expiry date, such as 2027-03-31; never takes it away."`
	Version     int64     `help:"Change only this version; a conflict if it is not the present one. Otherwise the version that is found."`
}

// Run changes it. Without any flag it asks for each field.
func (c *Edit) Run(e *Env) error {
	return e.opened(func(api *sdk.API) error {
		found, err := e.credential(api, c.Query)
		if err != nil {
			return err
		}
		in := sdk.CredentialChange{Version: c.Version, Title: c.Title, Username: c.Username, URLs: c.URL, Tags: c.Tag, Type: c.Type}
		if c.Version == 0 {
			in.Version = found.Version
		}
		if in.ExpiresAt, in.NeverExpires, err = expiry(c.Expires); err != nil {
			return err
		}
		if c.nothingGiven() {
			if err := askAll(e, &in, found); err != nil {
				return err
			}
		}
		password, given, rules, err := c.get(e, c.Password || (c.nothingGiven() && wants(e)))
		if err != nil {
			return err
		}
		if in.Generator = rules; given && rules == nil {
			in.Password = &password
		}
		made, err := api.EditCredential(e.Context, found.ID, in)
		if err != nil {
			return err
		}
		return c.done(e, made, "Changed %s. It is now version %d.", found.Title, made.Version)
	})
}

func (c *Edit) nothingGiven() bool {
	return !c.Password && !c.PasswordStdin && !c.Generate && c.Title == nil && c.Username == nil && c.URL == nil && c.Tag == nil && c.Type == nil && c.Expires == ""
}

// expiry reads a date, or never.
func expiry(text string) (at *time.Time, never bool, err error) {
	if text == "" || text == "never" {
		return nil, text != "", nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil, false, fail(ExitUsage, "%s is not a date. Write it like 2027-03-31. Nothing was saved.", text)
	}
	return &day, false, nil
}

// wants asks whether the password is to be changed too.
func wants(e *Env) bool {
	answer, err := e.ask("Change the password (y/N)", "")
	return err == nil && (answer == "y" || answer == "yes")
}

func askAll(e *Env, in *sdk.CredentialChange, present sdk.Credential) error {
	if !e.terminal() {
		return fail(ExitUsage, "Say what to change, for example --title or --generate. See: bailiwick edit --help")
	}
	for _, f := range []struct {
		name, present string
		to            **string
	}{{"Title", present.Title, &in.Title}, {"Username", present.Username, &in.Username}, {"Type", present.Type, &in.Type}} {
		text, err := e.ask(f.name, f.present)
		if err != nil {
			return err
		}
		if text != f.present {
			*f.to = &text
		}
	}
	return nil
}
