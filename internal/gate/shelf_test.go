package gate

import (
	"fmt"
	"testing"
	"time"

	"bailiwick/internal/perm"
)

// shelfUser is somebody in whose knowledge base's role all else is in order.
func shelfUser(kind string) *user {
	return &user{id: "u", kind: kind, level: perm.LevelTechnicianDefault, active: true, leveled: kind != "guest"}
}

// The role in a knowledge base, by who somebody is, the default of the
// organization, that of the knowledge base, and what is explicit.
func TestRoleIn(t *testing.T) {
	me := Actor{kind: User, user: "u"}
	changed := func(kind string, change func(*user)) *user {
		u := shelfUser(kind)
		change(u)
		return u
	}
	boss := func(u *user) { u.override = true }
	for name, c := range map[string]struct {
		u                    *user
		who                  Actor
		org, base, explicit  Role
		want, unlessExplicit Role
	}{
		"nobody":                   {nil, Actor{kind: PasserBy}, Editor, Editor, 0, Public, Public},
		"a passer-by with a name":  {shelfUser("member"), Actor{kind: PasserBy}, Editor, 0, 0, Public, Editor},
		"a member":                 {shelfUser("member"), me, Reader, 0, 0, Reader, Reader},
		"a member, base's default": {shelfUser("member"), me, Reader, Editor, 0, Editor, Editor},
		"a member, explicit none":  {shelfUser("member"), me, Editor, Editor, Public, Public, Editor},
		"a member, explicit admin": {shelfUser("member"), me, Public, 0, Admin, Admin, Public},
		"a guest":                  {shelfUser("guest"), me, Editor, Editor, 0, Public, Public},
		"a guest, explicit":        {shelfUser("guest"), me, Public, 0, Reader, Reader, Public},
		"a guest who has a level":  {changed("guest", func(u *user) { u.leveled = true }), me, Editor, Editor, 0, Public, Public},
		"an administrator":         {changed("member", boss), me, Public, Public, Public, Admin, Admin},
		"one to be":                {changed("member", func(u *user) { u.override, u.active = true, false }), me, Editor, 0, Admin, Public, Admin},
		"in a perspective":         {changed("member", func(u *user) { u.active = false }), Actor{kind: Perspective, user: "u"}, Editor, 0, 0, Editor, Editor},
		"without a second factor":  {shelfUser("member"), Actor{kind: User, user: "u", enrol: true}, Editor, 0, Admin, Public, Editor},
		"by a token":               {shelfUser("member"), Actor{kind: Token, user: "u"}, Editor, 0, Admin, Public, Editor},
		"without a level":          {changed("member", func(u *user) { u.leveled = false }), me, Editor, Editor, 0, Public, Public},
		"a limited site user":      {changed("member", func(u *user) { u.level = perm.LevelSiteUserLimited }), me, Editor, Editor, 0, Public, Public},
		"a limited one, explicit":  {changed("member", func(u *user) { u.level = perm.LevelSiteUserLimited }), me, Public, 0, Reader, Reader, Public},
	} {
		m, b := &Model{defaultRole: c.org}, &base{byDefault: c.base, roles: map[string]Role{}}
		if c.explicit != 0 {
			b.roles["u"] = c.explicit
		}
		if got := m.roleIn(c.u, c.who, b); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if c.u != nil {
			if got := m.givenRole(c.u, b); got != c.unlessExplicit {
				t.Errorf("%s: without an explicit role %v, want %v", name, got, c.unlessExplicit)
			}
		}
	}
}

// Who reads an article: each role, each pair of categories, each state.
func TestDecideOnArticles(t *testing.T) {
	m := &Model{}
	read := &Op{Scope: Shelf, Role: Public}
	states := map[string]struct {
		article *article
		out     bool
	}{"no article": {nil, true}, "draft": {&article{}, false}, "later": {&article{publishedAt: noon.UnixMilli() + 1}, false}, "just now": {&article{publishedAt: noon.UnixMilli()}, true}, "long ago": {&article{publishedAt: 1}, true}}
	groups := map[string][]uint32{"mine": {3}, "others": {4}, "": nil}
	// lets says whether one category lets a reader, or a visitor, in.
	lets := func(visibility, of string, role Role) bool {
		switch visibility {
		case ForAnybody:
			return true
		case ForReaders:
			return role == Reader
		case ForGroups:
			return role == Reader && of == "mine"
		}
		return false
	}
	for _, role := range []Role{Public, Reader, Editor, Admin} {
		u := shelfUser("member")
		u.groups.add(3)
		b := &base{roles: map[string]Role{"u": role}}
		for state, s := range states {
			for _, up := range []string{ForAnybody, ForReaders, ForGroups, "nonsense"} {
				for _, down := range []string{ForAnybody, ForReaders, ForGroups, "nonsense"} {
					for upOf, upGroups := range groups {
						for downOf, downGroups := range groups {
							top := &category{base: b, visibility: up, groups: upGroups}
							at := spot{base: b, category: &category{base: b, parent: top, visibility: down, groups: downGroups}, article: s.article}
							want := role >= Editor || lets(up, upOf, role) && lets(down, downOf, role) && s.out
							if m.decide(u, Actor{kind: User, user: "u"}, read, at, noon) != want {
								t.Errorf("%v reads %s in %s %s/%s %s: %v", role, state, up, upOf, down, downOf, !want)
							}
						}
					}
				}
			}
		}
	}
}

// The ladder, the list, the knowledge base as such, and another way in.
func TestDecideOnShelves(t *testing.T) {
	m := &Model{}
	me, passing := Actor{kind: User, user: "u"}, Actor{kind: PasserBy}
	for name, c := range map[string]struct {
		u    *user
		who  Actor
		role Role // his
		op   Role
		base *base
		want bool
	}{
		"a list":                          {shelfUser("member"), me, 0, Public, nil, true},
		"a passer-by's list":              {nil, passing, 0, Public, nil, true},
		"a list of more":                  {shelfUser("member"), me, 0, Reader, nil, false},
		"a token's list":                  {shelfUser("member"), Actor{kind: Token, user: "u"}, 0, Public, nil, false},
		"a link's":                        {shelfUser("member"), Actor{kind: Link}, 0, Public, nil, false},
		"reading as such":                 {shelfUser("member"), me, Reader, Public, &base{}, true},
		"none, nothing is public":         {shelfUser("member"), me, Public, Public, &base{}, false},
		"none, something is public":       {shelfUser("member"), me, Public, Public, &base{public: true}, true},
		"a passer-by":                     {nil, passing, 0, Public, &base{public: true}, true},
		"a passer-by, nothing public":     {nil, passing, 0, Public, &base{}, false},
		"a passer-by who would write":     {nil, passing, 0, Editor, &base{public: true}, false},
		"a reader who would write":        {shelfUser("member"), me, Reader, Editor, &base{}, false},
		"an editor":                       {shelfUser("member"), me, Editor, Editor, &base{}, true},
		"an editor who would set roles":   {shelfUser("member"), me, Editor, Admin, &base{}, false},
		"an admin":                        {shelfUser("member"), me, Admin, Admin, &base{}, true},
		"an admin who writes":             {shelfUser("member"), me, Admin, Editor, &base{}, true},
		"an admin in a perspective, read": {shelfUser("member"), Actor{kind: Perspective, user: "u"}, Admin, Editor, &base{}, true},
	} {
		if c.base != nil && c.role != 0 {
			c.base.roles = map[string]Role{"u": c.role}
		}
		if m.decide(c.u, c.who, &Op{Scope: Shelf, Role: c.op}, spot{base: c.base}, noon) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
	// Roles can be given by a holder of User: Edit, too, who need not have one.
	or := &Op{Scope: Shelf, Role: Admin, Or: perm.UserEdit}
	for name, c := range map[string]struct {
		set    perm.Set
		active bool
		who    Actor
		want   bool
	}{
		"with it":                      {perm.SetOf(perm.UserEdit), true, me, true},
		"without it":                   {perm.SetOf(perm.UserAdd), true, me, false},
		"with it, not active":          {perm.SetOf(perm.UserEdit), false, me, false},
		"with it, without a factor":    {perm.SetOf(perm.UserEdit), true, Actor{kind: User, user: "u", enrol: true}, false},
		"as the target would, waiting": {perm.SetOf(perm.UserEdit), false, Actor{kind: Perspective, user: "u"}, true},
	} {
		u := shelfUser("member")
		u.set, u.active = c.set, c.active
		if m.decide(u, c.who, or, spot{base: &base{}}, noon) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
	if m.decide(nil, me, or, spot{base: &base{}}, noon) {
		t.Error("nobody gives roles")
	}
	if !(article{publishedAt: 1}).out(time.UnixMilli(1)) || (article{publishedAt: 2}).out(time.UnixMilli(1)) {
		t.Error("published at the very moment, and not before")
	}
	for _, r := range []Role{Public, Reader, Editor, Admin} {
		if got, ok := RoleNamed(fmt.Sprint(r)); !ok || got != r {
			t.Errorf("%v is %v, %v", r, got, ok)
		}
	}
	for name, want := range map[string]Role{"none": Public, "reader": Reader, "editor": Editor, "admin": Admin} { // as stored
		if r, ok := RoleNamed(name); !ok || r != want {
			t.Errorf("%s is %v", name, r)
		}
	}
	if r, ok := RoleNamed("owner"); ok || r != 0 {
		t.Errorf("owner is %v", r)
	}
}

// A list asks by category: an editor has all.
func TestReadsCategory(t *testing.T) {
	c := &category{visibility: ForGroups, groups: []uint32{9}}
	for role, want := range map[Role]bool{Public: false, Reader: false, Editor: true, Admin: true} {
		if shelfUser("member").readsCategory(c, role) != want {
			t.Errorf("%v: %v", role, !want)
		}
	}
}

func TestPassing(t *testing.T) {
	trace := &Trace{}
	if a := Passing("o", "192.0.2.1", trace); a.Kind() != "passer-by" || a.Org() != "o" || a.User() != "" || a.ip != "192.0.2.1" || a.trace != trace {
		t.Errorf("%+v", a)
	}
}
