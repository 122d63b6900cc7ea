package sdk

import (
	"context"
	"net/url"
)

// UserFilter narrows the list of users.
type UserFilter struct {
	Page
	Kind     string // administrator, member, guest; "": all
	Text     string
	Disabled bool // disabled ones too
	Pending  bool // only those who wait for approval
}

// Users gives a page of users.
func (c *API) Users(ctx context.Context, f UserFilter) (out Users, err error) {
	q := f.into(url.Values{})
	set(q, "kind", f.Kind)
	set(q, "text", f.Text)
	flag(q, "disabled", f.Disabled)
	flag(q, "pending", f.Pending)
	err = c.call(ctx, freely, "GET", "/users", q, nil, &out)
	return out, err
}

func userPath(id, rest string) string { return "/users/" + url.PathEscape(id) + rest }

// User gives one user with what can be changed of him.
func (c *API) User(ctx context.Context, id string) (out UserDetails, err error) {
	err = c.call(ctx, freely, "GET", userPath(id, ""), nil, nil, &out)
	return out, err
}

// EditUser changes a user.
func (c *API) EditUser(ctx context.Context, id string, in UserChange) error {
	return c.call(ctx, freely, "PATCH", userPath(id, ""), nil, in, nil)
}

// CheckAddresses takes a text with addresses apart.
func (c *API) CheckAddresses(ctx context.Context, text string) (out CheckedAddresses, err error) {
	err = c.call(ctx, freely, "POST", "/users/check", nil, Addresses{Text: text}, &out)
	return out, err
}

// Invite adds people.
func (c *API) Invite(ctx context.Context, in Invite) (out Invited, err error) {
	err = c.call(ctx, freely, "POST", "/users", nil, in, &out)
	return out, err
}

// ResendInvitation sends an invitation again; the earlier link is void.
// An organization-key link that went along is made anew by whoever can.
func (c *API) ResendInvitation(ctx context.Context, id, message string) (InvitedUser, error) {
	var out InvitedUser
	return out, c.call(ctx, freely, "POST", userPath(id, "/resend"), nil, ResendInvitation{Message: message}, &out)
}

func (c *API) act(ctx context.Context, id, act string) error {
	return c.call(ctx, freely, "POST", userPath(id, "/"+act), nil, nil, nil)
}

// ApproveUser ends the pending state.
func (c *API) ApproveUser(ctx context.Context, id string) error { return c.act(ctx, id, "approve") }

// UnapproveUser makes a user pending again and ends his sessions.
func (c *API) UnapproveUser(ctx context.Context, id string) error { return c.act(ctx, id, "unapprove") }

// PromoteUser makes a member an administrator.
func (c *API) PromoteUser(ctx context.Context, id string) error { return c.act(ctx, id, "promote") }

// DemoteUser makes an administrator the member that he was.
func (c *API) DemoteUser(ctx context.Context, id string) error { return c.act(ctx, id, "demote") }

// AddAsMember makes a guest a member with the default level.
func (c *API) AddAsMember(ctx context.Context, id string) error {
	return c.act(ctx, id, "add-as-member")
}

// MakeGuest makes a member a guest.
func (c *API) MakeGuest(ctx context.Context, id string) error { return c.act(ctx, id, "make-guest") }

// ResetUser mails a link that sets a new password.
func (c *API) ResetUser(ctx context.Context, id string) (SentReset, error) {
	var out SentReset
	return out, c.call(ctx, freely, "POST", userPath(id, "/reset"), nil, nil, &out)
}

// UnlockUser ends a lockout.
func (c *API) UnlockUser(ctx context.Context, id string) error { return c.act(ctx, id, "unlock") }

// EndUserSessions ends all sessions and devices of a user.
func (c *API) EndUserSessions(ctx context.Context, id string) error {
	return c.act(ctx, id, "end-sessions")
}

// DisableUser stops a user's sign-in and ends what he has open.
func (c *API) DisableUser(ctx context.Context, id string) error { return c.act(ctx, id, "disable") }

// EnableUser lets a disabled user sign in again.
func (c *API) EnableUser(ctx context.Context, id string) error { return c.act(ctx, id, "enable") }

// DeleteUser deletes a user for good; email is his, to be sure.
func (c *API) DeleteUser(ctx context.Context, id, email string) error {
	return c.call(ctx, freely, "POST", userPath(id, "/delete"), nil, DeleteUser{Email: email}, nil)
}
