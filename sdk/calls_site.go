package sdk

import (
	"context"
	"net/url"
)

// Site says how it stands with a client's site.
func (c *API) Site(ctx context.Context, client string) (out Site, err error) {
	err = c.call(ctx, freely, "GET", clientPath(client, "/site"), nil, nil, &out)
	return out, err
}

// OpenSite switches site login of a client on.
func (c *API) OpenSite(ctx context.Context, client string) error {
	return c.call(ctx, freely, "POST", clientPath(client, "/site/open"), nil, nil, nil)
}

// CloseSite switches it off.
func (c *API) CloseSite(ctx context.Context, client string) error {
	return c.call(ctx, freely, "POST", clientPath(client, "/site/close"), nil, nil, nil)
}

// ForceSiteTypes makes a site offer the provider's credential types, or its own.
func (c *API) ForceSiteTypes(ctx context.Context, client string, force bool) error {
	return c.call(ctx, freely, "PUT", clientPath(client, "/site/types"), nil, SiteTypes{force}, nil)
}

// SiteUserFilter narrows the list of users of sites.
type SiteUserFilter struct {
	Page
	Client, Text string
	Disabled     bool
}

// SiteUsers gives a page of the users of the sites of clients that one reaches.
func (c *API) SiteUsers(ctx context.Context, f SiteUserFilter) (out SiteUsers, err error) {
	q := f.into(url.Values{})
	set(q, "client", f.Client)
	set(q, "text", f.Text)
	flag(q, "disabled", f.Disabled)
	err = c.call(ctx, freely, "GET", "/site-users", q, nil, &out)
	return out, err
}

// ExportSiteUsers gives the users of the sites of clients that one reaches, or
// of one of them, as CSV.
func (c *API) ExportSiteUsers(ctx context.Context, client string) (out Sheet, err error) {
	q := url.Values{}
	set(q, "client", client)
	err = c.call(ctx, never, "POST", "/site-users/export", q, nil, &out)
	return out, err
}

// InviteToSite invites people to a client's site.
func (c *API) InviteToSite(ctx context.Context, client string, in Invite) (out Invited, err error) {
	err = c.call(ctx, freely, "POST", clientPath(client, "/site/users"), nil, in, &out)
	return out, err
}
