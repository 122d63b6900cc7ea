package web

import (
	"net/http"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

func (s *Server) codeRoutes() {
	s.signed("POST /credentials/{id}/code", showCode)
	s.signed("POST /credentials/{id}/code/copy", copying(copyCode))
	s.signed("GET /credentials/{id}/totp", showTOTP)
	s.upload("POST /credentials/{id}/totp", mostPictureForm, setTOTP)
}

func copyCode(v *visit) (string, error) {
	code, err := v.app.Vault.Code(v.ctx(), v.who, v.r.PathValue("id"))
	return code.Code, err
}

func showCode(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	code, err := v.app.Vault.Code(v.ctx(), v.who, c.ID)
	if err != nil {
		return err
	}
	if v.partial() {
		return v.render(shownCode(code))
	}
	place := placeOf(c)
	place.Folder = ""
	return v.showVault(place, &revealed{credential: c.ID, archived: c.Archived, code: &code})
}

// groupedCode puts a space into the middle, as one reads it out.
func groupedCode(code string) string {
	if len(code) < 6 {
		return code
	}
	return code[:(len(code)+1)/2] + "\u2009" + code[(len(code)+1)/2:]
}

// spelledCode is for screen readers, which would say a number.
func spelledCode(code string) string { return strings.Join(strings.Split(code, ""), " ") }

// totpForm is the page on which the TOTP secret is set, replaced and removed.
type totpForm struct {
	frame      ui.FrameParams
	credential vault.Credential
	typed      string
	bad        map[string]string
	stale      bool
}

func showTOTP(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	return v.showTOTPForm(http.StatusOK, totpForm{credential: c})
}

func (v *visit) showTOTPForm(status int, f totpForm) error {
	if !f.credential.MayTOTP {
		return fault.NotFound()
	}
	crumbs, err := v.crumbsTo(placeOf(f.credential))
	if err != nil {
		return err
	}
	if f.frame, err = v.frame("TOTP secret", append(crumbs, ui.Crumb{Label: f.credential.Title, Href: "/credentials/" + f.credential.ID})...); err != nil {
		return err
	}
	return v.renderAs(status, totpPage(f))
}

func setTOTP(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	if err := v.pictureForm(); err != nil {
		return err
	}
	defer v.dropForm()
	if v.hasPicture() && !c.MayTOTP {
		return fault.NotFound()
	}
	if v.text("act") == "remove" {
		return v.saveTOTP(c, "", "The TOTP secret is removed. It stays in the history for those who may bring it back.")
	}
	text, bad, err := v.secretSent()
	switch {
	case err != nil:
		return err
	case bad == nil && text == "":
		bad = map[string]string{"totp": "Type or paste the secret, or choose a picture of the QR code below."}
	}
	if bad != nil {
		return v.showTOTPForm(http.StatusUnprocessableEntity, totpForm{credential: c, typed: v.text("totp"), bad: bad})
	}
	v.onceMore(text)
	return v.saveTOTP(c, text, "The TOTP secret is saved.")
}

func (v *visit) saveTOTP(c vault.Credential, text, words string) error {
	_, err := v.app.Vault.SetTOTP(v.ctx(), v.who, c.ID, v.versionRead(), text)
	bad, invalid := fieldErrors(err)
	switch {
	case err == nil:
		v.flash(words, "")
		return v.goTo(homeOf(c))
	case invalid:
		return v.showTOTPForm(http.StatusUnprocessableEntity, totpForm{credential: c, typed: text, bad: bad})
	case fault.Is(err, fault.Conflict):
		return v.showTOTPForm(http.StatusConflict, totpForm{credential: c, typed: text, stale: true})
	}
	return err
}
