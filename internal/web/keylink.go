package web

import (
	"strings"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/web/ui"

	"github.com/a-h/templ"
)

func (s *Server) keyLinkRoutes() {
	s.open("GET /key/{id}", "the address of an organization-key link, followed before signing in; it shows nothing but where to sign in", showKeyLink)
	s.signed("POST /key/{id}", useKeyLink)
	s.signed("POST /open/request", requestKey)
	s.open("GET /request-key", "asks for the organization key before signing in; the answer is always the same", showRequestKey)
	s.open("POST /request-key", "asks for the organization key before signing in; the answer is always the same", requestKeyAt)
}

// keyLinkForm is the page that an organization-key link leads to. The script
// takes the secret from behind the # and puts it into the form.
type keyLinkForm struct {
	page             ui.PlainParams
	ID, Next, Email  string
	SignedIn, Opened bool
	Need             session.Need
	secret, digits   ui.FieldParams
	password         ui.FieldParams
}

// keyLinkForm gives what was typed back: after a slip of the digits the code of
// the link is not behind the # any more.
func (v *visit) keyLinkForm(bad map[string]string) (keyLinkForm, error) {
	id := v.r.PathValue("id")
	f := keyLinkForm{page: v.plain("Open the vault", "With a link that was sent to you."), ID: id, Next: "/sign-in?next=" + query("/key/"+id)}
	who, err := v.resume()
	if fault.Is(err, fault.Unsigned) {
		return f, nil
	}
	if err != nil {
		return f, err
	}
	v.who = who
	f.SignedIn, f.Opened = true, who.Open()
	if f.Opened {
		return f, nil
	}
	if v.me, err = v.app.People.Me(v.ctx(), who); err != nil {
		return f, err
	}
	f.Email = v.me.Email
	if f.Need, err = v.app.Sessions.NeedOf(v.ctx(), who, v.bearer(), v.devices()[who.User()], id); err != nil {
		return f, err
	}
	f.secret = ui.FieldParams{Name: "secret", Value: v.secret("secret").Reveal(), Label: "Code of the link", Mono: true, Required: true, Error: bad["link"], Hint: "It stands in the link behind the #. Your browser fills it in by itself.", Attrs: templ.Attributes{"data-from-hash": true}}
	f.digits = ui.FieldParams{Name: "digits", Label: "Six digits", Mono: true, Required: true, Error: bad["digits"], Hint: "Whoever sent the link tells you them by another way than mail.", Autocomplete: "one-time-code", InputMode: "numeric", Autofocus: true}
	f.password = ui.FieldParams{Name: "password", Label: "Password", Autocomplete: "current-password", Required: true, Error: bad["password"]}
	return f, nil
}

func showKeyLink(v *visit) error {
	f, err := v.keyLinkForm(nil)
	if err != nil {
		return err
	}
	return v.render(keyLinkPage(f))
}

func useKeyLink(v *visit) error {
	if v.who.Open() {
		return v.goTo("/")
	}
	secret, err := seal.ParseToken(strings.TrimSpace(v.secret("secret").Reveal()))
	if err != nil {
		err = fault.Bad("link", "This is not the code of a link: it is 43 characters, behind the # of the link.")
	}
	var device seal.Token
	if err == nil {
		in := session.Open{Bearer: v.bearer(), Password: v.secret("password"), Agent: v.r.UserAgent(),
			Link: org.Link{ID: v.r.PathValue("id"), Secret: secret, Digits: strings.Join(strings.Fields(v.text("digits")), "")}}
		device, err = v.app.Sessions.Open(v.ctx(), v.who, in)
	}
	if bad, ok := fieldErrors(err); ok {
		f, failed := v.keyLinkForm(bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), keyLinkPage(f))
	}
	if err != nil {
		return err
	}
	return v.openedWith(device, "/")
}

func requestKey(v *visit) error {
	if err := v.app.KeyLinks.Request(v.ctx(), v.who); err != nil {
		return err
	}
	v.flash("The administrators are asked to send you the organization key. The link comes by mail.", "")
	return v.goTo("/open?next=" + query(v.next()))
}

func showRequestKey(v *visit) error {
	a, err := v.at()
	if err != nil {
		return err
	}
	return v.render(requestKeyPage(v.requestKeyForm(a, ""), false))
}

func requestKeyAt(v *visit) error {
	a, err := v.at()
	if err != nil {
		return err
	}
	err = v.app.People.RequestKey(v.ctx(), v.text("email"), door.Of(v.r).IP)
	if bad, ok := fieldErrors(err); ok {
		return v.renderAs(door.Status(err), requestKeyPage(v.requestKeyForm(a, bad["email"]), false))
	}
	if err != nil {
		return err
	}
	return v.render(requestKeyPage(v.requestKeyForm(a, ""), true))
}

func (v *visit) requestKeyForm(a org.Address, bad string) letterForm {
	f := v.letterForm("Request the organization key", a, bad)
	f.page.Sub = "For people who have an account, and open the vault in a new browser."
	return f
}
