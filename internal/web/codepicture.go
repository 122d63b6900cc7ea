package web

import (
	"net/http"
	"strings"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/otp"
	"bailiwick/internal/perm"
)

// mostPictureForm is a form with a picture of a QR code in it.
const mostPictureForm = otp.MostPicture + 1<<20

// pictureForm reads a form that may have a picture with it.
func (v *visit) pictureForm() error {
	if !strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/") {
		return nil // sent by the script, without the picture
	}
	err := v.r.ParseMultipartForm(mostPictureForm)
	switch {
	case err == nil:
		return nil
	case door.Status(err) != http.StatusInternalServerError:
		return err // too large, or too slow
	}
	return fault.Cannot("This form could not be read. Nothing was saved. Go back and try again.")
}

func (v *visit) dropForm() {
	if v.r.MultipartForm != nil {
		_ = v.r.MultipartForm.RemoveAll()
	}
}

// onceMore gives the form its idempotency key once its picture was read.
func (v *visit) onceMore(secret string) {
	if key, request := v.onceKey(secret); key != "" {
		v.who = v.who.Once(key, request)
	}
}

func (v *visit) hasPicture() bool {
	return v.r.MultipartForm != nil && len(v.r.MultipartForm.File["picture"]) > 0
}

// secretSent is the TOTP secret that was typed, or that of the picture, or what
// is wrong. A picture that was chosen is never passed over.
func (v *visit) secretSent() (secret string, bad map[string]string, err error) {
	typed, asked := v.text("totp"), v.text("act") == "picture"
	if !v.hasPicture() {
		if asked {
			return typed, map[string]string{"picture": "Choose a picture of the QR code first."}, nil
		}
		return typed, nil, nil
	}
	pictured, problem, err := v.pictured()
	switch {
	case err != nil:
		return "", nil, err
	case problem != "":
		return typed, map[string]string{"picture": problem}, nil
	case typed != "" && typed != pictured && !asked:
		return typed, map[string]string{"picture": "The picture holds another secret than the one that is typed above. Clear that one and choose the picture again, or save without a picture."}, nil
	}
	return pictured, nil, nil
}

// pictured reads the TOTP secret of the picture that was sent, or says what is
// wrong with it.
func (v *visit) pictured() (text, problem string, err error) {
	file, _, err := v.r.FormFile("picture")
	if err != nil {
		return "", "", err
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

// pictureInForm fills the secret of a picture into the form of a credential
// that is being added.
func (v *visit) pictureInForm(f *credentialForm) error {
	if v.hasPicture() {
		if err := v.offers(f.place.Own, perm.PasswordAdd); err != nil {
			return err
		}
	}
	secret, bad, err := v.secretSent()
	if err != nil {
		return err
	}
	f.pictured = v.hasPicture() && bad == nil
	f.in.TOTP = secret
	if bad != nil {
		f.errors = bad
	}
	return nil
}
