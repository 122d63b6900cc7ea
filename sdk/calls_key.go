package sdk

import "context"

// NewOrganizationKey makes an Organization Key, which changes nothing yet.
func (c *API) NewOrganizationKey(ctx context.Context) (out NewOrganizationKey, err error) {
	err = c.call(ctx, freely, "POST", "/organization/key/new", nil, nil, &out)
	return out, err
}

// ChangeOrganizationKey changes the Organization Key. It is sent once: a wrong
// password counts as a try.
func (c *API) ChangeOrganizationKey(ctx context.Context, in ChangeOrganizationKey) error {
	return c.call(ctx, never, "POST", "/organization/key", nil, in, nil)
}

// NewRecoveryCode makes a recovery code, which changes nothing yet.
func (c *API) NewRecoveryCode(ctx context.Context) (out NewRecoveryCode, err error) {
	err = c.call(ctx, freely, "POST", "/me/recovery-code/new", nil, nil, &out)
	return out, err
}

// SetRecoveryCode makes a recovery code one's own.
func (c *API) SetRecoveryCode(ctx context.Context, code Secret) error {
	return c.call(ctx, never, "POST", "/me/recovery-code", nil, NewRecoveryCode{code}, nil)
}
