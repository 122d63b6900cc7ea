package web

import (
	"strconv"
	"time"

	"bailiwick/internal/access"
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/web/ui"
)

func (s *Server) assignRoutes() {
	s.signed("GET /clients/{id}/access", showAssignments)
	s.signed("POST /clients/{id}/access", assignUser)
	s.signed("POST /clients/{id}/access/users/{user}/end", unassignUser)
	s.signed("POST /clients/{id}/access/groups", assignGroup)
	s.signed("POST /clients/{id}/access/groups/{group}/end", unassignGroup)
	s.signed("GET /folders/{id}/access", showGuards)
	s.signed("POST /folders/{id}/access", saveGuards)
	s.signed("POST /folders/{id}/access/effect", guardEffectPart)
	s.signed("POST /folders/{id}/access/passes", givePass)
	s.signed("POST /folders/{id}/access/passes/{user}/end", endPass)
}

// spans are how long access can be given from here.
var spans = []ui.Option{{Value: "", Label: "For good"}, {Value: "1", Label: "For 1 hour"}, {Value: "4", Label: "For 4 hours"}, {Value: "8", Label: "For 8 hours"},
	{Value: "24", Label: "For 1 day"}, {Value: "72", Label: "For 3 days"}, {Value: "168", Label: "For 7 days"}, {Value: "720", Label: "For 30 days"}}

// span is the end of what the form gives, in milliseconds; 0: for good.
func (v *visit) span() (int64, error) {
	typed := v.text("span")
	if typed == "" {
		return 0, nil
	}
	hours, err := strconv.Atoi(typed)
	if err != nil || hours < 1 || hours > 365*24 {
		return 0, fault.Bad("span", "Choose how long.")
	}
	return v.app.Clock.Now().Add(time.Duration(hours) * time.Hour).UnixMilli(), nil
}

func spanSelect(id, chosen string) ui.SelectParams {
	return ui.SelectParams{Name: "span", ID: id, Label: "How long", Value: chosen, Options: spans}
}

// ending says when something ends.
func ending(t, now time.Time) string {
	if t.IsZero() {
		return "For good"
	}
	layout := "2 Jan, 15:04 MST"
	if t.Sub(now) > 300*24*time.Hour {
		layout = "2 Jan 2006"
	}
	words := "Until " + t.Format(layout)
	switch left := t.Sub(now); {
	case left < time.Hour:
		return words + " (" + counted(max(1, int(left.Minutes())), "minute", "minutes") + ")"
	case left < 48*time.Hour:
		return words + " (" + counted(int(left.Hours()), "hour", "hours") + ")"
	}
	return words
}

// assignments is the page of who is assigned to a client.
type assignments struct {
	frame ui.FrameParams
	access.Assignments
	assigned    []access.Assigned
	found       finder
	user, group ui.SelectParams
	now         time.Time
	who         bool
}

func (v *visit) assignments(bad map[string]string) (assignments, error) {
	id := v.r.PathValue("id")
	found, err := v.app.Access.Assignments(v.ctx(), v.who, id)
	if err != nil {
		return assignments{}, err
	}
	a := assignments{Assignments: found, now: v.app.Clock.Now(), who: v.mayWho()}
	a.assigned, a.found = narrow(v, "/clients/"+id+"/access", found.Users, assignedPerson)
	a.user = v.someUsers(found.Others, bad["user"])
	a.group = ui.SelectParams{Name: "group", Label: "Security group", Error: bad["group"], Options: []ui.Option{{Value: "", Label: "Choose a group"}}}
	for _, g := range found.OtherGroups {
		a.group.Options = append(a.group.Options, ui.Option{Value: g.ID, Label: g.Name})
	}
	a.frame, err = v.frame("Access", ui.Crumb{Label: "Clients", Href: "/clients"}, ui.Crumb{Label: found.Client.Name, Href: "/clients/" + id})
	return a, err
}

func showAssignments(v *visit) error {
	a, err := v.assignments(nil)
	if err != nil {
		return err
	}
	return v.render(assignmentsPage(a))
}

// assigned answers an act on a client's assignments.
func (v *visit) assigned(err error, words string) error {
	if bad, ok := fieldErrors(err); ok {
		a, failed := v.assignments(bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), assignmentsPage(a))
	}
	if err != nil {
		return err
	}
	v.flash(words, "")
	return v.goTo("/clients/" + v.r.PathValue("id") + "/access")
}

func assignUser(v *visit) error {
	if v.text("user") == "" {
		return v.assigned(fault.Bad("user", "Choose a user."), "")
	}
	until, err := v.span()
	if err == nil {
		err = v.app.Access.Assign(v.ctx(), v.who, v.r.PathValue("id"), v.text("user"), until)
	}
	return v.assigned(err, "Assigned.")
}

func unassignUser(v *visit) error {
	id, user := v.r.PathValue("id"), v.r.PathValue("user")
	return v.endOr(false, user, func(flag bool) error {
		if flag {
			return v.assigned(v.app.Access.UnassignFlagging(v.ctx(), v.who, id, user), "No longer assigned. What was seen is flagged.")
		}
		return v.assigned(v.app.Access.Unassign(v.ctx(), v.who, id, user), "No longer assigned.")
	})
}

func assignGroup(v *visit) error {
	if v.text("group") == "" {
		return v.assigned(fault.Bad("group", "Choose a group."), "")
	}
	return v.assigned(v.app.Access.AssignGroup(v.ctx(), v.who, v.r.PathValue("id"), v.text("group"), true), "Assigned to the group.")
}

func unassignGroup(v *visit) error {
	id, group := v.r.PathValue("id"), v.r.PathValue("group")
	return v.endOr(true, group, func(flag bool) error {
		if flag {
			return v.assigned(v.app.Access.UnassignGroupFlagging(v.ctx(), v.who, id, group), "The group no longer assigns this client. What was seen is flagged.")
		}
		return v.assigned(v.app.Access.AssignGroup(v.ctx(), v.who, id, group, false), "The group no longer assigns this client.")
	})
}
