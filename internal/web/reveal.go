package web

import (
	"io"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/vault"
)

// revealed is a secret on its way to a page.
type revealed struct {
	credential string
	archived   bool
	secret     vault.Secret
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
	r := revealed{credential: c.ID, archived: c.Archived, secret: secret}
	if v.partial() {
		return v.render(revealedSecret(r))
	}
	place := placeOf(c)
	place.Folder = ""
	return v.showVault(place, &r)
}

// copyCredential gives the password for the clipboard. Only our script can ask:
// a page of another site, or a form, can't set the header.
func copyCredential(v *visit) error {
	if v.r.Header.Get("X-Requested-With") != "bailiwick" {
		return fault.NotFound()
	}
	secret, err := v.app.Vault.Copy(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = io.WriteString(v.w, secret.Password)
	if err != nil {
		v.log.Info("the browser went away while it was given a secret", "request", door.Of(v.r).ID, "error", err)
	}
	return nil
}
