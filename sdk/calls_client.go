package sdk

import (
	"context"
	"net/url"
	"strconv"
)

// Page is which part of a list is asked for.
type Page struct {
	After string // what the page before gave as Next
	Limit int    // 0: the server's own choice
}

func (p Page) into(q url.Values) url.Values {
	set(q, "after", p.After)
	if p.Limit > 0 {
		q.Set("limit", strconv.Itoa(p.Limit))
	}
	return q
}

func set(q url.Values, name, value string) {
	if value != "" {
		q.Set(name, value)
	}
}

func flag(q url.Values, name string, on bool) {
	if on {
		q.Set(name, "true")
	}
}

// ClientFilter narrows the list of clients.
type ClientFilter struct {
	Page
	Text     string
	Tag      string // only those that have it
	Marked   bool   // only bookmarked ones, and the company vault
	Disabled bool   // disabled ones too
}

// Clients gives a page of the clients that one reaches.
func (c *API) Clients(ctx context.Context, f ClientFilter) (out Clients, err error) {
	q := f.into(url.Values{})
	set(q, "text", f.Text)
	set(q, "tag", f.Tag)
	flag(q, "bookmarked", f.Marked)
	flag(q, "disabled", f.Disabled)
	err = c.call(ctx, freely, "GET", "/clients", q, nil, &out)
	return out, err
}

func clientPath(id, rest string) string { return "/clients/" + url.PathEscape(id) + rest }

// Client gives one client.
func (c *API) Client(ctx context.Context, id string) (out Client, err error) {
	err = c.call(ctx, freely, "GET", clientPath(id, ""), nil, nil, &out)
	return out, err
}

// AddClient adds a client.
func (c *API) AddClient(ctx context.Context, in NewClient) (out Done, err error) {
	err = c.call(ctx, freely, "POST", "/clients", nil, in, &out)
	return out, err
}

// EditClient changes a client.
func (c *API) EditClient(ctx context.Context, id string, in ClientChange) (out Done, err error) {
	err = c.call(ctx, freely, "PATCH", clientPath(id, ""), nil, in, &out)
	return out, err
}

// DisableClient hides a client and all in it.
func (c *API) DisableClient(ctx context.Context, id string) error {
	return c.call(ctx, freely, "POST", clientPath(id, "/disable"), nil, nil, nil)
}

// EnableClient brings a disabled client back.
func (c *API) EnableClient(ctx context.Context, id string) error {
	return c.call(ctx, freely, "POST", clientPath(id, "/enable"), nil, nil, nil)
}

// Bookmark puts a client first in one's own lists.
func (c *API) Bookmark(ctx context.Context, id string) error {
	return c.call(ctx, freely, "PUT", clientPath(id, "/bookmark"), nil, nil, nil)
}

// Unbookmark takes one's own bookmark away.
func (c *API) Unbookmark(ctx context.Context, id string) error {
	return c.call(ctx, freely, "DELETE", clientPath(id, "/bookmark"), nil, nil, nil)
}

// Place is a client, by id, or one's own personal vault.
type Place struct {
	Client   string
	Personal bool
}

func (p Place) into(q url.Values) url.Values {
	set(q, "client", p.Client)
	flag(q, "personal", p.Personal)
	return q
}

// Folders lists the folders of a place.
func (c *API) Folders(ctx context.Context, of Place) (out Folders, err error) {
	err = c.call(ctx, freely, "GET", "/folders", of.into(url.Values{}), nil, &out)
	return out, err
}

// AddFolder adds a folder.
func (c *API) AddFolder(ctx context.Context, in NewFolder) (out Done, err error) {
	err = c.call(ctx, freely, "POST", "/folders", nil, in, &out)
	return out, err
}

// RenameFolder renames a folder.
func (c *API) RenameFolder(ctx context.Context, id string, in FolderChange) (out Done, err error) {
	err = c.call(ctx, freely, "PATCH", "/folders/"+url.PathEscape(id), nil, in, &out)
	return out, err
}

// MoveFolder puts a folder elsewhere in its client or personal vault.
func (c *API) MoveFolder(ctx context.Context, id string, in FolderMove) (out Done, err error) {
	err = c.call(ctx, freely, "POST", "/folders/"+url.PathEscape(id)+"/move", nil, in, &out)
	return out, err
}

// DeleteFolder deletes a folder that was read at a version (0: whichever is
// present). content says what becomes of what is in it, "up" or "archive"; an
// empty folder needs neither.
func (c *API) DeleteFolder(ctx context.Context, id string, version int64, content string) error {
	q := url.Values{}
	set(q, "content", content)
	if version != 0 {
		q.Set("version", strconv.FormatInt(version, 10))
	}
	return c.call(ctx, freely, "DELETE", "/folders/"+url.PathEscape(id), q, nil, nil)
}
