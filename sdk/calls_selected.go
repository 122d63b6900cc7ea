package sdk

import "context"

// MoveSelected puts several credentials elsewhere, all or none.
func (c *API) MoveSelected(ctx context.Context, in MoveSelected) (out SelectedDone, err error) {
	err = c.call(ctx, freely, "POST", "/selected/move", nil, in, &out)
	return out, err
}

// ArchiveSelected takes several credentials out of lists and search, all or none.
func (c *API) ArchiveSelected(ctx context.Context, in Selection) (out SelectedDone, err error) {
	err = c.call(ctx, freely, "POST", "/selected/archive", nil, in, &out)
	return out, err
}

// RestoreSelected brings several credentials back, all or none.
func (c *API) RestoreSelected(ctx context.Context, in Selection) (out SelectedDone, err error) {
	err = c.call(ctx, freely, "POST", "/selected/restore", nil, in, &out)
	return out, err
}

// RetypeSelected gives several credentials another type, all or none.
func (c *API) RetypeSelected(ctx context.Context, in RetypeSelected) (out SelectedDone, err error) {
	err = c.call(ctx, freely, "POST", "/selected/type", nil, in, &out)
	return out, err
}

// FlagSelected flags several credentials with one note, all or none.
func (c *API) FlagSelected(ctx context.Context, in FlagSelected) (out SelectedDone, err error) {
	err = c.call(ctx, freely, "POST", "/selected/flag", nil, in, &out)
	return out, err
}

// UnflagSelected clears the flags of several credentials, all or none.
func (c *API) UnflagSelected(ctx context.Context, in UnflagSelected) (out SelectedDone, err error) {
	err = c.call(ctx, freely, "POST", "/selected/unflag", nil, in, &out)
	return out, err
}

// ReflagSelected puts back the flags of several credentials that one has just
// cleared, all or none.
func (c *API) ReflagSelected(ctx context.Context, in Selection) (out SelectedDone, err error) {
	err = c.call(ctx, freely, "POST", "/selected/unflag/undo", nil, in, &out)
	return out, err
}

// DeleteCredential deletes an archived credential for good.
func (c *API) DeleteCredential(ctx context.Context, id string, in CredentialDeletion) error {
	return c.call(ctx, freely, "POST", credentialPath(id, "/delete"), nil, in, nil)
}

// Columns tells which columns one has chosen for lists of credentials.
func (c *API) Columns(ctx context.Context) (out Columns, err error) {
	err = c.call(ctx, freely, "GET", "/me/columns", nil, nil, &out)
	return out, err
}

// SaveColumns chooses them.
func (c *API) SaveColumns(ctx context.Context, columns ...string) (out Columns, err error) {
	err = c.call(ctx, freely, "PUT", "/me/columns", nil, ColumnChoice{append([]string{}, columns...)}, &out)
	return out, err
}
