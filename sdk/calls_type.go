package sdk

import (
	"context"
	"net/url"
	"strconv"
)

// Types lists the credential types.
func (c *API) Types(ctx context.Context) (out Types, err error) {
	err = c.call(ctx, freely, "GET", "/types", nil, nil, &out)
	return out, err
}

// TypesOf is Types as they are offered in a client.
func (c *API) TypesOf(ctx context.Context, client string) (out Types, err error) {
	q := url.Values{}
	set(q, "client", client)
	err = c.call(ctx, freely, "GET", "/types", q, nil, &out)
	return out, err
}

// AddType adds a custom credential type.
func (c *API) AddType(ctx context.Context, in NewType) (out Done, err error) {
	err = c.call(ctx, freely, "POST", "/types", nil, in, &out)
	return out, err
}

// EditType changes a custom credential type.
func (c *API) EditType(ctx context.Context, id string, in TypeChange) (out Done, err error) {
	err = c.call(ctx, freely, "PUT", "/types/"+url.PathEscape(id), nil, in, &out)
	return out, err
}

// DeleteType deletes a custom credential type. What has it gets the replacement.
func (c *API) DeleteType(ctx context.Context, id string, version int64, replacement string) error {
	q := url.Values{"version": {strconv.FormatInt(version, 10)}}
	set(q, "replacement", replacement)
	return c.call(ctx, freely, "DELETE", "/types/"+url.PathEscape(id), q, nil, nil)
}

// CredentialSettings shows the organization's settings about credentials.
func (c *API) CredentialSettings(ctx context.Context) (out CredentialSettings, err error) {
	err = c.call(ctx, freely, "GET", "/settings/credentials", nil, nil, &out)
	return out, err
}

// SetCredentialSettings changes them.
func (c *API) SetCredentialSettings(ctx context.Context, in CredentialSettingsChange) error {
	return c.call(ctx, freely, "PUT", "/settings/credentials", nil, in, nil)
}

// Code gives the present one-time code; one event in the audit log.
func (c *API) Code(ctx context.Context, id string) (out Code, err error) {
	err = c.call(ctx, never, "POST", credentialPath(id, "/code"), nil, nil, &out)
	return out, err
}

// SetTOTP sets or replaces the TOTP secret of a credential.
func (c *API) SetTOTP(ctx context.Context, id string, in NewTOTP) (out Done, err error) {
	err = c.call(ctx, freely, "PUT", credentialPath(id, "/totp"), nil, in, &out)
	return out, err
}

// RemoveTOTP removes it.
func (c *API) RemoveTOTP(ctx context.Context, id string, version int64) (out Done, err error) {
	err = c.call(ctx, freely, "DELETE", credentialPath(id, "/totp"), url.Values{"version": {strconv.FormatInt(version, 10)}}, nil, &out)
	return out, err
}

// RevealField gives one custom field of a version, by its number from 0; one
// event in the audit log.
func (c *API) RevealField(ctx context.Context, id string, version int64, number int) (out Field, err error) {
	err = c.call(ctx, never, "POST", versionPath(id, version, "/fields/"+strconv.Itoa(number)+"/reveal"), nil, nil, &out)
	return out, err
}

// CopyField gives one custom field to be put on the clipboard; one event in
// the audit log.
func (c *API) CopyField(ctx context.Context, id string, version int64, number int) (out Field, err error) {
	err = c.call(ctx, never, "POST", versionPath(id, version, "/fields/"+strconv.Itoa(number)+"/copy"), nil, nil, &out)
	return out, err
}
