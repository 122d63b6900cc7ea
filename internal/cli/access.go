package cli

import (
	"strconv"
	"strings"
	"time"

	"bailiwick/sdk"
)

// Access is who reaches what, and requests for access.
type Access struct {
	Who      AccessWho      `cmd:"" help:"List who can see a client, folder or credential, and by which rule."`
	User     AccessUser     `cmd:"" help:"List what a user can see, of what you reach yourself."`
	Assign   AccessAssign   `cmd:"" help:"Assign a user or a security group to a client."`
	Unassign AccessUnassign `cmd:"" help:"Take a client from a user or a security group."`
	Guard    AccessGuard    `cmd:"" help:"Put exactly these security groups on a folder."`
	Pass     AccessPass     `cmd:"" help:"Give a user a personal pass to a guarded folder, or end it."`
	Requests AccessRequests `cmd:"" help:"List what waits for your decision, and what you asked for."`
	Ask      AccessAsk      `cmd:"" help:"Ask for access to a client."`
	Allow    AccessAllow    `cmd:"" help:"Allow a request."`
	Decline  AccessDecline  `cmd:"" help:"Decline a request."`
	Withdraw AccessWithdraw `cmd:"" help:"Withdraw a request of your own."`
}

// Span is how long something is given.
type Span struct {
	Hours int `help:"For how many hours; for good otherwise."`
}

func (s Span) words() string {
	switch {
	case s.Hours <= 0:
		return "for good"
	case s.Hours == 1:
		return "for 1 hour"
	}
	return "for " + strconv.Itoa(s.Hours) + " hours"
}

// Spot names a client, and perhaps a folder of it.
type Spot struct {
	Client string `arg:"" help:"Name, short code or id of the client."`
	Folder string `help:"Path or id of a folder of it."`
}

func (s Spot) find(e *Env, api *sdk.API) (client, folder string, err error) {
	place, _, err := e.place(api, s.Client, false)
	if err != nil {
		return "", "", err
	}
	folder, err = e.folder(api, place, s.Folder)
	return place.Client, folder, err
}

// AccessWho asks who can see a thing.
type AccessWho struct {
	Format     `embed:""`
	Client     string `arg:"" optional:"" help:"Name, short code or id of the client."`
	Folder     string `help:"Path or id of a folder of it."`
	Credential string `help:"Or the id of a credential."`
}

// Run lists them.
func (c *AccessWho) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	var found sdk.Seers
	if c.Credential != "" {
		found, err = api.WhoSeesCredential(e.Context, c.Credential)
	} else {
		client, folder, failed := Spot{c.Client, c.Folder}.find(e, api)
		switch {
		case failed != nil:
			return failed
		case folder != "":
			found, err = api.WhoSeesFolder(e.Context, folder)
		default:
			found, err = api.WhoSeesClient(e.Context, client)
		}
	}
	if err != nil {
		return err
	}
	var rows [][]string
	for _, u := range found.Users {
		rows = append(rows, []string{u.Name, u.Email, u.Level, reachedBy(u.By, u.Groups, u.Until), doorsOf(u.Doors), yes(u.Secrets, "secrets")})
	}
	if t := found.There; t != nil {
		who := countOf(t.Chosen, "chosen user")
		if t.Made || t.Everyone {
			who = "everyone"
		}
		rows = append(rows, []string{who, "", "at " + t.Organization, "shared", "", ""})
	}
	return c.show(e, found.Users, "NAME|EMAIL|LEVEL|BY|GUARDED FOLDERS|SEES", rows)
}

func reachedBy(by, groups []string, until *time.Time) string {
	words := strings.Join(by, ", ")
	if len(groups) > 0 {
		words += " (" + strings.Join(groups, ", ") + ")"
	}
	if until != nil {
		words += " until " + shown(*until)
	}
	return words
}

func doorsOf(all []sdk.Door) string {
	var words []string
	for _, d := range all {
		by := reachedBy(d.By, d.Groups, d.Until)
		if by == "" {
			by = "closed"
		}
		words = append(words, d.Folder.Name+": "+by)
	}
	return strings.Join(words, "; ")
}

// AccessUser asks what a user can see.
type AccessUser struct {
	Format `embed:""`
	User   string `arg:"" help:"Email or id of the user."`
}

// Run lists it.
func (c *AccessUser) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	id, err := e.user(api, c.User)
	if err != nil {
		return err
	}
	found, err := api.WhatUserSees(e.Context, id)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, x := range found.Clients {
		rows = append(rows, []string{x.Name, "reached", reachedBy(x.By, x.Groups, x.Until)})
	}
	for _, x := range found.Folders {
		state := "closed"
		if x.Open {
			state = "open"
		}
		rows = append(rows, []string{x.Client.Name + " / " + x.Name, state, doorsOf(x.Doors)})
	}
	return c.show(e, found, "WHAT|STATE|BY", rows)
}

// AccessAssign assigns.
type AccessAssign struct {
	Span   `embed:""`
	Client string `arg:"" help:"Name, short code or id of the client."`
	User   string `xor:"to" required:"" help:"Email or id of the user."`
	Group  string `xor:"to" required:"" help:"Or name or id of a security group."`
}

// Run assigns.
func (c *AccessAssign) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	client, _, err := Spot{Client: c.Client}.find(e, api)
	if err != nil {
		return err
	}
	if c.Group != "" {
		g, err := e.group(api, c.Group)
		if err != nil {
			return err
		}
		if err := api.AssignGroup(e.Context, client, g.ID); err != nil {
			return err
		}
		return Format{}.done(e, nil, "Assigned %s to the group %s.", c.Client, g.Name)
	}
	user, err := e.user(api, c.User)
	if err != nil {
		return err
	}
	if err := api.Assign(e.Context, client, user, nil, c.Hours); err != nil {
		return err
	}
	return Format{}.done(e, nil, "Assigned %s to %s, %s.", c.Client, c.User, c.words())
}

// AccessUnassign takes an assignment away.
type AccessUnassign struct {
	Client string `arg:"" help:"Name, short code or id of the client."`
	User   string `xor:"from" required:"" help:"Email or id of the user."`
	Group  string `xor:"from" required:"" help:"Or name or id of a security group."`
	Flag   bool   `help:"Flag what was seen there, unless it is still reached in another way."`
}

// Run takes it away.
func (c *AccessUnassign) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	client, _, err := Spot{Client: c.Client}.find(e, api)
	if err != nil {
		return err
	}
	if c.Group != "" {
		g, err := e.group(api, c.Group)
		if err == nil {
			err = api.UnassignGroup(e.Context, client, g.ID, c.Flag)
		}
		if err != nil {
			return err
		}
	} else {
		user, err := e.user(api, c.User)
		if err == nil {
			err = api.UnassignFlagging(e.Context, client, user, c.Flag)
		}
		if err != nil {
			return err
		}
	}
	return Format{}.done(e, nil, "%s is no longer assigned to %s%s.", c.Client, c.User, c.Group)
}

// AccessGuard guards a folder.
type AccessGuard struct {
	Spot  `embed:""`
	Group []string `sep:"none" help:"Name or id of a security group; may be given several times. None takes the guard off."`
}

// Run guards it.
func (c *AccessGuard) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	_, folder, err := c.find(e, api)
	if err != nil {
		return err
	}
	if folder == "" {
		return fail(ExitUsage, "Say which folder: --folder PATH.")
	}
	var ids []string
	for _, name := range c.Group {
		g, err := e.group(api, name)
		if err != nil {
			return err
		}
		ids = append(ids, g.ID)
	}
	present, err := api.FolderAccess(e.Context, folder)
	if err != nil {
		return err
	}
	if err := api.GuardFolder(e.Context, folder, present.Version, ids); err != nil {
		return err
	}
	return Format{}.done(e, nil, "The folder %s has exactly these groups: %s.", c.Folder, strings.Join(append(c.Group, yes(len(c.Group) == 0, "none")), " "))
}

// AccessPass gives or ends a pass.
type AccessPass struct {
	Spot `embed:""`
	Span `embed:""`
	User string `required:"" help:"Email or id of the user."`
	End  bool   `help:"End the pass."`
}

// Run gives or ends it.
func (c *AccessPass) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	_, folder, err := c.find(e, api)
	if err != nil {
		return err
	}
	if folder == "" {
		return fail(ExitUsage, "Say which folder: --folder PATH.")
	}
	user, err := e.user(api, c.User)
	if err != nil {
		return err
	}
	if c.End {
		if err := api.EndPass(e.Context, folder, user); err != nil {
			return err
		}
		return Format{}.done(e, nil, "Ended the pass of %s.", c.User)
	}
	if err := api.GivePass(e.Context, folder, user, nil, c.Hours); err != nil {
		return err
	}
	return Format{}.done(e, nil, "Gave %s a pass, %s.", c.User, c.words())
}

// AccessRequests lists requests.
type AccessRequests struct {
	Format `embed:""`
}

// Run lists them.
func (c *AccessRequests) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	found, err := api.AccessRequests(e.Context)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, q := range found.ToDecide {
		rows = append(rows, []string{"to decide", q.User.Name, q.Asked, q.State, shown(q.CreatedAt), q.Message, q.ID})
	}
	for _, q := range found.Mine {
		rows = append(rows, []string{"mine", q.User.Name, q.Asked, q.State, shown(q.CreatedAt), q.Reason, q.ID})
	}
	return c.show(e, found, "WHOSE|USER|ASKED FOR|STATE|ASKED|WORDS|ID", rows)
}

// AccessAsk asks for a client.
type AccessAsk struct {
	Name    string `arg:"" help:"Name of the client, as you know it."`
	Message string `help:"Why you need it."`
}

// Run asks. The answer is the same whether there is such a client or not.
func (c *AccessAsk) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	if err := api.RequestAccess(e.Context, sdk.NewAccessRequest{Name: c.Name, Message: c.Message}); err != nil {
		return err
	}
	return Format{}.done(e, nil, "Your request is sent to those who decide on it, if there are any.")
}

// AccessAllow allows a request.
type AccessAllow struct {
	Span `embed:""`
	ID   string `arg:"" help:"Id of the request."`
}

// Run allows it.
func (c *AccessAllow) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	if err := api.DecideRequest(e.Context, c.ID, sdk.AccessDecision{Allow: true, Hours: c.Hours}); err != nil {
		return err
	}
	return Format{}.done(e, nil, "Allowed, %s.", c.words())
}

// AccessDecline declines a request.
type AccessDecline struct {
	ID     string `arg:"" help:"Id of the request."`
	Reason string `arg:"" help:"Why; it is mailed to whoever asked."`
}

// Run declines it.
func (c *AccessDecline) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	if err := api.DecideRequest(e.Context, c.ID, sdk.AccessDecision{Reason: c.Reason}); err != nil {
		return err
	}
	return Format{}.done(e, nil, "Declined.")
}

// AccessWithdraw withdraws a request.
type AccessWithdraw struct {
	ID string `arg:"" help:"Id of the request."`
}

// Run withdraws it.
func (c *AccessWithdraw) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	if err := api.WithdrawRequest(e.Context, c.ID); err != nil {
		return err
	}
	return Format{}.done(e, nil, "Withdrawn.")
}
