package web

import (
	"errors"
	"strings"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/web/ui"
)

const (
	choiceCookie = "__Host-choice"
	whySignIn    = "whoever signs in has no session yet"
)

func (s *Server) signInRoutes() {
	s.open("GET /sign-in", whySignIn, showSignIn)
	s.open("POST /sign-in", whySignIn, signIn)
	s.open("GET /o/{slug}", whySignIn, showSignIn)
	s.open("POST /o/{slug}", whySignIn, signIn)
	s.open("GET /sign-in/choose", whySignIn, showChoice)
	s.open("POST /sign-in/choose", whySignIn, choose)
	s.open("POST /sign-out", "whoever is not signed in has nothing to lose by signing out", signOut)
	s.openRoutes()
}

// signInForm is the page on which one signs in. At an organization's own
// address, At is that address.
type signInForm struct {
	page         ui.PlainParams
	At, Next     string
	Email, Wrong string
	Said         *ui.Toast
	Slug         string // of the organization, at its own address
	OrgID        string // the same's id
	Passkey      bool   // this server has an address that passkeys are made for
	Registers    bool   // people may register themselves here
}

func (v *visit) signInForm() (signInForm, org.Address, error) {
	f := signInForm{At: "/sign-in", Next: v.next(), Email: v.r.PostForm.Get("email"), Slug: v.r.PathValue("slug"), Passkey: v.app.Factors.Origin() != ""}
	at, _, open, err := v.registering(f.Slug, "")
	if f.Slug != "" {
		v.about = at
	}
	f.page, f.Registers = v.plain("Sign in", ""), open
	if f.Slug == "" || err != nil {
		return f, org.Address{}, err
	}
	if at.ID == "" {
		return f, at, fault.NotFound()
	}
	f.At, f.page.Sub, f.OrgID = "/o/"+at.Slug, at.Name, at.ID
	if at.Provider != "" {
		f.page.Sub = withProvider(at)
	}
	return f, at, nil
}

func showSignIn(v *visit) error {
	f, _, err := v.signInForm()
	if err != nil {
		return err
	}
	if _, err := v.resume(); err == nil {
		return v.goTo(f.Next)
	}
	f.Said = v.flashed()
	return v.render(signInPage(f))
}

// resume recognizes a session on a page that needs none.
func (v *visit) resume() (gate.Actor, error) {
	return v.app.Sessions.Resume(v.ctx(), v.bearer(), door.Of(v.r).IP, door.Of(v.r).Trace)
}

func signIn(v *visit) error {
	f, at, err := v.signInForm()
	if err != nil {
		return err
	}
	in := session.SignIn{Email: f.Email, Password: v.secret("password"), Org: at.ID}
	s, err := v.signInWith(in)
	if several := (*session.ChooseError)(nil); errors.As(err, &several) {
		ticket := seal.NewToken()
		v.desk.choices.put(string(ticket.Lookup()), choice{in.Email, in.Password, several.Choices, f.Next})
		v.setCookie(choiceCookie, ticket.Reveal(), 180)
		return v.goTo("/sign-in/choose")
	}
	if second, err := v.toSecond(err, f.Next); second || err != nil {
		if second {
			return err
		}
		return v.notSignedIn(f, err)
	}
	return v.enterAs(s, f.Next)
}

func (v *visit) signInWith(in session.SignIn) (session.SignedIn, error) {
	in.Browser, in.Keeps = v.browserToken(), true
	in.Devices, in.IP, in.Agent, in.Trace = v.devices(), door.Of(v.r).IP, v.r.UserAgent(), door.Of(v.r).Trace
	return v.app.Sessions.SignIn(v.ctx(), in)
}

// enterAs keeps a new session, and leads on: first to opening the vault where
// this browser can't do that by itself.
func (v *visit) enterAs(s session.SignedIn, next string) error {
	v.keep(s)
	if s.Enrol {
		return v.goTo(factorsPath + "?next=" + query(next))
	}
	if !s.Open && !strings.HasPrefix(next, "/key/") { // which opens the vault itself
		return v.goTo("/open?next=" + query(next))
	}
	return v.goTo(next)
}

// notSignedIn shows the form again with the one text that every failed sign-in
// has. The password is not sent back.
func (v *visit) notSignedIn(f signInForm, err error) error {
	is, ok := fault.As(err)
	if !ok || (is.Kind != fault.Unsigned && is.Kind != fault.Throttled && is.Kind != fault.Unavailable) {
		return err
	}
	if after := door.After(err); after != "" {
		v.w.Header().Set("Retry-After", after)
	}
	f.Wrong = is.Text
	return v.renderAs(door.Status(err), signInPage(f))
}

// waiting is the sign-in for which an organization is to be chosen.
func (v *visit) waiting() (name string, c choice, ok bool) {
	cookie, err := v.r.Cookie(choiceCookie)
	if err != nil {
		return "", c, false
	}
	token, err := seal.ParseToken(cookie.Value)
	if err != nil {
		return "", c, false
	}
	c, ok = v.desk.choices.get(string(token.Lookup()))
	return string(token.Lookup()), c, ok
}

func showChoice(v *visit) error {
	_, c, ok := v.waiting()
	if !ok {
		return v.goTo("/sign-in")
	}
	return v.render(choicePage(v.plain("Choose an organization", "Your email and password fit in several."), c))
}

func choose(v *visit) error {
	name, c, ok := v.waiting()
	if !ok {
		return v.goTo("/sign-in")
	}
	for _, o := range c.among {
		if o.Org != v.text("organization") {
			continue
		}
		if _, ok := v.desk.choices.take(name); !ok {
			return v.goTo("/sign-in")
		}
		v.setCookie(choiceCookie, "", -1)
		v.under(o.Org)
		s, err := v.signInWith(session.SignIn{Email: c.email, Password: c.password, Org: o.Org})
		if second, err := v.toSecond(err, c.next); second || err != nil {
			if second {
				return err
			}
			return v.notSignedIn(signInForm{page: v.plain("Sign in", o.Name), At: "/o/" + o.Slug, Next: c.next, Email: c.email}, err)
		}
		return v.enterAs(s, c.next)
	}
	return fault.NotFound()
}

// signOut ends the session, if there still is one; the browser forgets it in
// any case, and stays known as a device.
func signOut(v *visit) error {
	who, err := v.resume()
	if err == nil {
		v.who = who
		v.under(who.Org())
		if who.Kind() == gate.Perspective { // it returns to one's own session
			return v.leave()
		}
		v.clearDesk()
		err = v.app.Sessions.SignOut(v.ctx(), who)
	}
	if err != nil && !fault.Is(err, fault.Unsigned) && !fault.Is(err, fault.Absent) {
		return err
	}
	v.setCookie(sessionCookie, "", -1)
	v.flash("You are signed out.", "")
	return v.goTo(v.signInPath())
}
