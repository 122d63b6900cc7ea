package web

import (
	"slices"
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

// The dialog for adding people, where it is asked for in a knowledge base:
// users get a role there, and whoever is new becomes a guest.

// addingTo is the knowledge base that the page is of, to its Admins; nil on the
// users page.
func (v *visit) addingTo() (*kb.Front, error) {
	if v.r.PathValue("base") == "" {
		return nil, nil
	}
	k, err := v.kbFrame("Add people", "People", gate.Admin)
	return &k.base, err
}

func (v *visit) checkAdding(f addForm, text string) (people.Adding, error) {
	if f.base != nil {
		return v.app.People.CheckShare(v.ctx(), v.who, f.base.ID, text)
	}
	return v.app.People.Check(v.ctx(), v.on(), text)
}

// dialog fills in what surrounds each step.
func (v *visit) dialog(f *addForm) (err error) {
	f.invites = v.me.Has(perm.UserAdd) && !v.me.Site
	if f.base == nil {
		if f.sites, err = v.app.People.Sites(v.ctx(), v.who); err != nil {
			return err
		}
	}
	f.frame, err = v.frame("Add people", f.crumbs()...)
	return err
}

func (f addForm) crumbs() []ui.Crumb {
	if f.base != nil {
		return []ui.Crumb{kbCrumb, {Label: f.base.Name, Href: kbPath + "/" + f.base.Path + "/"}, {Label: "People", Href: f.users()}}
	}
	return []ui.Crumb{{Label: usersCrumb.Label, Href: f.users()}}
}

// path is where the steps are sent.
func (f addForm) path() string {
	if f.base != nil {
		return f.users() + "/add"
	}
	return addPeoplePath
}

// firstSub says below the heading of the first step who can be added.
func (f addForm) firstSub() string {
	switch {
	case f.base == nil:
		return "Step 1 of 2: addresses. Each gets a mail with a link that works once."
	case f.invites:
		return "Step 1 of 2: addresses. Who has no account yet is invited as a guest."
	}
	return "Step 1 of 2: addresses of people who have an account here."
}

// secondSub says below the heading of the second step what will be done.
func (f addForm) secondSub() string {
	all := len(f.people)
	if f.base == nil {
		return "Step 2 of 2: what they get. " + counted(all, "person is", "people are") + " invited when you are done here; nobody is yet."
	}
	guests := 0
	for _, p := range f.people {
		if !p.user && p.Problem == "" {
			guests++
		}
	}
	text := "Step 2 of 2: the role. " + counted(all, "person gets", "people get") + " it when you are done here; nobody has it yet."
	if guests > 0 {
		text += " " + counted(guests, "has no account and is invited as a guest.", "have no account and are invited as guests.")
	}
	return text
}

// is takes over whose the address is.
func (p *addPerson) is(c people.Candidate) {
	p.user, p.disabled, p.has = c.User != "", c.Disabled, kb.Word(c.Role)
}

// isText says who somebody is, in a knowledge base.
func (p addPerson) isText() string {
	is := "User, "
	if p.disabled {
		is = "User, disabled, "
	}
	switch {
	case !p.user:
		return "Becomes a guest"
	case p.has == kb.Word(gate.Public):
		return is + "without a role now"
	}
	return is + "now " + p.has
}

// gets is what somebody is to get: his own, or what all get together.
func (f addForm) gets(p addPerson) given {
	if p.Apart {
		return p.given
	}
	return f.all
}

// lacksRole reports whether somebody is to get what is no role.
func (f addForm) lacksRole(p addPerson) bool {
	role, _ := gate.RoleNamed(f.gets(p).services[f.base.ID])
	return role < gate.Reader
}

// share ends the dialog of a knowledge base.
func (v *visit) share(f addForm) error {
	in := people.Sharing{Message: f.message}
	for _, p := range f.people {
		g := f.gets(p)
		role, _ := gate.RoleNamed(g.services[f.base.ID])
		i := g.invitee(p, v.me.Site)
		in.People = append(in.People, people.Sharee{Email: p.Email, Name: p.Name, Role: role, Services: i.Services})
	}
	shared, err := v.app.People.ShareBase(v.ctx(), v.who, f.base.ID, in)
	if err != nil {
		return v.notAdded(f, err)
	}
	if len(shared.Invited) > 0 {
		f.given = len(shared.Users)
		return v.showAdded(f, shared.Invited)
	}
	v.flash(counted(len(shared.Users), "person has", "people have")+" the role now.", "")
	return v.goTo(f.users())
}

// nameFor is the name that was typed with an address.
func (f addForm) nameFor(email string) string {
	i := slices.IndexFunc(f.people, func(p addPerson) bool { return strings.EqualFold(p.Email, email) })
	if i < 0 {
		return ""
	}
	return f.people[i].Name
}
