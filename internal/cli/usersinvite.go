package cli

import (
	"fmt"
	"strings"

	"bailiwick/sdk"
)

// UsersInvite invites people.
type UsersInvite struct {
	Format    `embed:""`
	Addresses []string `arg:"" help:"Addresses; Name <address> gives a name too."`
	Level     string   `help:"Id of the permission level; the default level otherwise."`
	Guest     bool     `help:"As guests, without a permission level."`
	Client    []string `help:"Names, short codes or ids of clients to be assigned."`
	KB        []string `help:"A role in a knowledge base: PATH=reader, PATH=editor, PATH=admin or PATH=none." placeholder:"PATH=ROLE"`
	SendKey   bool     `help:"Mail each of them a link, too, that opens the vault once the invitation is accepted."`
	Message   string   `help:"Goes into the mail."`
}

// Run invites them: all, or nobody.
func (c *UsersInvite) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	checked, err := api.CheckAddresses(e.Context, strings.Join(c.Addresses, "\n"))
	if err != nil {
		return err
	}
	level := c.Level
	if level == "" && !c.Guest {
		level = checked.DefaultLevel
	}
	var clients []string
	for _, name := range c.Client {
		place, _, err := e.place(api, name, false)
		if err != nil {
			return err
		}
		clients = append(clients, place.Client)
	}
	roles, err := e.roles(api, c.KB)
	if err != nil {
		return err
	}
	var services []sdk.InviteeService
	for _, r := range roles {
		services = append(services, sdk.InviteeService(r))
	}
	in := sdk.Invite{Message: c.Message}
	var bad []string
	for _, a := range checked.Addresses {
		if a.Problem != "" {
			bad = append(bad, clean(a.Email)+": "+clean(a.Problem))
		}
		in.People = append(in.People, sdk.Invitee{Email: a.Email, Name: a.Name, Level: level, Clients: clients, Services: services, SendKey: c.SendKey})
	}
	if len(bad) > 0 {
		return fail(ExitError, "Nobody was invited.\n  %s", strings.Join(bad, "\n  "))
	}
	made, err := api.Invite(e.Context, in)
	if err != nil {
		return err
	}
	if err := c.done(e, made, "Invited: %d.", len(made.Users)); err != nil || c.JSON {
		return err
	}
	for _, u := range made.Users {
		e.passOn(u)
	}
	return nil
}

// roles reads PATH=ROLE of knowledge bases.
func (e *Env) roles(api *sdk.API, texts []string) (all []sdk.UserServiceRole, err error) {
	for _, text := range texts {
		path, role, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fail(ExitUsage, "This is no role in a knowledge base: %q. Such as handbook=reader.", text)
		}
		b, err := api.KnowledgeBase(e.Context, path)
		if err != nil {
			return nil, err
		}
		all = append(all, sdk.UserServiceRole{ID: b.ID, Role: role})
	}
	return all, nil
}

// passOn writes what is to be told to somebody who was invited.
func (e *Env) passOn(u sdk.InvitedUser) {
	for _, l := range []struct {
		what string
		is   sdk.Secret
	}{{"invitation", u.Link}, {"link that opens the vault", u.KeyLink}, {"six digits, to be told by another way", u.Digits}} {
		if l.is != "" {
			fmt.Fprintf(e.Out, "%s\t%s\t%s\n", clean(u.Email), l.what, clean(l.is.Reveal()))
		}
	}
}

// UsersResend sends an invitation again.
type UsersResend struct {
	User    string `arg:"" help:"Address or id."`
	Message string `help:"Goes into the mail."`
}

// Run sends it.
func (c *UsersResend) Run(e *Env) error {
	return e.actOn(c.User, "The invitation is sent again; the earlier link is void.", func(api *sdk.API, id string) error {
		u, err := api.ResendInvitation(e.Context, id, c.Message)
		if err == nil {
			e.passOn(u)
		}
		return err
	})
}

// UsersEdit changes a user.
type UsersEdit struct {
	User     string   `arg:"" help:"Address or id."`
	Name     *string  `help:"Full name."`
	Email    *string  `help:"New address; it counts when it is confirmed from there."`
	Phone    *string  `help:"Phone number."`
	TimeZone *string  `help:"Such as Europe/London."`
	Level    *string  `help:"Id of the permission level."`
	KB       []string `help:"The role in a knowledge base: PATH=reader, editor, admin, none (also against the default) or default; may be given several times." placeholder:"PATH=ROLE"`
}

// Run saves what was given.
func (c *UsersEdit) Run(e *Env) error {
	return e.actOn(c.User, "The user is changed.", func(api *sdk.API, id string) error {
		u, err := api.User(e.Context, id)
		if err != nil {
			return err
		}
		roles, err := e.roles(api, c.KB)
		if err != nil {
			return err
		}
		return api.EditUser(e.Context, id, sdk.UserChange{Version: u.Version, Name: c.Name, Email: c.Email, Phone: c.Phone, TimeZone: c.TimeZone, Level: c.Level, Services: roles})
	})
}

// UsersSendKey sends the organization key to a user.
type UsersSendKey struct {
	User string `arg:"" help:"Address or id."`
}

// Run sends it.
func (c *UsersSendKey) Run(e *Env) error {
	return e.actOn(c.User, "A link that opens the vault once is on its way; it works for 24 hours.", func(api *sdk.API, id string) error { return api.SendKey(e.Context, id) })
}
