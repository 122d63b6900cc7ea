package web

import (
	"strings"
	"time"

	"bailiwick/internal/access"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

func (s *Server) whoRoutes() {
	s.signed("GET /clients/{id}/who", showWho(gate.Client))
	s.signed("GET /folders/{id}/who", showWho(gate.Folder))
	s.signed("GET /credentials/{id}/who", showWho(gate.Credential))
	s.signed("GET /users/{id}/sees", showSight)
}

// mayWho mirrors what the question needs; the feature decides.
func (v *visit) mayWho() bool {
	return v.me.Has(perm.EditAccessAssignments) || v.me.Has(perm.SecurityGroupsView)
}

// seers is the page of who can see a thing.
type seers struct {
	frame ui.FrameParams
	access.Seers
	shown []access.Seer
	found finder
	what  string // "client", "folder", "credential"
	name  string
	now   time.Time
	looks bool // the viewer may ask for the other side
}

func showWho(of func(string) gate.Target) page {
	return func(v *visit) error {
		target := of(v.r.PathValue("id"))
		found, err := v.app.Access.Who(v.ctx(), v.who, target)
		if err != nil {
			return err
		}
		s := seers{Seers: found, what: string(target.Kind), now: v.app.Clock.Now(), looks: v.me.Has(perm.UserEdit)}
		s.shown, s.found = narrow(v, v.r.URL.Path, found.People, func(p access.Seer) gate.Person { return p.Person })
		base := "/clients/" + found.Client.ID
		crumbs := []ui.Crumb{{Label: "Clients", Href: "/clients"}, {Label: found.Client.Name, Href: base}}
		s.name = found.Client.Name
		if found.Folder.ID != "" {
			crumbs = append(crumbs, ui.Crumb{Label: found.Folder.Name, Href: vaultView{base: base, folder: found.Folder.ID}.link()})
			s.name += " / " + found.Folder.Name
		}
		if target.Kind == gate.KindCredential {
			crumbs = append(crumbs, ui.Crumb{Label: "Credential", Href: "/credentials/" + target.ID})
			s.name = "a credential in " + s.name
		}
		if s.frame, err = v.frame("Who can see this?", crumbs...); err != nil {
			return err
		}
		return v.render(whoPage(s))
	}
}

// thereWords say who sees a credential at another organization.
func thereWords(t access.There) string {
	switch {
	case t.Made:
		return "And whoever reaches it at " + t.Org + ", which shares it."
	case t.Everyone:
		return "And everyone at " + t.Org + " who may see secrets there."
	case t.Chosen == 0:
		return "And whoever overrides restrictions at " + t.Org + "."
	}
	return "And " + counted(t.Chosen, "chosen user", "chosen users") + " at " + t.Org + ", and whoever overrides restrictions there."
}

// ruleWords says by which rules somebody reaches a client.
func ruleWords(by gate.Rules, until time.Time, groups []string, now time.Time) (all []string) {
	for _, r := range []struct {
		rule  gate.Rules
		words string
	}{{gate.ByOverride, "Override"}, {gate.BySite, "Site user"}, {gate.ByDefault, "Default access"}, {gate.ByAssignment, "Assigned"}} {
		if by.Has(r.rule) {
			all = append(all, r.words)
		}
	}
	if by.Has(gate.ByTimed) {
		all = append(all, "Assigned "+lower(ending(until, now)))
	}
	if by.Has(gate.ByGroup) {
		all = append(all, "Group "+strings.Join(groups, ", "))
	}
	return all
}

// doorWords says how somebody gets past a guarded folder.
func doorWords(d access.Door, now time.Time) string {
	var by []string
	if d.By.Has(gate.ByOverride) {
		by = append(by, "override")
	}
	if d.By.Has(gate.ByGroup) {
		by = append(by, "group "+strings.Join(d.Groups, ", "))
	}
	if d.By.Has(gate.ByPass) {
		by = append(by, "personal pass "+lower(ending(access.Until(d.Until), now)))
	}
	if len(by) == 0 {
		return d.Folder.Name + ": closed"
	}
	return d.Folder.Name + ": " + strings.Join(by, ", ")
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// sight is the page of what a user can see.
type sight struct {
	frame ui.FrameParams
	access.Sight
	now time.Time
}

func showSight(v *visit) error {
	found, err := v.app.Access.What(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	s := sight{Sight: found, now: v.app.Clock.Now()}
	if s.frame, err = v.frame("What can " + found.Name + " see?"); err != nil {
		return err
	}
	return v.render(sightPage(s))
}
