package sdk

import "context"

// ClientOverview gives a client's overview.
func (c *API) ClientOverview(ctx context.Context, id string) (out ClientOverview, err error) {
	err = c.call(ctx, freely, "GET", clientPath(id, "/overview"), nil, nil, &out)
	return out, err
}

// SetPanel puts other items on a client's overview.
func (c *API) SetPanel(ctx context.Context, id string, in PanelChange) (out Done, err error) {
	if in.Items == nil {
		in.Items = []PanelItem{}
	}
	err = c.call(ctx, freely, "PUT", clientPath(id, "/panel"), nil, in, &out)
	return out, err
}

// SetBanner changes a client's banner.
func (c *API) SetBanner(ctx context.Context, id string, in BannerChange) (out Done, err error) {
	err = c.call(ctx, freely, "PUT", clientPath(id, "/banner"), nil, in, &out)
	return out, err
}

// DeleteClient deletes a disabled client for good, with all in it.
func (c *API) DeleteClient(ctx context.Context, id, name string) error {
	return c.call(ctx, freely, "POST", clientPath(id, "/delete"), nil, ClientDeletion{Name: name}, nil)
}
