package web

import (
	"net/http"

	"bailiwick/internal/seal"
	"bailiwick/internal/web/ui"
)

var noSecret = seal.Secret{}

// firstForm is the first step: the organization and its administrator.
type firstForm struct {
	page                                ui.PlainParams
	organization, name, email, password ui.FieldParams
}

func (d *draft) first(v *visit, bad map[string]string) firstForm {
	f := firstForm{
		page: d.page(v, 0, "Set up Bailiwick", "Your organization, and you as its first administrator."),
		organization: ui.FieldParams{Name: "organization", Label: "Organization", Value: d.in.Organization, Autocomplete: "organization", MaxLength: 200, Required: true, Error: bad["organization"],
			Hint: "Your company's name, as your colleagues know it."},
		name:  ui.FieldParams{Name: "name", Label: "Your name", Value: d.in.Name, Autocomplete: "name", MaxLength: 200, Required: true, Error: bad["name"]},
		email: ui.FieldParams{Name: "email", Label: "Your email", Type: "email", Value: d.in.Email, Autocomplete: "username", Required: true, Error: bad["email"]},
		password: ui.FieldParams{Name: "password", Label: "Your password", Autocomplete: "new-password", Required: d.in.Password.IsEmpty(), Error: bad["password"],
			Hint: "At least 12 characters. Several unrelated words are easy to type and hard to guess. Nobody can read or reset it for you yet."},
	}
	if !d.in.Password.IsEmpty() {
		f.password.Hint = "Kept from before. Leave this empty, or type another one."
	}
	first := &f.organization
	for _, field := range []*ui.FieldParams{&f.password, &f.email, &f.name, &f.organization} {
		if field.Error != "" {
			first = field
		}
	}
	first.Autofocus = true
	return f
}

func (d *draft) sheet(v *visit) sheet {
	return sheet{Org: d.in.Organization, Day: v.app.Clock.Now().Format("2 January 2006")}
}

func (d *draft) keySheet(v *visit) sheet {
	s := d.sheet(v)
	s.Label, s.Use = "Organization Key", "Opens the vault on a browser that was never used for it before. All who work with the vault need it, together with their own password."
	s.Groups, s.Words, s.quiz = d.in.Code.Groups(), d.in.Code.WordGroups(), d.key
	s.Path, s.Back, s.Done = d.base+"/organization-key", d.base+"/organization", "Confirm and go on"
	return s.read(v)
}

func (d *draft) recoverySheet(v *visit) sheet {
	s := d.sheet(v)
	s.Label, s.Use = "Recovery key", "The last way back: with it a backup can be opened when the Organization Key or the server is lost. Keep it on paper only, in a safe, and never type it into a browser for daily work."
	s.Groups, s.quiz = d.in.Recovery.Groups(), d.recovery
	s.Path, s.Back, s.Done, s.Later = d.base+"/recovery-key", d.base+"/organization-key", "Confirm and finish", "Finish, and confirm it later"
	return s
}

func showSetupKey(v *visit, d *draft) error {
	if !d.named {
		return v.goTo(d.at())
	}
	s := d.keySheet(v)
	if v.text("confirm") != "" {
		return v.render(setupKeyConfirm(d.page(v, 1, "Type two parts from the printout", ""), s))
	}
	return v.render(setupKeyPage(d.page(v, 1, "Print your Organization Key", "It is not stored anywhere, and you see it only now."), s))
}

func saveSetupKey(v *visit, d *draft) error {
	if !d.named {
		return v.goTo(d.at())
	}
	s := d.keySheet(v)
	if !s.confirmed(v) {
		return v.renderAs(http.StatusUnprocessableEntity, setupKeyConfirm(d.page(v, 1, "Type two parts from the printout", ""), s))
	}
	d.proved = true
	return v.goTo(d.at())
}

func showSetupRecovery(v *visit, d *draft) error {
	if !d.proved {
		return v.goTo(d.at())
	}
	s := d.recoverySheet(v)
	if v.text("confirm") != "" {
		return v.render(setupKeyConfirm(d.page(v, 2, "Type two groups from the printout", ""), s))
	}
	return v.render(setupKeyPage(d.page(v, 2, "Print your Recovery key", "A second key, for paper only. It is shown only now."), s))
}
