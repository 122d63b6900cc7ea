package web

import (
	"bailiwick/internal/perm"
	"net/http"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/password"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

func (s *Server) credentialRoutes() {
	s.signed("GET /clients/{client}/credentials/new", showNewCredential)
	s.upload("POST /clients/{client}/credentials/new", mostPictureForm, addCredential)
	s.signed("GET /my/credentials/new", showNewCredential)
	s.upload("POST /my/credentials/new", mostPictureForm, addCredential)
	s.signed("GET /credentials/{id}", showCredential)
	s.signed("GET /credentials/{id}/edit", showEditCredential)
	s.signed("POST /credentials/{id}/edit", editCredential)
	s.signed("POST /credentials/{id}/reveal", revealCredential)
	s.signed("POST /credentials/{id}/copy", copying(copyCredential))
	s.signed("GET /credentials/{id}/move", showMoveCredential)
	s.signed("POST /credentials/{id}/move", moveCredential)
	s.signed("POST /credentials/{id}/archive", archiveCredential)
	s.signed("POST /credentials/{id}/restore", restoreCredential)
	s.signed("GET /credentials/{id}/delete", showDeleteCredential)
	s.signed("POST /credentials/{id}/delete", deleteCredential)
	s.signed("GET /credentials/{id}/history", showHistory)
	s.signed("POST /credentials/{id}/history/{version}/reveal", revealVersion)
	s.signed("POST /credentials/{id}/history/{version}/restore", restoreVersion)
	s.signed("POST /credentials/{id}/history/{version}/fields/{number}/reveal", revealField)
	s.signed("POST /credentials/{id}/history/{version}/fields/{number}/copy", copying(copyField))
	s.codeRoutes()
	s.signed("POST /credentials/selected", actOnSelected)
	s.signed("POST /strength", judgePassword)
	s.signed("POST /tags", suggestTags)
}

// homeOf is the page of a credential: its client's list with its panel open.
func homeOf(c vault.Credential) string {
	return vaultView{base: baseOf(placeOf(c)), selected: c.ID, archived: c.Archived}.link()
}

func placeOf(c vault.Credential) vault.Place {
	return vault.Place{Client: c.ClientID, Own: c.ClientID == "", Folder: c.FolderID}
}

// credential reads the one that the address names.
func (v *visit) credential() (vault.Credential, error) {
	return v.app.Vault.Get(v.ctx(), v.who, v.r.PathValue("id"))
}

func showCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, homeOf(c), http.StatusSeeOther)
	return nil
}

// crumbsTo leads to a credential's or a new one's list.
func (v *visit) crumbsTo(place vault.Place) ([]ui.Crumb, error) {
	if place.Own {
		return []ui.Crumb{{Label: "My passwords", Href: "/my"}}, nil
	}
	c, err := v.app.Clients.Get(v.ctx(), v.who, place.Client)
	if err != nil {
		return nil, err
	}
	crumbs := []ui.Crumb{{Label: c.Name, Href: "/clients/" + c.ID}}
	if !c.Company {
		crumbs = append([]ui.Crumb{{Label: "Clients", Href: "/clients"}}, crumbs...)
	}
	return crumbs, nil
}

func showNewCredential(v *visit) error {
	place := vault.Place{Client: v.r.PathValue("client"), Own: v.r.PathValue("client") == "", Folder: v.text("folder")}
	if err := v.offers(place.Own, perm.PasswordAdd); err != nil {
		return err
	}
	f := credentialForm{place: place, once: once(), revealed: true}
	return v.showCredentialForm(http.StatusOK, f)
}

func addCredential(v *visit) error {
	if err := v.pictureForm(); err != nil {
		return err
	}
	defer v.dropForm()
	f := v.credentialForm()
	f.place = vault.Place{Client: v.r.PathValue("client"), Own: v.r.PathValue("client") == "", Folder: v.text("folder")}
	f.revealed = true
	if err := v.pictureInForm(&f); err != nil {
		return err
	}
	if is, err := v.arrangedForm(f); is {
		return err
	}
	if f.errors == nil {
		v.onceMore(f.in.TOTP)
		id, err := v.app.Vault.Add(v.ctx(), v.who, f.place, f.in)
		if err == nil {
			v.flash("Credential added.", "")
			return v.goTo(vaultView{base: baseOf(f.place), selected: id}.link())
		}
		if by, ok := fieldErrors(err); ok {
			f.errors = by
		} else {
			return err
		}
	}
	return v.showCredentialForm(http.StatusUnprocessableEntity, f)
}

func showEditCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	if !c.MayEdit {
		return fault.NotFound()
	}
	f := credentialForm{id: c.ID, title: c.Title, version: c.Version, place: placeOf(c), received: received(c), once: once()}
	f.in, f.mayTOTP = vault.Input{Type: c.Type, Expires: c.Expires, Overview: c.Overview}, c.MayTOTP
	return v.showCredentialForm(http.StatusOK, f)
}

func editCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	f := v.credentialForm()
	f.id, f.title, f.place, f.mayTOTP, f.in.Code = c.ID, c.Title, placeOf(c), c.MayTOTP, c.Code
	f.received = received(c)
	if c.MayEdit {
		if is, err := v.arrangedForm(f); is {
			return err
		}
	}
	switch {
	case v.text("act") == "reveal" && c.MayEdit:
		return v.revealInForm(f)
	case f.errors != nil:
		return v.showCredentialForm(http.StatusUnprocessableEntity, f)
	}
	version, err := v.app.Vault.Patch(v.ctx(), v.who, c.ID, f.version, v.patch(f))
	by, invalid := fieldErrors(err)
	switch {
	case invalid:
		f.errors = by
		return v.showCredentialForm(http.StatusUnprocessableEntity, f)
	case fault.Is(err, fault.Conflict):
		return v.showCredentialConflict(c, f)
	case err != nil:
		return err
	}
	v.saved(c, version, f.version)
	return v.goTo(homeOf(c))
}

// revealInForm shows the secret in the form, to be changed there: an act of
// its own in the audit log. What was typed stays.
func (v *visit) revealInForm(f credentialForm) error {
	secret, err := v.app.Vault.Reveal(v.ctx(), v.who, f.id)
	if err != nil {
		return err
	}
	if f.in.Password == "" {
		f.in.Password = secret.Password
	}
	f.in.Notes, f.in.Fields, f.revealed, f.once = secret.Notes, secret.Fields, true, once()
	f.rows = nil
	return v.showCredentialForm(http.StatusOK, f)
}

// judgePassword answers what is typed into a new password with its strength.
func judgePassword(v *visit) error {
	typed := v.r.PostFormValue("password")
	set, err := v.app.Vault.Passwords(v.ctx(), v.who)
	if err != nil {
		return err
	}
	if typed == "" {
		return v.render(nothing())
	}
	about := []string{v.text("title"), v.text("username")}
	s := password.Judge(typed, about...)
	p := ui.StrengthParams{Score: s.Score, Crack: s.Crack, Hint: strings.TrimSpace(s.Warning + " " + s.Advice)}
	if rules := set.Below(v.text("type"), typed, about...); len(rules) > 0 && set.Policy.Enforce {
		p.Hint = strings.TrimSpace("Your organization asks for " + strings.Join(rules, ", and for ") + ". " + s.Warning)
	}
	return v.render(ui.Strength(p))
}
