package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"bailiwick/internal/door"
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
	s.signed("POST "+kbPath+"/{base}/people", addToBase)
	s.signed("POST "+kbPath+"/{base}/people/{user}", setBaseRole)
}

// kbPeople is the page of who has which role in a knowledge base.
type kbPeople struct {
	kbFrame
	people []kb.Person
	shown  string // those with a role, or all
	text   string
	me     people.Me
	adds   bool   // he may invite whoever is new
	typed  string // addresses that were typed
	role   string
	letter string
	bad    []string
}

func showBasePeople(v *visit) error {
	return v.basePeople(http.StatusOK, kbPeople{role: gate.Reader.String()})
}

func (v *visit) basePeople(status int, p kbPeople) error {
	k, err := v.kbFrame("People", "People", gate.Admin)
	if err != nil {
		return err
	}
	all, err := v.app.Bases.People(v.ctx(), v.who, k.base.ID)
	if err != nil {
		return err
	}
	p.me = v.me
	p.kbFrame, p.shown, p.text, p.adds = k, v.text("show"), v.text("q"), v.me.Has(perm.UserAdd)
	for _, one := range all.People {
		if (p.shown == "all" || one.Role > gate.Public || one.Explicit != 0) && (p.text == "" || strings.Contains(find.Plain(one.Name+" "+one.Email), find.Plain(p.text))) {
			p.people = append(p.people, one)
		}
	}
	return v.renderAs(status, kbPeoplePage(p))
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

// addressesIn cuts what was typed or pasted into addresses: "Name <a@b>" is a@b.
func addressesIn(text string) (all []string) {
	text = inAngle.ReplaceAllString(text, " $1 ")
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' }) {
		if strings.Contains(word, "@") && !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}

var inAngle = regexp.MustCompile(`(?:"[^"]*"|[^<>,;\n]*)<([^<>]*)>`)

// addToBase gives people a role by their addresses. Whoever is new is invited
// as a guest.
func addToBase(v *visit) error {
	p := kbPeople{typed: v.lines("addresses"), role: v.text("role"), letter: v.lines("message")}
	role, _ := gate.RoleNamed(p.role)
	emails := addressesIn(p.typed)
	shared, err := v.app.People.ShareBase(v.ctx(), v.who, v.r.PathValue("base"), people.Sharing{Emails: emails, Role: role, Message: p.letter})
	if f, ok := fault.As(err); ok && (f.Kind == fault.Invalid || f.Kind == fault.Unacceptable) {
		p.bad = []string{f.Text}
		for _, field := range f.Fields {
			words := field.Text
			for i, email := range emails {
				if field.Name == "people["+strconv.Itoa(i)+"].email" {
					words = email + ": " + words
				}
			}
			p.bad = append(p.bad, words)
		}
		return v.basePeople(door.Status(err), p)
	}
	if err != nil {
		return err
	}
	if len(shared.Invited) > 0 {
		return v.showAdded(addForm{}, shared.Invited)
	}
	v.flash(counted(len(shared.Users), "person has", "people have")+" the role now.", "")
	return v.goTo(kbPath + "/" + v.r.PathValue("base") + "/people")
}
