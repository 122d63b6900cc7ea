package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

// invitee is what the feature is asked for. What a kind has no use for does
// not count, even where it was chosen before the kind.
func (g given) invitee(p addPerson, site bool) people.Invitee {
	i := people.Invitee{Email: p.Email, Name: p.Name}
	for base, name := range g.services {
		role, _ := gate.RoleNamed(name)
		i.Services = append(i.Services, people.Service{Base: base, Role: role})
	}
	slices.SortFunc(i.Services, func(a, b people.Service) int { return strings.Compare(a.Base, b.Base) })
	switch g.kind {
	case kindGuest:
		return i
	case kindAdministrator:
		i.Level = perm.LevelAdmin
		if site {
			i.Level = perm.LevelSiteAdministrator
		}
		i.Services = nil
	default:
		i.Level = g.level
	}
	i.RoleAccount, i.RoleUserManager, i.SendKey, i.Clients, i.Groups = g.account, g.userManager, g.key, g.clients, g.groups
	return i
}

// invite ends the dialog. Whatever is wrong is shown at its field.
func (v *visit) invite(f addForm) error {
	if f.base != nil {
		return v.share(f)
	}
	var all []people.Invitee
	for _, p := range f.people {
		all = append(all, f.gets(p).invitee(p, f.site != "" || v.me.Site))
	}
	added, err := v.app.People.Invite(v.ctx(), v.on(), all, f.message)
	if err != nil {
		return v.notAdded(f, err)
	}
	return v.showAdded(f, added)
}

// notAdded shows the second step again, with what stands against it.
func (v *visit) notAdded(f addForm, err error) error {
	bad, invalid := fieldErrors(err)
	switch {
	case invalid:
		f.refused(bad)
		return v.showGiven(http.StatusUnprocessableEntity, f)
	case fault.Is(err, fault.Unacceptable) || fault.Is(err, fault.Sealed) || fault.Is(err, fault.Unavailable):
		is, _ := fault.As(err)
		f.alert = is.Text
		if fault.Is(err, fault.Sealed) {
			f.alert = "The link of a Site Administrator has the secret in it that activates the site, and only an open vault gives it. Open yours in another tab, and send this again."
			if v.visits() {
				return v.showGiven(http.StatusUnprocessableEntity, f)
			}
			f.alert = "Your vault was closed in the meantime, and the organization key goes along only from an open one. Open it in another tab, or take the organization key off."
		}
		return v.showGiven(http.StatusUnprocessableEntity, f)
	}
	return err
}

// refused puts each problem to its person, or to what all get together.
func (f *addForm) refused(bad map[string]string) {
	for name, text := range bad {
		rest, ok := strings.CutPrefix(name, "people[")
		n, field, _ := strings.Cut(rest, "].")
		i, err := strconv.Atoi(n)
		if name == "role" { // of a knowledge base's dialog, where it is the same for all or somebody's own
			i, field, ok, err = slices.IndexFunc(f.people, f.lacksRole), "services", true, nil
		}
		if !ok || err != nil || i < 0 || i >= len(f.people) {
			f.problems = append(f.problems, ui.FieldParams{Name: name, Label: map[string]string{"message": "Message", "people": "People", "role": "Role"}[name], Error: text})
			continue
		}
		if field == "email" {
			f.people[i].Problem = text
			f.problems = append(f.problems, ui.FieldParams{ID: at("email", i), Label: f.people[i].Email, Error: text})
			continue
		}
		g, label, of := &f.all, "Everybody", everybody
		if f.people[i].Apart {
			g, label, of = &f.people[i].given, f.people[i].Email, i
		}
		id := map[string]string{"level": "level", "roles": "role_account", "send_key": "key", "clients": "clients", "groups": "groups", "services": "services"}[field]
		p := ui.FieldParams{ID: at(id, of), Label: label, Error: text}
		if !slices.ContainsFunc(f.problems, func(o ui.FieldParams) bool { return o.ID == p.ID && o.Error == p.Error }) {
			f.problems = append(f.problems, p)
		}
		if field == "level" {
			g.levelProblem = text
		} else {
			g.givenProblems = text
		}
	}
	slices.SortFunc(f.problems, func(a, b ui.FieldParams) int { return strings.Compare(a.ID+a.Error, b.ID+b.Error) })
}

// addedPage says who was invited, and gives what is to be passed on.
type addedPage struct {
	frame     ui.FrameParams
	people    []addedPerson
	links     bool // no mail server is set, and the viewer is told the links
	digits    bool
	again     bool // the page was asked for again: links and digits are told once
	relative  bool // the address of this server is not set
	mayOutbox bool
	more      string // where the next ones are added; "": it was somebody who is there already
	users     ui.Crumb
	given     int // so many users have the role in a knowledge base now
}

type addedPerson struct {
	ID, Name, Email, Digits string
	Invitation, Key         string // links
}

// showAdded answers the POST itself: links and digits go to no other page.
func (v *visit) showAdded(f addForm, added []people.Added) error {
	p := addedPage{mayOutbox: v.me.Has(perm.OrganizationAdmin), more: f.more(), given: f.given}
	crumbs := f.crumbs()
	if f.again != "" {
		p.more, crumbs = "", []ui.Crumb{{Label: usersCrumb.Label, Href: f.again}}
	}
	p.users = crumbs[len(crumbs)-1]
	for _, a := range added {
		one := addedPerson{ID: a.ID, Name: f.nameFor(a.Email), Email: a.Email, Digits: a.Digits.Reveal(), Invitation: a.Link.Reveal(), Key: a.KeyLink.Reveal()}
		p.digits = p.digits || one.Digits != ""
		p.links = p.links || one.Invitation != ""
		p.relative = p.relative || strings.HasPrefix(one.Invitation, "/")
		p.people = append(p.people, one)
	}
	if p.mayOutbox && !p.links {
		s, err := v.app.Mail.Settings(v.ctx(), v.who)
		if err != nil {
			return err
		}
		p.again = !s.Sends()
	}
	var err error
	if p.frame, err = v.frame("People added", crumbs...); err != nil {
		return err
	}
	return v.render(addedPeoplePage(p))
}
