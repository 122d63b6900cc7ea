package sdk

import (
	"context"
	"net/url"
)

// SignIn begins a session. The API that it gives uses it. It is sent once:
// a second try would count as one towards a lockout.
func (c *API) SignIn(ctx context.Context, in SignIn) (*API, SignedIn, error) {
	var out SignedIn
	err := c.With("").call(ctx, never, "POST", "/sessions", nil, in, &out)
	return c.With(out.Bearer), out, err
}

// SignOut ends the present session.
func (c *API) SignOut(ctx context.Context) error {
	return c.call(ctx, never, "DELETE", "/sessions/current", nil, nil, nil)
}

// Open opens the vault in the present session.
func (c *API) Open(ctx context.Context, in Open) (out Opened, err error) {
	err = c.call(ctx, never, "POST", "/sessions/current/open", nil, in, &out)
	return out, err
}

// ChangePassword changes one's own password. It is sent once: where it gives a
// device, one's keys were renewed, and no other device is known any more.
func (c *API) ChangePassword(ctx context.Context, in ChangePassword) (out Opened, err error) {
	err = c.call(ctx, never, "POST", "/me/password", nil, in, &out)
	return out, err
}

// RenewKeys renews one's own keys. It is sent once: the device that it gives
// is kept nowhere else.
func (c *API) RenewKeys(ctx context.Context, in RenewKeys) (out Opened, err error) {
	err = c.call(ctx, never, "POST", "/sessions/current/renew-keys", nil, in, &out)
	return out, err
}

// BeginPerspective shows the product as another user sees it, until
// EndPerspective or the end of the session.
func (c *API) BeginPerspective(ctx context.Context, user string) error {
	return c.call(ctx, never, "POST", "/users/"+url.PathEscape(user)+"/perspective", nil, nil, nil)
}

// EndPerspective returns to one's own session.
func (c *API) EndPerspective(ctx context.Context) error {
	return c.call(ctx, never, "DELETE", "/sessions/current/perspective", nil, nil, nil)
}

// Close seals the vault in the present session.
func (c *API) Close(ctx context.Context) error {
	return c.call(ctx, never, "POST", "/sessions/current/close", nil, nil, nil)
}

// Sessions lists one's own sessions and known devices.
func (c *API) Sessions(ctx context.Context) (out Sessions, err error) {
	err = c.call(ctx, freely, "GET", "/sessions", nil, nil, &out)
	return out, err
}

// EndSession ends one of one's own sessions.
func (c *API) EndSession(ctx context.Context, id string) error {
	return c.call(ctx, never, "DELETE", "/sessions/"+url.PathEscape(id), nil, nil, nil)
}

// ForgetDevice makes a device unknown.
func (c *API) ForgetDevice(ctx context.Context, id string) error {
	return c.call(ctx, never, "DELETE", "/devices/"+url.PathEscape(id), nil, nil, nil)
}

// Tokens lists one's own API tokens.
func (c *API) Tokens(ctx context.Context) (out Tokens, err error) {
	err = c.call(ctx, freely, "GET", "/tokens", nil, nil, &out)
	return out, err
}

// AddToken makes an API token. It is sent once, because its bearer is kept
// nowhere and can't be given again.
func (c *API) AddToken(ctx context.Context, in NewToken) (out MadeToken, err error) {
	err = c.call(ctx, never, "POST", "/tokens", nil, in, &out)
	return out, err
}

// RevokeToken ends an API token.
func (c *API) RevokeToken(ctx context.Context, id string) error {
	return c.call(ctx, never, "DELETE", "/tokens/"+url.PathEscape(id), nil, nil, nil)
}

// Me gives one's own profile.
func (c *API) Me(ctx context.Context) (out Me, err error) {
	err = c.call(ctx, freely, "GET", "/me", nil, nil, &out)
	return out, err
}

// Organization gives one's own organization.
func (c *API) Organization(ctx context.Context) (out Organization, err error) {
	err = c.call(ctx, freely, "GET", "/organization", nil, nil, &out)
	return out, err
}
