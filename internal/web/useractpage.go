package web

import (
	"net/http"

	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/web/ui"
)

// asked finds the user of an act, who is there for those who may do it.
func (v *visit) asked(act people.Act) (people.Editing, error) {
	e, err := v.app.People.View(v.ctx(), v.on(), v.r.PathValue("id"))
	if err == nil && !e.May[act] {
		err = fault.NotFound()
	}
	return e, err
}

// actPage is the page of an act.
type actPage struct {
	frame ui.FrameParams
	asking
	act    userAct
	person people.Person
	next   string // of the address, for the way back
	back   string
}

func (p actPage) kind() ui.Kind {
	if p.danger {
		return ui.Warning
	}
	return ui.Info
}

func (p actPage) variant() ui.Variant {
	if p.danger {
		return ui.Destructive
	}
	return ui.Primary
}

func (a userAct) page() page {
	return func(v *visit) error {
		if a.act == people.Delete {
			e, err := v.app.People.View(v.ctx(), v.on(), v.r.PathValue("id"))
			if err == nil && e.DeleteFirst != "" {
				return v.deleteLater(e)
			}
		}
		e, err := v.asked(a.act)
		if err != nil {
			return err
		}
		return v.askAct(a, e, nil)
	}
}

// askAct shows the page of an act, with what is wrong after a try.
func (v *visit) askAct(a userAct, e people.Editing, bad map[string]string) error {
	p := actPage{asking: a.about(e), act: a, person: e.Person, next: v.r.FormValue("next"), back: v.backToUsers(e.Person)}
	if p.field != nil {
		p.field.Value, p.field.Error = v.text(p.field.Name), bad[p.field.Name]
	}
	if p.message != nil {
		p.message.Value, p.message.Error = v.lines(p.message.Name), bad[p.message.Name]
	}
	var err error
	if p.frame, err = v.frame(a.label, usersCrumb, ui.Crumb{Label: shownName(e.Person), Href: usersPath + "/" + e.ID + "/actions"}); err != nil {
		return err
	}
	if bad != nil {
		return v.renderAs(http.StatusUnprocessableEntity, actForm(p))
	}
	return v.render(actForm(p))
}

// post does the act. The way back is found before: afterwards the user may be
// gone, or no longer the viewer's to see.
func (a userAct) post() page {
	return func(v *visit) error {
		e, err := v.app.People.View(v.ctx(), v.on(), v.r.PathValue("id"))
		if err != nil {
			return err
		}
		next, err := a.do(v, e.Person)
		if bad, ok := fieldErrors(err); ok && a.about != nil {
			return v.askAct(a, e, bad)
		}
		if err != nil {
			return err
		}
		if v.instead != nil {
			return v.instead()
		}
		if a.mails != "" {
			if letter, err := v.unsent(a.mails, e.ID); err != nil || letter != "" {
				return v.orLetter(letter, err)
			}
		}
		done := a.done
		if a.act == people.Disable && e.Visited && !e.Invited {
			done += " " + seenThere(e)
		}
		v.flash(done, "")
		if next == "" {
			next = v.backToUsers(e.Person)
		}
		return v.goTo(next)
	}
}

func (v *visit) orLetter(letter string, err error) error {
	if err != nil {
		return err
	}
	v.flash("Done. No mail server is set, so the mail waits here: show its link, and pass it on yourself.", "")
	return v.goTo(letter)
}
