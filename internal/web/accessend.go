package web

import (
	"bailiwick/internal/access"
	"bailiwick/internal/fault"
	"bailiwick/internal/web/ui"
)

// ending is the page that asks what becomes of what somebody has seen.
type endingPage struct {
	frame        ui.FrameParams
	client, name string
	group        bool
	path, back   string
}

// endOr does an act with or without flagging, or asks first which of them.
func (v *visit) endOr(group bool, id string, act func(flag bool) error) error {
	if chosen := v.text("flag"); chosen != "" {
		return act(chosen == "yes")
	}
	a, err := v.app.Access.Assignments(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := endingPage{client: a.Client.Name, group: group, path: v.r.URL.Path, back: "/clients/" + a.Client.ID + "/access"}
	if p.name = nameAmong(a, group, id); p.name == "" {
		return fault.NotFound()
	}
	if p.frame, err = v.frame("End access", ui.Crumb{Label: a.Client.Name, Href: "/clients/" + a.Client.ID}, ui.Crumb{Label: "Access", Href: p.back}); err != nil {
		return err
	}
	return v.render(endAccessPage(p))
}

func nameAmong(a access.Assignments, group bool, id string) string {
	if group {
		for _, g := range a.Groups {
			if g.ID == id {
				return g.Name
			}
		}
		return ""
	}
	for _, u := range a.Users {
		if u.ID == id {
			return u.Name
		}
	}
	return ""
}

// whom is who loses access, as the page names him.
func (p endingPage) whom() string {
	if p.group {
		return "users of " + p.name
	}
	return p.name
}
