package web

import (
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/mail"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

// userAct is an act on another user as the pages offer it: a line of the menu,
// and a page that says what it will do before it is done.
type userAct struct {
	act    people.Act
	code   string // of the act in data-acts, one letter
	label  string
	icon   icon.Name
	danger bool
	path   string                      // below the user's; the act's name when empty
	about  func(people.Editing) asking // the page that asks; nil: the line itself does it
	do     func(*visit, people.Person) (next string, err error)
	link   bool // a page of its own, which asks nothing
	done   string
	mails  mail.Kind // what waits in the outbox where no mail server is set
}

// asking is what the page of an act says.
type asking struct {
	title, effect, does string
	ends                []string // what ends with it, to be read before
	danger              bool
	field               *ui.FieldParams
	message             *ui.TextareaParams
	box                 *ui.CheckboxParams
}

func (a userAct) at(user string) string {
	path := usersPath + "/" + user
	switch {
	case a.act == people.Edit:
		return path
	case a.path != "":
		return path + "/" + a.path
	}
	return path + "/" + string(a.act)
}

// direct: the line of the menu is a button, not a link.
func (a userAct) direct() bool { return !a.link && a.about == nil }

// seeing is the question what a user can see: no act, but in the menu.
const seeing people.Act = "sees"

// actsOn are the lines of the menu that are allowed, in its order.
func actsOn(may map[people.Act]bool, sees bool) (all []userAct) {
	for _, a := range userActs {
		if may[a.act] && (a.link || a.do != nil || a.path != "") || sees && a.act == seeing {
			all = append(all, a)
		}
	}
	return all
}

// codes are the letters of what may be done to a user.
func codes(may map[people.Act]bool, sees bool) string {
	var b strings.Builder
	for _, a := range actsOn(may, sees) {
		b.WriteString(a.code)
	}
	return b.String()
}

// resendInvitation shows what is to be told by another way than mail: where the
// organization key goes along, or the mail waits where the viewer can't read it.
func resendInvitation(v *visit, p people.Person) (string, error) {
	a, err := v.app.People.Resend(v.ctx(), v.on(), p.ID, v.lines("message"))
	if err == nil && (a.KeySent || a.Link.Reveal() != "") {
		v.instead = func() error {
			return v.showAdded(addForm{again: v.backToUsers(p), people: []addPerson{{Name: p.Name, Email: p.Email}}}, []people.Added{a})
		}
	}
	return "", err
}

// backToUsers is the list as it was left, or else the tab of that user.
func (v *visit) backToUsers(p people.Person) string {
	if v.r.FormValue("next") != "" {
		return v.next()
	}
	if v.visits() {
		return userList{kind: kindSite}.link()
	}
	return userList{kind: p.Kind}.link()
}

// unsent is the page of the newest mail of a kind to a user, where no mail
// server is set and the viewer may pass its link on; "" otherwise.
func (v *visit) unsent(kind mail.Kind, user string) (string, error) {
	if !v.me.Has(perm.OrganizationAdmin) {
		return "", nil
	}
	waiting, _, err := v.app.Mail.Outbox(v.ctx(), v.who, mail.Filter{State: mail.Waiting, Limit: 20})
	for _, m := range waiting {
		if m.Kind == kind && m.User == user && m.MayShow {
			return outboxPath + "/" + m.ID, nil
		}
	}
	return "", err
}

// actions is the menu of one user as a page, for browsers without script.
type actions struct {
	frame  ui.FrameParams
	person people.Person
	acts   []userAct
}

func showActions(v *visit) error {
	p, err := v.app.People.Find(v.ctx(), v.on(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	a := actions{person: p, acts: actsOn(p.May, userList{me: v.me}.sees(p) && !v.visits())}
	if len(a.acts) == 0 {
		return fault.NotFound()
	}
	if a.frame, err = v.frame(shownName(p), usersCrumb); err != nil {
		return err
	}
	return v.render(actionsPage(a))
}
