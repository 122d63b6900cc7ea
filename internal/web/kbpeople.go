package web

import (
	"net/url"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

func (s *Server) kbPeopleRoutes() {
	s.signed("GET "+kbPath+"/{base}/people", showBasePeople)
	s.signed("GET "+kbPath+"/{base}/people/add", showAddPeople)
	s.signed("POST "+kbPath+"/{base}/people/add", addPeople)
	s.signed("POST "+kbPath+"/{base}/people/{user}", setBaseRole)
}

// kbPeople is the page of who has which role in a knowledge base.
type kbPeople struct {
	kbFrame
	people []kb.Person
	shown  string // those with a role, or all
	text   string
	me     people.Me
}

func showBasePeople(v *visit) error {
	k, err := v.kbFrame("People", "People", gate.Admin)
	if err != nil {
		return err
	}
	all, err := v.app.Bases.People(v.ctx(), v.who, k.base.ID)
	if err != nil {
		return err
	}
	p := kbPeople{kbFrame: k, shown: v.text("show"), text: v.text("q"), me: v.me}
	for _, one := range all.People {
		if (p.shown == "all" || one.Role > gate.Public || one.Explicit != 0) && (p.text == "" || strings.Contains(find.Plain(one.Name+" "+one.Email), find.Plain(p.text))) {
			p.people = append(p.people, one)
		}
	}
	return v.render(kbPeoplePage(p))
}

// roleOptions are the roles that can be chosen for somebody: up to the actor's
// own, and the default, which guests have not.
func roleOptions(own gate.Role, guest bool) (all []ui.Option) {
	if !guest {
		all = append(all, ui.Option{Value: "default", Label: "Default"})
	}
	all = append(all, ui.Option{Value: gate.Public.String(), Label: kb.Word(gate.Public)})
	for r := gate.Reader; r <= own; r++ {
		all = append(all, ui.Option{Value: r.String(), Label: kb.Word(r)})
	}
	return all
}

// mayAddAsMember reports whether a guest's row offers to make a member of him.
func (p kbPeople) mayAddAsMember(one kb.Person) bool {
	return one.Kind == kindGuest && !p.me.Site && p.me.Has(perm.UserAdd) && p.me.Has(perm.PermissionsEdit)
}

func setBaseRole(v *visit) error {
	role, ok := gate.RoleNamed(v.text("role"))
	if !ok && v.text("role") != "default" {
		return fault.Bad("role", "Choose a role.")
	}
	if err := v.app.Bases.SetRole(v.ctx(), v.who, v.r.PathValue("base"), v.r.PathValue("user"), role); err != nil {
		return err
	}
	v.flash("Role set.", "")
	if v.r.FormValue("next") != "" {
		return v.goTo(v.next())
	}
	return v.goTo(kbPath + "/" + v.r.PathValue("base") + "/people")
}

func explicitRole(r gate.ServiceRole) string {
	if r.Explicit == 0 && r.Kind == kindGuest {
		return gate.Public.String()
	}
	if r.Explicit == 0 {
		return "default"
	}
	return r.Explicit.String()
}

func personName(p kb.Person) string {
	if p.Name == "" {
		return p.Email
	}
	return p.Name
}

// hasText says what somebody's role comes to, and why.
func hasText(p kb.Person) string {
	switch {
	case !p.Active:
		return roleText(p.Role) + ", once active"
	case p.Fixed, p.Explicit != 0:
		return roleText(p.Role)
	}
	return roleText(p.Role) + ", by default"
}

func keepShown(shown string) url.Values {
	if shown == "" {
		return nil
	}
	return url.Values{"show": {shown}}
}

// next is the list as it is now, to come back to.
func (p kbPeople) next() string {
	q := keepShown(p.shown)
	if p.text != "" {
		if q == nil {
			q = url.Values{}
		}
		q.Set("q", p.text)
	}
	if len(q) == 0 {
		return p.here + "people"
	}
	return p.here + "people?" + q.Encode()
}
