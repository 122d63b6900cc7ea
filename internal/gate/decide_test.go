package gate

import (
	"testing"
	"time"

	"bailiwick/internal/perm"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// Who visits a site does there what is made for visits, by the permissions of
// his own organization read as the site's, and sees nothing that lies there.
func TestDecideOnVisitors(t *testing.T) {
	visits, other := &Op{Scope: Whole, Needs: perm.UserEdit, Visits: true}, &Op{Scope: Whole, Needs: perm.UserEdit}
	m := &Model{site: true}
	u := &user{id: "tim", kind: "member", active: true, leveled: true, set: perm.SetOf(perm.SiteUserEdit)}
	for name, c := range map[string]struct {
		kind ActorKind
		op   *Op
		set  perm.Set
		want bool
	}{
		"a visit":                        {Visitor, visits, u.set, true},
		"what is not made for visits":    {Visitor, other, u.set, false},
		"without Site User: Edit":        {Visitor, visits, perm.SetOf(perm.UserEdit, perm.UserAdd), false},
		"the list of the site's clients": {Visitor, &Op{Scope: Listed, Needs: perm.ClientViewList, Visits: true}, u.set, false},
		"one of its own":                 {User, &Op{Scope: Listed, Needs: perm.ClientViewList}, u.set, true},
		"one of its own, of another op":  {User, other, u.set, true},
	} {
		u.set = c.set
		if m.decide(u, Actor{kind: c.kind, user: "tim"}, c.op, spot{}, noon) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
	if (&Model{}).decide(u, Actor{kind: User, user: "tim"}, &Op{Scope: Whole, Needs: perm.SiteUserAdd}, spot{}, noon) {
		t.Error("a permission was read as another in a provider")
	}
	for p, site := range map[perm.P]perm.P{perm.UserAdd: perm.SiteUserAdd, perm.UserEdit: perm.SiteUserEdit, perm.UserDisable: perm.SiteUserDisable} {
		if u.set = perm.SetOf(p); m.has(u, Actor{kind: User}, p) {
			t.Errorf("%v counts in a site", p)
		}
		if u.set = perm.SetOf(site); !m.has(u, Actor{kind: User}, p) || (&Model{}).has(u, Actor{kind: User}, p) {
			t.Errorf("%v is not %v in a site, and only there", p, site)
		}
	}
	u.set = perm.SetOf(perm.OrganizationAdmin)
	for _, c := range []struct {
		override bool
		limit    *Limit
		want     bool
	}{{false, nil, false}, {true, nil, true}, {true, &Limit{Permissions: u.set}, false}} {
		if u.override = c.override; m.has(u, Actor{kind: User, limit: c.limit}, perm.OrganizationAdmin) != c.want {
			t.Errorf("Organization: Admin in a site: override %v, limit %v: %v", c.override, c.limit, !c.want)
		}
	}
	if u.leveled = false; m.has(u, Actor{kind: User}, perm.ClientViewList) {
		t.Error("who has no level sees the client")
	}
}

// What another organization shares: for whom, and what may be done to it.
func TestDecideOnReceived(t *testing.T) {
	here := &client{id: "c", company: true, enabled: true}
	m := &Model{site: true}
	plain := func() *user {
		return &user{id: "sue", kind: "member", level: perm.LevelSiteUser, active: true, leveled: true, set: perm.SetOf(perm.PasswordView)}
	}
	boss := plain()
	boss.override = true
	op := func(shared Uses) *Op { return &Op{Scope: Single, Needs: perm.PasswordView, Shared: shared} }
	for name, c := range map[string]struct {
		u    *user
		op   *Op
		got  *thing
		want bool
	}{
		"one's own":                {plain(), op(OwnOnly), nil, true},
		"for everyone":             {plain(), op(Received), &thing{live: true, everyone: true}, true},
		"what is for one's own":    {plain(), op(OwnOnly), &thing{live: true, everyone: true, writes: true}, false},
		"taken back":               {plain(), op(Received), &thing{everyone: true, writes: true}, false},
		"a change, read-only":      {plain(), op(Written), &thing{live: true, everyone: true}, false},
		"a change":                 {plain(), op(Written), &thing{live: true, everyone: true, writes: true}, true},
		"for others":               {plain(), op(Received), &thing{live: true, users: []string{"ann"}}, false},
		"for him":                  {plain(), op(Received), &thing{live: true, users: []string{"ann", "sue"}}, true},
		"for others, in his stead": {boss, op(Received), &thing{live: true, users: []string{"ann"}}, true},
		"taken back from a boss":   {boss, op(Received), &thing{users: []string{"ann"}}, false},
	} {
		if m.decide(c.u, Actor{kind: User, user: "sue"}, c.op, spot{client: here, row: true, item: "k", got: c.got}, noon) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
}

// A Site User - Limited has what was chosen for him, and what was shared with
// him by name.
func TestDecideOnChosen(t *testing.T) {
	here := &client{id: "c", company: true, enabled: true}
	m := &Model{site: true}
	top := &folder{id: "top", client: here}
	in := &folder{id: "in", client: here, parent: top}
	everyone, named := &thing{live: true, everyone: true}, &thing{live: true, users: []string{"leo"}}
	for name, c := range map[string]struct {
		chosen []string
		at     spot
		want   bool
	}{
		"nothing":                           {nil, spot{row: true, item: "k"}, false},
		"it":                                {[]string{"k"}, spot{row: true, item: "k"}, true},
		"another":                           {[]string{"j"}, spot{row: true, item: "k"}, false},
		"its folder":                        {[]string{"in"}, spot{row: true, item: "k", folder: in}, true},
		"a folder above":                    {[]string{"top"}, spot{row: true, item: "k", folder: in}, true},
		"a folder below":                    {[]string{"in"}, spot{row: true, item: "k", folder: top}, false},
		"the vault as such":                 {nil, spot{}, true},
		"a row at the root, without an id":  {nil, spot{row: true}, false},
		"a folder":                          {nil, spot{folder: in}, false},
		"a chosen folder":                   {[]string{"in"}, spot{folder: in}, true},
		"shared with everyone, not chosen":  {nil, spot{row: true, item: "k", got: everyone}, false},
		"shared with everyone, and chosen":  {[]string{"k"}, spot{row: true, item: "k", got: everyone}, true},
		"shared with him by name":           {nil, spot{row: true, item: "k", got: named}, true},
		"shared by name, in another folder": {[]string{"top"}, spot{row: true, item: "k", folder: in, got: named}, true},
	} {
		u := &user{id: "leo", kind: "member", level: perm.LevelSiteUserLimited, active: true, leveled: true, set: perm.SetOf(perm.PasswordView), chosen: map[string]bool{}}
		for _, id := range c.chosen {
			u.chosen[id] = true
		}
		c.at.client = here
		op := &Op{Scope: Single, Needs: perm.PasswordView, Shared: Received}
		if m.decide(u, Actor{kind: User, user: "leo"}, op, c.at, noon) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
		if u.level = perm.LevelSiteUser; !m.decide(u, Actor{kind: User, user: "leo"}, op, c.at, noon) {
			t.Errorf("%s: refused to who is not limited", name)
		}
	}
}
