package sdk

import (
	"context"
	"io"
	"net/url"
)

// UploadImport uploads a file as the draft of an import; what it is, is found
// out. It is sent once, as the file is read once.
func (c *API) UploadImport(ctx context.Context, name string, file io.Reader) (out Done, err error) {
	return c.UploadImportAs(ctx, name, "", file)
}

// UploadImportAs is UploadImport of a file whose format is known, one of those
// of ImportChoices.
func (c *API) UploadImportAs(ctx context.Context, name, format string, file io.Reader) (out Done, err error) {
	q := url.Values{}
	set(q, "name", name)
	set(q, "format", format)
	return c.uploadImport(ctx, q, file)
}

// UploadClients uploads a CSV file of clients as the draft of an import.
func (c *API) UploadClients(ctx context.Context, name string, file io.Reader) (out Done, err error) {
	q := url.Values{}
	set(q, "of", "clients")
	set(q, "name", name)
	return c.uploadImport(ctx, q, file)
}

func (c *API) uploadImport(ctx context.Context, q url.Values, file io.Reader) (out Done, err error) {
	err = c.send(ctx, "POST", "/imports", q, "", "application/octet-stream", file, &out)
	return out, err
}

// UnlockImport opens an uploaded KeePass database. It is sent once, as deriving
// its key is much work.
func (c *API) UnlockImport(ctx context.Context, id string, in ImportKey) error {
	return c.call(ctx, never, "POST", importPath(id, "/unlock"), nil, in, nil)
}

func importPath(id, rest string) string { return "/imports/" + url.PathEscape(id) + rest }

// Imports lists one's own imports, the newest first.
func (c *API) Imports(ctx context.Context) (out Imports, err error) {
	err = c.call(ctx, freely, "GET", "/imports", nil, nil, &out)
	return out, err
}

// Import says how far an import is.
func (c *API) Import(ctx context.Context, id string) (out Import, err error) {
	err = c.call(ctx, freely, "GET", importPath(id, ""), nil, nil, &out)
	return out, err
}

// ChooseImport says where an uploaded file goes.
func (c *API) ChooseImport(ctx context.Context, id string, in ImportChoices) error {
	return c.call(ctx, freely, "PUT", importPath(id, "/choices"), nil, in, nil)
}

// PreviewImport says what an import would do.
func (c *API) PreviewImport(ctx context.Context, id string) (out ImportPreview, err error) {
	err = c.call(ctx, freely, "GET", importPath(id, "/preview"), nil, nil, &out)
	return out, err
}

// RunImport starts an import in the background.
func (c *API) RunImport(ctx context.Context, id string) error {
	return c.call(ctx, freely, "POST", importPath(id, "/run"), nil, nil, nil)
}

// CancelImport ends an import that is not done: nothing of it stays.
func (c *API) CancelImport(ctx context.Context, id string) error {
	return c.call(ctx, never, "POST", importPath(id, "/cancel"), nil, nil, nil)
}

// UndoImport takes an import back.
func (c *API) UndoImport(ctx context.Context, id string) (out ImportUndone, err error) {
	err = c.call(ctx, freely, "POST", importPath(id, "/undo"), nil, nil, &out)
	return out, err
}
