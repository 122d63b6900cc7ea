package web

import (
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

// sees: the menu of a user has the question what he can see.
func (l userList) sees(p people.Person) bool {
	_, there := l.of[p.ID]
	return l.seesAny() && p.ID != l.me.ID && !there
}

func (l userList) seesAny() bool { return l.me.Has(perm.UserEdit) }

// userLink is where a user's name leads: to the edit page where the viewer may
// edit, to his own pages for himself, and else to what he may do at all.
func (l userList) userLink(p people.Person) string {
	switch {
	case p.ID == l.me.ID:
		return "/me"
	case p.May[people.Edit]:
		return usersPath + "/" + p.ID
	case codes(p.May, l.sees(p)) != "":
		return usersPath + "/" + p.ID + "/actions"
	}
	return ""
}

func yesNo(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}

// shownName is the name, or the address of somebody who has given none yet.
func shownName(p people.Person) string { return nameOr(p.Name, p.Email) }

// nameAndAddress tells two people of one name apart.
func nameAndAddress(p gate.Person) string {
	if p.Name == p.Email {
		return p.Email
	}
	return p.Name + " (" + p.Email + ")"
}

// rights is the line below the level: kind and account roles.
func rights(p people.Person) string {
	text := capital(p.Kind)
	if p.RoleAccount {
		text += " · Account"
	}
	if p.RoleUserManager {
		text += " · User manager"
	}
	return text
}

// stateBadge is a state as a badge. Active is nothing to be told.
func stateBadge(p people.Person) ui.BadgeParams {
	b := ui.BadgeParams{Label: p.State, Kind: ui.Neutral}
	switch p.State {
	case people.Pending:
		b.Kind = ui.Danger
	case people.Invited:
		b.Kind = ui.Info
	case people.LockedOut:
		b.Kind, b.Title = ui.Warning, "Until "+lockoutEnd(p.LockedUntil)
	case people.Active:
		b.Kind = ui.Success
	}
	return b
}

func nameOr(name, email string) string {
	if strings.TrimSpace(name) == "" {
		return email
	}
	return name
}
