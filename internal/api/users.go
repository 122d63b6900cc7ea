package api

import (
	"context"
	"net/http"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/sdk"
)

func (s *Server) userRoutes() {
	s.userImportRoutes()
	p := s.app.People
	mount(s, route{method: "GET", path: "/users", id: "list-users", summary: "List the users", op: people.OpList,
		note: "For whoever holds a permission on users."}, s.listUsers)
	mount(s, route{method: "POST", path: "/users", id: "invite-users", summary: "Invite people", op: people.OpInvite, status: http.StatusCreated,
		note: "Levels, roles, clients and groups are given within one's own only; all are added, or nobody."}, s.invite)
	mount(s, route{method: "POST", path: "/users/check", id: "check-addresses", summary: "Check a text with addresses before inviting", op: people.OpCheck}, s.checkAddresses)
	mount(s, route{method: "POST", path: "/users/export", id: "export-users", summary: "Export the users with their rights as CSV", op: people.OpExport}, s.exportUsers)
	mount(s, route{method: "GET", path: "/users/lockouts", id: "list-lockouts", summary: "List who is locked out", op: people.OpLockouts}, s.lockouts)
	mount(s, route{method: "GET", path: "/users/off-boardings", id: "list-off-boardings", summary: "List the off-boardings that are not done", op: people.OpOffboards}, s.offboardings)
	mount(s, route{method: "GET", path: "/users/{id}", id: "get-user", summary: "See a user", op: people.OpView}, s.getUser)
	mountEmpty(s, route{method: "PATCH", path: "/users/{id}", id: "edit-user", summary: "Change a user", op: people.OpSave,
		note: "Each field needs its own permission; all is saved, or nothing."}, s.editUser)
	mount(s, route{method: "POST", path: "/users/{id}/resend", id: "resend-invitation", summary: "Send an invitation again", op: people.OpResend,
		note: "The earlier link is void. An organization-key link that went along is made anew, where one may send it from an open session."}, s.resend)
	mount(s, route{method: "POST", path: "/users/{id}/reset", id: "reset-user", summary: "Mail a user a link that sets a new password", op: people.OpReset,
		note: "Where no mail server is set, the mail waits in the outbox; the link to a user of a site is in the answer, to whoever may read the outbox."}, s.resetUser)
	for _, a := range []struct {
		path, id, summary, note string
		op                      *gate.Op
		do                      func(context.Context, gate.Actor, string) error
	}{
		{"approve", "approve-user", "Approve a user", "The user is mailed.", people.OpApprove, p.Approve},
		{"unapprove", "unapprove-user", "Make a user pending again", "The user's sessions end.", people.OpApprove, p.Unapprove},
		{"promote", "promote-user", "Make a member an administrator", "", people.OpPromote, p.Promote},
		{"demote", "demote-user", "Make an administrator the member that he was", "", people.OpDemote, p.Demote},
		{"add-as-member", "add-as-member", "Make a guest a member with the default level", "User: Add is needed besides.", people.OpAddMember, p.AddMember},
		{"make-guest", "make-guest", "Make a member a guest", "User: Add is needed besides. Vault access ends as in disabling.", people.OpMakeGuest, p.MakeGuest},
		{"unlock", "unlock-user", "End a lockout", "", people.OpUnlock, p.Unlock},
		{"end-sessions", "end-user-sessions", "End all sessions and devices of a user", "", people.OpEndSessions, p.EndSessions},
		{"disable", "disable-user", "Disable a user", "Sessions, devices, tokens and links end; off-boarding begins.", people.OpDisable, p.Disable},
		{"enable", "enable-user", "Enable a disabled user", "The user needs the Organization Key again.", people.OpEnable, p.Enable},
	} {
		mountEmpty(s, route{method: "POST", path: "/users/{id}/" + a.path, id: a.id, summary: a.summary, op: a.op, note: a.note},
			func(ctx context.Context, c call, in *ByID) error {
				who, err := p.At(ctx, c.who, in.ID)
				if err != nil {
					return err
				}
				return a.do(ctx, who, in.ID)
			})
	}
	mountEmpty(s, route{method: "POST", path: "/users/{id}/delete", id: "delete-user", summary: "Delete a user for good", op: people.OpDelete,
		note: "The personal vault is destroyed."}, s.deleteUser)
	mount(s, route{method: "GET", path: "/users/{id}/off-boarding", id: "get-off-boarding", summary: "See which present passwords a former user knows", op: people.OpOffboard}, s.offboarding)
	mount(s, route{method: "GET", path: "/users/{id}/off-boarding/export", id: "export-off-boarding", summary: "Export an off-boarding as CSV", op: people.OpOffboard}, s.offboardingSheet)
	mountEmpty(s, route{method: "POST", path: "/users/{id}/off-boarding", id: "decide-off-boarding", summary: "Flag passwords for change, or waive them", op: people.OpDecide}, s.decideOffboarding)
	mount(s, route{method: "GET", path: "/me/profile", id: "get-profile", summary: "See one's own profile", op: people.OpProfile}, s.profile)
	mountEmpty(s, route{method: "PUT", path: "/me/profile", id: "set-profile", summary: "Change one's own profile", op: people.OpSaveProfile,
		note: "Another address needs the password, and counts when it is confirmed from there."}, s.setProfile)
	mount(s, route{method: "GET", path: "/settings/people", id: "get-people-settings", summary: "See the settings about people", op: people.OpSettings}, s.peopleSettings)
	mountEmpty(s, route{method: "PUT", path: "/settings/people", id: "set-people-settings", summary: "Change the settings about people", op: people.OpSaveSettings}, s.setPeopleSettings)
}

func userOf(p people.Person) sdk.User {
	may := []string{}
	for _, a := range people.Acts() {
		if p.May[a] {
			may = append(may, string(a))
		}
	}
	return sdk.User{ID: p.ID, Name: p.Name, Email: p.Email, Kind: p.Kind, Level: p.Level, LevelName: p.LevelName, RoleAccount: p.RoleAccount,
		RoleUserManager: p.RoleUserManager, Enabled: p.Enabled, Approved: p.Approved, State: p.State, LockedUntil: when(p.LockedUntil),
		Factor: p.Factor, LastSignInAt: when(p.LastSignIn), MailFailedAt: when(p.MailFailed), CreatedAt: p.Created, Version: p.Version, May: may}
}

func (s *Server) listUsers(ctx context.Context, c call, in *struct {
	Page
	Kind     string `query:"kind" maxLength:"20" doc:"administrator, member, or guest; all of them otherwise"`
	Text     string `query:"text" maxLength:"200" doc:"Words that the name or address holds"`
	Disabled bool   `query:"disabled" doc:"Disabled ones too"`
	Pending  bool   `query:"pending" doc:"Only those who wait for approval"`
}) (sdk.Users, error) {
	l, err := s.app.People.List(ctx, c.who, people.Filter{Kind: in.Kind, Text: in.Text, Disabled: in.Disabled, Pending: in.Pending, After: in.After, Limit: in.Limit})
	out := sdk.Users{Users: []sdk.User{}, Next: l.Next, Counts: l.Counts, Pending: l.Pending}
	for _, p := range l.People {
		out.Users = append(out.Users, userOf(p))
	}
	return out, err
}

func (s *Server) checkAddresses(ctx context.Context, c call, in *struct{ Body sdk.Addresses }) (sdk.CheckedAddresses, error) {
	a, err := s.app.People.Check(ctx, c.who, in.Body.Text)
	out := sdk.CheckedAddresses{Addresses: []sdk.CheckedAddress{}, Levels: levelsOf(a.Levels), DefaultLevel: a.DefaultLevel}
	for _, i := range a.Candidates {
		out.Addresses = append(out.Addresses, sdk.CheckedAddress{Name: i.Name, Email: i.Email, Problem: i.Problem})
	}
	return out, err
}

func (s *Server) invite(ctx context.Context, c call, in *struct{ Body sdk.Invite }) (sdk.Invited, error) {
	return s.inviteAs(ctx, c.who, in.Body)
}

func (s *Server) inviteAs(ctx context.Context, who gate.Actor, body sdk.Invite) (sdk.Invited, error) {
	var all []people.Invitee
	for _, p := range body.People {
		all = append(all, people.Invitee{Email: p.Email, Name: p.Name, Level: p.Level, RoleAccount: p.RoleAccount, RoleUserManager: p.RoleUserManager,
			Clients: p.Clients, Groups: p.Groups, Services: servicesIn(p.Services), SendKey: p.SendKey})
	}
	added, err := s.app.People.Invite(ctx, who, all, body.Message)
	out := sdk.Invited{Users: []sdk.InvitedUser{}}
	for _, a := range added {
		out.Users = append(out.Users, invitedUser(a))
	}
	return out, err
}

func (s *Server) resend(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.ResendInvitation
}) (sdk.InvitedUser, error) {
	who, err := s.app.People.At(ctx, c.who, in.ID)
	if err != nil {
		return sdk.InvitedUser{}, err
	}
	a, err := s.app.People.Resend(ctx, who, in.ID, in.Body.Message)
	return invitedUser(a), err
}

func (s *Server) resetUser(ctx context.Context, c call, in *ByID) (sdk.SentReset, error) {
	who, err := s.app.People.At(ctx, c.who, in.ID)
	if err != nil {
		return sdk.SentReset{}, err
	}
	r, err := s.app.People.Reset(ctx, who, in.ID)
	return sdk.SentReset{ID: r.ID, Email: r.Email, Link: sdk.Secret(r.Link.Reveal())}, err
}

func invitedUser(a people.Added) sdk.InvitedUser {
	return sdk.InvitedUser{ID: a.ID, Email: a.Email, KeySent: a.KeySent, Digits: sdk.Secret(a.Digits.Reveal()), Link: sdk.Secret(a.Link.Reveal()), KeyLink: sdk.Secret(a.KeyLink.Reveal())}
}

func levelsOf(all []people.Level) []sdk.UserLevel {
	out := []sdk.UserLevel{}
	for _, l := range all {
		out = append(out, sdk.UserLevel{ID: l.ID, Name: l.Name, May: l.May})
	}
	return out
}

func choicesOf(all []people.Choice) []sdk.UserChoice {
	out := []sdk.UserChoice{}
	for _, c := range all {
		out = append(out, sdk.UserChoice{ID: c.ID, Name: c.Name, In: c.In, May: c.May})
	}
	return out
}

var userFields = []people.Field{people.FieldName, people.FieldEmail, people.FieldPhone, people.FieldTimeZone, people.FieldApproved, people.FieldEnabled,
	people.FieldLevel, people.FieldClients, people.FieldGroups, people.FieldAccount, people.FieldUserManager}

func (s *Server) getUser(ctx context.Context, c call, in *ByID) (sdk.UserDetails, error) {
	who, err := s.app.People.At(ctx, c.who, in.ID)
	if err != nil {
		return sdk.UserDetails{}, err
	}
	e, err := s.app.People.View(ctx, who, in.ID)
	out := sdk.UserDetails{User: userOf(e.Person), Phone: e.Phone, TimeZone: e.TimeZone, PendingEmail: e.PendingEmail, Levels: levelsOf(e.Levels),
		Clients: choicesOf(e.Clients), HiddenClients: e.HiddenClients, Groups: choicesOf(e.Groups), Services: servicesOf(e.Services), MayChange: []string{},
		Sessions: e.Ends.Sessions, Devices: e.Ends.Devices, Tokens: e.Ends.Tokens}
	for _, f := range userFields {
		if e.Fields[f] {
			out.MayChange = append(out.MayChange, string(f))
		}
	}
	return out, err
}

func (s *Server) editUser(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.UserChange
}) error {
	b := in.Body
	who, err := s.app.People.At(ctx, c.who, in.ID)
	if err != nil {
		return err
	}
	err = s.app.People.Save(ctx, who, in.ID, people.Changes{Version: b.Version, Name: b.Name, Email: b.Email, Phone: b.Phone, TimeZone: b.TimeZone,
		Level: b.Level, Enabled: b.Enabled, Approved: b.Approved, RoleAccount: b.RoleAccount, RoleUserManager: b.RoleUserManager, Clients: b.Clients, Groups: b.Groups, Services: servicesSet(b.Services), Flag: b.Flag})
	if fault.Is(err, fault.Conflict) {
		if now, e := s.app.People.View(ctx, who, in.ID); e == nil {
			return s.conflict(ctx, err, now.Version)
		}
	}
	return err
}

func (s *Server) deleteUser(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.DeleteUser
}) error {
	who, err := s.app.People.At(ctx, c.who, in.ID)
	if err != nil {
		return err
	}
	return s.app.People.Delete(ctx, who, in.ID, in.Body.Email)
}

func (s *Server) exportUsers(ctx context.Context, c call, _ *struct{}) (sdk.Sheet, error) {
	csv, err := s.app.People.Export(ctx, c.who)
	return sdk.Sheet{CSV: string(csv)}, err
}
