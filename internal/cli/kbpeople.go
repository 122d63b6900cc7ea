package cli

import (
	"errors"
	"fmt"
	"strings"

	"bailiwick/sdk"
)

// KBPeople lists roles.
type KBPeople struct {
	Format `embed:""`
	kbOf   `embed:""`
	All    bool `help:"Also those who have none."`
}

// Run lists them.
func (c *KBPeople) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	all, err := api.ServiceRoles(e.Context, c.Base)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, p := range all.People {
		how := "default"
		switch {
		case p.Fixed:
			how = "administrator"
		case p.Explicit != "":
			how = "given"
		}
		if c.All || p.Role != "none" || p.Explicit != "" {
			rows = append(rows, []string{p.Name, p.Email, p.Kind, p.Role, how + yes(!p.Active, ", once active")})
		}
	}
	return c.show(e, all.People, "NAME|EMAIL|KIND|ROLE|BY", rows)
}

// KBRole sets a role.
type KBRole struct {
	kbOf `embed:""`
	User string `arg:"" help:"Email or id of the user."`
	Role string `arg:"" enum:"default,none,reader,editor,admin" help:"reader, editor or admin; none takes it away, also against the default; default has the user follow it again."`
}

// Run sets it.
func (c *KBRole) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	user := c.User
	if all, failed := api.ServiceRoles(e.Context, c.Base); failed == nil { // an Admin of the knowledge base need not see the users page
		for _, p := range all.People {
			if strings.EqualFold(p.Email, c.User) {
				user = p.User
			}
		}
	} else if user, err = e.user(api, c.User); err != nil {
		return err
	}
	if err := api.SetServiceRole(e.Context, c.Base, user, c.Role); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.Err, "The role of %s in %s: %s.\n", clean(c.User), clean(c.Base), c.Role)
	return err
}

// KBShare adds people.
type KBShare struct {
	Format    `embed:""`
	kbOf      `embed:""`
	Addresses []string `arg:"" help:"Addresses, also as Name <name@example.com>."`
	Role      string   `enum:"reader,editor,admin" default:"reader" help:"reader, editor or admin."`
	Message   string   `help:"Goes into the mail of those who are invited."`
}

// Run adds them: all, or nobody.
func (c *KBShare) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	got, err := api.ShareKnowledgeBase(e.Context, c.Base, sdk.ShareKnowledgeBase{Emails: c.Addresses, Role: c.Role, Message: c.Message})
	if err != nil {
		return byAddress(err, c.Addresses)
	}
	if err := c.done(e, got, "Users with the role now: %d. Guests invited: %d.", len(got.Users), len(got.Invited)); err != nil || c.JSON {
		return err
	}
	for _, u := range got.Invited {
		e.passOn(u)
	}
	return nil
}

// byAddress has an error name the addresses that it is about.
func byAddress(err error, addresses []string) error {
	var wrong *sdk.Error
	if !errors.As(err, &wrong) {
		return err
	}
	for i := range wrong.Errors {
		for n, address := range addresses {
			if wrong.Errors[i].Field == fmt.Sprintf("people[%d].email", n) {
				wrong.Errors[i].Field = clean(address)
			}
		}
	}
	return wrong
}
