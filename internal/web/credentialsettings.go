package web

import (
	"net/http"
	"strconv"
	"strings"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

const credentialSettingsPath = "/settings/credentials"

func (s *Server) credentialSettingsRoutes() {
	s.signed("GET "+credentialSettingsPath, showCredentialSettings)
	s.signed("POST "+credentialSettingsPath, saveCredentialSettings)
}

// vaultSettingsForm is the page. read is what it was made from.
type vaultSettingsForm struct {
	frame      ui.FrameParams
	read, next vault.Settings
	seconds    string // as typed
	bad        map[string]string
	stale      bool
}

func (f vaultSettingsForm) secondsField() ui.FieldParams {
	return ui.FieldParams{Name: "reveal-seconds", Label: "Show a secret for, seconds", Value: f.seconds, Type: "number", InputMode: "numeric", Error: f.bad["reveal-seconds"],
		Hint: "5 to 300; 30 unless you change it. Then it is taken out of the page.", Attrs: map[string]any{"min": "5", "max": "300"}}
}

func (f vaultSettingsForm) wrong() []ui.FieldParams {
	return wrong(f.secondsField(), ui.FieldParams{Name: "hide-built-in-types", Label: "Hide the built-in types", Error: f.bad["hide-built-in-types"]})
}

// readText keeps in the form what it was made from.
func (f vaultSettingsForm) readText() string {
	return strconv.Itoa(f.read.RevealSeconds) + " " + strconv.FormatBool(f.read.HideBuiltin)
}

func showCredentialSettings(v *visit) error {
	s, err := v.app.Vault.Settings(v.ctx(), v.who)
	if err != nil {
		return err
	}
	return v.showVaultSettings(http.StatusOK, vaultSettingsForm{read: s, next: s, seconds: strconv.Itoa(s.RevealSeconds)})
}

func (v *visit) showVaultSettings(status int, f vaultSettingsForm) error {
	var err error
	if f.frame, err = v.frame("Credential settings"); err != nil {
		return err
	}
	return v.renderAs(status, credentialSettingsPage(f))
}

func saveCredentialSettings(v *visit) error {
	if err := v.offers(false, perm.OrganizationAdmin); err != nil {
		return err
	}
	f := vaultSettingsForm{seconds: v.text("reveal-seconds")}
	f.next.HideBuiltin = v.text("hide-built-in-types") != ""
	f.next.RevealSeconds, _ = strconv.Atoi(f.seconds) // 0 is refused as too short
	if seconds, hidden, ok := strings.Cut(v.text("read"), " "); ok {
		f.read.RevealSeconds, _ = strconv.Atoi(seconds)
		f.read.HideBuiltin = hidden == "true"
	}
	err := v.app.Vault.SaveSettings(v.ctx(), v.who, f.read, f.next)
	bad, invalid := fieldErrors(err)
	switch {
	case err == nil:
		v.flash("The settings about credentials are saved.", "")
		return v.goTo(credentialSettingsPath)
	case invalid:
		f.bad = bad
		return v.showVaultSettings(http.StatusUnprocessableEntity, f)
	case fault.Is(err, fault.Conflict):
		now, failed := v.app.Vault.Settings(v.ctx(), v.who)
		if failed != nil {
			return failed
		}
		f.read, f.stale, f.bad = now, true, map[string]string{}
		if now.RevealSeconds != f.next.RevealSeconds {
			f.bad["reveal-seconds"] = "It is now: " + strconv.Itoa(now.RevealSeconds) + " seconds"
		}
		if now.HideBuiltin != f.next.HideBuiltin {
			f.bad["hide-built-in-types"] = "It is now: " + map[bool]string{true: "on", false: "off"}[now.HideBuiltin]
		}
		return v.showVaultSettings(door.Status(err), f)
	}
	return err
}
