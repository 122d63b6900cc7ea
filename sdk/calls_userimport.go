package sdk

import "context"

// PreviewUserImport says what an import of users would do.
func (c *API) PreviewUserImport(ctx context.Context, in UserFile) (out UserFilePreview, err error) {
	err = c.call(ctx, freely, "POST", "/users/import/preview", nil, in, &out)
	return out, err
}

// ImportUsers invites everybody in a file: all of them, or nobody.
func (c *API) ImportUsers(ctx context.Context, in UserFile) (out UsersImported, err error) {
	err = c.call(ctx, freely, "POST", "/users/import", nil, in, &out)
	return out, err
}
