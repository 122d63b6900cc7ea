package web

import (
	"bailiwick/internal/people"
	"bailiwick/internal/web/ui"
)

// deleteLater says what comes before a user can be deleted, and leads there.
func (v *visit) deleteLater(e people.Editing) error {
	f, err := v.frame("Delete", usersCrumb, ui.Crumb{Label: shownName(e.Person), Href: usersPath + "/" + e.ID + "/actions"})
	if err != nil {
		return err
	}
	d := deletingLater{frame: f, user: e}
	switch {
	case e.May[people.Disable]:
		d.next, d.path = "Disable "+who(e), usersPath+"/"+e.ID+"/disable"
	case e.May[people.Offboard]:
		d.next, d.path = "Go to the off-boarding", usersPath+"/"+e.ID+"/off-boarding"
	}
	return v.render(deleteLaterPage(d))
}

// deletingLater is that page.
type deletingLater struct {
	frame      ui.FrameParams
	user       people.Editing
	next, path string
}
