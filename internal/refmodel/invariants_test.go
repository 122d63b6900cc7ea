package refmodel

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"
)

func TestCatalogue(t *testing.T) {
	if n := len(Names()); n != 75 {
		t.Fatal(n, "permissions")
	}
	if s := slices.Compact(slices.Sorted(slices.Values(Names()))); len(s) != 75 {
		t.Error("a name twice")
	}
	for marks, want := range map[string]int{"M": 62, "T": 26, "SA": 56, "SU": 14, "SL": 8, "MD": 1, "TD": 1} {
		if n := len(column(marks)); n != want {
			t.Errorf("column %s: %d, want %d", marks, n, want)
		}
	}
	for level, want := range map[string]int{OrganizationAdmin: 75, ManagerDefault: 63, ManagerAssigned: 62, TechnicianDefault: 27, TechnicianAssigned: 26} {
		if _, p := rights(&Org{}, at(level)); len(p) != want {
			t.Errorf("%s: %d", level, len(p))
		}
	}
	_, p := rights(&Org{}, with(only(), func(u *User) { u.RoleAccount, u.RoleUserManager = true, true }))
	if len(p) != 10 {
		t.Error("account roles", p)
	}
}

// attempts is every operation on every thing.
func attempts(w *World, actors []Actor) (all []Attempt) {
	for _, a := range actors {
		for _, op := range Operations() {
			for _, o := range []string{"pro", "site"} {
				for _, x := range append(w.Orgs[o].things(), Target{}, Target{"organization", ""}, Target{"personal", a.User}, Target{"user", a.User}, Target{"user", "tech"}, Target{"group", "g"}, Target{"base", "b"}, Target{"article", "as"}) {
					all = append(all, Attempt{Actor: a, Operation: op, Org: o, Target: x})
				}
			}
		}
	}
	return all
}

// Whatever is taken from a user never enables; nothing crosses; lists and
// verdicts agree.
func TestInvariants(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	for round := range 40 {
		w := world()
		o := w.Orgs["pro"]
		var names []string
		for _, n := range Names() {
			if rnd.Intn(10) < 7 {
				names = append(names, n)
			}
		}
		u := custom(names)
		o.Users["x"] = u
		o.Groups["g"].Users["x"], o.Groups["b"].Users["x"] = rnd.Intn(2) == 0, rnd.Intn(2) == 0
		o.Clients["c1"].Assigned["x"] = 0
		token := actor("token/x")
		before := map[string]bool{}
		key := func(a Attempt) string { return fmt.Sprint(a.Actor.Kind, a.Operation, a.Org, a.Target) }
		all := attempts(w, []Actor{actor("x"), token})
		for _, a := range all {
			ok, _ := w.May(a)
			before[key(a)] = ok
			if ok && a.Org != "pro" {
				t.Fatal("crosses", a)
			}
			if ok && a.Operation == "credential.view" && !o.Credentials[a.Target.ID].Archived != slices.Contains(w.Visible(a.Actor, "credential"), a.Target.ID) {
				t.Fatal("list and verdict differ", a)
			}
			if user := key(Attempt{Actor: actor("x"), Operation: a.Operation, Org: a.Org, Target: a.Target}); ok && a.Actor.Kind == "token" && !before[user] {
				t.Fatal("token beyond its owner", a)
			}
		}
		switch round % 4 {
		case 0:
			i := rnd.Intn(len(names))
			u.Permissions = append(slices.Clone(names[:i]), names[i+1:]...)
		case 1:
			delete(o.Clients["c1"].Assigned, "x")
		case 2:
			o.Groups["g"].Enabled = false
		case 3:
			delete(o.Groups["b"].Users, "x")
		}
		for _, a := range all {
			if ok, _ := w.May(a); ok && !before[key(a)] {
				t.Fatal("a right taken away enables", a)
			}
		}
	}
}

// Every operation is allowed to somebody and refused to the anonymous.
func TestEveryOperation(t *testing.T) {
	w := world()
	yes := map[string]bool{}
	for _, a := range attempts(w, []Actor{actor("admin"), {Kind: "anonymous"}, {Kind: "anonymous", Org: "pro"}, {Kind: "link", Org: "pro", User: "admin", Open: true}, {Kind: "link", Org: "pro", User: "admin", LinkTo: "k"}, {Kind: "job:rotation", Org: "pro"}}) {
		if ok, _ := w.May(a); ok {
			yes[a.Operation] = true
			outside := a.Actor.LinkTo == a.Target.ID && (a.Operation == "link.open" || a.Operation == "link.try")
			job := a.Actor.Kind == "job:rotation" && a.Operation == "rotation.flag"
			if !job && (a.Actor.User != "admin" || a.Actor.Kind != "user" && !outside) {
				t.Fatal("anybody may", a)
			}
		}
	}
	if len(yes) != len(operations) || len(Operations()) != 215 {
		t.Error(len(yes), "of", len(Operations()))
	}
}
