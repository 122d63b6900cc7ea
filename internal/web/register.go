package web

import (
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
)

const whyRegister = "whoever registers has no account yet; the answer is always the same"

func (s *Server) registerRoutes() {
	s.open("GET /register", whyRegister, showRegister)
	s.open("POST /register", whyRegister, register)
}

// registering is the organization at whose address people may register
// themselves: the one that was named, or the only one there is. Name is that of
// the knowledge base.
func (v *visit) registering(slug, base string) (a org.Address, name string, open bool, err error) {
	ip, trace := v.stranger()
	if slug != "" {
		a, err = v.app.Org.BySlug(v.ctx(), slug, ip, trace)
	} else {
		a, err = v.app.Org.Only(v.ctx(), ip, trace)
	}
	if fault.Is(err, fault.Absent) {
		return a, "", false, nil
	}
	if err == nil {
		v.about = a // the page has its colour
		name, open, err = v.app.People.RegistrationOpen(v.ctx(), a.ID, base, ip, trace)
	}
	return a, name, open, err
}

// registerForm is a letterForm at a knowledge base, or at none.
func (v *visit) registerForm(title string, a org.Address, name, bad string) letterForm {
	f := v.letterForm(title, a, bad)
	f.BaseName = name
	return f
}

func showRegister(v *visit) error {
	a, name, open, err := v.registering(v.text("at"), v.text("base"))
	if err == nil && !open {
		err = fault.NotFound()
	}
	if err != nil {
		return err
	}
	return v.render(registerPage(v.registerForm("Register", a, name, "")))
}

func register(v *visit) error {
	a, name, open, err := v.registering(v.text("at"), v.text("base"))
	if err == nil && !open {
		err = fault.NotFound()
	}
	if err != nil {
		return err
	}
	ip, trace := v.stranger()
	err = v.app.People.Register(v.ctx(), people.Registration{Org: a.ID, Base: v.text("base"), Email: v.text("email"), IP: ip, Trace: trace})
	if bad, ok := fieldErrors(err); ok {
		return v.renderAs(door.Status(err), registerPage(v.registerForm("Register", a, name, bad["email"])))
	}
	if err != nil {
		return err
	}
	return v.render(registeredPage(v.registerForm("Look into your mail", a, name, "")))
}
