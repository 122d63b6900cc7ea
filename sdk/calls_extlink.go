package sdk

import (
	"context"
	"net/url"
)

// ShareByLink makes a link to a credential for somebody outside. It is sent
// once: the address of the link is in no second answer.
func (c *API) ShareByLink(ctx context.Context, credential string, in NewExternalLink) (out MadeExternalLink, err error) {
	err = c.call(ctx, never, "POST", credentialPath(credential, "/links"), nil, in, &out)
	return out, err
}

// ShareSelected makes a link to each of several credentials, to all or none. It
// is sent once.
func (c *API) ShareSelected(ctx context.Context, in ShareSelected) (out MadeExternalLinks, err error) {
	err = c.call(ctx, never, "POST", "/selected/links", nil, in, &out)
	return out, err
}

// LinksOf lists the external links to a credential.
func (c *API) LinksOf(ctx context.Context, credential string) (out ExternalLinks, err error) {
	err = c.call(ctx, freely, "GET", credentialPath(credential, "/links"), nil, nil, &out)
	return out, err
}

// ExternalLinks lists one's own external links; everybody's with Organization:
// Admin.
func (c *API) ExternalLinks(ctx context.Context) (out ExternalLinks, err error) {
	err = c.call(ctx, freely, "GET", "/links", nil, nil, &out)
	return out, err
}

// RevokeLink ends an external link.
func (c *API) RevokeLink(ctx context.Context, id string) error {
	return c.call(ctx, freely, "DELETE", "/links/"+url.PathEscape(id), nil, nil, nil)
}

// OpenLink is one view of an external link, for its bearer.
func (c *API) OpenLink(ctx context.Context, id string, in OpenExternalLink) (out OpenedExternalLink, err error) {
	err = c.With("").call(ctx, never, "POST", "/links/"+url.PathEscape(id)+"/open", nil, in, &out)
	return out, err
}
