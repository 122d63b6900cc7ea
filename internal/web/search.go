package web

import (
	"slices"

	"bailiwick/internal/people"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

func (s *Server) searchRoutes() { s.signed("GET /search", search) }

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
	groups := []scored{{label: "Credentials"}, {label: "Clients"}, {label: "People"}, {label: "Commands"}}
	var hits []vault.Hit
	if v.me.Keys() { // guests find commands only
		var err error
		if hits, err = v.app.Vault.Search(v.ctx(), v.who, q, mostHits); err != nil {
			return nil, err
		}
	}
	for _, h := range hits {
		if h.Kind == vault.HitClient {
			groups[1].add(h.Score, ui.Result{Title: h.Title, Sub: h.Host, Href: "/clients/" + h.ID, Lead: ui.Avatar(h.Title, false)})
			continue
		}
		r, err := v.result(h)
		if err != nil {
			return nil, err
		}
		groups[0].add(h.Score, r)
	}
	users, err := v.findPeople(q)
	if err != nil {
		return nil, err
	}
	for _, p := range users {
		r := ui.Result{Title: shownName(p.Person), Sub: p.Email, Href: usersPath + "/" + p.ID + "/actions", Lead: ui.Avatar(shownName(p.Person), true)}
		if p.May[people.Edit] {
			r.Href = usersPath + "/" + p.ID
		}
		groups[2].add(p.Score, r)
	}
	acts, err := v.commands()
	if err != nil {
		return nil, err
	}
	for _, c := range acts {
		if isMeant(c, q) {
			groups[3].add(0, c)
		}
	}
	in, err := v.newIn(q)
	for _, c := range in {
		groups[3].add(0, c)
	}
	return best(groups), err
}

// scored is a group of results with the score of its best.
type scored struct {
	label   string
	most    int
	results []ui.Result
}

func (g *scored) add(score int, r ui.Result) {
	g.most = max(g.most, score)
	g.results = append(g.results, r)
}

// best leaves out what is empty and puts the group of the best result first,
// so that the key pressed next acts on it: a client's name finds the client
// before its credentials.
func best(groups []scored) (out []ui.ResultGroup) {
	slices.SortStableFunc(groups, func(a, b scored) int { return b.most - a.most })
	for _, g := range groups {
		if len(g.results) > 0 {
			out = append(out, ui.ResultGroup{Label: g.label, Results: g.results})
		}
	}
	return out
}

// result is a credential among the results. Its address is read from the
// credential itself, for the index knows the host only, not the port or the
// path; and so is whether it gives one-time codes.
func (v *visit) result(h vault.Hit) (ui.Result, error) {
	r := ui.Result{Title: h.Title, Sub: h.ClientName, Href: "/credentials/" + h.ID, Lead: ui.TileOf(h.Type, h.TypeIcon), Username: h.Username}
	if h.Personal {
		r.Sub = "My passwords"
	}
	if h.MayReveal {
		r.CopyURL = "/credentials/" + h.ID + "/copy"
	}
	if h.Host != "" || h.MayReveal {
		c, err := v.app.Vault.Get(v.ctx(), v.who, h.ID)
		if err != nil {
			return r, err
		}
		r.URL = firstLink(c.URLs)
		if c.Code && h.MayReveal {
			r.CodeURL = "/credentials/" + h.ID + "/code/copy"
		}
	}
	return r, nil
}
