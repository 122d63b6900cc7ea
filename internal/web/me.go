package web

import (
	"net/http"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

func (s *Server) meRoutes() {
	s.own("GET /me", showMe)
	s.own("POST /me/profile", saveProfile)
	s.own("POST /me/password", savePassword)
	s.signed("POST /me/keys", vaultOnly(renewKeys))
	s.own("POST /me/strength", func(v *visit) error { return v.showStrength(v.me.Email, v.me.Name, v.me.Organization) })
	s.own("POST /me/theme", saveTheme)
	s.sessionRoutes()
	s.tokenRoutes()
	s.factorRoutes()
	s.recoveryRoutes()
}

// meTabs are the pages about oneself.
func (v *visit) meTabs() []ui.Tab {
	tabs := []ui.Tab{{Label: "Profile and password", Href: "/me", Icon: icon.User}, {Label: "Second factor", Href: factorsPath, Icon: icon.Factor}, {Label: "Sessions and devices", Href: "/me/sessions", Icon: icon.Sessions}}
	if v.me.Has(perm.PluginAccess) {
		tabs = append(tabs, ui.Tab{Label: "API tokens", Href: "/me/tokens", Icon: icon.Command})
	}
	if v.me.Keys() {
		tabs = append(tabs, ui.Tab{Label: "Recovery code", Href: "/me/recovery-code", Icon: icon.Restore})
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == v.r.URL.Path
	}
	switch v.r.URL.Path { // its forms, shown again
	case "/me/profile", "/me/password", "/me/keys":
		tabs[0].Current = true
	}
	return tabs
}

// profile is the page of one's own account.
type profile struct {
	*visit
	frame         ui.FrameParams
	own           ownForm
	present, next ui.FieldParams
	renew         ui.FieldParams // password that renews the keys
	seedOld       bool
}

func (v *visit) profile(bad map[string]string) (profile, error) {
	f, err := v.frame("Profile and password")
	p := profile{visit: v, frame: f}
	p.present = ui.FieldParams{Name: "password", Label: "Present password", Autocomplete: "current-password", Required: true, Error: bad["password"], Autofocus: bad["password"] != ""}
	p.next = ui.FieldParams{Name: "new_password", Label: "New password", Autocomplete: "new-password", Required: true, Error: bad["new_password"], Autofocus: bad["password"] == "" && bad["new_password"] != "",
		Hint: "At least 12 characters. Several unrelated words are easy to type and hard to guess."}
	p.renew = ui.FieldParams{ID: "renew-password", Name: "renew_password", Label: "Your password", Autocomplete: "current-password", Required: true, Error: bad["renew_password"], Autofocus: bad["renew_password"] != ""}
	if err == nil && v.me.Keys() {
		p.seedOld, err = v.app.Sessions.SeedOld(v.ctx(), v.who)
	}
	if err == nil {
		p.own, err = v.ownForm(nil)
	}
	return p, err
}

func showMe(v *visit) error {
	p, err := v.profile(nil)
	if err != nil {
		return err
	}
	return v.render(mePage(p))
}

func savePassword(v *visit) error {
	in := session.Password{Bearer: v.bearer(), Present: v.secret("password"), Next: v.secret("new_password"), Agent: v.r.UserAgent()}
	device, err := v.app.Sessions.ChangePassword(v.ctx(), v.who, in)
	if bad, ok := fieldErrors(err); ok {
		p, failed := v.profile(bad)
		if failed != nil {
			return failed
		}
		p.frame.Page.Title = "Profile and password"
		return v.renderAs(door.Status(err), mePage(p))
	}
	if err != nil {
		return err
	}
	if device.Valid() {
		return v.renewed(device, "Your password is changed and your keys are renewed. Your other sessions are signed out.")
	}
	v.flash("Your password is changed, and your other sessions are signed out.", "")
	return v.goTo("/me")
}

func renewKeys(v *visit) error {
	in := session.Password{Bearer: v.bearer(), Present: v.secret("renew_password"), Agent: v.r.UserAgent()}
	device, err := v.app.Sessions.RenewKeys(v.ctx(), v.who, in)
	if bad, ok := fieldErrors(err); ok {
		bad = map[string]string{"renew_password": bad["password"]}
		p, failed := v.profile(bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), mePage(p))
	}
	if err != nil {
		return err
	}
	return v.renewed(device, "Your keys are renewed. Your other sessions are signed out.")
}

// renewed leads on to a new recovery code: the earlier one is void.
func (v *visit) renewed(device seal.Token, text string) error {
	v.keepDevice(v.who.User(), device)
	v.flash(text, "")
	return v.goTo("/me/recovery-code?next=" + query("/me"))
}

func saveTheme(v *visit) error {
	theme := v.text("theme")
	if err := v.app.People.SetTheme(v.ctx(), v.who, theme); err != nil {
		return err
	}
	v.keepTheme(theme)
	if v.partial() {
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return v.goTo("/me")
}

// question is a page that says what an act will do before it is done.
type question struct {
	frame                     ui.FrameParams
	Title, Text, Does, Effect string
	Post, Back                string
	Icon                      icon.Name
}

// ask shows a question in the frame of a page.
func (v *visit) ask(q question, crumbs ...ui.Crumb) error {
	f, err := v.frame(q.Title, crumbs...)
	if err != nil {
		return err
	}
	q.frame = f
	return v.render(questionPage(q))
}

// vaultOnly leads to opening the vault before a page that ends with an act
// that needs its keys.
func vaultOnly(p page) page {
	return func(v *visit) error {
		if !v.who.Open() {
			return fault.Closed()
		}
		return p(v)
	}
}
