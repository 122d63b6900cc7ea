package web

import (
	"strings"

	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

func (s *Server) searchRoutes() { s.signed("GET /search", search) }

// command is an act that search offers. Its words are what one may type.
type command struct {
	label, words, href string
	icon               icon.Name
	needs              perm.P // the zero P: everybody
}

var commands = []command{
	{"New client", "new add client customer", "/clients/new", icon.Add, perm.ClientAdd},
	{"New credential in My passwords", "new add credential password my personal", "/my/credentials/new", icon.Add, perm.VaultAccess},
	{"Go to clients", "go to clients list", "/clients", icon.Clients, perm.ClientViewList},
	{"Go to My passwords", "go to my passwords personal vault", "/my", icon.MyPasswords, perm.VaultAccess},
	{"Go to import", "go to import upload csv file", "/import", icon.Import, perm.ImportData},
	{"Go to the audit log", "go to the audit log events activity", "/audit", icon.AuditLog, perm.ReportClientAuditLog},
	{"Go to your profile", "go to your my profile password account", "/me", icon.User, perm.P{}},
	{"Go to your sessions", "go to your my sessions devices browsers", "/me/sessions", icon.Sessions, perm.P{}},
	{"Go to API tokens", "go to api tokens", "/me/tokens", icon.Code, perm.PluginAccess},
	{"Go to organization keys", "go to organization keys recovery", "/organization/keys", icon.Key, perm.OrganizationAdmin},
}

const mostHits = 24

// search answers the palette with results, and a browser without script with a
// page of them.
func search(v *visit) error {
	q := v.text("q")
	groups, err := v.find(q)
	if err != nil {
		return err
	}
	switch {
	case v.r.Header.Get("HX-Target") == "found": // the box of the dashboard
		return v.render(foundList(q, groups))
	case v.partial():
		return v.render(ui.Results(groups))
	}
	f, err := v.frame("Search")
	if err != nil {
		return err
	}
	return v.render(searchPage(f, q, groups, !v.who.Open()))
}

func (v *visit) find(q string) ([]ui.ResultGroup, error) {
	if len(q) > 200 {
		q = q[:200]
	}
	if q == "" {
		return nil, nil
	}
	hits, err := v.app.Vault.Search(v.ctx(), v.who, q, mostHits)
	if err != nil {
		return nil, err
	}
	clients, credentials := ui.ResultGroup{Label: "Clients"}, ui.ResultGroup{Label: "Credentials"}
	for _, h := range hits {
		if h.Kind == vault.HitClient {
			clients.Results = append(clients.Results, ui.Result{Title: h.Title, Sub: h.Host, Href: "/clients/" + h.ID, Lead: ui.Avatar(h.Title, false)})
			continue
		}
		r, err := v.result(h)
		if err != nil {
			return nil, err
		}
		credentials.Results = append(credentials.Results, r)
	}
	acts := ui.ResultGroup{Label: "Commands"}
	for _, c := range commands {
		if (!c.needs.Valid() || v.me.Has(c.needs)) && c.fits(q) {
			acts.Results = append(acts.Results, ui.Result{Title: c.label, Href: c.href, Lead: ui.Tile(c.icon, ui.Accent), Command: true})
		}
	}
	var groups []ui.ResultGroup
	for _, g := range []ui.ResultGroup{credentials, clients, acts} {
		if len(g.Results) > 0 {
			groups = append(groups, g)
		}
	}
	return groups, nil
}

// result is a credential among the results. Its address is read from the
// credential itself: the index knows the host only, not the port or the path.
func (v *visit) result(h vault.Hit) (ui.Result, error) {
	r := ui.Result{Title: h.Title, Sub: h.ClientName, Href: "/credentials/" + h.ID, Lead: ui.TypeTile(h.Type), Username: h.Username}
	if h.Personal {
		r.Sub = "My passwords"
	}
	if h.MayReveal {
		r.CopyURL = "/credentials/" + h.ID + "/copy"
	}
	if h.Host != "" {
		c, err := v.app.Vault.Get(v.ctx(), v.who, h.ID)
		if err != nil {
			return r, err
		}
		r.URL = firstLink(c.URLs)
	}
	return r, nil
}

// fits reports whether each word typed begins a word of the command.
func (c command) fits(q string) bool {
	have := strings.Fields(c.words)
	for _, w := range strings.Fields(strings.ToLower(q)) {
		found := false
		for _, h := range have {
			found = found || strings.HasPrefix(h, w)
		}
		if !found {
			return false
		}
	}
	return true
}
