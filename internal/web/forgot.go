package web

import (
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
	"bailiwick/internal/seal"
	"bailiwick/internal/web/ui"
)

const whyForgot = "whoever forgot his password can't sign in; the answer is always the same"

func (s *Server) resetRoutes() {
	s.open("GET /forgot", whyForgot, showForgot)
	s.open("POST /forgot", whyForgot, forgot)
	s.open("GET "+people.PathReset, byLink, showReset)
	s.open("POST "+people.PathReset, byLink, setPassword)
	s.open("POST "+people.PathReset+"/strength", byLink, resetStrength)
}

// at is the organization that a page before signing in is about, by its own
// address; none at the common one.
func (v *visit) at() (a org.Address, err error) {
	if slug := v.text("at"); slug != "" {
		ip, trace := v.stranger()
		a, err = v.app.Org.BySlug(v.ctx(), slug, ip, trace)
		v.about = a
	}
	return a, err
}

// letterForm is a page that asks for an address, and then says the same to
// everybody.
type letterForm struct {
	page  ui.PlainParams
	At    string // slug
	email ui.FieldParams

	Base, BaseName string // path and name of the knowledge base where somebody registers
}

// signIn is where the sign-in page is.
func (f letterForm) signIn() string {
	if f.At != "" {
		return "/o/" + f.At
	}
	return "/sign-in"
}

func (v *visit) letterForm(title string, a org.Address, bad string) letterForm {
	return letterForm{page: v.plain(title, a.Name), At: a.Slug, Base: v.text("base"),
		email: ui.FieldParams{Name: "email", Label: "Email", Type: "email", Value: v.r.PostForm.Get("email"), Autocomplete: "username", Required: true, Autofocus: true, Error: bad}}
}

func showForgot(v *visit) error {
	a, err := v.at()
	if err != nil {
		return err
	}
	return v.render(forgotPage(v.letterForm("Forgotten password", a, "")))
}

func forgot(v *visit) error {
	a, err := v.at()
	if err != nil {
		return err
	}
	ip, trace := v.stranger()
	err = v.app.People.Forgot(v.ctx(), people.Forgotten{Email: v.text("email"), Org: a.ID, IP: ip, Trace: trace})
	if bad, ok := fieldErrors(err); ok {
		return v.renderAs(door.Status(err), forgotPage(v.letterForm("Forgotten password", a, bad["email"])))
	}
	if err != nil {
		return err
	}
	return v.render(forgottenPage(v.letterForm("Look into your mail", a, "")))
}

const deadReset = "If you have set your password already, sign in with it. Otherwise ask for another link under Forgot your password?"

// resetForm is the page of a link that sets a new password.
type resetForm struct {
	page               ui.PlainParams
	Token              string
	In                 people.Resetting
	password, recovery ui.FieldParams
	destroy            ui.FieldParams // its error only
	Destroy            bool
}

func (v *visit) resetForm(in people.Resetting, bad map[string]string) resetForm {
	f := resetForm{page: v.plain("Set a new password", in.Email+" at "+in.OrgName), Token: v.text("token"), In: in, Destroy: v.r.PostForm.Get("destroy") != ""}
	f.password = ui.FieldParams{Name: "password", Label: "New password", Autocomplete: "new-password", Required: true, Error: bad["password"], Hint: passwordRules, Autofocus: bad["recovery_code"] == "" && bad["destroy"] == ""}
	f.recovery = ui.FieldParams{Name: "recovery_code", Label: "Recovery code", Mono: true, Optional: true, Value: v.r.PostForm.Get("recovery_code"), Error: bad["recovery_code"], Autofocus: !f.password.Autofocus,
		Hint: "From the printout that you made when you first opened the vault. With it, My passwords stays, and the vault opens in this browser as before."}
	f.destroy = ui.FieldParams{Name: "destroy", Label: "Without the recovery code", Error: bad["destroy"]}
	return f
}

// destroys is what is lost without the code.
func (f resetForm) destroys() string {
	if f.In.Personal == 0 {
		return "I don't have it. My passwords is empty and begins anew."
	}
	return "I don't have it: destroy " + counted(f.In.Personal, "credential", "credentials") + " in My passwords"
}

func showReset(v *visit) error {
	l, err := v.link()
	var in people.Resetting
	if err == nil {
		ip, trace := v.stranger()
		in, err = v.app.People.Resetting(v.ctx(), l, ip, trace)
	}
	if err != nil {
		return v.deadLink(err, deadReset)
	}
	return v.render(resetPage(v.resetForm(in, nil)))
}

func setPassword(v *visit) error {
	l, err := v.link()
	if err != nil {
		return v.deadLink(err, deadReset)
	}
	ip, trace := v.stranger()
	in := people.NewPassword{Link: l, Password: v.secret("password"), Destroy: v.r.PostForm.Get("destroy") != "", IP: ip, Agent: v.r.UserAgent(), Trace: trace}
	if typed := v.text("recovery_code"); typed != "" {
		if in.Recovery, err = seal.ParseRecoveryCode(typed); err != nil {
			err = fault.Bad("recovery_code", "%s.", sentence(err.Error()))
		}
	}
	var set people.SetPassword
	if err == nil {
		set, err = v.app.People.SetPassword(v.ctx(), in)
	}
	if bad, ok := fieldErrors(err); ok {
		page, failed := v.app.People.Resetting(v.ctx(), l, ip, trace)
		if failed != nil {
			return v.deadLink(failed, deadReset)
		}
		return v.renderAs(door.Status(err), resetPage(v.resetForm(page, bad)))
	}
	if err != nil {
		return v.deadLink(err, deadReset)
	}
	if set.Device.Valid() {
		v.keepDevice(set.User, set.Device)
	}
	v.flash("Your new password is set. Sign in with it.", "")
	return v.goTo(v.signInPath())
}

// resetStrength judges a password for whoever holds a link.
func resetStrength(v *visit) error {
	l, err := v.link()
	if err != nil {
		return v.showStrength()
	}
	ip, trace := v.stranger()
	in, err := v.app.People.Resetting(v.ctx(), l, ip, trace)
	if err != nil {
		return err
	}
	return v.showStrength(in.Email, in.Name, in.OrgName)
}

// atOrg is a page before signing in at an organization's own address.
func atOrg(path, slug string) string {
	if slug == "" {
		return path
	}
	return path + "?at=" + query(slug)
}
