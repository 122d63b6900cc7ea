package sdk

import (
	"context"
	"net/url"
)

// SignInSecond finishes a sign-in. It is sent once: a second try would count.
func (c *API) SignInSecond(ctx context.Context, in SignInSecond) (*API, SignedIn, error) {
	var out SignedIn
	err := c.With("").call(ctx, never, "POST", "/sessions/second", nil, in, &out)
	return c.With(out.Bearer), out, err
}

// Factors lists one's own second factors.
func (c *API) Factors(ctx context.Context) (out Factors, err error) {
	err = c.call(ctx, freely, "GET", "/me/factors", nil, nil, &out)
	return out, err
}

// BeginFactor begins to set up a second factor.
func (c *API) BeginFactor(ctx context.Context, in NewFactor) (out BegunFactor, err error) {
	err = c.call(ctx, never, "POST", "/me/factors", nil, in, &out)
	return out, err
}

// ConfirmFactor makes a second factor count by proving it. With the first one
// come recovery codes.
func (c *API) ConfirmFactor(ctx context.Context, id string, in FactorProof) (out FactorCodes, err error) {
	err = c.call(ctx, never, "POST", "/me/factors/"+url.PathEscape(id)+"/confirm", nil, in, &out)
	return out, err
}

// RenameFactor gives a second factor another name.
func (c *API) RenameFactor(ctx context.Context, id, name string) error {
	return c.call(ctx, never, "PATCH", "/me/factors/"+url.PathEscape(id), nil, FactorName{name}, nil)
}

// RemoveFactor removes a second factor.
func (c *API) RemoveFactor(ctx context.Context, id string, password Secret) error {
	return c.call(ctx, never, "POST", "/me/factors/"+url.PathEscape(id)+"/remove", nil, Confirmation{password}, nil)
}

// MakeFactorCodes makes the recovery codes anew; the earlier ones are void.
func (c *API) MakeFactorCodes(ctx context.Context, password Secret) (out FactorCodes, err error) {
	err = c.call(ctx, never, "POST", "/me/factors/codes", nil, Confirmation{password}, &out)
	return out, err
}

// ProveFactor proves one's own second factor again.
func (c *API) ProveFactor(ctx context.Context, in FactorProof) error {
	return c.call(ctx, never, "POST", "/me/factors/prove", nil, in, nil)
}

// ResetUserFactor removes another's second factors and recovery codes.
func (c *API) ResetUserFactor(ctx context.Context, id string) error {
	return c.act(ctx, id, "reset-factor")
}
