package web

import (
	"net/http"
	"slices"
	"strings"

	"bailiwick/internal/people"
	"bailiwick/internal/web/ui"
)

// userConflict is two edits of the same user side by side.
type userConflict struct {
	userForm
	differences []ui.Difference
	others      []ui.Difference // fields that only the other one changed
	last        people.LastChange
}

// showUserConflict lets the second of two people choose field by field.
func (v *visit) showUserConflict(f userForm) error {
	c := userConflict{userForm: f}
	now := stored(f.user)
	for _, u := range f.fields() {
		yours, was := f.yours[u.field], f.was[u.field]
		_, offered := f.yours[u.field]
		d := ui.Difference{Name: string(u.field), Label: u.label, Theirs: f.shown(u.field, now[u.field]), Yours: f.shown(u.field, yours)}
		switch {
		case offered && yours != was && yours != now[u.field]:
			c.differences = append(c.differences, d)
		case offered && now[u.field] != was:
			d.Yours = f.shown(u.field, was)
			c.others = append(c.others, d)
		}
	}
	var err error
	if c.last, err = v.app.People.LastChange(v.ctx(), v.on(), f.user.ID); err != nil && !v.visits() {
		return err
	}
	if c.frame, err = v.frame("Two edits", ui.Crumb{Label: "Users", Href: "/users"}, ui.Crumb{Label: nameOfUser(f.user), Href: "/users/" + f.user.ID}); err != nil {
		return err
	}
	return v.renderAs(http.StatusConflict, userConflictPage(c))
}

// shown is a field's text as one reads it.
func (f userForm) shown(field people.Field, text string) string {
	named := func(all []people.Choice) string {
		var names []string
		for _, c := range all {
			if slices.Contains(strings.Fields(text), c.ID) {
				names = append(names, c.Name)
			}
		}
		return strings.Join(names, ", ")
	}
	switch field {
	case people.FieldClients:
		return named(f.user.Clients)
	case people.FieldGroups:
		return named(f.user.Groups)
	case people.FieldLevel:
		return f.levelName(text)
	case people.FieldEnabled, people.FieldApproved, people.FieldAccount, people.FieldUserManager:
		if text == "on" {
			return "on"
		}
		return "off"
	}
	if field.Base() != "" {
		return f.roleShown(field, text)
	}
	return text
}

func (f userForm) levelName(id string) string {
	for _, l := range f.user.Levels {
		if l.ID == id {
			return l.Name
		}
	}
	if id == "" {
		return "Guest: none"
	}
	return f.user.LevelName
}

// other is how the other edit is called above its column, when: when it was.
func (c userConflict) other() string {
	switch {
	case c.last.Mine:
		return "Yours, in another window"
	case c.last.By != "":
		return c.last.By
	}
	return "Somebody else"
}

func (c userConflict) when() string {
	if c.last.At.IsZero() {
		return "saved"
	}
	return "saved " + ago(c.last.At, c.now)
}
