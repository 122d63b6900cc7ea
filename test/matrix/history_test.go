package matrix

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/refmodel"

	"pgregory.net/rapid"
)

const stepsEach = 50

// TestHistories lives through random histories of assigning, grouping,
// guarding, moving, adding, disabling, enabling, approving, promoting,
// demoting and new epochs by random people. Every
// step's verdict, and after every step a sample of what can be seen and found,
// is the model's. BAILIWICK_HISTORIES (100) says how many histories of 50
// steps, BAILIWICK_SEED (1) from which seed.
func TestHistories(t *testing.T) {
	histories(t)
	w := newWorld(t, onSQLite(t))
	w.hold()
	steps, done := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		h := begin(w, rt)
		defer w.undo()
		for range stepsEach {
			steps++
			if h.step() {
				done++
			}
			h.look()
		}
	})
	t.Logf("%d steps, %d of them allowed", steps, done)
	if done < steps/5 {
		t.Errorf("only %d of %d steps were allowed: the histories are dull", done, steps)
	}
}

// histories tells rapid how many, and from which seed.
func histories(t *testing.T) {
	for name, value := range map[string]string{"rapid.checks": env("BAILIWICK_HISTORIES", "100"), "rapid.seed": env("BAILIWICK_SEED", "1"), "rapid.nofailfile": "true"} {
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
}

func env(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

// history is one life of the world: servers, sessions and models of its own.
type history struct {
	*world
	rt      *rapid.T
	org     *refmodel.Org
	actors  map[string]gate.Actor
	earlier map[string]refmodel.User // who was promoted, as he was
	n       int
}

var actingPersons = []string{"admin", "admin2", "managerD", "managerA", "technicianD", "technicianA", "custom", "account", "userManager", "owner", "guest"}

func begin(base *world, rt *rapid.T) *history {
	w := *base
	b := *base.built
	b.ids, b.names = maps.Clone(b.ids), maps.Clone(b.names)
	w.built, w.model = &b, model()
	var err error
	if w.App, w.clock, err = newApp(w.db, b.instance); err != nil {
		rt.Fatal(err)
	}
	h := &history{world: &w, rt: rt, org: w.model.Orgs["one"], actors: map[string]gate.Actor{}, earlier: map[string]refmodel.User{}}
	level := rapid.SliceOfDistinct(rapid.SampledFrom(refmodel.Names()), rapid.ID[string]).Draw(rt, "custom level")
	level = append(level, "Client: View List")
	h.raw(`UPDATE levels SET permissions = $1 WHERE id = 'level_slot'`, lines(level))
	h.org.Levels["level_slot"].Permissions = level
	if rapid.Bool().Draw(rt, "company vault by default access") {
		h.raw(`INSERT INTO settings (org_id, name, value) VALUES ($1, 'company-vault-by-default-access', 'on')`, b.org)
		h.org.Settings.CompanyVaultByDefault = true
	}
	h.raw(`UPDATE organizations SET access_epoch = access_epoch + 1`)
	for _, p := range actingPersons {
		h.actors[p] = w.open(p)
		h.actors[p+"(sealed)"], _ = sealedActor(&w, p)
	}
	return h
}

func sealedActor(w *world, p string) (gate.Actor, error) {
	a, err := kind{person: p, stands: "sealed"}.actor(w)
	return a.Actor, err
}

// who draws an actor; now and then one whose session is sealed.
func (h *history) who() (gate.Actor, refmodel.Actor, string) {
	p := rapid.SampledFrom(actingPersons).Draw(h.rt, "who")
	sealed := rapid.IntRange(0, 7).Draw(h.rt, "sealed") == 0
	name := p
	if sealed {
		name += "(sealed)"
	}
	return h.actors[name], refmodel.Actor{Kind: "user", Org: "one", User: p, Open: !sealed}, p
}

func (h *history) pick(label string, from []string) string {
	return rapid.SampledFrom(from).Draw(h.rt, label)
}

// pickSome draws any of them, also none.
func (h *history) pickSome(label string, from []string, most int) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, most, rapid.ID[string]).Draw(h.rt, label)
}

func names[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

func (h *history) fresh(kind string) string { h.n++; return fmt.Sprintf("%s%d", kind, h.n) }

// added remembers what a step has made.
func (h *history) added(kind, name, id string) { h.ids[kind+":"+name], h.names[id] = id, name }

func (h *history) version(table, id string) (v int64) {
	err := h.db.Read(h.ctx, func(tx *db.Tx) error {
		return tx.Row(h.ctx, `SELECT version FROM `+table+` WHERE org_id = $1 AND id = $2`, h.built.org, id).Scan(&v)
	})
	if err != nil {
		h.rt.Fatal(err)
	}
	return v
}

// judge compares an outcome with the model's verdict.
func (h *history) judge(a refmodel.Attempt, err error) bool {
	h.rt.Helper()
	want, why := h.model.May(a)
	f, known := fault.As(err)
	switch {
	case (err == nil) != want:
		h.rt.Fatalf("%s by %s (open: %v) on %v, %v: %v; the model: %v %s", a.Operation, a.Actor.User, a.Actor.Open, a.Target, a.Second, err, want, why)
	case err == nil:
	case !known, why == refmodel.WhySealed && f.Kind != fault.Sealed, why != refmodel.WhySealed && f.Kind != fault.Absent && f.Kind != fault.Invalid:
		h.rt.Fatalf("%s by %s on %v, %v: a refusal that says too much: %v (%s)", a.Operation, a.Actor.User, a.Target, a.Second, err, why)
	}
	return err == nil
}
