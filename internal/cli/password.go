package cli

import (
	"bailiwick/sdk"
)

// Password changes one's own password.
type Password struct{}

// Run asks for the present password and, twice, for the new one.
func (*Password) Run(e *Env) error {
	api, l, err := e.connect()
	if err != nil {
		return err
	}
	var in sdk.ChangePassword
	if in.Password, err = e.askSecret("Your present password"); err != nil {
		return err
	}
	if in.NewPassword, err = e.askSecret("The new one"); err != nil {
		return err
	}
	again, err := e.askSecret("The new one again")
	if err != nil {
		return err
	}
	if again != in.NewPassword {
		return fail(ExitError, "The two differ. Nothing was changed.")
	}
	made, err := api.ChangePassword(e.Context, in)
	if err != nil {
		return err
	}
	if made.Device != "" { // the keys were renewed: the earlier device opens nothing
		l.Device = made.Device
		if err := e.save(l); err != nil {
			return err
		}
	}
	return Format{}.done(e, nil, "Your password is changed, and your other sessions are signed out.")
}
