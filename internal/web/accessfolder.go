package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/access"
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/web/ui"
)

// guards is the page of what guards a folder.
type guards struct {
	frame ui.FrameParams
	access.Guards
	items  []pairItem
	passes []access.Assigned
	found  finder
	user   ui.SelectParams
	now    time.Time
	who    bool
	gain   []gate.Person
	lose   []gate.Person
	shown  bool
	stale  string // what somebody else did to it meanwhile
}

func (g guards) path() string { return "/folders/" + g.ID + "/access" }

// guards makes the page; chosen are the groups as the form has them, nil as
// they are.
func (v *visit) guards(chosen []string, bad map[string]string) (guards, error) {
	found, err := v.app.Access.Guards(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return guards{}, err
	}
	g := guards{Guards: found, now: v.app.Clock.Now(), who: v.mayWho()}
	for _, n := range append(slices.Clone(found.Groups), found.Others...) {
		i := pairItem{ID: n.ID, Label: n.Name, In: slices.Contains(found.Groups, n)}
		if chosen != nil {
			i.In = slices.Contains(chosen, n.ID)
		}
		if found.Off[n.ID] {
			i.Sub = "disabled: lets nobody in"
		}
		g.items = append(g.items, i)
	}
	g.passes, g.found = narrow(v, g.path(), found.Passes, assignedPerson)
	g.user = v.someUsers(found.Users, bad["user"])
	base := "/clients/" + found.Client.ID
	g.frame, err = v.frame("Access", ui.Crumb{Label: "Clients", Href: "/clients"}, ui.Crumb{Label: found.Client.Name, Href: base}, ui.Crumb{Label: found.Name, Href: vaultView{base: base, folder: found.ID}.link()})
	return g, err
}

func showGuards(v *visit) error {
	g, err := v.guards(nil, nil)
	if err != nil {
		return err
	}
	return v.render(guardsPage(g))
}

// chosenGroups is never nil: no box checked is a choice too.
func (v *visit) chosenGroups() []string {
	return append([]string{}, v.r.PostForm["group"]...)
}

func saveGuards(v *visit) error {
	id, chosen := v.r.PathValue("id"), v.chosenGroups()
	if v.text("preview") != "" {
		g, err := v.guards(chosen, nil)
		if err != nil {
			return err
		}
		g.shown = true
		if g.gain, g.lose, err = v.app.Access.PreviewGuard(v.ctx(), v.who, id, chosen); err != nil {
			return err
		}
		return v.render(guardsPage(g))
	}
	g, err := v.guards(nil, nil) // where it leads afterwards, if the viewer shuts himself out
	if err != nil {
		return err
	}
	switch err := v.app.Access.Guard(v.ctx(), v.who, id, v.folderVersion(), chosen); {
	case fault.Is(err, fault.Conflict):
		if g, err = v.guards(chosen, nil); err != nil {
			return err
		}
		var on []string
		for _, n := range g.Groups {
			on = append(on, n.Name)
		}
		g.stale = "The security groups on it now: " + cmp.Or(strings.Join(on, ", "), "none") + ". What you chose stands below and is not saved yet."
		return v.renderAs(http.StatusConflict, guardsPage(g))
	case err != nil:
		return err
	}
	v.flash("The security groups of the folder are saved.", "")
	if _, err := v.app.Access.Guards(v.ctx(), v.who, id); fault.Is(err, fault.Absent) {
		return v.goTo("/clients/" + g.Client.ID)
	}
	return v.goTo(g.path())
}

// guardEffectPart answers the script while the groups are being chosen.
func guardEffectPart(v *visit) error {
	gain, lose, err := v.app.Access.PreviewGuard(v.ctx(), v.who, v.r.PathValue("id"), v.chosenGroups())
	if err != nil {
		return err
	}
	return v.render(guardEffect(gain, lose, true))
}

// passed answers an act on personal passes.
func (v *visit) passed(err error, words string) error {
	if bad, ok := fieldErrors(err); ok {
		g, failed := v.guards(nil, bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), guardsPage(g))
	}
	if err != nil {
		return err
	}
	v.flash(words, "")
	return v.goTo("/folders/" + v.r.PathValue("id") + "/access")
}

func givePass(v *visit) error {
	if v.text("user") == "" {
		return v.passed(fault.Bad("user", "Choose a user."), "")
	}
	until, err := v.span()
	if err == nil {
		err = v.app.Access.Pass(v.ctx(), v.who, v.r.PathValue("id"), v.text("user"), until)
	}
	return v.passed(err, "The personal pass is given.")
}

func endPass(v *visit) error {
	return v.passed(v.app.Access.EndPass(v.ctx(), v.who, v.r.PathValue("id"), v.r.PathValue("user")), "The personal pass is ended.")
}
