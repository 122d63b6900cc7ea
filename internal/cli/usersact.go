package cli

import (
	"fmt"
	"slices"

	"bailiwick/sdk"
)

// One names a user.
type One struct {
	User string `arg:"" help:"Address or id."`
}

// Ending names a user of whom something ends.
type Ending struct {
	One
	Yes bool `help:"Do it without asking."`
}

// The commands that take nothing but the user.
type (
	UsersApprove     struct{ One }
	UsersUnapprove   struct{ One }
	UsersPromote     struct{ One }
	UsersDemote      struct{ One }
	UsersMember      struct{ One }
	UsersGuest       struct{ Ending }
	UsersReset       struct{ One }
	UsersResetFactor struct{ One }
	UsersUnlock      struct{ One }
	UsersEndSessions struct{ Ending }
	UsersDisable     struct{ Ending }
	UsersEnable      struct{ One }
)

// Run approves.
func (c *UsersApprove) Run(e *Env) error {
	return e.actOn(c.User, "The user is approved.", func(a *sdk.API, id string) error { return a.ApproveUser(e.Context, id) })
}

// Run makes pending.
func (c *UsersUnapprove) Run(e *Env) error {
	return e.actOn(c.User, "The user is pending again, and the user's sessions have ended.", func(a *sdk.API, id string) error { return a.UnapproveUser(e.Context, id) })
}

// Run promotes.
func (c *UsersPromote) Run(e *Env) error {
	return e.actOn(c.User, "The user is an administrator.", func(a *sdk.API, id string) error { return a.PromoteUser(e.Context, id) })
}

// Run demotes.
func (c *UsersDemote) Run(e *Env) error {
	return e.actOn(c.User, "The user is a member.", func(a *sdk.API, id string) error { return a.DemoteUser(e.Context, id) })
}

// Run makes a member.
func (c *UsersMember) Run(e *Env) error {
	return e.actOn(c.User, "The user is a member with the default level.", func(a *sdk.API, id string) error { return a.AddAsMember(e.Context, id) })
}

// Run makes a guest.
func (c *UsersGuest) Run(e *Env) error {
	return c.end(e, "Make %s a guest", "vault access, level, clients, groups and account roles", "The user is a guest; vault access has ended.", func(a *sdk.API, id string) error { return a.MakeGuest(e.Context, id) })
}

// Run mails the link.
func (c *UsersReset) Run(e *Env) error {
	return e.actOn(c.User, "A link that sets a new password is made; the earlier one is void.", func(a *sdk.API, id string) error {
		r, err := a.ResetUser(e.Context, id)
		if err == nil && r.Link != "" {
			fmt.Fprintf(e.Out, "%s\t%s\t%s\n", clean(r.Email), "link that sets a new password", clean(r.Link.Reveal()))
		}
		return err
	})
}

// Run removes them.
func (c *UsersResetFactor) Run(e *Env) error {
	return e.actOn(c.User, "The user's second factors are removed. The next sign-in sets one up.", func(a *sdk.API, id string) error { return a.ResetUserFactor(e.Context, id) })
}

// Run unlocks.
func (c *UsersUnlock) Run(e *Env) error {
	return e.actOn(c.User, "The lockout has ended.", func(a *sdk.API, id string) error { return a.UnlockUser(e.Context, id) })
}

// Run ends them.
func (c *UsersEndSessions) Run(e *Env) error {
	return c.end(e, "End all sessions of %s", "", "All sessions and devices of the user have ended.", func(a *sdk.API, id string) error { return a.EndUserSessions(e.Context, id) })
}

// Run disables.
func (c *UsersDisable) Run(e *Env) error {
	return c.end(e, "Disable %s", "sign-in", "The user is disabled.", func(a *sdk.API, id string) error {
		if err := a.DisableUser(e.Context, id); err != nil {
			return err
		}
		u, err := a.User(e.Context, id)
		if err == nil && slices.Contains(u.May, "off-board") { // that of a site's user is the site's own
			fmt.Fprintln(e.Err, "See what the user knows with: bailiwick users off-board "+clean(c.User))
		}
		return err
	})
}

// Run enables.
func (c *UsersEnable) Run(e *Env) error {
	return e.actOn(c.User, "The user is enabled, and needs the Organization Key again.", func(a *sdk.API, id string) error { return a.EnableUser(e.Context, id) })
}

// UsersDelete deletes a user for good.
type UsersDelete struct {
	Ending
	Email string `required:"" help:"The user's address, typed to be sure: the personal vault is destroyed."`
}

// Run deletes.
func (c *UsersDelete) Run(e *Env) error {
	return c.end(e, "Delete %s for good", "the account with all its rights, and the personal vault, which nobody can bring back", "The user is deleted for good.", func(a *sdk.API, id string) error { return a.DeleteUser(e.Context, id, c.Email) })
}
