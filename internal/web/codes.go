package web

import (
	"net/http"
	"strings"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/otp"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

func (s *Server) codeRoutes() {
	s.signed("POST /credentials/{id}/code", showCode)
	s.signed("POST /credentials/{id}/code/copy", copying(copyCode))
	s.signed("GET /credentials/{id}/totp", showTOTP)
	s.signed("POST /credentials/{id}/totp", setTOTP)
	s.upload("POST /credentials/{id}/totp/picture", otp.MostPicture+1<<20, readPicture)
	s.upload("POST /clients/{client}/credentials/new/picture", otp.MostPicture+1<<20, readPictureOfNew)
	s.upload("POST /my/credentials/new/picture", otp.MostPicture+1<<20, readPictureOfNew)
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
	text := v.text("totp")
	if v.text("act") == "remove" {
		return v.saveTOTP("", "The TOTP secret is removed. It stays in the history for those who may bring it back.")
	}
	if text == "" {
		c, err := v.credential()
		if err != nil {
			return err
		}
		return v.showTOTPForm(http.StatusUnprocessableEntity, totpForm{credential: c, bad: map[string]string{"totp": "Type or paste the secret, or choose a picture of the QR code below."}})
	}
	return v.saveTOTP(text, "The TOTP secret is saved.")
}

func (v *visit) saveTOTP(text, words string) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	_, err = v.app.Vault.SetTOTP(v.ctx(), v.who, c.ID, v.versionRead(), text)
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

// readPicture takes a picture of a QR code: chosen, or pasted or dropped by way
// of the script.
func readPicture(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	if !c.MayTOTP {
		return fault.NotFound()
	}
	if err := v.pictureForm(); err != nil {
		return err
	}
	defer v.r.MultipartForm.RemoveAll()
	text, problem, err := v.pictured()
	if problem != "" {
		return v.showTOTPForm(http.StatusUnprocessableEntity, totpForm{credential: c, bad: map[string]string{"picture": problem}})
	}
	if err != nil {
		return err
	}
	if key := v.r.PostFormValue("once"); key != "" && len(key) <= 64 {
		v.who = v.who.Once(key, seal.Hash([]byte(v.r.URL.Path), []byte(text)))
	}
	return v.saveTOTP(text, "The TOTP secret is saved.")
}

func (v *visit) pictureForm() error {
	err := v.r.ParseMultipartForm(otp.MostPicture + 1<<20)
	switch {
	case err == nil:
		return nil
	case door.Status(err) != http.StatusInternalServerError:
		return err // too large, or too slow
	}
	return fault.Cannot("This form could not be read. Nothing was saved. Go back and try again.")
}

// pictured reads the TOTP secret of the picture that was sent, or says what is
// wrong with it.
func (v *visit) pictured() (text, problem string, err error) {
	file, _, err := v.r.FormFile("picture")
	if err != nil {
		return "", "Choose a picture of the QR code first.", nil
	}
	defer file.Close()
	text, err = otp.Picture(v.ctx(), file)
	if bad, ok := fieldErrors(err); ok {
		return "", bad["picture"], nil
	}
	if err != nil {
		return "", "", err
	}
	if _, err := otp.Parse(text); err != nil { // the QR code of something else
		bad, _ := fieldErrors(err)
		return "", "The QR code holds no TOTP secret. " + bad["totp"], nil
	}
	return text, "", nil
}

// readPictureOfNew puts the secret of a picture into the form of a credential
// that is being added. Nothing is saved by that.
func readPictureOfNew(v *visit) error {
	if err := v.pictureForm(); err != nil {
		return err
	}
	defer v.r.MultipartForm.RemoveAll()
	f := v.credentialForm()
	f.place = vault.Place{Client: v.r.PathValue("client"), Own: v.r.PathValue("client") == "", Folder: v.text("folder")}
	f.revealed = true
	if err := v.offers(f.place.Own, perm.PasswordAdd); err != nil {
		return err
	}
	text, problem, err := v.pictured()
	if err != nil {
		return err
	}
	if problem != "" {
		f.errors = map[string]string{"picture": problem}
		return v.showCredentialForm(http.StatusUnprocessableEntity, f)
	}
	f.in.TOTP, f.pictured = text, true
	return v.showCredentialForm(http.StatusOK, f)
}
