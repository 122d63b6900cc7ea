package web

import (
	"errors"

	"bailiwick/internal/fault"
	"bailiwick/internal/web/ui"
)

func (s *Server) perspectiveRoutes() {
	s.signed("POST /users/{id}/perspective", beginPerspective)
	s.signed("POST /perspective/exit", exitPerspective)
}

// errLeft ends a request in a perspective that is not allowed any more.
var errLeft = errors.New("the perspective is over")

func beginPerspective(v *visit) error {
	if err := v.app.Sessions.Look(v.ctx(), v.who, v.r.PathValue("id")); err != nil {
		return err
	}
	return v.goTo("/")
}

func exitPerspective(v *visit) error {
	if !v.me.Looking {
		return fault.NotFound()
	}
	return v.leave()
}

func (v *visit) leave() error {
	if err := v.app.Sessions.Leave(v.ctx(), v.who); err != nil {
		return err
	}
	v.flash("You are yourself again.", "")
	return v.goTo("/")
}

// noPersonalVault says in a perspective why *My passwords* stays closed.
func (v *visit) noPersonalVault() error {
	f, err := v.frame("My passwords")
	if err != nil {
		return err
	}
	return v.render(noPersonalPage(v.me.Name, f))
}

// looking is the banner of a perspective.
func (v *visit) looking() *ui.Looking {
	if !v.me.Looking {
		return nil
	}
	return &ui.Looking{Name: v.me.Name, State: v.me.State, ExitURL: "/perspective/exit"}
}
