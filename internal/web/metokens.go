package web

import (
	"strconv"
	"time"

	"bailiwick/internal/client"
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/session"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

var tokensCrumb = ui.Crumb{Label: "API tokens", Href: "/me/tokens"}

func (s *Server) tokenRoutes() {
	s.signed("GET /me/tokens", showTokens)
	s.signed("GET /me/tokens/new", vaultOnly(showNewToken))
	s.signed("POST /me/tokens/new", addToken)
	s.signed("GET /me/tokens/made", showMadeToken)
	s.signed("POST /me/tokens/made", hideMadeToken)
	s.signed("GET /me/tokens/{id}/revoke", askRevoke)
	s.signed("POST /me/tokens/{id}/revoke", revokeToken)
}

// tokens is the page of one's own API tokens.
type tokens struct {
	*visit
	frame ui.FrameParams
	now   time.Time
	list  []session.APIToken
	May   bool
}

// mayAddToken mirrors what making one needs; the feature decides.
func (v *visit) mayAddToken() bool {
	return v.me.Has(perm.PluginAccess) && v.me.Has(session.OpTokenAdd.Needs)
}

func showTokens(v *visit) error {
	f, err := v.frame("API tokens")
	if err != nil {
		return err
	}
	t := tokens{visit: v, frame: f, now: v.app.Clock.Now(), May: v.mayAddToken()}
	if t.list, err = v.app.Sessions.Tokens(v.ctx(), v.who); err != nil {
		return err
	}
	return v.render(tokensPage(t))
}

// tokenForm is what a new token may do, and where.
type tokenForm struct {
	frame      ui.FrameParams
	name, days ui.FieldParams
	groups     []permGroup
	clients    []client.Client
	chosen     map[string]bool // permissions and clients
	all        bool
	bad        map[string]string
	site       bool // where there is one client
}

type permGroup struct {
	Name        string
	Permissions []perm.Info
}

// wrong lists the errors for the summary; the groups of boxes have no field of
// their own, so that their first box stands for them.
func (f tokenForm) wrong() []ui.FieldParams {
	return wrong(f.name, ui.FieldParams{Name: "permissions", Label: "What it may do", Error: f.bad["permissions"]},
		ui.FieldParams{Name: "clients", Label: "Where", Error: f.bad["clients"]}, f.days)
}

func (v *visit) tokenForm(in session.NewToken, days string, bad map[string]string) (tokenForm, error) {
	if !v.mayAddToken() {
		return tokenForm{}, fault.NotFound()
	}
	frame, err := v.frame("New API token", tokensCrumb)
	if err != nil {
		return tokenForm{}, err
	}
	f := tokenForm{frame: frame, bad: bad, chosen: map[string]bool{}, all: in.AllClients, site: v.me.Site}
	f.name = ui.FieldParams{Name: "name", Label: "Name", Value: in.Name, Required: true, MaxLength: 100, Autofocus: true, Error: bad["name"], Hint: "What it is for, such as “Backup script on SRV-03”."}
	f.days = ui.FieldParams{Name: "days", Label: "Valid for days", Value: days, Type: "number", InputMode: "numeric", Required: true, Error: bad["days"], Hint: "1 to 365. After that it opens nothing any more.",
		Attrs: map[string]any{"min": "1", "max": "365"}}
	for _, p := range append(in.Permissions, in.Clients...) {
		f.chosen[p] = true
	}
	f.groups = v.tokenGroups()
	if v.me.Has(perm.ClientViewList) {
		f.clients, _, err = v.app.Clients.List(v.ctx(), v.who, client.Filter{})
	}
	return f, err
}

// tokenGroups are the viewer's permissions that an operation open to tokens
// asks for; any other would be of no use to a token.
func (v *visit) tokenGroups() []permGroup {
	var useful perm.Set
	for _, op := range gate.Ops() {
		if op.Tokens {
			useful = useful.With(op.Needs)
		}
	}
	var groups []permGroup
	for _, i := range perm.All() {
		if !v.me.Has(i.P) || !useful.Has(i.P) {
			continue
		}
		if n := len(groups); n == 0 || groups[n-1].Name != i.Group {
			groups = append(groups, permGroup{Name: i.Group})
		}
		g := &groups[len(groups)-1]
		g.Permissions = append(g.Permissions, i)
	}
	return groups
}

func showNewToken(v *visit) error {
	f, err := v.tokenForm(session.NewToken{AllClients: true}, "90", nil)
	if err != nil {
		return err
	}
	return v.render(newTokenPage(f))
}

func addToken(v *visit) error {
	in := session.NewToken{Name: v.text("name"), Permissions: v.r.PostForm["permission"], AllClients: v.text("scope") == "all"}
	if !in.AllClients {
		in.Clients = v.r.PostForm["client"]
	}
	in.Days, _ = strconv.Atoi(v.text("days"))
	var made session.MadeToken
	err := fault.Bad("clients", "You chose single clients, and all of them. Choose one or the other.")
	if !in.AllClients || len(v.r.PostForm["client"]) == 0 {
		made, err = v.app.Sessions.AddToken(v.ctx(), v.who, in)
	}
	if bad, ok := fieldErrors(err); ok {
		in.Clients = v.r.PostForm["client"] // as ticked
		f, failed := v.tokenForm(in, v.text("days"), bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), newTokenPage(f))
	}
	if err != nil {
		return err
	}
	v.desk.tokens.put(v.who.Session(), newToken{made.ID, in.Name, made.Bearer})
	return v.goTo("/me/tokens/made")
}

// showMadeToken shows the token of a moment ago, until its owner says that he
// has it or ten minutes are over.
func showMadeToken(v *visit) error {
	t, ok := v.desk.tokens.get(v.who.Session())
	if !ok {
		return v.goTo("/me/tokens")
	}
	f, err := v.frame("Copy your new token", tokensCrumb)
	if err != nil {
		return err
	}
	return v.render(madeTokenPage(f, t))
}

func hideMadeToken(v *visit) error {
	v.desk.tokens.take(v.who.Session())
	v.flash("The token is ready. It can't be shown again.", "")
	return v.goTo("/me/tokens")
}

func askRevoke(v *visit) error {
	list, err := v.app.Sessions.Tokens(v.ctx(), v.who)
	if err != nil {
		return err
	}
	for _, t := range list {
		if t.ID == v.r.PathValue("id") {
			used := "It was never used."
			if !t.LastUsed.IsZero() {
				used = "It was last used " + ago(t.LastUsed, v.app.Clock.Now()) + "."
			}
			return v.ask(question{Title: "Revoke “" + t.Name + "”?", Text: used,
				Effect: "Whatever uses it stops working at once. The vault gets new keys, so that the token opens nothing that is written from now on. This can't be undone; a new token can be made.",
				Does:   "Revoke token", Post: "/me/tokens/" + t.ID + "/revoke", Back: "/me/tokens", Icon: icon.Command}, tokensCrumb)
		}
	}
	return fault.NotFound()
}

func revokeToken(v *visit) error {
	if err := v.app.Sessions.RevokeToken(v.ctx(), v.who, v.r.PathValue("id")); err != nil {
		return err
	}
	v.flash("The token is revoked.", "")
	return v.goTo("/me/tokens")
}
