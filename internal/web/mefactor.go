package web

import (
	"strings"

	"bailiwick/internal/door"
	"bailiwick/internal/factor"
	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
	"bailiwick/internal/web/ui"
)

const (
	factorsPath = "/me/factors"
	codesPath   = "/me/factors/codes"
)

var factorsCrumb = ui.Crumb{Label: "Second factor", Href: factorsPath}

func (s *Server) factorRoutes() {
	s.own("GET "+factorsPath, showFactors)
	s.own("POST "+factorsPath, beginFactor)
	s.own("GET "+codesPath, showCodes)
	s.own("POST "+codesPath, makeCodes)
	s.own("POST "+codesPath+"/kept", hideCodes)
	s.own("GET /me/factors/{id}", showBegun)
	s.own("POST /me/factors/{id}", confirmFactor)
	s.own("GET /me/factors/{id}/edit", showFactor)
	s.own("POST /me/factors/{id}/rename", renameFactor)
	s.own("POST /me/factors/{id}/remove", removeFactor)
	s.secondRoutes()
}

// factors is a page about one's own second factors. In a session that has to
// set one up first, there is nothing around it.
type factors struct {
	*visit
	frame ui.FrameParams
	plain ui.PlainParams
	enrol bool
	state factor.State
	next  string
	bad   map[string]string

	kind                 string
	name, password, code ui.FieldParams
	codesPassword        ui.FieldParams
	begun                factor.Enrolment
	picture              qrCode
	one                  factor.Factor
}

func (v *visit) factors(title, sub string, bad map[string]string, crumbs ...ui.Crumb) (p factors, err error) {
	p = factors{visit: v, enrol: v.who.Enrols(), next: v.next(), bad: bad, kind: v.r.PostForm.Get("kind")}
	if p.enrol {
		p.plain = v.plain(title, sub)
		p.plain.Page.Theme = v.me.Theme
	} else if p.frame, err = v.frame(title, crumbs...); err != nil {
		return p, err
	}
	if p.state, err = v.app.Factors.List(v.ctx(), v.who); err != nil {
		return p, err
	}
	p.name = ui.FieldParams{Name: "name", Label: "Name", Value: v.text("name"), Required: true, MaxLength: 60, Error: bad["name"], Hint: "By which you know it, such as “Telephone” or “Blue key”.", Autofocus: bad["name"] != ""}
	p.password = ui.FieldParams{Name: "password", Label: "Your password", Autocomplete: "current-password", Required: true, Error: bad["password"], Autofocus: bad["password"] != "" && bad["name"] == ""}
	p.codesPassword = ui.FieldParams{ID: "codes-password", Name: "password", Label: "Your password", Autocomplete: "current-password", Required: true, Error: bad["codes-password"], Autofocus: bad["codes-password"] != ""}
	p.code = ui.FieldParams{Name: "code", Label: "Code that the app shows", Autocomplete: "one-time-code", InputMode: "numeric", Mono: true, Required: true, MaxLength: 20, Autofocus: true, Error: bad["code"]}
	return p, nil
}

const (
	factorsTitle = "Second factor"
	enrolSub     = "A second factor beside the password is asked for. Set one up to go on."
)

func (v *visit) factorsPage(bad map[string]string) (factors, error) {
	return v.factors(factorsTitle, enrolSub, bad)
}

func showFactors(v *visit) error {
	p, err := v.factorsPage(nil)
	if err != nil {
		return err
	}
	return v.render(factorsPage(p))
}

// again shows the list with what is to be mended.
func (v *visit) factorsAgain(err error, rename map[string]string) error {
	bad, ok := fieldErrors(err)
	if !ok {
		return err
	}
	for from, to := range rename {
		bad[to] = bad[from]
		delete(bad, from)
	}
	p, failed := v.factorsPage(bad)
	if failed != nil {
		return failed
	}
	return v.renderAs(door.Status(err), factorsPage(p))
}

func beginFactor(v *visit) error {
	id, err := v.app.Factors.Begin(v.ctx(), v.who, factor.NewFactor{Kind: v.text("kind"), Name: v.text("name"), Password: v.secret("password"), Holder: session.Holder(v.bearer())})
	if err != nil {
		return v.factorsAgain(err, nil)
	}
	return v.goTo(factorsPath + "/" + id + "?next=" + query(v.next()))
}

func (v *visit) begun(bad map[string]string) (factors, error) {
	e, err := v.app.Factors.Show(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return factors{}, err
	}
	title := "Set up " + e.Name
	p, err := v.factors(title, "", bad, factorsCrumb)
	p.begun = e
	if err == nil && e.Kind == factor.TOTP {
		p.picture, err = qrOf(e.Address.Reveal())
	}
	return p, err
}

func showBegun(v *visit) error {
	p, err := v.begun(nil)
	if fault.Is(err, fault.Absent) { // set up already, or too late
		return v.goTo(factorsPath)
	}
	if err != nil {
		return err
	}
	return v.render(begunPage(p))
}

func confirmFactor(v *visit) error {
	in := factor.Confirmation{ID: v.r.PathValue("id"), Code: v.text("code"), Answer: []byte(v.r.PostForm.Get("passkey")), PRF: v.prf(), Holder: session.Holder(v.bearer())}
	codes, err := v.app.Factors.Confirm(v.ctx(), v.who, in)
	if bad, ok := fieldErrors(err); ok {
		p, failed := v.begun(bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), begunPage(p))
	}
	if err != nil {
		return err
	}
	return v.withCodes(codes, "The second factor is set up.", v.next())
}

// withCodes shows new recovery codes once, and then goes on.
func (v *visit) withCodes(codes []seal.FactorCode, said, next string) error {
	if len(codes) == 0 {
		v.flash(said, "")
		return v.goTo(factorsPath)
	}
	v.desk.codes.put(v.who.Session(), newCodes{codes, next})
	v.flash(said, "")
	return v.goTo(codesPath)
}

func makeCodes(v *visit) error {
	codes, err := v.app.Factors.NewCodes(v.ctx(), v.who, v.secret("password"))
	if err != nil {
		return v.factorsAgain(err, map[string]string{"password": "codes-password"})
	}
	return v.withCodes(codes, "The earlier recovery codes are void.", factorsPath)
}

func showCodes(v *visit) error {
	c, ok := v.desk.codes.get(v.who.Session())
	if !ok {
		return v.goTo(factorsPath)
	}
	f, err := v.frame("Your recovery codes", factorsCrumb)
	if err != nil {
		return err
	}
	return v.render(codesPage(f, v.me, v.app.Clock.Now().Format("2 January 2006"), c.codes))
}

func hideCodes(v *visit) error {
	c, ok := v.desk.codes.take(v.who.Session())
	if !ok || c.next == "/" || strings.HasPrefix(c.next, factorsPath) {
		return v.goTo(factorsPath)
	}
	return v.goOn(c.next)
}

// goOn goes on to where a sign-in was on the way to.
func (v *visit) goOn(next string) error {
	if !v.who.Open() && v.me.Kind != "guest" {
		return v.goTo("/open?next=" + query(next))
	}
	return v.goTo(next)
}

func (v *visit) oneFactor(bad map[string]string) (factors, error) {
	p, err := v.factors("Second factor", "", bad, factorsCrumb)
	if err != nil {
		return p, err
	}
	for _, f := range p.state.Factors {
		if f.ID == v.r.PathValue("id") {
			p.one = f
			p.frame.Crumbs[len(p.frame.Crumbs)-1].Label = f.Name
			p.frame.Page.Title = f.Name
			if p.name.Value == "" {
				p.name.Value = f.Name
			}
			return p, nil
		}
	}
	return p, fault.NotFound()
}

func showFactor(v *visit) error {
	p, err := v.oneFactor(nil)
	if err != nil {
		return err
	}
	return v.render(factorPage(p))
}

func (v *visit) oneAgain(err error) error {
	bad, ok := fieldErrors(err)
	if !ok {
		return err
	}
	p, failed := v.oneFactor(bad)
	if failed != nil {
		return failed
	}
	return v.renderAs(door.Status(err), factorPage(p))
}

func renameFactor(v *visit) error {
	if err := v.app.Factors.Rename(v.ctx(), v.who, v.r.PathValue("id"), v.text("name")); err != nil {
		return v.oneAgain(err)
	}
	v.flash("The name is changed.", "")
	return v.goTo(factorsPath)
}

func removeFactor(v *visit) error {
	if err := v.app.Factors.Remove(v.ctx(), v.who, v.r.PathValue("id"), v.secret("password")); err != nil {
		return v.oneAgain(err)
	}
	v.flash("The second factor is removed.", "")
	return v.goTo(factorsPath)
}
