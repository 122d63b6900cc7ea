package web

import (
	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

func (s *Server) siteRoutes() {
	s.signed("POST /clients/{id}/site", setSite)
	s.signed("POST /clients/{id}/site/types", setSiteTypes)
}

// on is the actor for acts on the user or the site that the page is about.
func (v *visit) on() gate.Actor {
	if v.over.Org() != "" {
		return v.over
	}
	return v.who
}

// visits reports whether the page acts on users of a client's site.
func (v *visit) visits() bool { return v.over.Org() != "" }

// ofUser mounts a page about one user, of this organization or of a site.
func (s *Server) ofUser(pattern string, p page) {
	s.signed(pattern, func(v *visit) error {
		who, err := v.app.People.At(v.ctx(), v.who, v.r.PathValue("id"))
		if err != nil {
			return err
		}
		if who.Kind() == gate.Visitor {
			v.over = who
		}
		return p(v)
	})
}

// inSite makes a page act in the site of the client that its form names.
func inSite(p page) page {
	return func(v *visit) error {
		if client := v.text("site"); client != "" {
			who, err := v.app.People.In(v.ctx(), v.who, client)
			if err != nil {
				return err
			}
			if _, err := v.app.People.Check(v.ctx(), who, ""); err != nil { // no form for whoever could not send it
				return err
			}
			v.over = who
		}
		return p(v)
	}
}

func topLevel(id string) bool { return id == perm.LevelAdmin || id == perm.LevelSiteAdministrator }

// siteUsers fills the tab of the users of clients' sites.
func (v *visit) siteUsers(l userList, after string) (userList, error) {
	found, err := v.app.People.SiteUsers(v.ctx(), v.who, l.client, people.Filter{Text: l.filter, Disabled: l.disabled, After: after})
	if err != nil {
		return l, err
	}
	l.of = map[string]people.Site{}
	l.List = people.List{Next: found.Next, Counts: map[string]int{kindSite: found.Total}, May: found.May, MayAdd: found.MayAdd, MayExport: found.MayExport}
	for _, u := range found.Users {
		l.People = append(l.People, u.Person)
		l.of[u.ID] = u.Site
	}
	return l, nil
}

// add is where people are added from this tab.
func (l userList) add() string {
	switch {
	case l.kind != kindSite:
		return addPeoplePath
	case l.client != "":
		return addPeoplePath + "?site=" + query(l.client)
	}
	return addPeoplePath + "?site=" + query(l.sites[0].Client)
}

// rights is the line below the level: of a site user, whose site it is.
func (l userList) rights(p people.Person) string {
	if s, ok := l.of[p.ID]; ok {
		return s.ClientName
	}
	return rights(p)
}

func (l userList) siteMenu() ui.MenuParams {
	m := ui.MenuParams{Label: "Client", Icon: icon.Clients}
	all := l
	all.client = ""
	for _, s := range l.sites {
		one := l
		one.client = s.Client
		if s.Client == l.client {
			m.Label = "Client: " + s.ClientName
			m.Items = append([]ui.MenuItem{{Label: "All clients", Icon: icon.Close, Href: all.link()}}, m.Items...)
		}
		m.Items = append(m.Items, ui.MenuItem{Label: s.ClientName, Icon: icon.Clients, Href: one.link()})
	}
	return m
}

// to names the site that people are added to.
func (f addForm) to() string {
	if f.base != nil {
		return " to " + f.base.Name
	}
	for _, s := range f.sites {
		if s.Client == f.site {
			return " to " + s.ClientName
		}
	}
	return ""
}

// users is the list that they are added to.
func (f addForm) users() string {
	switch {
	case f.base != nil:
		return kbPath + "/" + f.base.Path + "/people"
	case f.site == "":
		return usersPath
	}
	return userList{kind: kindSite, client: f.site}.link()
}

// more is the same dialog from its beginning.
func (f addForm) more() string {
	if f.site == "" {
		return f.path()
	}
	return addPeoplePath + "?site=" + query(f.site)
}

func (f addForm) waits() bool {
	for _, s := range f.sites {
		if s.Client == f.site {
			return s.Waits
		}
	}
	return false
}

// siteChoice is the same page for another site.
func (f addForm) siteChoice() ui.MenuParams {
	m := ui.MenuParams{Label: "Another site", Icon: icon.Clients}
	for _, s := range f.sites {
		if s.Client != f.site {
			m.Items = append(m.Items, ui.MenuItem{Label: s.ClientName, Icon: icon.Clients, Href: addPeoplePath + "?site=" + query(s.Client)})
		}
	}
	return m
}

func setSite(v *visit) error {
	id := v.r.PathValue("id")
	on, err := v.onOrOff("login")
	if err != nil {
		return err
	}
	if !on {
		if err := v.app.Clients.CloseSite(v.ctx(), v.who, id); err != nil {
			return err
		}
		v.flash("Site login is off: the site's users are disabled.", "")
		return v.goTo("/clients/" + id + "/edit#site")
	}
	if !v.who.Open() {
		return v.goTo("/open?next=" + query("/clients/"+id+"/edit"))
	}
	before, err := v.app.Clients.Site(v.ctx(), v.who, id)
	if err == nil {
		err = v.app.Clients.OpenSite(v.ctx(), v.who, id)
	}
	if err != nil {
		return err
	}
	if !before.There() {
		v.flash("Site login is on. Add the client's Site Administrator now: who accepts that invitation activates the site.", "")
		return v.goTo(addPeoplePath + "?site=" + query(id))
	}
	v.flash("Site login is on again: who was enabled before is enabled.", "")
	return v.goTo("/clients/" + id + "/edit#site")
}

// onOrOff is what a switch is to become. What is not said is not done: a site's
// users would be signed out by an empty form.
func (v *visit) onOrOff(field string) (bool, error) {
	switch v.text(field) {
	case "1":
		return true, nil
	case "0":
		return false, nil
	}
	return false, fault.Bad(field, "The form does not say whether to switch it on (1) or off (0). Nothing was changed.")
}

func setSiteTypes(v *visit) error {
	id := v.r.PathValue("id")
	on, err := v.onOrOff("force")
	if err == nil {
		err = v.app.Clients.ForceTypes(v.ctx(), v.who, id, on)
	}
	if err != nil {
		return err
	}
	v.flash("Saved.", "")
	return v.goTo("/clients/" + id + "/edit#site")
}

// siteOf is how it stands with a client's site, nothing where it may not be
// known.
func (v *visit) siteOf(id string) (client.Site, error) {
	s, err := v.app.Clients.Site(v.ctx(), v.who, id)
	if fault.Is(err, fault.Absent) {
		err = nil
	}
	return s, err
}

// siteAddress is where a site's users sign in, to be passed on: whole, where
// this server knows its own address.
func (v *visit) siteAddress(s client.Site) string { return v.app.Public() + "/o/" + s.Slug }

// siteBadge is the state of a site in a word or two.
func siteBadge(s client.Site) ui.BadgeParams {
	switch {
	case s.State == org.PartnerChanged:
		return ui.BadgeParams{Label: "Keys changed", Icon: icon.Warning, Kind: ui.Danger}
	case !s.Login:
		return ui.BadgeParams{Label: "Off", Kind: ui.Neutral}
	case s.Waits():
		return ui.BadgeParams{Label: "Waiting for activation", Icon: icon.Job, Kind: ui.Warning}
	}
	return ui.BadgeParams{Label: "Active since " + day(s.Activated), Icon: icon.Success, Kind: ui.Success}
}
