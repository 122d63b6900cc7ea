package cli

import (
	"errors"
	"fmt"
	"strings"

	"bailiwick/sdk"
)

// OrgKey changes the Organization Key.
type OrgKey struct{}

// Run makes one, has it kept and confirmed, and changes it.
func (*OrgKey) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	in := sdk.ChangeOrganizationKey{}
	if in.Password, err = e.askSecret("Your password"); err != nil {
		return err
	}
	made, err := api.NewOrganizationKey(e.Context)
	if err != nil {
		return err
	}
	in.OrganizationKey = made.OrganizationKey
	if err := e.kept("the new Organization Key, which opens the vault on a new browser", made.OrganizationKey); err != nil {
		return err
	}
	err = api.ChangeOrganizationKey(e.Context, in)
	var wrong *sdk.Error
	if errors.As(err, &wrong) && wrong.Field("code") != "" {
		code, asked := e.askSecret("Code of your second factor")
		if asked != nil {
			return asked
		}
		if err := api.ProveFactor(e.Context, sdk.FactorProof{Code: code}); err != nil {
			return err
		}
		err = api.ChangeOrganizationKey(e.Context, in)
	}
	if err != nil {
		return err
	}
	return Format{}.done(e, nil, "The Organization Key is changed. The earlier one opens nothing any more.")
}

// Recovery makes one's own recovery code anew.
type Recovery struct{}

// Run makes one, has it kept and confirmed, and makes it one's own.
func (*Recovery) Run(e *Env) error {
	if !e.terminal() {
		return fail(ExitUsage, "A recovery code has to be confirmed at a terminal, and there is none.")
	}
	return e.opened(func(api *sdk.API) error {
		made, err := api.NewRecoveryCode(e.Context)
		if err != nil {
			return err
		}
		if err := e.kept("your recovery code, which brings back your access and My passwords", made.RecoveryCode); err != nil {
			return err
		}
		if err := api.SetRecoveryCode(e.Context, made.RecoveryCode); err != nil {
			return err
		}
		return Format{}.done(e, nil, "Your recovery code counts from now on. An earlier one is void.")
	})
}

// kept shows a key once, and demands two groups of it: nothing counts before
// somebody has it on paper.
func (e *Env) kept(what string, key sdk.Secret) error {
	fmt.Fprintf(e.Err, "This is %s. Write it down or print it; it is not shown again:\n", what)
	fmt.Fprintln(e.Out, key.Reveal())
	groups := strings.Split(key.Reveal(), "-")
	for _, n := range []int{2, len(groups) - 1} {
		typed, err := e.askSecret(fmt.Sprintf("Its group %d, from the paper", n))
		if err != nil {
			return err
		}
		if !strings.EqualFold(strings.TrimSpace(typed.Reveal()), groups[n-1]) {
			return fail(ExitError, "That is not group %d. Nothing was changed.", n)
		}
	}
	return nil
}
