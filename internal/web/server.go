// Package web is the web interface: pages made on the server, forms, and the
// few answers that the script asks for.
//
// It decodes, calls one feature method, and renders. It decides nothing: a
// button is shown where the feature says that the act would be allowed.
package web

import (
	"bailiwick/internal/perm"
	"context"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"bailiwick/internal/app"
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/web/static"
	"bailiwick/internal/web/ui"
)

// Server renders the pages of an App.
type Server struct {
	app   *app.App
	table *door.Table
	log   *slog.Logger
	setup *wizard // nil where the organization was there from the start
	desk  *desk
	sites activations

	rendered rendered  // articles
	answers  keptPages // to passers-by in knowledge bases
	sheets   brandSheets
}

// Options are what differs between servers.
type Options struct {
	Log        *slog.Logger
	SetupToken seal.Token // valid where set-up is still to be done
}

// Mount adds the pages to the route table.
func Mount(a *app.App, t *door.Table, o Options) *Server {
	s := &Server{app: a, table: t, log: o.Log, desk: newDesk(a.Clock)}
	if o.SetupToken.Valid() {
		s.setup = newWizard(o.SetupToken)
	}
	t.Add(door.Route{Pattern: "GET " + static.Prefix, Public: "style, script, fonts and pictures are the same for everybody", Handler: static.Handler()})
	for _, routes := range []func(){s.setupRoutes, s.signInRoutes, s.linkRoutes, s.meRoutes, s.keyRoutes, s.homeRoutes, s.clientRoutes, s.folderRoutes, s.undoRoutes, s.columnRoutes,
		s.credentialRoutes, s.searchRoutes, s.importRoutes, s.auditRoutes, s.mailRoutes, s.accessRoutes, s.extLinkRoutes, s.shareRoutes, s.exportRoutes,
		s.activationRoutes, s.siteRoutes, s.userRoutes, s.userAddRoutes, s.userEditRoutes, s.chosenRoutes, s.userImportRoutes, s.peopleSettingsRoutes, s.typeRoutes, s.flagRoutes, s.passwordSettingsRoutes, s.brandingRoutes, s.brandSheetRoutes, s.kbReadRoutes, s.kbRoutes} {
		routes()
	}
	return s
}

// visit is one request to a page.
type visit struct {
	*Server
	w    http.ResponseWriter
	r    *http.Request
	who  gate.Actor
	me   people.Me
	over gate.Actor // who, as a visitor of the site that the page is about

	about org.Address // whose page before signing in it is

	kept func(keptPage) // takes what a passer-by is answered

	around func() (surroundings, error) // what the frame shows, where it is read beside the page

	failing bool         // the page that comes tells of an error
	instead func() error // answers an act in place of the redirect
}

type page func(*visit) error

// open mounts a page that needs no session; why says so in the route table.
func (s *Server) open(pattern, why string, p page) {
	s.table.Add(door.Route{Pattern: pattern, Public: why, Handler: s.handler(p, false)})
}

// signed mounts a page of somebody who is signed in and approved. Who waits
// for approval would be refused by the gate; here no empty form is shown to him.
func (s *Server) signed(pattern string, p page) { s.upload(pattern, 0, p) }

// upload is signed for a form of so many bytes; 0 is what every form may have.
func (s *Server) upload(pattern string, most int64, p page) {
	s.table.Add(door.Route{Pattern: pattern, Body: most, Handler: s.handler(func(v *visit) error {
		if v.me.Waiting {
			return fault.NotFound()
		}
		return p(v)
	}, true)})
}

// own mounts a page of whoever is signed in, also while he waits for approval.
func (s *Server) own(pattern string, p page) {
	s.table.Add(door.Route{Pattern: pattern, Handler: s.handler(p, true)})
}

func (s *Server) handler(p page, signed bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.setup.over() && !setupPath(r.URL.Path) {
			door.Elsewhere(w, r, "/setup")
			return
		}
		v := &visit{Server: s, w: w, r: r, who: gate.Stranger("", door.Of(r).IP, door.Of(r).Trace)}
		err := v.enter(signed)
		if err == nil {
			err = p(v)
		}
		if err != nil {
			v.fail(err)
		}
	})
}

// enter recognizes the session, and reads a form with its idempotency key.
func (v *visit) enter(signed bool) error {
	if v.r.Method == http.MethodPost && !strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/") {
		if err := v.r.ParseForm(); err != nil {
			if door.Status(err) != http.StatusInternalServerError {
				return err // too large, or too slow
			}
			return fault.Cannot("This form could not be read. Nothing was saved. Go back and try again.")
		}
	}
	if !signed {
		return nil
	}
	who, err := v.app.Sessions.Resume(v.r.Context(), v.bearer(), door.Of(v.r).IP, door.Of(v.r).Trace)
	if err != nil {
		return err
	}
	if key, request := v.onceKey(""); key != "" {
		who = who.Once(key, request)
	}
	v.who = who
	v.me, err = v.app.People.Me(v.r.Context(), who)
	if who.Kind() == gate.Perspective && fault.Is(err, fault.Absent) {
		// The viewer may not look at this user any more.
		if err = v.app.Sessions.Leave(v.r.Context(), who); err == nil {
			err = errLeft
		}
	}
	return err
}

// onceKey is the idempotency key of what a form does, made of the form's own
// and of all that was sent. The same form sent twice is one act; sent again
// with other values it is another one, and nothing that was typed is lost.
func (v *visit) onceKey(about string) (key string, request []byte) {
	own := v.r.PostForm.Get("once")
	if own == "" || len(own) > 64 {
		return "", nil
	}
	request = seal.Hash([]byte(v.r.URL.Path), []byte(v.r.PostForm.Encode()), []byte(about))
	return base64.RawURLEncoding.EncodeToString(request), request
}

func (v *visit) ctx() context.Context { return v.r.Context() }

// text is a field of the form or of the query, without spaces around it.
func (v *visit) text(name string) string { return strings.TrimSpace(v.r.FormValue(name)) }

// render sends a page.
func (v *visit) render(c templ.Component) error { return v.renderAs(http.StatusOK, c) }

func (v *visit) renderAs(status int, c templ.Component) error {
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	return c.Render(v.wording(), v.w)
}

// wording is the context in which pages are drawn: a site has words of its own.
func (v *visit) wording() context.Context {
	if v.me.Site {
		return ui.Inside(v.r.Context())
	}
	return v.r.Context()
}

// goTo sends the browser to another page of this server after a POST.
func (v *visit) goTo(path string) error {
	if v.r.Header.Get("HX-Request") == "true" {
		v.w.Header().Set("HX-Redirect", path)
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}

// next is where a sign-in was on the way to: a path of this server only, so
// that no link can send anybody elsewhere after signing in.
func (v *visit) next() string {
	n := v.r.FormValue("next")
	u, err := url.Parse(n)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(n, "/") || strings.HasPrefix(n, "//") || strings.ContainsAny(n, "\\\n\r\t") {
		return "/"
	}
	return n
}

// here is the present page as a "next".
func (v *visit) here() string {
	if v.r.Method != http.MethodGet {
		return "/"
	}
	return v.r.URL.RequestURI()
}

// once makes a new idempotency key for a form.
func once() string { return seal.NewToken().Reveal() }

const sessionCookie = "__Host-session"

func (v *visit) bearer() string {
	c, err := v.r.Cookie(sessionCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

func (v *visit) setCookie(name, value string, age int) {
	http.SetCookie(v.w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// keep stores a session, and the device that opens the vault next time.
func (v *visit) keep(s session.SignedIn) {
	v.setCookie(sessionCookie, s.Bearer(), int(session.Lifetime.Seconds()))
	if s.Browser.Valid() {
		v.setCookie(browserCookie, s.Browser.Reveal(), int(session.BrowserLifetime.Seconds()))
	}
	if s.Device.Valid() {
		v.keepDevice(s.User, s.Device)
	}
}

func (v *visit) keepDevice(user string, device seal.Token) {
	v.setCookie("__Host-dev-"+user, device.Reveal(), int(session.DeviceLifetime.Seconds()))
}

// devices are the secrets that this browser is known by, by user.
func (v *visit) devices() map[string]seal.Token {
	known := map[string]seal.Token{}
	for _, c := range v.r.Cookies() {
		if user, ok := strings.CutPrefix(c.Name, "__Host-dev-"); ok {
			if token, err := seal.ParseToken(c.Value); err == nil {
				known[user] = token
			}
		}
	}
	return known
}

// offers keeps a form from whoever could not send it: what he typed would be
// lost. It is a courtesy; the feature decides.
func (v *visit) offers(own bool, p perm.P) error {
	if own {
		p = perm.VaultAccess
	}
	if !v.me.Has(p) {
		return fault.NotFound()
	}
	return nil
}
