package web

import (
	"io"
	"strconv"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

// revealed is a secret on its way to a page.
type revealed struct {
	credential string
	archived   bool
	version    int64
	seconds    int // for which it is shown
	secret     vault.Secret

	code   *vault.Code  // in its place: the present one-time code
	field  *vault.Field // without script: the hidden field that was asked for
	number int          // of that field
}

func revealedOf(c vault.Credential, version int64, secret vault.Secret) revealed {
	return revealed{credential: c.ID, archived: c.Archived, version: version, seconds: c.ShowSeconds, secret: secret}
}

// fieldPath is where a custom field of it is asked for.
func (r revealed) fieldPath(number int) string {
	return "/credentials/" + r.credential + "/history/" + strconv.FormatInt(r.version, 10) + "/fields/" + strconv.Itoa(number)
}

// revealCredential answers the script with the secret alone, and a browser
// without script with the page whose panel shows it.
func revealCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	secret, err := v.app.Vault.Reveal(v.ctx(), v.who, c.ID)
	if err != nil {
		return err
	}
	return v.showRevealed(c, revealedOf(c, c.Version, secret))
}

func (v *visit) showRevealed(c vault.Credential, r revealed) error {
	if v.partial() {
		return v.render(revealedSecret(r))
	}
	place := placeOf(c)
	place.Folder = ""
	return v.showVault(place, &r)
}

// copying gives something for the clipboard. Only our script can ask: a page
// of another site, or a form, can't set the header.
func copying(get func(v *visit) (string, error)) page {
	return func(v *visit) error {
		if v.r.Header.Get("X-Requested-With") != "bailiwick" {
			return fault.NotFound()
		}
		text, err := get(v)
		if err != nil {
			return err
		}
		v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if _, err = io.WriteString(v.w, text); err != nil {
			v.log.Info("the browser went away while it was given a secret", "request", door.Of(v.r).ID, "error", err)
		}
		return nil
	}
}

func copyCredential(v *visit) (string, error) {
	secret, err := v.app.Vault.Copy(v.ctx(), v.who, v.r.PathValue("id"))
	return secret.Password, err
}

func (v *visit) fieldNumber() int {
	n, err := strconv.Atoi(v.r.PathValue("number"))
	if err != nil {
		return -1
	}
	return n
}

func copyField(v *visit) (string, error) {
	f, err := v.app.Vault.CopyField(v.ctx(), v.who, v.r.PathValue("id"), v.version(), v.fieldNumber())
	return f.Value, err
}

// revealField shows a hidden custom field: to the script alone, without script
// on the page of the version that has it.
func revealField(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	f, err := v.app.Vault.RevealField(v.ctx(), v.who, c.ID, v.version(), v.fieldNumber())
	if err != nil {
		return err
	}
	if v.partial() {
		return v.render(ui.Revealed(f.Value, c.ShowSeconds))
	}
	// The page shows the rest of that secret too, so that is seen again.
	r := revealed{field: &f, number: v.fieldNumber()}
	if v.version() == c.Version {
		secret, err := v.app.Vault.Reveal(v.ctx(), v.who, c.ID)
		if err != nil {
			return err
		}
		full := revealedOf(c, c.Version, secret)
		full.field, full.number = r.field, r.number
		return v.showRevealed(c, full)
	}
	secret, err := v.app.Vault.RevealVersion(v.ctx(), v.who, c.ID, v.version())
	if err != nil {
		return err
	}
	full := revealedOf(c, v.version(), secret)
	full.field, full.number = r.field, r.number
	return v.showHistory(v.version(), &full)
}
