package web

import (
	"bailiwick/internal/access"
	"bailiwick/internal/fault"
	"net/http"
	"net/url"
	"strings"
	"time"

	"bailiwick/internal/client"
	"bailiwick/internal/web/ui"
)

func (s *Server) clientRoutes() {
	s.signed("GET /clients", showClients)
	s.signed("GET /clients/new", showNewClient)
	s.signed("POST /clients/new", addClient)
	s.signed("GET /clients/{id}", showClient)
	s.signed("GET /clients/{id}/edit", showEditClient)
	s.signed("POST /clients/{id}/edit", editClient)
	s.signed("GET /clients/{id}/disable", showDisableClient)
	s.signed("POST /clients/{id}/disable", disableClient)
	s.signed("POST /clients/{id}/enable", enableClient)
	s.signed("POST /clients/{id}/bookmark", bookmarkClient)
	s.signed("GET /my", showMine)
}

const clientsPerPage = 200

// clientList is one page of the list of clients.
type clientList struct {
	filter         string
	disabled       bool
	after          string
	list           []client.Client
	previous, next string
	showing        string
	total          int
	empty          bool              // there is no client besides the company
	named          access.Unassigned // clients that the viewer knows by name only
	now            time.Time
}

func showClients(v *visit) error {
	l := clientList{filter: v.text("filter"), disabled: v.text("disabled") != "", after: v.text("after"), now: v.app.Clock.Now()}
	all, _, err := v.app.Clients.List(v.ctx(), v.who, client.Filter{Text: l.filter, Disabled: l.disabled})
	if err != nil {
		return err
	}
	l.total = len(all)
	start := 0
	for i, c := range all {
		if c.ID == l.after {
			start = i + 1
		}
	}
	if start == 0 {
		l.after = ""
	}
	var more bool
	if l.list, more, err = v.app.Clients.List(v.ctx(), v.who, client.Filter{Text: l.filter, Disabled: l.disabled, Counts: true, After: l.after, Limit: clientsPerPage}); err != nil {
		return err
	}
	if more {
		l.next = l.link(l.list[len(l.list)-1].ID)
	}
	switch {
	case start > clientsPerPage:
		l.previous = l.link(all[start-clientsPerPage-1].ID)
	case start > 0:
		l.previous = l.link("")
	}
	l.showing = counted(len(l.list), "client", "clients")
	if l.previous != "" || l.next != "" {
		l.showing = number(start+1) + " to " + number(start+len(l.list)) + " of " + number(l.total)
	}
	l.empty = l.filter == "" && (len(all) == 0 || len(all) == 1 && all[0].Company)
	if l.named, err = v.namedClients(l.filter); err != nil {
		return err
	}
	if v.r.Header.Get("HX-Target") == "clients" {
		return v.render(clientTable(l))
	}
	f, err := v.frame("Clients")
	if err != nil {
		return err
	}
	return v.render(clientsPage(f, v, l))
}

func (l clientList) link(after string) string {
	q := url.Values{}
	if l.filter != "" {
		q.Set("filter", l.filter)
	}
	if l.disabled {
		q.Set("disabled", "1")
	}
	if after != "" {
		q.Set("after", after)
	}
	if len(q) == 0 {
		return "/clients"
	}
	return "/clients?" + q.Encode()
}

func showDisableClient(v *visit) error {
	c, err := v.app.Clients.Get(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !c.MayDisable {
		return fault.NotFound()
	}
	if !c.Enabled {
		return v.goTo("/clients/" + c.ID)
	}
	f, err := v.frame("Disable", ui.Crumb{Label: "Clients", Href: "/clients"}, ui.Crumb{Label: c.Name, Href: "/clients/" + c.ID})
	if err != nil {
		return err
	}
	return v.render(disablePage(f, c))
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
