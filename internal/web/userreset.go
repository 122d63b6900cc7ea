package web

import (
	"bailiwick/internal/people"
	"bailiwick/internal/web/ui"
)

// sentReset is the page of a reset whose link is to be passed on.
type sentReset struct {
	frame  ui.FrameParams
	person people.Person
	link   string
	back   string
}

// showSentReset answers the POST itself: the link goes to no other page.
func (v *visit) showSentReset(p people.Person, sent people.SentReset) error {
	r := sentReset{person: p, link: sent.Link.Reveal(), back: v.backToUsers(p)}
	var err error
	if r.frame, err = v.frame("Reset link", usersCrumb); err != nil {
		return err
	}
	return v.render(sentResetPage(r))
}
