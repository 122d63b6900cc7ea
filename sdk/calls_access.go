package sdk

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

func levelPath(id, rest string) string { return "/levels/" + url.PathEscape(id) + rest }
func groupPath(id, rest string) string { return "/groups/" + url.PathEscape(id) + rest }
func folderPath(id, rest string) string {
	return "/folders/" + url.PathEscape(id) + rest
}

// Levels lists the permission levels.
func (c *API) Levels(ctx context.Context) (out Levels, err error) {
	err = c.call(ctx, freely, "GET", "/levels", nil, nil, &out)
	return out, err
}

// Level gives one level.
func (c *API) Level(ctx context.Context, id string) (out Level, err error) {
	err = c.call(ctx, freely, "GET", levelPath(id, ""), nil, nil, &out)
	return out, err
}

// AddLevel adds a custom level.
func (c *API) AddLevel(ctx context.Context, in NewLevel) (out Done, err error) {
	err = c.call(ctx, freely, "POST", "/levels", nil, in, &out)
	return out, err
}

// EditLevel changes a custom level.
func (c *API) EditLevel(ctx context.Context, id string, in LevelChange) (out Done, err error) {
	err = c.call(ctx, freely, "PUT", levelPath(id, ""), nil, in, &out)
	return out, err
}

// PreviewLevel says what a change would give and take.
func (c *API) PreviewLevel(ctx context.Context, id string, in LevelPreview) (out LevelEffects, err error) {
	err = c.call(ctx, freely, "POST", levelPath(id, "/preview"), nil, in, &out)
	return out, err
}

// DeleteLevel deletes a custom level that was read at a version. One in use
// needs a replacement.
func (c *API) DeleteLevel(ctx context.Context, id string, version int64, replacement string) error {
	q := url.Values{"version": {strconv.FormatInt(version, 10)}}
	set(q, "replacement", replacement)
	return c.call(ctx, freely, "DELETE", levelPath(id, ""), q, nil, nil)
}

// Groups lists the security groups.
func (c *API) Groups(ctx context.Context) (out Groups, err error) {
	err = c.call(ctx, freely, "GET", "/groups", nil, nil, &out)
	return out, err
}

// Group gives one security group.
func (c *API) Group(ctx context.Context, id string) (out Group, err error) {
	err = c.call(ctx, freely, "GET", groupPath(id, ""), nil, nil, &out)
	return out, err
}

// AddGroup adds a security group.
func (c *API) AddGroup(ctx context.Context, in NewGroup) (out Done, err error) {
	err = c.call(ctx, freely, "POST", "/groups", nil, in, &out)
	return out, err
}

// EditGroup changes a security group.
func (c *API) EditGroup(ctx context.Context, id string, in GroupChange) (out Done, err error) {
	err = c.call(ctx, freely, "PUT", groupPath(id, ""), nil, in, &out)
	return out, err
}

// PreviewGroup says what a change would do to whom.
func (c *API) PreviewGroup(ctx context.Context, id string, in GroupPreview) (out GroupEffects, err error) {
	err = c.call(ctx, freely, "POST", groupPath(id, "/preview"), nil, in, &out)
	return out, err
}

// EnableGroup enables or disables a security group.
func (c *API) EnableGroup(ctx context.Context, id string, on bool) error {
	if on {
		return c.call(ctx, freely, "POST", groupPath(id, "/enable"), nil, nil, nil)
	}
	return c.call(ctx, freely, "POST", groupPath(id, "/disable"), nil, nil, nil)
}

// DeleteGroup deletes a security group that was read at a version. Of folders
// that it guards, the guard is taken off, or another group is put on instead;
// with seen, the passwords that its users have seen and lose are flagged.
func (c *API) DeleteGroup(ctx context.Context, id string, version int64, takeOff bool, instead string, seen bool) error {
	q := url.Values{"version": {strconv.FormatInt(version, 10)}}
	flag(q, "take_off", takeOff)
	set(q, "instead", instead)
	flag(q, "flag", seen)
	return c.call(ctx, freely, "DELETE", groupPath(id, ""), q, nil, nil)
}

// FolderAccess shows what guards a folder.
func (c *API) FolderAccess(ctx context.Context, folder string) (out FolderAccess, err error) {
	err = c.call(ctx, freely, "GET", folderPath(folder, "/access"), nil, nil, &out)
	return out, err
}

// GuardFolder puts exactly these groups on a folder that was read at a version.
func (c *API) GuardFolder(ctx context.Context, folder string, version int64, groups []string) error {
	return c.call(ctx, freely, "PUT", folderPath(folder, "/groups"), nil, FolderGuards{Version: version, Groups: append([]string{}, groups...)}, nil)
}

// GivePass lets a user past the groups on one folder, until a time or for some
// hours; nil and 0: for good.
func (c *API) GivePass(ctx context.Context, folder, user string, until *time.Time, hours int) error {
	return c.call(ctx, freely, "PUT", folderPath(folder, "/passes/"+url.PathEscape(user)), nil, Until{until, hours}, nil)
}

// EndPass takes a personal pass away.
func (c *API) EndPass(ctx context.Context, folder, user string) error {
	return c.call(ctx, freely, "DELETE", folderPath(folder, "/passes/"+url.PathEscape(user)), nil, nil, nil)
}

// ClientAccess shows who is assigned to a client.
func (c *API) ClientAccess(ctx context.Context, client string) (out ClientAccess, err error) {
	err = c.call(ctx, freely, "GET", clientPath(client, "/access"), nil, nil, &out)
	return out, err
}

// Assign gives a user a client, until a time or for some hours; nil and 0: for
// good.
func (c *API) Assign(ctx context.Context, client, user string, until *time.Time, hours int) error {
	return c.call(ctx, freely, "PUT", clientPath(client, "/users/"+url.PathEscape(user)), nil, Until{until, hours}, nil)
}

// Unassign takes a client from a user.
func (c *API) Unassign(ctx context.Context, client, user string) error {
	return c.UnassignFlagging(ctx, client, user, false)
}

// UnassignFlagging takes a client from a user; with seen, the passwords that he
// has seen there are flagged.
func (c *API) UnassignFlagging(ctx context.Context, client, user string, seen bool) error {
	q := url.Values{}
	flag(q, "flag", seen)
	return c.call(ctx, freely, "DELETE", clientPath(client, "/users/"+url.PathEscape(user)), q, nil, nil)
}

// AssignGroup gives a client to a security group.
func (c *API) AssignGroup(ctx context.Context, client, group string) error {
	return c.call(ctx, freely, "PUT", clientPath(client, "/groups/"+url.PathEscape(group)), nil, nil, nil)
}

// UnassignGroup takes a client from a security group; with seen, the passwords
// that its users have seen there are flagged.
func (c *API) UnassignGroup(ctx context.Context, client, group string, seen bool) error {
	q := url.Values{}
	flag(q, "flag", seen)
	return c.call(ctx, freely, "DELETE", clientPath(client, "/groups/"+url.PathEscape(group)), q, nil, nil)
}

// WhoSeesClient lists everybody who can see a client.
func (c *API) WhoSeesClient(ctx context.Context, id string) (out Seers, err error) {
	err = c.call(ctx, freely, "GET", clientPath(id, "/who"), nil, nil, &out)
	return out, err
}

// WhoSeesFolder lists everybody who can see a folder.
func (c *API) WhoSeesFolder(ctx context.Context, id string) (out Seers, err error) {
	err = c.call(ctx, freely, "GET", folderPath(id, "/who"), nil, nil, &out)
	return out, err
}

// WhoSeesCredential lists everybody who can see a credential.
func (c *API) WhoSeesCredential(ctx context.Context, id string) (out Seers, err error) {
	err = c.call(ctx, freely, "GET", "/credentials/"+url.PathEscape(id)+"/who", nil, nil, &out)
	return out, err
}

// WhatUserSees lists what a user can see, of what one reaches oneself.
func (c *API) WhatUserSees(ctx context.Context, user string) (out Sight, err error) {
	err = c.call(ctx, freely, "GET", "/users/"+url.PathEscape(user)+"/sees", nil, nil, &out)
	return out, err
}

// Unassigned lists what one knows by name only, and may ask for.
func (c *API) Unassigned(ctx context.Context) (out Unassigned, err error) {
	err = c.call(ctx, freely, "GET", "/requests/unassigned", nil, nil, &out)
	return out, err
}

// AccessRequests lists what waits for one's decision, and one's own requests.
func (c *API) AccessRequests(ctx context.Context) (out AccessRequests, err error) {
	err = c.call(ctx, freely, "GET", "/requests", nil, nil, &out)
	return out, err
}

// RequestAccess asks for access.
func (c *API) RequestAccess(ctx context.Context, in NewAccessRequest) error {
	return c.call(ctx, freely, "POST", "/requests", nil, in, nil)
}

// DecideRequest allows or declines a request.
func (c *API) DecideRequest(ctx context.Context, id string, in AccessDecision) error {
	return c.call(ctx, freely, "POST", "/requests/"+url.PathEscape(id)+"/decide", nil, in, nil)
}

// WithdrawRequest takes one's own request back.
func (c *API) WithdrawRequest(ctx context.Context, id string) error {
	return c.call(ctx, freely, "DELETE", "/requests/"+url.PathEscape(id), nil, nil, nil)
}
