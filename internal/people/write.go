package people

import (
	"slices"

	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/seal"
)

// write stores what was checked, in an order in which each step finds the user
// as the earlier ones left him.
func (v *saving) write(changed []Field) error {
	tx, id, in, was := v.tx, v.was.ID, v.in, v.was
	name := or(in.Name, was.Name)
	if _, err := tx.Exec(sqlSaveUser, id, name, find.Plain(nameOr(name, was.Email)), or(in.Phone, was.Phone), or(in.TimeZone, was.TimeZone),
		or(in.RoleAccount, was.RoleAccount), or(in.RoleUserManager, was.RoleUserManager)); err != nil {
		return err
	}
	for _, f := range changed {
		var err error
		switch f {
		case FieldEmail:
			err = v.s.askAddress(tx, id, *in.Email)
		case FieldClients:
			err = give(tx, id, *in.Clients, was.Clients, sqlGiveClient, sqlTakeClient)
		case FieldGroups:
			err = give(tx, id, *in.Groups, was.Groups, sqlGiveGroup, sqlTakeGroup)
		case FieldLevel:
			if *in.Level == "" {
				err = v.s.toGuest(tx, &v.was.Person, v.removed)
			} else {
				err = setLevel(tx, id, *in.Level, v.earlier())
			}
		case FieldApproved:
			err = v.s.setApproved(tx, &v.was.Person, *in.Approved)
		case FieldEnabled:
			if *in.Enabled {
				err = v.s.enable(tx, id)
			} else {
				err = v.s.disable(tx, &v.was.Person, v.removed)
			}
		}
		if err != nil {
			return err
		}
	}
	for _, s := range in.Services {
		if slices.Contains(changed, ServiceField(s.Base)) {
			if err := v.s.bases.SetRoleOf(tx, s.Base, id, s.Role); err != nil {
				return err
			}
		}
	}
	return v.tellGiven(changed)
}

// earlier is the level that demoting gives back.
func (v *saving) earlier() string {
	if *v.in.Level == top(v.tx) {
		return v.was.Level
	}
	return ""
}

func give(tx *gate.Tx, user string, want []string, now []Choice, put, take gate.Stmt) error {
	for _, c := range now {
		var err error
		switch in := slices.Contains(want, c.ID); {
		case in && !c.In:
			_, err = tx.Exec(put, c.ID, user)
		case !in && c.In:
			_, err = tx.Exec(take, c.ID, user)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var (
	sqlWants   = gate.SQL(`SELECT mail_given FROM users WHERE org_id = $1 AND id = $2`)
	sqlAssigns = gate.SQL(`SELECT enabled FROM security_groups WHERE org_id = $1 AND id = $2`)
)

// given names the clients that an edit gives: assigned ones, and those that
// groups give besides to somebody who does not reach them yet.
func (v *saving) given(changed []Field) (things []string, err error) {
	news := map[string]bool{}
	if slices.Contains(changed, FieldClients) {
		for _, c := range v.was.Clients {
			news[c.ID] = !c.In && slices.Contains(*v.in.Clients, c.ID)
		}
	}
	if slices.Contains(changed, FieldGroups) {
		var into []string
		for _, g := range v.was.Groups {
			assigns := false
			if g.In || !slices.Contains(*v.in.Groups, g.ID) {
				continue
			}
			if err := v.tx.Row(sqlAssigns, g.ID).Scan(&assigns); err != nil {
				return nil, err
			}
			if assigns {
				into = append(into, g.ID)
			}
		}
		for _, id := range v.tx.GroupsGive(v.was.ID, into) {
			news[id] = true
		}
	}
	for _, c := range v.was.Clients { // who puts into a group reaches all that it gives
		if news[c.ID] {
			things = append(things, c.Name)
		}
	}
	return things, nil
}

// tellGiven mails a user who works here already what clients he got, unless he
// does not want to be told.
func (v *saving) tellGiven(changed []Field) error {
	if v.was.Invited || !v.was.Enabled || !v.was.Approved {
		return nil
	}
	things, err := v.given(changed)
	if err != nil || len(things) == 0 {
		return err
	}
	var wants bool
	if err := v.tx.Row(sqlWants, v.was.ID).Scan(&wants); err != nil || !wants {
		return err
	}
	_, err = v.s.mail.Enqueue(v.tx, mail.Mail{Kind: mail.Given, To: v.was.ID, By: v.tx.Name(), Things: things[:min(len(things), 500)], Link: seal.NewSecret("/clients")})
	return err
}
