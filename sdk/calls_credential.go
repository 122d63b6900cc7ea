package sdk

import (
	"context"
	"net/url"
	"strconv"
)

// CredentialFilter narrows the list of credentials of a place.
type CredentialFilter struct {
	Place
	Page
	Folder   string // id; with all that lies below
	Archived bool   // the archived ones instead
	Flagged  bool   // only those with a flag
	Due      string // expired, or soon: within 30 days; "" is all
	Filter   string // words that all must occur in title, username, addresses, tags or type
	Sort     string // username, address, type, tags, expires, added, changed or by; "" is by title

	Descending bool
}

// Credentials gives a page of the credentials of a place.
func (c *API) Credentials(ctx context.Context, f CredentialFilter) (out Credentials, err error) {
	q := f.Page.into(f.Place.into(url.Values{}))
	set(q, "folder", f.Folder)
	flag(q, "archived", f.Archived)
	flag(q, "flagged", f.Flagged)
	set(q, "due", f.Due)
	set(q, "filter", f.Filter)
	set(q, "sort", f.Sort)
	flag(q, "descending", f.Descending)
	err = c.call(ctx, freely, "GET", "/credentials", q, nil, &out)
	return out, err
}

func credentialPath(id, rest string) string { return "/credentials/" + url.PathEscape(id) + rest }

// Credential gives one credential without its secret.
func (c *API) Credential(ctx context.Context, id string) (out Credential, err error) {
	err = c.call(ctx, freely, "GET", credentialPath(id, ""), nil, nil, &out)
	return out, err
}

// AddCredential adds a credential.
func (c *API) AddCredential(ctx context.Context, in NewCredential) (out Done, err error) {
	err = c.call(ctx, freely, "POST", "/credentials", nil, in, &out)
	return out, err
}

// EditCredential changes a credential.
func (c *API) EditCredential(ctx context.Context, id string, in CredentialChange) (out Done, err error) {
	err = c.call(ctx, freely, "PATCH", credentialPath(id, ""), nil, in, &out)
	return out, err
}

// Reveal gives a secret to be shown; one event in the audit log.
func (c *API) Reveal(ctx context.Context, id string) (out Revealed, err error) {
	err = c.call(ctx, never, "POST", credentialPath(id, "/reveal"), nil, nil, &out)
	return out, err
}

// Copy gives a secret to be put on the clipboard; one event in the audit log.
func (c *API) Copy(ctx context.Context, id string) (out Revealed, err error) {
	err = c.call(ctx, never, "POST", credentialPath(id, "/copy"), nil, nil, &out)
	return out, err
}

// Archive takes a credential out of lists and search.
func (c *API) Archive(ctx context.Context, id string) error {
	return c.call(ctx, freely, "POST", credentialPath(id, "/archive"), nil, nil, nil)
}

// Restore brings a credential back from the archive.
func (c *API) Restore(ctx context.Context, id string) error {
	return c.call(ctx, freely, "POST", credentialPath(id, "/restore"), nil, nil, nil)
}

// Move puts a credential elsewhere.
func (c *API) Move(ctx context.Context, id string, in CredentialMove) (out Done, err error) {
	err = c.call(ctx, freely, "POST", credentialPath(id, "/move"), nil, in, &out)
	return out, err
}

// History lists a credential's versions, the present one first.
func (c *API) History(ctx context.Context, id string) (out History, err error) {
	err = c.call(ctx, freely, "GET", credentialPath(id, "/history"), nil, nil, &out)
	return out, err
}

func versionPath(id string, version int64, rest string) string {
	return credentialPath(id, "/versions/"+strconv.FormatInt(version, 10)+rest)
}

// RevealVersion gives an earlier secret; one event in the audit log.
func (c *API) RevealVersion(ctx context.Context, id string, version int64) (out Revealed, err error) {
	err = c.call(ctx, never, "POST", versionPath(id, version, "/reveal"), nil, nil, &out)
	return out, err
}

// RestoreVersion makes an earlier version the present one.
func (c *API) RestoreVersion(ctx context.Context, id string, version, present int64) (out Done, err error) {
	err = c.call(ctx, freely, "POST", versionPath(id, version, "/restore"), nil, Restore{Version: present}, &out)
	return out, err
}

// Search finds clients and credentials by prefixes of words, the best first.
func (c *API) Search(ctx context.Context, words string, limit int) (out Hits, err error) {
	q := Page{Limit: limit}.into(url.Values{})
	q.Set("q", words)
	err = c.call(ctx, freely, "GET", "/search", q, nil, &out)
	return out, err
}

// EventFilter narrows the audit log.
type EventFilter struct {
	Page
	Client, Target, Actor string // ids
}

// Audit gives a page of the audit log, the newest first.
func (c *API) Audit(ctx context.Context, f EventFilter) (out Events, err error) {
	q := f.into(url.Values{})
	set(q, "client", f.Client)
	set(q, "target", f.Target)
	set(q, "actor", f.Actor)
	err = c.call(ctx, freely, "GET", "/audit", q, nil, &out)
	return out, err
}
