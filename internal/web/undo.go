package web

import (
	"context"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// undoFor is how long an act can be taken back. The button is there for ten
// seconds, and longer while it is read; a little is for the way.
const undoFor = 20 * time.Second

// undoing is the way back from one act. It lies in memory, bound to the
// session that did the act, and is an ordinary act itself: decided on by its
// own permission, audited, and by the version that the first act made, so that
// it is refused where somebody has changed the thing since.
type undoing struct {
	back string // the page on which what was taken back is seen
	act  func(context.Context, gate.Actor) error
	done bool
}

// undoable says on the next page what was just done, with a button that takes
// exactly that back. back is the page to show afterwards.
func (v *visit) undoable(text, back string, act func(context.Context, gate.Actor) error) {
	name := seal.NewToken().Reveal()
	v.desk.undos.put(v.who.Session()+"/"+name, undoing{back: back, act: act})
	v.flash(text, "/undo/"+name)
}

func (s *Server) undoRoutes() {
	s.signed("POST /undo/{name}", takeBack)
}

func takeBack(v *visit) error {
	name := v.who.Session() + "/" + v.r.PathValue("name")
	u, ok := v.desk.undos.take(name)
	if !ok {
		return fault.Cannot("It is too late to undo this: that can be done for 10 seconds. Nothing was changed.")
	}
	if u.done { // pressed twice
		v.desk.undos.put(name, u)
		return v.goTo(u.back)
	}
	switch err := u.act(v.ctx(), v.who); {
	case fault.Is(err, fault.Conflict):
		return &fault.Error{Kind: fault.Conflict, Text: "Somebody changed this since, so it was not undone. Everything is as it was left by that change."}
	case err != nil:
		return err
	}
	v.desk.undos.put(name, undoing{back: u.back, done: true})
	v.flash("Undone.", "")
	return v.goTo(u.back)
}
