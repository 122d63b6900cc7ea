package gate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bailiwick/internal/perm"
)

// randomModel is an organization by dice: what holds of it holds of any.
func randomModel(r *rand.Rand) *Model {
	coin := func() bool { return r.IntN(2) == 0 }
	m := &Model{site: r.IntN(6) == 0, companyByDefault: coin(), showUnassigned: coin(), users: map[string]*user{}, clients: map[string]*client{}, folders: map[string]*folder{}}
	for n := range uint32(4) {
		c := &client{n: n, id: fmt.Sprint("c", n), company: n == 0, enabled: n == 0 || r.IntN(4) > 0}
		m.clients[c.id] = c
	}
	for n := range 3 {
		g := &group{id: fmt.Sprint("g", n)}
		for c := range uint32(4) {
			if coin() {
				g.clients.add(c)
			}
		}
		m.groups = append(m.groups, g)
	}
	var all []*folder
	for n := range 6 {
		f := &folder{id: fmt.Sprint("f", n), client: m.clients[fmt.Sprint("c", r.IntN(4))]}
		if len(all) > 0 && coin() {
			f.parent = all[r.IntN(len(all))]
			f.client = f.parent.client
		}
		for g := range uint32(3) {
			if r.IntN(4) == 0 {
				f.groups = append(f.groups, g)
			}
		}
		all = append(all, f)
		m.folders[f.id] = f
	}
	for n := range 6 {
		u := &user{id: fmt.Sprint("u", n), name: fmt.Sprint("U", n), kind: "member", active: r.IntN(5) > 0, leveled: r.IntN(6) > 0, override: r.IntN(6) == 0, passes: map[string]int64{}, timed: map[uint32]int64{}}
		for _, p := range []perm.P{perm.ClientViewList, perm.ClientDefaultAccess, perm.ClientDisable, perm.PasswordView, perm.SecurityGroupsManage, perm.EditAccessAssignments} {
			if r.IntN(3) > 0 {
				u.set = u.set.With(p)
			}
		}
		for c := range uint32(4) {
			if r.IntN(4) == 0 {
				u.reach.add(c)
			}
			if r.IntN(4) == 0 {
				u.timed[c] = at(r.IntN(3) - 1).UnixMilli()
			}
		}
		for i, g := range m.groups {
			if coin() {
				u.groups.add(uint32(i))
				u.grouped = u.grouped.or(g.clients)
			}
		}
		for _, f := range all {
			if r.IntN(6) == 0 {
				u.passes[f.id] = []int64{0, at(-1).UnixMilli(), at(0).UnixMilli(), at(1).UnixMilli()}[r.IntN(4)]
			}
		}
		m.users[u.id] = u
	}
	return m
}

func (m *Model) spots() (all []spot) {
	for _, c := range m.clients {
		all = append(all, spot{client: c})
	}
	for _, f := range m.folders {
		all = append(all, spot{client: f.client, folder: f})
	}
	return all
}

// The reason and the verdict can't differ: for every user and thing of random
// organizations there are reasons where the answer is yes, none where it is
// no, and each reason is a fact.
func TestReasonIsTheVerdict(t *testing.T) {
	r, yes, no := rand.New(rand.NewPCG(1, 2)), 0, 0
	for range 400 {
		m := randomModel(r)
		for _, u := range m.users {
			for _, s := range m.spots() {
				who := Actor{kind: User, user: u.id}
				how, ok := m.how(u, s, now)
				if ok != m.sees(u, who, s, now) || ok != m.decide(u, who, &Op{Scope: Single, Needs: perm.ClientViewList}, s, now) {
					t.Fatalf("%+v sees %+v: %v", u, s, ok)
				}
				if !ok {
					if no++; how.Client != 0 || how.Doors != nil || how.ID != "" {
						t.Fatalf("reasons for a no: %+v", how)
					}
					continue
				}
				yes++
				if how.ID != u.id || how.Client == 0 || slices.ContainsFunc(how.Doors, func(p Passage) bool { return p.By == 0 || p.By == Unguarded }) {
					t.Fatalf("no reason for a yes: %+v", how)
				}
				if how.Secrets != m.decide(u, who, &Op{Scope: Single, Needs: perm.PasswordView}, s, now) {
					t.Fatalf("secrets: %+v", how)
				}
				m.isTrue(t, u, s, how)
			}
		}
	}
	if yes < 1000 || no < 1000 {
		t.Errorf("dull worlds: %d yes, %d no", yes, no)
	}
}

// isTrue checks each reason against the facts, which it reads in its own way.
func (m *Model) isTrue(t *testing.T, u *user, s spot, how Reach) {
	t.Helper()
	later, c := at(0).UnixMilli(), s.client
	fact := map[Rules]bool{ByOverride: u.override, BySite: m.site, ByAssignment: u.reach.has(c.n), ByTimed: u.timed[c.n] > later,
		ByDefault: u.set.Has(perm.ClientDefaultAccess) && (!c.company || m.companyByDefault)}
	for i, g := range m.groups {
		fact[ByGroup] = fact[ByGroup] || u.groups.has(uint32(i)) && g.clients.has(c.n)
	}
	for _, rule := range []Rules{ByOverride, BySite, ByDefault, ByAssignment, ByTimed, ByGroup, ByPass, Unguarded} {
		if how.Client.Has(rule) != fact[rule] {
			t.Fatalf("rule %b of %+v for %+v", rule, u, c)
		}
	}
	if until := u.timed[c.n]; how.Client.Has(ByTimed) && how.Until != until || !how.Client.Has(ByTimed) && how.Until != 0 {
		t.Fatalf("until %d, want %d", how.Until, until)
	}
	var doors []string
	for f := s.folder; f != nil; f = f.parent {
		if len(f.groups) > 0 {
			doors = append([]string{f.id}, doors...)
		}
	}
	var got []string
	for _, d := range how.Doors {
		got = append(got, d.Folder)
		in := false
		for _, g := range m.folders[d.Folder].groups {
			in = in || u.groups.has(g)
		}
		until, has := u.passes[d.Folder]
		pass := has && (until == 0 || until > later)
		if d.By.Has(ByOverride) != u.override || d.By.Has(ByGroup) != in || d.By.Has(ByPass) != pass || d.Until != until {
			t.Fatalf("door %+v of %+v", d, u)
		}
	}
	if !slices.Equal(doors, got) {
		t.Fatalf("doors %v, want %v", got, doors)
	}
}

// What shows by name only is never reached, and nobody may do anything with it.
func TestNamesAreNotReach(t *testing.T) {
	r, shown := rand.New(rand.NewPCG(3, 4)), 0
	for range 400 {
		m := randomModel(r)
		for _, u := range m.users {
			for _, s := range m.spots() {
				who := Actor{kind: User, user: u.id}
				outermost := s.folder == nil || m.sees(u, who, spot{client: s.client}, now) && u.enters(s.folder.parent, now)
				want := m.showUnassigned && u.active && u.leveled && (m.site || u.set.Has(perm.ClientViewList)) && !m.sees(u, who, s, now) && outermost &&
					(s.folder != nil || !m.site && (s.client.enabled || s.client.company))
				if got := m.names(u, who, s, now); got != want {
					t.Fatalf("%+v knows the name of %+v: %v", u, s, got)
				} else if got {
					shown++
				}
				if u.level = perm.LevelSiteUserLimited; m.names(u, who, s, now) {
					t.Fatal("a Site User - Limited knows what was not chosen for him")
				}
				u.level = ""
				if m.names(u, Actor{kind: Token, user: u.id, limit: &Limit{AllClients: true, Permissions: u.set, Expires: at(1)}}, s, now) || m.names(nil, who, s, now) || m.names(u, who, spot{owner: u.id}, now) {
					t.Fatal("a token, nobody, or a personal vault")
				}
			}
		}
	}
	if shown < 200 {
		t.Errorf("only %d names were shown", shown)
	}
}

func TestWhoAndDeciders(t *testing.T) {
	withRows(t, func(as inside) {
		tx := as("o", "ada")
		ids := func(all []Reach) (out []string) {
			for _, r := range all {
				out = append(out, r.ID)
			}
			return out
		}
		for _, c := range []struct {
			target Target
			want   string
		}{{Client("c1"), "ada ann bob mia"}, {Client("c3"), "ada mia"}, {Folder("shut"), "ada ann mia"}, {Folder("deep"), "ada"}, {Credential("kshut"), "ada ann mia"},
			{Client("c9"), ""}, {Folder("mine"), ""}, {Credential("kown"), ""}, {Client(""), ""}} {
			if got := strings.Join(ids(tx.Reachers(c.target)), " "); got != c.want {
				t.Errorf("%+v is seen by %q, want %q", c.target, got, c.want)
			}
			for _, u := range strings.Fields("ada ann bob mia off nobody") {
				if _, ok := tx.ReachOf(u, c.target); ok != slices.Contains(strings.Fields(c.want), u) {
					t.Errorf("%s and %+v: %v", u, c.target, ok)
				}
			}
		}
		if got := fmt.Sprint(tx.Doors("ann", "deep"), tx.Doors("ann", "open"), tx.Doors("nobody", "deep")); got != fmt.Sprintf("[{shut %d 0} {deep 0 0}] [] []", ByGroup) {
			t.Errorf("doors: %s", got)
		}
		assign := &Op{Scope: Single, Needs: perm.EditAccessAssignments}
		for about, want := range map[string]string{"ann": "[ada mia]", "mia": "[ada]", "ada": "[]", "nobody": "[]", "gus": "[ada mia]"} {
			if got := fmt.Sprint(tx.Deciders(assign, Client("c1"), about)); got != want {
				t.Errorf("on %s decide %s, want %s", about, got, want)
			}
		}
		if got := tx.Deciders(assign, Client("c9"), "ann"); got != nil {
			t.Errorf("on nothing decide %v", got)
		}
		var people []string
		for _, p := range tx.People(false) {
			people = append(people, p.ID)
		}
		if got := strings.Join(people, " "); got != "ada ann bob inv mia off pen sit xen" || len(tx.People(true)) != 10 {
			t.Errorf("people: %s", got)
		}
		if h := tx.Holders("level_view"); len(h) != 4 || h[0].ID != "ann" {
			t.Errorf("who has a level: %v", h)
		}
		gains, loses := tx.LevelChange("bob", perm.SetOf(perm.ClientViewList, perm.OrganizationAdmin).Without(perm.OrganizationAdmin).With(perm.VaultAccess))
		if fmt.Sprint(gains.Names(), loses.Names()) != "[Vault Access] [Password: Edit Password: View]" {
			t.Errorf("Bob gains %v, loses %v", gains.Names(), loses.Names())
		}
		if gains, loses = tx.LevelChange("nobody", perm.SetOf(perm.VaultAccess)); gains != (perm.Set{}) || loses != (perm.Set{}) {
			t.Error("nobody gains something")
		}
		if !tx.Own().Has(perm.OrganizationAdmin) || as("o", "nobody").Own() != (perm.Set{}) {
			t.Error("what the actor may")
		}
		if tx.Askable("c1") || as("o", "ann").Askable("c3") || as("o", "ann").Askable("c1") || !as("o", "ann").Askable("c2") || tx.Askable("c9") {
			t.Error("what can be asked for")
		}
	})
}

// A personal pass lets past the groups on its folder, and on no other, until
// it ends.
func TestPasses(t *testing.T) {
	const insert = `INSERT INTO folder_passes (org_id, folder_id, user_id, until) VALUES ('o', 'shut', 'bob', LATER), ('o', 'dead', 'ann', NOW), ('o', 'dead', 'bob', 0), ('o', 'deep', 'ann', LATER), ('o', 'other', 'bob', 0)`
	withRows(t, func(as inside) {
		for id, want := range map[string]string{"ann": "open shut deep other mine", "bob": "open shut deep dead", "mia": "open shut other"} {
			if got := seen(as("o", id).SeesFolder, "open shut deep dead other mine"); got != want {
				t.Errorf("%s sees %q, want %q", id, got, want)
			}
		}
	}, strings.NewReplacer("LATER", "1793610000001", "NOW", "1793610000000").Replace(insert))
}

func TestShowUnassigned(t *testing.T) {
	for value, want := range map[string]string{"on": "c2", "off": ""} {
		withRows(t, func(as inside) {
			tx := as("o", "ann")
			if got := seen(func(c string) bool { return tx.Names(Client(c)) }, "c1 c2 c3 c4 c9"); got != want || tx.ShowsUnassigned() != (value == "on") {
				t.Errorf("%s: the names of %q", value, got)
			}
			if got := seen(func(f string) bool { return tx.Names(Folder(f)) }, "open shut deep dead mine f9"); got != map[string]string{"on": "deep dead", "off": ""}[value] {
				t.Errorf("%s: the names of folders %q", value, got)
			}
		}, `INSERT INTO settings (org_id, name, value) VALUES ('o', 'show-unassigned', '`+value+`'), ('s', 'show-unassigned', 'on')`)
	}
}

// Either of two permissions is enough where an operation says so.
func TestEitherPermission(t *testing.T) {
	op := &Op{Scope: Single, Needs: perm.EditAccessAssignments, Or: perm.SecurityGroupsView}
	m := &Model{}
	c := &client{enabled: true}
	for _, x := range []struct {
		set  perm.Set
		want bool
	}{{perm.SetOf(perm.EditAccessAssignments), true}, {perm.SetOf(perm.SecurityGroupsView), true}, {perm.SetOf(perm.PasswordView), false}} {
		u := &user{id: "u", active: true, leveled: true, set: x.set.With(perm.ClientViewList)}
		u.reach.add(0)
		for _, scope := range []Scope{Single, Whole} {
			op.Scope = scope
			if got := m.decide(u, Actor{kind: User, user: "u"}, op, spot{client: c}, now); got != x.want {
				t.Errorf("%v, %s: %v", x.set.Names(), scope, got)
			}
		}
	}
}
