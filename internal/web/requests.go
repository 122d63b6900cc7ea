package web

import (
	"slices"
	"strings"
	"time"

	"bailiwick/internal/access"
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

const requestsPath = "/requests"

func (s *Server) requestRoutes() {
	s.signed("GET "+requestsPath, showRequests)
	s.signed("POST "+requestsPath, askForAccess)
	s.signed("POST "+requestsPath+"/{id}/allow", decideRequest(true))
	s.signed("POST "+requestsPath+"/{id}/decline", decideRequest(false))
	s.signed("POST "+requestsPath+"/{id}/withdraw", withdrawRequest)
}

// requests is the page of requests for access.
type requests struct {
	frame ui.FrameParams
	access.Requests
	byName    access.Unassigned
	asks      bool
	site      bool // which has one client, that everybody reaches
	name      ui.FieldParams
	message   ui.TextareaParams
	declining string // the request whose reason is wrong
	bad       string
	now       time.Time
}

func (v *visit) requests(bad map[string]string) (requests, error) {
	found, err := v.app.Access.Requests(v.ctx(), v.who)
	if err != nil {
		return requests{}, err
	}
	r := requests{Requests: found, asks: v.me.Has(perm.ClientViewList), site: v.me.Site, now: v.app.Clock.Now()}
	if r.asks {
		if r.byName, err = v.app.Access.Unassigned(v.ctx(), v.who); err != nil {
			return r, err
		}
	}
	r.name = ui.FieldParams{Name: "name", Label: "Name of the client", Value: v.text("name"), MaxLength: 200, Error: bad["name"], Hint: "As you know it. The answer is the same whether there is such a client or not."}
	r.message = ui.TextareaParams{Name: "message", Label: "Why you need it", Value: v.text("message"), Error: bad["message"], Optional: true, Rows: 2}
	r.frame, err = v.frame("Access requests")
	return r, err
}

func showRequests(v *visit) error {
	r, err := v.requests(nil)
	if err != nil {
		return err
	}
	return v.render(requestsPage(r))
}

func askForAccess(v *visit) error {
	err := v.app.Access.Request(v.ctx(), v.who, access.Ask{Client: v.text("client"), Folder: v.text("folder"), Name: v.text("name"), Message: v.text("message")})
	if bad, ok := fieldErrors(err); ok {
		r, failed := v.requests(bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), requestsPage(r))
	}
	if err != nil {
		return err
	}
	v.flash("Your request is sent to those who decide on it, if there are any.", "")
	return v.goTo(requestsPath)
}

func decideRequest(allow bool) page {
	return func(v *visit) error {
		id, d := v.r.PathValue("id"), access.Decision{Allow: allow, Reason: v.text("reason")}
		var err error
		if allow {
			d.Until, err = v.span()
		}
		if err == nil {
			err = v.app.Access.Decide(v.ctx(), v.who, id, d)
		}
		if bad, ok := fieldErrors(err); ok {
			r, failed := v.requests(nil)
			if failed != nil {
				return failed
			}
			r.declining, r.bad = id, bad["reason"]+bad["span"]+bad["until"]
			return v.renderAs(door.Status(err), requestsPage(r))
		}
		if err != nil {
			return err
		}
		if allow {
			v.flash("Allowed. Whoever asked is told by mail.", "")
		} else {
			v.flash("Declined. Whoever asked is told by mail.", "")
		}
		return v.goTo(requestsPath)
	}
}

func withdrawRequest(v *visit) error {
	if err := v.app.Access.Withdraw(v.ctx(), v.who, v.r.PathValue("id")); err != nil {
		return err
	}
	v.flash("Your request is withdrawn.", "")
	return v.goTo(requestsPath)
}

// aboutRequest is what a request is about, as its decider sees it.
func aboutRequest(r access.Request) string {
	if r.Folder.ID != "" {
		return r.Client.Name + " / " + r.Folder.Name
	}
	if r.Client.ID != "" {
		return r.Client.Name
	}
	return r.Asked
}

// stateWords say what became of a request.
func stateWords(r access.Request) string {
	switch r.State {
	case access.Waiting:
		return "Waits for an answer"
	case access.Expired:
		return "Nobody has answered"
	case access.Settled:
		return "You have access now"
	case access.Withdrawn:
		return "Withdrawn"
	case access.Declined:
		return strings.TrimSuffix("Declined by "+r.By+": "+r.Reason, ": ")
	}
	if r.Until.IsZero() {
		return "Allowed by " + r.By + ", for good"
	}
	return "Allowed by " + r.By + ", until " + r.Until.Format("2 Jan 2006, 15:04 MST")
}

// waitingRequests counts what waits for the viewer's decision.
func (v *visit) waitingRequests() (int, error) {
	if v.me.Kind == "guest" || !v.me.Has(perm.EditAccessAssignments) && !v.me.Has(perm.SecurityGroupsManage) {
		return 0, nil
	}
	found, err := v.app.Access.Requests(v.ctx(), v.who)
	if fault.Is(err, fault.Absent) {
		return 0, nil
	}
	return len(found.ToDecide), err
}

// closedFolders are the guarded folders of the page's client that the viewer
// knows by name only.
func (p *vaultPage) closedFolders() ([]access.Folder, error) {
	if p.place.Own || !p.me.Has(perm.ClientViewList) {
		return nil, nil
	}
	found, err := p.app.Access.Unassigned(p.ctx(), p.who)
	return slices.DeleteFunc(found.Folders, func(f access.Folder) bool { return f.Client.ID != p.place.Client }), err
}

// namedClients are the clients that the viewer knows by name only.
func (v *visit) namedClients(filter string) (access.Unassigned, error) {
	found, err := v.app.Access.Unassigned(v.ctx(), v.who)
	found.Folders = nil
	found.Clients = slices.DeleteFunc(found.Clients, func(c access.Named) bool {
		return !strings.Contains(strings.ToLower(c.Name), strings.ToLower(filter))
	})
	return found, err
}
