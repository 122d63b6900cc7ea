package sdk

import (
	"context"
	"net/url"
	"strconv"
)

// MailSettings shows how the organization's mails are sent.
func (c *API) MailSettings(ctx context.Context) (out MailSettings, err error) {
	err = c.call(ctx, freely, "GET", "/mail/settings", nil, nil, &out)
	return out, err
}

// SetMail sets how the organization's mails are sent.
func (c *API) SetMail(ctx context.Context, in NewMailSettings) error {
	return c.call(ctx, never, "PUT", "/mail/settings", nil, in, nil)
}

// TestMail has a test mail sent to oneself, and gives its id.
func (c *API) TestMail(ctx context.Context) (out Done, err error) {
	err = c.call(ctx, freely, "POST", "/mail/test", nil, nil, &out)
	return out, err
}

// Outbox lists mails. State narrows it; after is Next of the part before.
func (c *API) Outbox(ctx context.Context, state, after string, limit int) (out Mails, err error) {
	q := url.Values{}
	set(q, "state", state)
	set(q, "after", after)
	if limit > 0 {
		q.Set("limit", strconv.Itoa(limit))
	}
	err = c.call(ctx, freely, "GET", "/mail/outbox", q, nil, &out)
	return out, err
}

// Mail gives one mail of the outbox.
func (c *API) Mail(ctx context.Context, id string) (out Mail, err error) {
	err = c.call(ctx, freely, "GET", "/mail/outbox/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ShowMail reads a mail that waits, while no mail server is set.
func (c *API) ShowMail(ctx context.Context, id string) (out Letter, err error) {
	err = c.call(ctx, never, "POST", "/mail/outbox/"+url.PathEscape(id)+"/show", nil, nil, &out)
	return out, err
}

// DropMail takes a mail that waits out of the outbox.
func (c *API) DropMail(ctx context.Context, id string) error {
	return c.call(ctx, freely, "POST", "/mail/outbox/"+url.PathEscape(id)+"/drop", nil, nil, nil)
}
