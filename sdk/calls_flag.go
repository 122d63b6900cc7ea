package sdk

import "context"

// Flag flags a credential by hand.
func (c *API) Flag(ctx context.Context, id, note string) error {
	return c.call(ctx, freely, "POST", credentialPath(id, "/flag"), nil, NewFlag{Note: Secret(note)}, nil)
}

// Unflag clears the flags of a credential; with a cause only those.
func (c *API) Unflag(ctx context.Context, id, cause string) error {
	return c.call(ctx, freely, "POST", credentialPath(id, "/unflag"), nil, Unflag{Cause: cause}, nil)
}

// Reflag puts back the flags that one has just cleared.
func (c *API) Reflag(ctx context.Context, id string) error {
	return c.call(ctx, freely, "POST", credentialPath(id, "/unflag/undo"), nil, nil, nil)
}

// FlagCounts counts flagged credentials by client.
func (c *API) FlagCounts(ctx context.Context) (out FlagCounts, err error) {
	err = c.call(ctx, freely, "GET", "/flags", nil, nil, &out)
	return out, err
}

// Twins lists other credentials with the same password.
func (c *API) Twins(ctx context.Context, id string) (out Twins, err error) {
	err = c.call(ctx, freely, "GET", credentialPath(id, "/twins"), nil, nil, &out)
	return out, err
}

// Generate has a password made; it is stored nowhere.
func (c *API) Generate(ctx context.Context, in Generate) (out Generated, err error) {
	err = c.call(ctx, never, "POST", "/generate", nil, in, &out)
	return out, err
}

// Judge says how good a password is.
func (c *API) Judge(ctx context.Context, in Judge) (out Strength, err error) {
	err = c.call(ctx, never, "POST", "/strength", nil, in, &out)
	return out, err
}

// PasswordSettings shows the minimums of passwords.
func (c *API) PasswordSettings(ctx context.Context) (out PasswordSettings, err error) {
	err = c.call(ctx, freely, "GET", "/settings/passwords", nil, nil, &out)
	return out, err
}

// SetPasswords sets the minimums of passwords.
func (c *API) SetPasswords(ctx context.Context, in NewPasswordSettings) error {
	return c.call(ctx, freely, "PUT", "/settings/passwords", nil, in, nil)
}
