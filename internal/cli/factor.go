package cli

import (
	"errors"
	"fmt"

	"bailiwick/sdk"
)

// Factor is one's own second factors.
type Factor struct {
	List   FactorList   `cmd:"" default:"withargs" help:"List one's own second factors."`
	Add    FactorAdd    `cmd:"" help:"Set up an authenticator app. (Passkeys are set up in the browser.)"`
	Rename FactorRename `cmd:"" help:"Give a second factor another name."`
	Remove FactorRemove `cmd:"" help:"Remove a second factor."`
	Codes  FactorCodes  `cmd:"" help:"Make the recovery codes anew."`
}

// FactorList lists them.
type FactorList struct {
	Format `embed:""`
}

// Run lists them.
func (c *FactorList) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	all, err := api.Factors(e.Context)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, f := range all.Factors {
		used := "never"
		if f.LastUsedAt != nil {
			used = shown(*f.LastUsedAt)
		}
		rows = append(rows, []string{f.Name, f.Kind, shown(f.CreatedAt), used, f.ID})
	}
	if err := c.show(e, all, "NAME|KIND|ADDED|LAST USED|ID", rows); err != nil || c.JSON || len(rows) == 0 {
		return err
	}
	_, err = fmt.Fprintf(e.Err, "%d recovery codes are left.\n", all.CodesLeft)
	return err
}

// FactorAdd sets up an app.
type FactorAdd struct {
	Name string `arg:"" help:"Name by which you know it, such as Telephone."`
}

// Run sets it up.
func (c *FactorAdd) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	password, err := e.Secret("Password")
	if err != nil {
		return err
	}
	begun, err := api.BeginFactor(e.Context, sdk.NewFactor{Kind: "totp", Name: c.Name, Password: sdk.Secret(password)})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Err, "Give this to your authenticator app, as characters or as address:\n")
	fmt.Fprintf(e.Out, "%s\n%s\n", begun.Secret.Reveal(), begun.Address.Reveal())
	codes, err := e.confirm(api, begun.ID)
	if err != nil {
		return err
	}
	return e.showCodes(codes)
}

// confirm asks for the app's code; there are three tries.
func (e *Env) confirm(api *sdk.API, id string) (codes sdk.FactorCodes, err error) {
	for range 3 {
		code, err := e.ask("Code that the app shows", "")
		if err != nil {
			return codes, err
		}
		codes, err = api.ConfirmFactor(e.Context, id, sdk.FactorProof{Code: sdk.Secret(code)})
		var wrong *sdk.Error
		if !errors.As(err, &wrong) || wrong.Field("code") == "" {
			return codes, err
		}
		fmt.Fprintln(e.Err, clean(wrong.Field("code")))
	}
	return codes, fail(ExitError, "The second factor is not set up.")
}

func (e *Env) showCodes(codes sdk.FactorCodes) error {
	if len(codes.Codes) > 0 {
		fmt.Fprintln(e.Err, "Your recovery codes. Each takes the place of the second factor once; they can't be shown again:")
		for _, c := range codes.Codes {
			fmt.Fprintln(e.Out, c.Reveal())
		}
	}
	return Format{}.done(e, nil, "Done.")
}

// FactorRename renames.
type FactorRename struct {
	ID   string `arg:"" help:"Id, as the list shows it."`
	Name string `arg:"" help:"The new name."`
}

// Run renames.
func (c *FactorRename) Run(e *Env) error {
	api, _, err := e.connect()
	if err == nil {
		err = api.RenameFactor(e.Context, c.ID, c.Name)
	}
	if err != nil {
		return err
	}
	return Format{}.done(e, nil, "The name is changed.")
}

// FactorRemove removes.
type FactorRemove struct {
	ID string `arg:"" help:"Id, as the list shows it."`
}

// Run removes.
func (c *FactorRemove) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	password, err := e.Secret("Password")
	if err != nil {
		return err
	}
	if err := api.RemoveFactor(e.Context, c.ID, sdk.Secret(password)); err != nil {
		return err
	}
	return Format{}.done(e, nil, "The second factor is removed.")
}

// FactorCodes makes codes.
type FactorCodes struct{}

// Run makes them.
func (c *FactorCodes) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	password, err := e.Secret("Password")
	if err != nil {
		return err
	}
	codes, err := api.MakeFactorCodes(e.Context, sdk.Secret(password))
	if err != nil {
		return err
	}
	return e.showCodes(codes)
}

// second finishes a sign-in with a code; there are three tries.
func (e *Env) second(api *sdk.API, in sdk.SignIn, needs *sdk.Error) (*sdk.API, sdk.SignedIn, error) {
	var made sdk.SignedIn
	for range 3 {
		code, err := e.Secret("Code of your authenticator app, or a recovery code")
		if err != nil {
			return nil, made, err
		}
		next, made, err := api.SignInSecond(e.Context, sdk.SignInSecond{Pending: needs.Pending, Code: sdk.Secret(code), OrganizationKey: in.OrganizationKey, Device: in.Device})
		var wrong *sdk.Error
		if !errors.As(err, &wrong) || wrong.Field("code") == "" {
			return next, made, err
		}
		fmt.Fprintln(e.Err, clean(wrong.Field("code")))
	}
	return nil, made, fail(ExitSignIn, "You are not signed in.")
}
