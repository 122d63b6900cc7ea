package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"bailiwick/internal/access"
	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

func (s *Server) clientRoutes() {
	s.signed("GET /clients", showClients)
	s.signed("GET /clients/new", showNewClient)
	s.signed("POST /clients/new", addClient)
	s.signed("GET /clients/{id}", showClient)
	s.signed("GET /clients/{id}/overview", showOverview)
	s.signed("GET /clients/{id}/overview/edit", showPanelForm)
	s.signed("POST /clients/{id}/overview/edit", savePanel)
	s.signed("GET /clients/{id}/banner", showBannerForm)
	s.signed("POST /clients/{id}/banner", saveBanner)
	s.signed("GET /clients/{id}/edit", showEditClient)
	s.signed("POST /clients/{id}/edit", editClient)
	s.signed("GET /clients/{id}/disable", showDisableClient)
	s.signed("POST /clients/{id}/disable", disableClient)
	s.signed("POST /clients/{id}/enable", enableClient)
	s.signed("GET /clients/{id}/delete", showDeleteClient)
	s.signed("POST /clients/{id}/delete", deleteClient)
	s.signed("POST /clients/{id}/bookmark", bookmarkClient)
	s.signed("GET /my", showMine)
}

const clientsPerPage = 200

// clientList is one page of the list of clients.
type clientList struct {
	filter, tag    string
	disabled       bool
	after          string
	list           []client.Client
	tags           []string // to choose from
	sealed         bool     // there are tags that the session does not open
	previous, next string
	showing        string
	empty          bool              // there is no client besides the company
	named          access.Unassigned // clients that the viewer knows by name only
	now            time.Time
}

func showClients(v *visit) error {
	if v.me.Site { // a site has one client
		return v.toCompany()
	}
	l := clientList{filter: v.text("filter"), tag: v.text("tag"), disabled: v.text("disabled") != "", after: v.text("after"), now: v.app.Clock.Now()}
	f := client.Filter{Text: l.filter, Tag: l.tag, Disabled: l.disabled, Counts: true, Tags: true, After: l.after, Limit: clientsPerPage}
	p, err := v.app.Clients.Browse(v.ctx(), v.who, f)
	if err == nil && len(p.List) == 0 && l.after != "" { // what it came after is gone
		f.After, l.after = "", ""
		p, err = v.app.Clients.Browse(v.ctx(), v.who, f)
	}
	if err != nil {
		return err
	}
	l.list, l.tags, l.sealed = p.List, p.Tags, p.Sealed
	if p.More() {
		l.next = l.link(p.List[len(p.List)-1].ID)
	}
	if p.Start > 0 {
		l.previous = l.link(p.Previous)
	}
	l.showing = counted(len(l.list), "client", "clients")
	if l.previous != "" || l.next != "" {
		l.showing = number(p.Start+1) + " to " + number(p.Start+len(l.list)) + " of " + number(p.Total)
	}
	l.empty = l.filter == "" && l.tag == "" && (p.Total == 0 || p.Total == 1 && p.Start == 0 && p.List[0].Company)
	if l.tag == "" {
		if l.named, err = v.namedClients(l.filter); err != nil {
			return err
		}
	}
	if v.r.Header.Get("HX-Target") == "clients" {
		return v.render(clientTable(l))
	}
	frame, err := v.frame("Clients")
	if err != nil {
		return err
	}
	return v.render(clientsPage(frame, v, l))
}

// toCompany goes to the company vault, as far as the viewer reaches it.
func (v *visit) toCompany() error {
	marked, err := v.marked()
	if err != nil {
		return err
	}
	for _, c := range marked {
		if c.Company {
			return v.goTo("/clients/" + c.ID)
		}
	}
	return v.goTo("/")
}

func (l clientList) link(after string) string {
	q := l.keep()
	if l.filter != "" {
		q.Set("filter", l.filter)
	}
	if after != "" {
		q.Set("after", after)
	}
	if len(q) == 0 {
		return "/clients"
	}
	return "/clients?" + q.Encode()
}

// keep is what stays when the filter is typed.
func (l clientList) keep() url.Values {
	q := url.Values{}
	if l.tag != "" {
		q.Set("tag", l.tag)
	}
	if l.disabled {
		q.Set("disabled", "1")
	}
	return q
}

// tagged is the same list with another tag; "" is any.
func (l clientList) tagged(tag string) string {
	l.tag = tag
	return l.link("")
}

func (l clientList) tagMenu() ui.MenuParams {
	m := ui.MenuParams{Label: "Tag", Icon: icon.Tag}
	if l.tag != "" {
		m.Label = "Tag: " + l.tag
		m.Items = append(m.Items, ui.MenuItem{Label: "Any tag", Icon: icon.Close, Href: l.tagged("")})
	}
	for _, t := range l.tags {
		m.Items = append(m.Items, ui.MenuItem{Label: t, Icon: icon.Tag, Href: l.tagged(t)})
	}
	return m
}

func showDisableClient(v *visit) error {
	c, o, err := v.overviewOf(v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !c.MayDisable {
		return fault.NotFound()
	}
	if !c.Enabled {
		return v.goTo("/clients/" + c.ID)
	}
	site, err := v.app.Clients.Site(v.ctx(), v.who, c.ID)
	if err != nil {
		return err
	}
	f, err := v.frame("Disable", ui.Crumb{Label: "Clients", Href: "/clients"}, ui.Crumb{Label: c.Name, Href: "/clients/" + c.ID})
	if err != nil {
		return err
	}
	return v.render(disablePage(f, c, o.Counts, site))
}

func disableClient(v *visit) error {
	id := v.r.PathValue("id")
	if err := v.app.Clients.Disable(v.ctx(), v.who, id); err != nil {
		return err
	}
	v.flash("Client disabled, and all in it hidden.", "/clients/"+id+"/enable")
	return v.finish("/clients")
}

func enableClient(v *visit) error {
	id := v.r.PathValue("id")
	if err := v.app.Clients.Enable(v.ctx(), v.who, id); err != nil {
		return err
	}
	v.flash("Client enabled.", "")
	return v.finish("/clients/" + id)
}

func bookmarkClient(v *visit) error {
	id := v.r.PathValue("id")
	if err := v.app.Clients.Bookmark(v.ctx(), v.who, id, v.text("on") != ""); err != nil {
		return err
	}
	if back := v.text("back"); back == "list" {
		return v.finish("/clients")
	}
	return v.finish("/clients/" + id)
}

// finish answers a POST: the script that asked for an act without a page (an
// Undo) only learns that it was done; everybody else goes on to a page.
func (v *visit) finish(path string) error {
	if v.r.Header.Get("X-Requested-With") != "" {
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return v.goTo(path)
}

// lines is a field of several lines: browsers send CRLF, one is kept.
func (v *visit) lines(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(v.r.FormValue(name), "\r\n", "\n"))
}
