package web

import (
	"net/http"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/org"
	"bailiwick/internal/web/ui"
)

const whySetup = "there is nobody to sign in yet; the one-time token or the cookie that it gave is checked"

func (s *Server) setupRoutes() {
	s.open("GET /setup", whySetup, showSetup)
	s.open("GET /setup/organization", whySetup, s.step(showFirst))
	s.open("POST /setup/organization", whySetup, s.step(saveFirst))
	s.open("GET /setup/organization-key", whySetup, s.step(showSetupKey))
	s.open("POST /setup/organization-key", whySetup, s.step(saveSetupKey))
	s.open("GET /setup/recovery-key", whySetup, s.step(showSetupRecovery))
	s.open("POST /setup/recovery-key", whySetup, s.step(saveSetupRecovery))
	s.open("POST /setup/strength", whySetup, s.step(func(v *visit, d *draft) error { return v.showStrength() }))
}

// showSetup takes the token out of the address, and leads on. Without a token
// it says where the way in is printed.
func showSetup(v *visit) error {
	if v.setup.over() {
		return fault.NotFound()
	}
	if empty, err := v.app.Org.Empty(v.ctx()); err != nil || !empty {
		if err == nil {
			v.setup.elsewhere()
			return v.goTo("/")
		}
		return err
	}
	if v.r.URL.Query().Has("token") {
		if err := v.setup.begin(v, v.text("token")); err != nil {
			return v.renderAs(http.StatusNotFound, setupClosed(v.plain("Not set up yet", ""), true))
		}
		return v.goTo("/setup/organization")
	}
	if d, ok := v.setup.draft(v.r); ok {
		d.mu.Lock()
		defer d.mu.Unlock()
		return v.goTo(d.at())
	}
	return v.render(setupClosed(v.plain("Not set up yet", ""), false))
}

// used reports whether the draft was finished: its keys are forgotten.
func (d *draft) used() bool { return !d.in.Code.Valid() }

// at is the step that comes next.
func (d *draft) at() string {
	switch {
	case !d.named:
		return d.base + "/organization"
	case !d.proved:
		return d.base + "/organization-key"
	}
	return d.base + "/recovery-key"
}

// step finds the draft of this browser.
func (s *Server) step(p func(*visit, *draft) error) page {
	return func(v *visit) error {
		d, ok := v.setup.draft(v.r)
		if v.setup.over() {
			return fault.NotFound()
		}
		if !ok {
			return v.goTo("/setup")
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.used() { // finished while this request waited
			return fault.NotFound()
		}
		return p(v, d)
	}
}

// page is the frame of a step.
func (d *draft) page(v *visit, now int, title, sub string) ui.PlainParams {
	p := v.plain(title, sub)
	p.Wide = true
	for i, s := range []ui.Step{{Label: "You", Href: d.base + "/organization", Done: d.named}, {Label: "Organization Key", Href: d.base + "/organization-key", Done: d.proved}, {Label: "Recovery key", Href: d.base + "/recovery-key"}} {
		s.Now = i == now
		if s.Now {
			s.Done = false
		}
		if (i == 1 && !d.named) || (i == 2 && !d.proved) {
			s.Href = ""
		}
		p.Steps = append(p.Steps, s)
	}
	return p
}

func showFirst(v *visit, d *draft) error { return v.render(firstPage(d.first(v, nil))) }

func saveFirst(v *visit, d *draft) error {
	d.in.Organization, d.in.Name, d.in.Email = v.text("organization"), v.text("name"), v.text("email")
	typed := v.secret("password")
	if !typed.IsEmpty() {
		d.in.Password = typed
	}
	err := org.CheckSetup(d.in)
	if bad, ok := fieldErrors(err); ok {
		if bad["password"] != "" {
			d.in.Password = noSecret
		}
		d.named = false
		return v.renderAs(door.Status(err), firstPage(d.first(v, bad)))
	}
	if err != nil {
		return err
	}
	d.named = true
	return v.goTo(d.at())
}

func saveSetupRecovery(v *visit, d *draft) error {
	if !d.proved {
		return v.goTo(d.at())
	}
	s := d.recoverySheet(v)
	later := v.text("later") != ""
	if !later && !s.confirmed(v) {
		return v.renderAs(http.StatusUnprocessableEntity, setupKeyConfirm(d.page(v, 2, "Type two groups from the printout", ""), s))
	}
	return d.end(v, d, !later)
}

// finishSetup makes the organization and signs its administrator in.
func finishSetup(v *visit, d *draft, proved bool) error {
	ip, trace := door.Of(v.r).IP, door.Of(v.r).Trace
	made, err := v.setup.end(func() (org.Made, error) { return v.app.Org.Setup(v.ctx(), d.in, ip, trace) })
	if err != nil {
		return err
	}
	v.setCookie(setupCookie, "", -1)
	d.in = org.Setup{}
	s, err := v.app.Sessions.Begin(v.ctx(), made, ip, v.r.UserAgent(), trace)
	if err != nil {
		return err
	}
	v.keep(s)
	said := "Bailiwick is set up, and the vault is open."
	if proved {
		who, err := v.app.Sessions.Resume(v.ctx(), s.Bearer(), ip, trace)
		if err == nil {
			err = v.app.Org.ConfirmRecovery(v.ctx(), who)
		}
		if err != nil {
			v.log.Error("the Recovery key was confirmed in the wizard but could not be marked so", "request", door.Of(v.r).ID, "error", err)
			said += " Confirm the Recovery key once more."
		}
	}
	v.flash(said, "")
	return v.goTo("/")
}
