package sdk

import "context"

// Brand shows the organization's colour.
func (c *API) Brand(ctx context.Context) (out Brand, err error) {
	err = c.call(ctx, freely, "GET", "/settings/branding", nil, nil, &out)
	return out, err
}

// SetBrand changes it; an empty colour is none.
func (c *API) SetBrand(ctx context.Context, in NewBrand) error {
	return c.call(ctx, freely, "PUT", "/settings/branding", nil, in, nil)
}
