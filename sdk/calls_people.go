package sdk

import (
	"context"
)

// ExportUsers gives all users with their rights as CSV.
func (c *API) ExportUsers(ctx context.Context) (out Sheet, err error) {
	err = c.call(ctx, never, "POST", "/users/export", nil, nil, &out)
	return out, err
}

// Lockouts lists who is locked out.
func (c *API) Lockouts(ctx context.Context) (out Lockouts, err error) {
	err = c.call(ctx, freely, "GET", "/users/lockouts", nil, nil, &out)
	return out, err
}

// OffBoardings lists those that are not done.
func (c *API) OffBoardings(ctx context.Context) (out OffBoardings, err error) {
	err = c.call(ctx, freely, "GET", "/users/off-boardings", nil, nil, &out)
	return out, err
}

// OffBoarding shows what a user who lost his access knows.
func (c *API) OffBoarding(ctx context.Context, id string) (out OffBoarding, err error) {
	err = c.call(ctx, freely, "GET", userPath(id, "/off-boarding"), nil, nil, &out)
	return out, err
}

// OffBoardingSheet gives it as CSV.
func (c *API) OffBoardingSheet(ctx context.Context, id string) (out Sheet, err error) {
	err = c.call(ctx, freely, "GET", userPath(id, "/off-boarding/export"), nil, nil, &out)
	return out, err
}

// DecideOffBoarding flags passwords for change or waives them.
func (c *API) DecideOffBoarding(ctx context.Context, id string, in OffBoardingDecisions) error {
	return c.call(ctx, freely, "POST", userPath(id, "/off-boarding"), nil, in, nil)
}

// PeopleSettings shows the settings about people.
func (c *API) PeopleSettings(ctx context.Context) (out PeopleSettings, err error) {
	err = c.call(ctx, freely, "GET", "/settings/people", nil, nil, &out)
	return out, err
}

// SetPeopleSettings changes them.
func (c *API) SetPeopleSettings(ctx context.Context, in NewPeopleSettings) error {
	return c.call(ctx, freely, "PUT", "/settings/people", nil, in, nil)
}

// Invitation shows where an invitation's link leads, and does not use it.
func (c *API) Invitation(ctx context.Context, token Secret) (out Invitation, err error) {
	err = c.call(ctx, never, "POST", "/links/invitation", nil, LinkToken{Token: token}, &out)
	return out, err
}

// Accept accepts an invitation. The API that it gives uses the new session.
func (c *API) Accept(ctx context.Context, in AcceptInvitation) (*API, SignedIn, error) {
	var out SignedIn
	err := c.With("").call(ctx, never, "POST", "/links/invitation/accept", nil, in, &out)
	return c.With(out.Bearer), out, err
}

// PasswordReset shows where a reset link leads, and does not use it.
func (c *API) PasswordReset(ctx context.Context, token Secret) (out PasswordResetPage, err error) {
	err = c.call(ctx, never, "POST", "/links/reset", nil, LinkToken{Token: token}, &out)
	return out, err
}

// SetPassword sets a new password by a link. It is sent once.
func (c *API) SetPassword(ctx context.Context, in SetPassword) (out PasswordSet, err error) {
	err = c.call(ctx, never, "POST", "/links/reset/password", nil, in, &out)
	return out, err
}

// ConfirmAddress confirms a new address by its link.
func (c *API) ConfirmAddress(ctx context.Context, token Secret) error {
	return c.call(ctx, never, "POST", "/links/address/confirm", nil, LinkToken{Token: token}, nil)
}

// ForgotPassword asks for a reset link. The answer is the same whether the
// address is known or not.
func (c *API) ForgotPassword(ctx context.Context, in ForgotPassword) error {
	return c.call(ctx, never, "POST", "/links/forgotten", nil, in, nil)
}

// RequestKeyFor asks for the organization key before signing in. The answer is
// the same whether the address is known or not.
func (c *API) RequestKeyFor(ctx context.Context, email string) error {
	return c.call(ctx, never, "POST", "/links/organization-key", nil, RequestKey{email}, nil)
}

// RequestKey asks the administrators for the organization key.
func (c *API) RequestKey(ctx context.Context) error {
	return c.call(ctx, never, "POST", "/sessions/current/request-key", nil, nil, nil)
}

// SendKey mails a user a link that opens the vault once in his own session.
func (c *API) SendKey(ctx context.Context, id string) error { return c.act(ctx, id, "send-key") }

// Register registers oneself as a guest, where that is switched on.
func (c *API) Register(ctx context.Context, in Registration) error {
	return c.call(ctx, never, "POST", "/links/registration", nil, in, nil)
}

// Profile gives one's own profile.
func (c *API) Profile(ctx context.Context) (out Profile, err error) {
	err = c.call(ctx, freely, "GET", "/me/profile", nil, nil, &out)
	return out, err
}

// SetProfile changes it. It is sent once: a wrong password counts as a try.
func (c *API) SetProfile(ctx context.Context, in NewProfile) error {
	return c.call(ctx, never, "PUT", "/me/profile", nil, in, nil)
}
