package web

import (
	"net/http"

	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
	"bailiwick/internal/web/ui"
)

const recoveryPath = "/me/recovery-code/new"

var recoveryCrumb = ui.Crumb{Label: "Recovery code", Href: "/me/recovery-code"}

func (s *Server) recoveryRoutes() {
	s.signed("GET /me/recovery-code", showRecovery)
	s.signed("POST /me/recovery-code", vaultOnly(makeRecovery))
	s.signed("GET /me/recovery-code/new", vaultOnly(showNewRecovery))
	s.signed("POST /me/recovery-code/new", vaultOnly(confirmRecovery))
}

// recoveryState is the page that explains the code and offers a new one.
type recoveryState struct {
	*visit
	frame ui.FrameParams
	Next  string // where one was on the way to, "" otherwise
}

func showRecovery(v *visit) error {
	if v.me.Kind == "guest" {
		return fault.NotFound()
	}
	f, err := v.frame("Recovery code")
	if err != nil {
		return err
	}
	p := recoveryState{visit: v, frame: f}
	if v.r.URL.Query().Has("next") {
		p.Next = v.next()
	}
	return v.render(recoveryPage(p))
}

func makeRecovery(v *visit) error {
	v.desk.recovery.put(v.who.Session(), newCode{seal.NewRecoveryCode(), newQuiz(), v.next()})
	return v.goTo(recoveryPath)
}

func (v *visit) recoverySheet() (sheet, newCode, bool) {
	c, ok := v.desk.recovery.get(v.who.Session())
	if !ok {
		return sheet{}, c, false
	}
	s := sheet{Label: "Recovery code of " + v.me.Name, Org: v.me.Organization + ", " + v.me.Email, Day: v.app.Clock.Now().Format("2 January 2006"),
		Use:    "Brings back My passwords and your access to the vault when you forget your password. It is yours alone: keep it on paper, where others don't find it.",
		Groups: c.code.Groups(), quiz: c.quiz, Path: recoveryPath, Back: "/me/recovery-code", Done: "Confirm"}
	return s, c, true
}

func showNewRecovery(v *visit) error {
	s, _, ok := v.recoverySheet()
	if !ok {
		return v.goTo("/me/recovery-code")
	}
	if v.text("confirm") != "" {
		return v.showSheet(http.StatusOK, "Type two groups from the printout", s, true, recoveryCrumb)
	}
	return v.showSheet(http.StatusOK, "Print your recovery code", s, false, recoveryCrumb)
}

// showSheet shows a key inside the frame, or asks for it.
func (v *visit) showSheet(status int, title string, s sheet, confirm bool, crumb ui.Crumb) error {
	f, err := v.frame(title, crumb)
	if err != nil {
		return err
	}
	return v.renderAs(status, sheetPage(f, s, confirm))
}

func confirmRecovery(v *visit) error {
	s, c, ok := v.recoverySheet()
	if !ok {
		return v.goTo("/me/recovery-code")
	}
	if !s.confirmed(v) {
		return v.showSheet(http.StatusUnprocessableEntity, "Type two groups from the printout", s, true, recoveryCrumb)
	}
	if err := v.app.People.RenewRecovery(v.ctx(), v.who, c.code); err != nil {
		return err
	}
	v.desk.recovery.take(v.who.Session())
	v.flash("Your recovery code counts from now on. An earlier one is void.", "")
	return v.goTo(c.next)
}
