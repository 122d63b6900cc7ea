package web

import (
	"cmp"
	"encoding/base64"
	"errors"
	"net/http"

	"bailiwick/internal/door"
	"bailiwick/internal/factor"
	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/web/ui"
)

const (
	secondCookie  = "__Host-second"  // the sign-in that waits
	browserCookie = "__Host-browser" // what this browser is recognized by
	secondPath    = "/sign-in/second"
)

func (s *Server) secondRoutes() {
	s.open("GET "+secondPath, whySignIn, showSecond)
	s.open("POST "+secondPath, whySignIn, signInSecond)
	s.open("POST /sign-in/passkey/begin", whySignIn, beginPasskey)
	s.open("POST /o/{slug}/passkey/begin", whySignIn, beginPasskey)
	s.open("POST /sign-in/passkey", whySignIn, signInByPasskey)
}

// secondForm is the second step of a sign-in.
type secondForm struct {
	page  ui.PlainParams
	Next  string
	Ways  factor.Ways
	Wrong string
	code  ui.FieldParams
}

// toSecond leads to the second step. There is no session before it.
func (v *visit) toSecond(err error, next string) (bool, error) {
	needs := (*session.FactorError)(nil)
	if !errors.As(err, &needs) {
		return false, err
	}
	v.setCookie(secondCookie, needs.Pending.Reveal(), int(session.Waiting.Seconds()))
	return true, v.goTo(secondPath + "?next=" + query(next))
}

// cookie is a cookie's value as a secret.
func (v *visit) cookie(name string) seal.Secret {
	c, err := v.r.Cookie(name)
	if err != nil {
		return seal.Secret{}
	}
	return seal.NewSecret(c.Value)
}

// browserToken is what an earlier sign-in gave this browser.
func (v *visit) browserToken() seal.Token {
	t, _ := seal.ParseToken(v.cookie(browserCookie).Reveal())
	return t
}

// codeField asks for what proves a second factor by typing.
func codeField(w factor.Ways, wrong string) ui.FieldParams {
	f := ui.FieldParams{Name: "code", Label: "Code of your app, or a recovery code", Autocomplete: "one-time-code", Mono: true, Required: true, MaxLength: 60, Error: wrong,
		Hint: "Six digits that change every 30 seconds. Each works once.", Autofocus: !w.Passkey || wrong != ""}
	switch {
	case !w.TOTP:
		f.Label, f.Hint, f.Autocomplete = "Recovery code", "One from your list: 16 letters and digits. Each works once.", "off"
	case !w.Codes:
		f.Label, f.InputMode = "Code of your app", "numeric"
	}
	return f
}

func (v *visit) secondForm(wrong string) (secondForm, error) {
	v.under(session.PendingOrg(v.cookie(secondCookie)))
	f := secondForm{page: v.plain("Second factor", "Your password is right. One more proof that it is you."), Next: v.next(), Wrong: wrong}
	var err error
	f.Ways, err = v.app.Sessions.Ways(v.ctx(), v.cookie(secondCookie), door.Of(v.r).IP, door.Of(v.r).Trace)
	f.code = codeField(f.Ways, wrong)
	return f, err
}

func showSecond(v *visit) error {
	f, err := v.secondForm("")
	if fault.Is(err, fault.Unsigned) {
		return v.goTo(v.signInPath() + "?next=" + query(v.next()))
	}
	if err != nil {
		return err
	}
	return v.render(secondPage(f))
}

// proof is what a form brings to prove a second factor.
func (v *visit) proof() factor.Proof {
	return factor.Proof{Code: v.secret("code").Reveal(), Answer: []byte(v.r.PostForm.Get("passkey"))}
}

func signInSecond(v *visit) error {
	in := session.Second{Pending: v.cookie(secondCookie), Proof: v.proof(), Devices: v.devices(), Browser: v.browserToken(), Keeps: true,
		IP: door.Of(v.r).IP, Agent: v.r.UserAgent(), Trace: door.Of(v.r).Trace}
	s, err := v.app.Sessions.SecondStep(v.ctx(), in)
	if bad, ok := fieldErrors(err); ok {
		f, failed := v.secondForm(bad["code"])
		if failed == nil {
			return v.renderAs(door.Status(err), secondPage(f))
		}
		err = failed
	}
	if err != nil {
		v.setCookie(secondCookie, "", -1)
		v.under(session.PendingOrg(in.Pending))
		return v.notSignedIn(v.signInAgain(), err)
	}
	v.setCookie(secondCookie, "", -1)
	return v.enterAs(s, v.next())
}

// beginPasskey answers the script with what the browser has to ask for.
func beginPasskey(v *visit) error {
	orgID := ""
	if slug := v.r.PathValue("slug"); slug != "" {
		at, err := v.app.Org.BySlug(v.ctx(), slug, door.Of(v.r).IP, door.Of(v.r).Trace)
		if err != nil {
			return err
		}
		orgID = at.ID
	}
	pending, options, err := v.app.Sessions.AskPasskey(v.ctx(), orgID, door.Of(v.r).IP, door.Of(v.r).Trace)
	if err != nil {
		return err
	}
	v.setCookie(secondCookie, pending.Reveal(), int(session.Waiting.Seconds()))
	v.w.Header().Set("Content-Type", "application/json")
	v.w.WriteHeader(http.StatusOK)
	_, err = v.w.Write(options)
	return err
}

func signInByPasskey(v *visit) error {
	in := session.PasskeySignIn{Pending: v.cookie(secondCookie), Org: v.text("organization"), Answer: []byte(v.r.PostForm.Get("passkey")), PRF: v.prf(),
		Devices: v.devices(), Browser: v.browserToken(), IP: door.Of(v.r).IP, Agent: v.r.UserAgent(), Trace: door.Of(v.r).Trace}
	s, err := v.app.Sessions.SignInByPasskey(v.ctx(), in)
	v.setCookie(secondCookie, "", -1)
	if err != nil {
		v.under(cmp.Or(in.Org, session.PendingOrg(in.Pending))) // what has waited too long says nothing any more
		return v.notSignedIn(v.signInAgain(), err)
	}
	return v.enterAs(s, v.next())
}

// prf is what the PRF of a passkey gave, in base64url; empty where it gave
// nothing.
func (v *visit) prf() []byte {
	b, err := base64.RawURLEncoding.DecodeString(v.r.PostForm.Get("prf"))
	if err != nil || len(b) < seal.KeySize {
		return nil
	}
	return b[:seal.KeySize]
}
