package web

import (
	"strings"
	"sync"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/seal"
	"bailiwick/internal/web/ui"

	"github.com/a-h/templ"
)

const (
	activationCookie = "__Host-activation"
	activatePath     = "/activate"
)

// activations are the sites that are being activated on this server. As in the
// set-up of a server, what is typed and made lies in memory only.
type activations struct {
	mu     sync.Mutex
	drafts map[string]*draft // by lookup of the cookie
	order  []string
}

const mostActivations = 64

func (a *activations) put(v *visit, d *draft) {
	cookie := seal.NewToken()
	name := string(cookie.Lookup())
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.drafts == nil {
		a.drafts = map[string]*draft{}
	}
	if len(a.order) == mostActivations {
		delete(a.drafts, a.order[0])
		a.order = a.order[1:]
	}
	a.order = append(a.order, name)
	a.drafts[name] = d
	v.setCookie(activationCookie, cookie.Reveal(), 24*60*60)
}

func (a *activations) draft(v *visit) (*draft, bool) {
	c, err := v.r.Cookie(activationCookie)
	if err != nil {
		return nil, false
	}
	token, err := seal.ParseToken(c.Value)
	if err != nil {
		return nil, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	d, ok := a.drafts[string(token.Lookup())]
	return d, ok
}

func (a *activations) drop(d *draft) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for name, other := range a.drafts {
		if other == d {
			delete(a.drafts, name)
		}
	}
}

func (s *Server) activationRoutes() {
	const why = "who activates a site has no account yet; the link and what stands behind its # are checked"
	s.open("POST "+activatePath, why, beginActivation)
	s.open("GET "+activatePath+"/organization", why, func(v *visit) error { return v.goTo("/sign-in") })
	s.open("GET "+activatePath+"/organization-key", why, s.activating(showSetupKey))
	s.open("POST "+activatePath+"/organization-key", why, s.activating(saveSetupKey))
	s.open("GET "+activatePath+"/recovery-key", why, s.activating(showSetupRecovery))
	s.open("POST "+activatePath+"/recovery-key", why, s.activating(saveSetupRecovery))
}

// activating finds the draft of this browser.
func (s *Server) activating(p func(*visit, *draft) error) page {
	return func(v *visit) error {
		d, ok := v.sites.draft(v)
		if ok {
			d.mu.Lock()
			defer d.mu.Unlock()
		}
		if !ok || d.used() {
			return v.deadLink(fault.Cannot("Nothing is being activated in this browser: it was finished, or the server was restarted."), "If the site is not activated yet, open the link in the mail again. Otherwise sign in.")
		}
		v.under(d.activating.Link.Org())
		return p(v, d)
	}
}

// activationForm is the first page of an activation.
type activationForm struct {
	invitationForm
	proof ui.FieldParams
}

func (v *visit) activationForm(in people.Invitation, name string, bad map[string]string) activationForm {
	f := activationForm{invitationForm: v.invitationForm(in, name, bad)}
	f.page = v.plain("Activate "+in.OrgName, in.Email)
	f.page.Wide = true
	f.proof = ui.FieldParams{Name: "secret", Value: v.secret("secret").Reveal(), Label: "Code of the link", Mono: true, Required: true, Error: bad["secret"],
		Hint: "It stands in the link behind the #. Your browser fills it in by itself.", Attrs: templ.Attributes{"data-from-hash": true}}
	return f
}

func beginActivation(v *visit) error {
	l, err := v.link()
	if err != nil {
		return v.deadLink(err, deadInvitation)
	}
	ip, trace := v.stranger()
	in := people.Activating{Acceptance: people.Acceptance{Link: l, Name: v.text("name"), Password: v.secret("password"), IP: ip, Trace: trace}}
	in.Proof, err = seal.ParseActivation(strings.TrimSpace(v.secret("secret").Reveal()))
	var found people.Invitation
	if err != nil {
		err = fault.Bad("secret", "This is not the code of a link: it is 87 characters, behind the # of the link. Open the link as it stands in the mail.")
	} else {
		found, err = v.app.People.CheckActivation(v.ctx(), in)
	}
	if bad, ok := fieldErrors(err); ok {
		again, failed := v.app.People.Invitation(v.ctx(), l, ip, trace)
		if failed != nil {
			return v.deadLink(failed, deadInvitation)
		}
		return v.renderAs(door.Status(err), activationPage(v.activationForm(again, v.text("name"), bad)))
	}
	if err != nil {
		return v.deadLink(err, deadInvitation)
	}
	d := newDraft(activatePath, finishActivation)
	d.named, d.activating = true, in
	d.in.Organization, d.in.Name = found.OrgName, in.Name
	v.sites.put(v, d)
	return v.goTo(d.at())
}

// finishActivation gives the site its keys and signs its administrator in.
func finishActivation(v *visit, d *draft, proved bool) error {
	ip, trace := v.stranger()
	in := d.activating
	in.Code, in.Recovery, in.IP, in.Trace = d.in.Code, d.in.Recovery, ip, trace
	made, err := v.app.People.Activate(v.ctx(), in)
	if err != nil {
		return v.deadLink(err, deadInvitation)
	}
	v.sites.drop(d)
	v.setCookie(activationCookie, "", -1)
	if err := v.signOutOther(); err != nil {
		return err
	}
	s, err := v.app.Sessions.Begin(v.ctx(), made, ip, v.r.UserAgent(), trace)
	if err != nil {
		return err
	}
	v.keep(s)
	said := d.in.Organization + " is activated, and its vault is open."
	if proved {
		who, err := v.app.Sessions.Resume(v.ctx(), s.Bearer(), ip, trace)
		if err == nil {
			err = v.app.Org.ConfirmRecovery(v.ctx(), who)
		}
		if err != nil {
			v.log.Error("the Recovery key was confirmed in the activation but could not be marked so", "request", door.Of(v.r).ID, "error", err)
			said += " Confirm the Recovery key once more."
		}
	}
	d.in.Code, d.in.Recovery, d.activating = seal.Code{}, seal.Code{}, people.Activating{}
	v.flash(said, "")
	return v.goTo("/")
}
