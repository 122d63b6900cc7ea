package web

import (
	"net/http"
	"time"

	"bailiwick/internal/door"
	"bailiwick/internal/factor"
	"bailiwick/internal/fault"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
	"bailiwick/internal/web/ui"
)

const newKeyPath = "/organization/keys/new"

var keysCrumb = ui.Crumb{Label: "Organization keys", Href: "/organization/keys"}

func (s *Server) keyRoutes() {
	s.signed("GET /organization/keys", showKeys)
	s.signed("GET /organization/keys/change", vaultOnly(showChangeKey))
	s.signed("POST /organization/keys/change", vaultOnly(beginKey))
	s.signed("GET "+newKeyPath, vaultOnly(showNewKey))
	s.signed("POST "+newKeyPath, vaultOnly(changeKey))
	s.signed("GET /organization/keys/recovery", vaultOnly(showProveRecovery))
	s.signed("POST /organization/keys/recovery", vaultOnly(proveRecovery))
}

// keysState is the page of the organization's keys.
type keysState struct {
	*visit
	frame ui.FrameParams
	state org.KeyState
	now   time.Time
}

func showKeys(v *visit) error {
	state, err := v.app.Org.Keys(v.ctx(), v.who)
	if err != nil {
		return err
	}
	f, err := v.frame("Organization keys")
	if err != nil {
		return err
	}
	return v.render(keysPage(keysState{v, f, state, v.app.Clock.Now()}))
}

// keyForm is a page with one field: the password before a new key is made, or
// the Recovery key to be checked.
type keyForm struct {
	frame ui.FrameParams
	field ui.FieldParams
	ways  factor.Ways // by which a second factor is proved again
	code  ui.FieldParams
}

// administers asks the feature, before anything is shown, whether the viewer
// has to do with the keys at all.
func (v *visit) administers() error {
	_, err := v.app.Org.Keys(v.ctx(), v.who)
	return err
}

func (v *visit) changeForm(wrong, wrongCode string) (keyForm, error) {
	if err := v.administers(); err != nil {
		return keyForm{}, err
	}
	f, err := v.frame("Change the Organization Key", keysCrumb)
	if err != nil {
		return keyForm{}, err
	}
	ways, err := v.app.Sessions.OwnWays(v.ctx(), v.who, v.bearer())
	code := codeField(ways, wrongCode)
	code.Autofocus, code.Required = wrongCode != "", !ways.Passkey
	return keyForm{frame: f, ways: ways, code: code, field: ui.FieldParams{Name: "password", Label: "Your password", Autocomplete: "current-password", Required: true, Autofocus: true, Error: wrong,
		Hint: "Asked for again, so that nobody can do this at a desk that was left for a moment."}}, err
}

func showChangeKey(v *visit) error {
	f, err := v.changeForm("", "")
	if err != nil {
		return err
	}
	return v.render(changeKeyPage(f))
}

// beginKey makes the new key. It counts once its printout is confirmed; until
// then the present one does.
func beginKey(v *visit) error {
	if err := v.administers(); err != nil {
		return err
	}
	password := v.secret("password")
	err := v.app.Org.Confirm(v.ctx(), v.who, password)
	if err == nil {
		err = v.proveAgain()
	}
	if bad, ok := fieldErrors(err); ok {
		f, failed := v.changeForm(bad["password"], bad["code"])
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), changeKeyPage(f))
	}
	if err != nil {
		return err
	}
	v.desk.keys.put(v.who.Session(), newKey{seal.NewCode(), password, newQuiz()})
	return v.goTo(newKeyPath)
}

// proveAgain takes the second factor of whoever has one along with his password.
func (v *visit) proveAgain() error {
	ways, err := v.app.Sessions.OwnWays(v.ctx(), v.who, v.bearer())
	if err != nil || !ways.TOTP && !ways.Passkey && !ways.Codes {
		return err
	}
	return v.app.Sessions.Prove(v.ctx(), v.who, v.bearer(), v.proof())
}

func (v *visit) newKeySheet() (sheet, newKey, bool) {
	k, ok := v.desk.keys.get(v.who.Session())
	if !ok {
		return sheet{}, k, false
	}
	s := sheet{Label: "Organization Key", Org: v.me.Organization, Day: v.app.Clock.Now().Format("2 January 2006"),
		Use:    "Opens the vault on a browser that was never used for it before. All who work with the vault need it, together with their own password. It takes the place of the earlier key once you have confirmed it.",
		Groups: k.code.Groups(), Words: k.code.WordGroups(), quiz: k.quiz, Path: newKeyPath, Back: "/organization/keys", Done: "Change the Organization Key"}
	return s.read(v), k, true
}

func showNewKey(v *visit) error {
	s, _, ok := v.newKeySheet()
	if !ok {
		return v.goTo("/organization/keys")
	}
	if v.text("confirm") != "" {
		return v.showSheet(http.StatusOK, "Type two parts from the printout", s, true, keysCrumb)
	}
	return v.showSheet(http.StatusOK, "Print the new Organization Key", s, false, keysCrumb)
}

func changeKey(v *visit) error {
	s, k, ok := v.newKeySheet()
	if !ok {
		return v.goTo("/organization/keys")
	}
	if !s.confirmed(v) {
		return v.showSheet(http.StatusUnprocessableEntity, "Type two parts from the printout", s, true, keysCrumb)
	}
	if _, first := v.desk.keys.take(v.who.Session()); !first {
		return v.goTo("/organization/keys")
	}
	if err := v.app.Org.ChangeKey(v.ctx(), v.who, k.password, k.code); err != nil {
		v.desk.keys.put(v.who.Session(), k)
		return err
	}
	v.flash("The Organization Key is changed. The earlier one opens nothing any more.", "")
	return v.goTo("/organization/keys")
}

func (v *visit) recoveryForm(wrong string) (keyForm, error) {
	if err := v.administers(); err != nil {
		return keyForm{}, err
	}
	f, err := v.frame("Confirm the Recovery key", keysCrumb)
	return keyForm{frame: f, field: ui.FieldParams{Name: "recovery_key", Label: "Recovery key", Mono: true, Required: true, Autofocus: true, Error: wrong, Placeholder: "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XX",
		Hint: "All six groups, from the printout. Upper or lower case, spaces and dashes don't matter."}}, err
}

func showProveRecovery(v *visit) error {
	f, err := v.recoveryForm("")
	if err != nil {
		return err
	}
	return v.render(proveRecoveryPage(f))
}

func proveRecovery(v *visit) error {
	typed := v.secret("recovery_key")
	code, err := seal.ParseCode(typed.Reveal())
	if err != nil {
		err = fault.Bad("recovery_key", "%s.", mistyped(err))
	} else {
		err = v.app.Org.ProveRecovery(v.ctx(), v.who, code)
	}
	if bad, ok := fieldErrors(err); ok {
		f, failed := v.recoveryForm(bad["recovery_key"])
		if failed != nil {
			return failed
		}
		f.field.Value = typed.Reveal()
		return v.renderAs(door.Status(err), proveRecoveryPage(f))
	}
	if err != nil {
		return err
	}
	v.flash("The Recovery key's printout is confirmed.", "")
	return v.goTo("/organization/keys")
}
