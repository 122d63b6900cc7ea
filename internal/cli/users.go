package cli

import (
	"fmt"
	"os"
	"strings"

	"bailiwick/sdk"
)

// Users is everything about users, for those who hold a permission on them.
type Users struct {
	List        UsersList        `cmd:"" default:"withargs" help:"List users."`
	Show        UsersShow        `cmd:"" help:"Show a user."`
	Invite      UsersInvite      `cmd:"" help:"Invite people."`
	Resend      UsersResend      `cmd:"" help:"Send an invitation again."`
	Edit        UsersEdit        `cmd:"" help:"Change a user."`
	Approve     UsersApprove     `cmd:"" help:"Approve a user."`
	Unapprove   UsersUnapprove   `cmd:"" help:"Make a user pending again."`
	Promote     UsersPromote     `cmd:"" help:"Make a member an administrator."`
	Demote      UsersDemote      `cmd:"" help:"Make an administrator the member that they were."`
	Member      UsersMember      `cmd:"" help:"Make a guest a member with the default level."`
	Guest       UsersGuest       `cmd:"" help:"Make a member a guest."`
	SendKey     UsersSendKey     `cmd:"" help:"Send a user a link that opens the vault."`
	Reset       UsersReset       `cmd:"" help:"Mail a user a link that sets a new password."`
	ResetFactor UsersResetFactor `cmd:"" help:"Remove a user's second factors; the next sign-in sets one up."`
	Unlock      UsersUnlock      `cmd:"" help:"End a lockout."`
	EndSessions UsersEndSessions `cmd:"" help:"End all sessions and devices of a user."`
	Disable     UsersDisable     `cmd:"" help:"Disable a user."`
	Enable      UsersEnable      `cmd:"" help:"Enable a disabled user."`
	Delete      UsersDelete      `cmd:"" help:"Delete a user for good."`
	Lockouts    UsersLockouts    `cmd:"" help:"List who is locked out."`
	OffBoard    UsersOffBoard    `cmd:"" help:"Show, decide or export what a former user knows."`
	Export      UsersExport      `cmd:"" help:"Export the users with their rights as CSV."`
	Settings    UsersSettings    `cmd:"" help:"Show or change the settings about people."`
	ViewAs      UsersViewAs      `cmd:"" help:"See what another user sees, read-only; without a user: return."`
	Import      UsersImport      `cmd:"" help:"Import users from a CSV file: all of them, or nobody."`
}

// UsersList lists users.
type UsersList struct {
	Format   `embed:""`
	Text     []string `arg:"" optional:"" help:"Words that the name or address holds."`
	Kind     string   `enum:"administrator,member,guest," default:"" help:"Only these: administrator, member or guest."`
	Disabled bool     `help:"Disabled ones too."`
	Pending  bool     `help:"Only those who wait for approval."`
}

// Run lists them.
func (c *UsersList) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	all, err := users(e, api, sdk.UserFilter{Text: strings.Join(c.Text, " "), Kind: c.Kind, Disabled: c.Disabled, Pending: c.Pending})
	if err != nil {
		return err
	}
	var rows [][]string
	for _, u := range all {
		last := ""
		if u.LastSignInAt != nil {
			last = shown(*u.LastSignInAt)
		}
		rows = append(rows, []string{u.Name, u.Email, u.Kind, u.LevelName, u.State, last, yes(u.MailFailedAt != nil, "mail fails"), u.ID})
	}
	return c.show(e, all, "NAME|EMAIL|KIND|LEVEL|STATE|LAST SIGN-IN|MAIL|ID", rows)
}

func users(e *Env, api *sdk.API, f sdk.UserFilter) ([]sdk.User, error) {
	all := []sdk.User{}
	f.Limit = 500
	for {
		part, err := api.Users(e.Context, f)
		if err != nil {
			return nil, err
		}
		all = append(all, part.Users...)
		if f.After = part.Next; f.After == "" {
			return all, nil
		}
	}
}

// user finds one user by id or address.
func (e *Env) user(api *sdk.API, who string) (string, error) {
	if strings.HasPrefix(who, "user_") {
		return who, nil
	}
	all, err := users(e, api, sdk.UserFilter{Text: who, Disabled: true})
	if err != nil {
		return "", err
	}
	for _, u := range all {
		if strings.EqualFold(u.Email, who) {
			return u.ID, nil
		}
	}
	return "", fail(ExitAbsent, "There is no user with the address %s. List them with: bailiwick users --disabled", clean(who))
}

// UsersShow shows one user.
type UsersShow struct {
	Format `embed:""`
	User   string `arg:"" help:"Address or id."`
}

// Run shows him.
func (c *UsersShow) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	id, err := e.user(api, c.User)
	if err != nil {
		return err
	}
	u, err := api.User(e.Context, id)
	if err != nil {
		return err
	}
	in := func(all []sdk.UserChoice) string {
		var names []string
		for _, i := range all {
			if i.In {
				names = append(names, i.Name)
			}
		}
		return strings.Join(names, ", ")
	}
	rows := [][]string{{"Name", u.Name}, {"Email", u.Email}, {"New email", u.PendingEmail}, {"Kind", u.Kind}, {"Level", u.LevelName}, {"State", u.State}, {"Phone", u.Phone},
		{"Time zone", u.TimeZone}, {"Clients", in(u.Clients)}, {"Groups", in(u.Groups)}, {"Knowledge bases", inBases(u.Services)}, {"You may", strings.Join(u.May, ", ")}, {"Id", u.ID}}
	return c.show(e, u, "FIELD|VALUE", rows)
}

// inBases are the roles of a user in knowledge bases.
func inBases(all []sdk.UserService) string {
	var roles []string
	for _, s := range all {
		roles = append(roles, s.Name+": "+s.Role+yes(s.Explicit == "", " by default"))
	}
	return strings.Join(roles, ", ")
}

// actOn does something to one user and says so.
func (e *Env) actOn(who, done string, do func(*sdk.API, string) error) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	id, err := e.user(api, who)
	if err != nil {
		return err
	}
	if err := do(api, id); err != nil {
		return err
	}
	fmt.Fprintln(e.Err, done)
	return nil
}

// UsersExport exports the users.
type UsersExport struct {
	To string `arg:"" optional:"" type:"path" help:"File to write; the standard output otherwise."`
}

// Run writes the CSV.
func (c *UsersExport) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	sheet, err := api.ExportUsers(e.Context)
	if err != nil {
		return err
	}
	return e.sheet(c.To, sheet.CSV)
}

// sheet writes a table to a file that only its owner may read, or to the
// standard output.
func (e *Env) sheet(to, text string) error {
	if to == "" {
		_, err := fmt.Fprint(e.Out, text)
		return err
	}
	return os.WriteFile(to, []byte(text), 0o600)
}
