package sdk

import (
	"context"
	"net/url"
)

// Partner says with whom a client's credentials can be shared.
func (c *API) Partner(ctx context.Context, client string) (out Partner, err error) {
	err = c.call(ctx, freely, "GET", "/clients/"+url.PathEscape(client)+"/partner", nil, nil, &out)
	return out, err
}

// Share shares credentials of one client, all or none.
func (c *API) Share(ctx context.Context, in NewShares) (out SelectedDone, err error) {
	err = c.call(ctx, freely, "POST", "/shares", nil, in, &out)
	return out, err
}

// Unshare ends the sharing of credentials, all or none.
func (c *API) Unshare(ctx context.Context, in EndShares) (out SelectedDone, err error) {
	err = c.call(ctx, freely, "POST", "/shares/stop", nil, in, &out)
	return out, err
}

// Shares lists what is shared; client "" is all of them.
func (c *API) Shares(ctx context.Context, client string) (out Shares, err error) {
	q := url.Values{}
	set(q, "client", client)
	err = c.call(ctx, freely, "GET", "/shares", q, nil, &out)
	return out, err
}

// Chosen shows what a Site User - Limited sees.
func (c *API) Chosen(ctx context.Context, user string) (out Chosen, err error) {
	err = c.call(ctx, freely, "GET", "/users/"+url.PathEscape(user)+"/chosen", nil, nil, &out)
	return out, err
}

// Choose sets what a Site User - Limited sees.
func (c *API) Choose(ctx context.Context, user string, in Chosen) error {
	in.Folders, in.Credentials = append([]string{}, in.Folders...), append([]string{}, in.Credentials...) // nil would be no list
	return c.call(ctx, freely, "PUT", "/users/"+url.PathEscape(user)+"/chosen", nil, in, nil)
}

// ChooseThese chooses things for Site Users - Limited, or takes them away.
func (c *API) ChooseThese(ctx context.Context, in ChooseFor) error {
	return c.call(ctx, freely, "POST", "/chosen", nil, in, nil)
}
