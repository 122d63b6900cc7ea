package web

import (
	"slices"

	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/kb"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
)

func (s *Server) homeRoutes() {
	s.own("GET /{$}", showHome)
	s.perspectiveRoutes()
}

// home is the dashboard: where one searches, what one has marked, and what
// waits for oneself.
type home struct {
	*visit
	org      org.View
	marked   []client.Client
	clients  int
	activity []audit.Event
	requests int       // for access, that wait for the viewer
	bases    []kb.Base // that are all he has
}

func showHome(v *visit) error {
	if v.me.Waiting {
		return v.waitingHome()
	}
	h := home{visit: v}
	var err error
	if h.org, err = v.app.Org.View(v.ctx(), v.who); err != nil {
		return err
	}
	if v.me.Has(perm.ClientViewList) {
		all, _, err := v.app.Clients.List(v.ctx(), v.who, client.Filter{})
		if err != nil {
			return err
		}
		for _, c := range all {
			if !c.Company {
				h.clients++
			}
		}
		marked, _, err := v.app.Clients.List(v.ctx(), v.who, client.Filter{Marked: true, Counts: true})
		if err != nil {
			return err
		}
		if h.marked = marked; !v.me.Site { // where it is all there is
			h.marked = slices.DeleteFunc(marked, func(c client.Client) bool { return !c.Bookmarked }) // the company is in the navigation
		}
	}
	if v.me.Has(perm.ReportClientAuditLog) {
		if h.activity, _, err = v.app.Audit.List(v.ctx(), v.who, audit.Filter{Operations: changes(), Limit: 8}); err != nil {
			return err
		}
	}
	if h.readsOnly() {
		if h.bases, err = v.app.Bases.List(v.ctx(), v.who); err != nil {
			return err
		}
	}
	if h.requests, err = v.waitingRequests(); err != nil {
		return err
	}
	f, err := v.frame("Dashboard")
	if err != nil {
		return err
	}
	return v.render(homePage(f, h))
}

func (v *visit) waitingHome() error {
	p, shelf := v.plain("You wait for approval", v.me.Organization), ""
	p.Page.Theme = v.me.Theme
	if all, err := v.app.Bases.List(v.ctx(), v.who); err == nil && len(all) > 0 {
		shelf = "/o/" + v.me.Slug + "/kb"
	}
	return v.render(waitingPage(p, v.me.Email, shelf))
}

// readsOnly reports whether the viewer has nothing but knowledge bases, as guests do.
func (h home) readsOnly() bool {
	return !h.me.Has(perm.ClientViewList) && !h.me.Has(perm.ReportClientAuditLog)
}

// first reports whether the first step is still to be done.
func (h home) first() bool { return h.clients == 0 && h.me.Has(perm.ClientAdd) }
