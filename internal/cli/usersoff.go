package cli

import (
	"strconv"

	"bailiwick/sdk"
)

// UsersLockouts lists who is locked out.
type UsersLockouts struct {
	Format `embed:""`
}

// Run lists them.
func (c *UsersLockouts) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	out, err := api.Lockouts(e.Context)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, l := range out.Lockouts {
		until := "unlocked"
		if l.Until != nil {
			until = shown(*l.Until)
		}
		rows = append(rows, []string{l.Name, l.Email, shown(l.At), until, l.IP, strconv.FormatInt(l.Tries, 10), l.ID})
	}
	return c.show(e, out.Lockouts, "NAME|EMAIL|SINCE|UNTIL|ADDRESS|TRIES|ID", rows)
}

// UsersOffBoard shows what a former user knows, and decides on it.
type UsersOffBoard struct {
	Format `embed:""`
	One
	Flag   bool   `xor:"decision" help:"Flag all open ones for change."`
	Waive  string `xor:"decision" placeholder:"REASON" help:"Waive all open ones, for this reason; those that one does not reach are flagged."`
	Export string `type:"path" help:"Write it as CSV to this file."`
}

// Run shows, decides or exports.
func (c *UsersOffBoard) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	id, err := e.user(api, c.User)
	if err != nil {
		return err
	}
	if c.Flag || c.Waive != "" {
		rest := &sdk.RestDecision{Action: "flagged"}
		if c.Waive != "" {
			rest = &sdk.RestDecision{Action: "waived", Reason: c.Waive}
		}
		if err := api.DecideOffBoarding(e.Context, id, sdk.OffBoardingDecisions{Rest: rest}); err != nil {
			return err
		}
	}
	if c.Export != "" {
		sheet, err := api.OffBoardingSheet(e.Context, id)
		if err != nil {
			return err
		}
		return e.sheet(c.Export, sheet.CSV)
	}
	o, err := api.OffBoarding(e.Context, id)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, k := range o.Rows {
		action := k.Action
		if action == "" {
			action = "open"
		}
		rows = append(rows, []string{k.ClientName, k.Title, shown(k.SeenAt), action, k.Reason, k.Credential})
	}
	for _, k := range o.Past {
		rows = append(rows, []string{k.ClientName, k.Title, shown(k.SeenAt), k.Action + ", changed since", k.Reason, k.Credential})
	}
	if o.Hidden > 0 {
		rows = append(rows, []string{"", strconv.Itoa(o.Hidden) + " out of your reach", "", strconv.Itoa(o.HiddenOpen) + " open", "", ""})
	}
	return c.show(e, o, "CLIENT|TITLE|LAST SEEN|DECISION|REASON|ID", rows)
}
