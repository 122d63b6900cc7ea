package matrix

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/refmodel"
	"bailiwick/internal/vault"
)

const nobodyThere = "its client has no site: whoever may share knows"

// sharing are cells of one credential, for everyone at the other organization
// to read, to write, and for nobody who is there.
func sharing() (all []cell) {
	for _, how := range []struct {
		label, needs string
		vault.Sharing
	}{{"", "", vault.Sharing{Everyone: true}}, {" to write", "Password: Edit", vault.Sharing{Everyone: true, Writes: true, History: true}}} {
		for _, c := range each("credential", loginNames, func(w *world, a acting, id string) (any, error) {
			return ok0(w.Vault.Share(w.ctx, a.Actor, id, how.Sharing))
		}) {
			if c.label += how.label; how.needs != "" {
				c.second = thing("permission", how.needs)
			}
			c.also, c.says = []fault.Kind{fault.Unacceptable}, nobodyThere
			all = append(all, c)
		}
	}
	return all
}

func shareOps() map[string]operation {
	share := operation{reach: true, cells: sharing()}
	people := each("client", clientNames, func(w *world, a acting, id string) (any, error) { return ok1(w.Vault.Partner(w.ctx, a.Actor, id)) })
	for i := range people {
		people[i].also, people[i].says = []fault.Kind{fault.Unacceptable}, nobodyThere
	}
	limited := func(call func(w *world, a acting, user string) (any, error)) (all []cell) {
		for _, n := range []string{"siteLimited", "junior", "foreign", "random"} {
			t := thing("user", n)
			c := cell{label: n, target: t, call: func(w *world, a acting) (any, error) { return call(w, a, w.user(t, a)) }}
			if n == "foreign" {
				c.target.ID = "eve"
			}
			if c.also, c.says = []fault.Kind{fault.Unacceptable, fault.Sealed}, "he is no Site User - Limited; and the keys are asked for first"; n == "siteLimited" {
				c.also, c.says = []fault.Kind{fault.Sealed}, "the keys are asked for first"
			}
			all = append(all, c)
		}
		return all
	}
	choose := limited(func(w *world, a acting, user string) (any, error) {
		return ok0(w.Vault.Choose(w.ctx, a.Actor, user, nil, nil))
	})
	for _, t := range []refmodel.Target{thing("folder", "free"), thing("credential", "root"), thing("folder", "own"), thing("credential", "own"), thing("credential", "foreign"), thing("credential", "random")} {
		choose = append(choose, cell{label: t.Kind + " " + t.ID, target: thing("user", "siteLimited"), second: t, call: func(w *world, a acting) (any, error) {
			id := []string{w.at(t, a)}
			if t.Kind == "folder" {
				return ok0(w.Vault.Choose(w.ctx, a.Actor, w.id("user", "siteLimited"), id, nil))
			}
			return ok0(w.Vault.Choose(w.ctx, a.Actor, w.id("user", "siteLimited"), nil, id))
		}})
	}
	return map[string]operation{
		"credential.share": share,
		"credential.unshare": {reach: true, cells: ends(each("credential", loginNames, func(w *world, a acting, id string) (any, error) {
			return ok0(w.Vault.Unshare(w.ctx, a.Actor, id, true))
		}))},
		"share.people": {reach: true, cells: people},
		"share.list":   simple(func(w *world, a acting) (any, error) { return ok1(w.Vault.Shares(w.ctx, a.Actor, "")) }),
		"chosen.list":  {cells: limited(func(w *world, a acting, user string) (any, error) { return ok1(w.Vault.Chosen(w.ctx, a.Actor, user)) })},
		"chosen.save":  {cells: choose},
	}
}

// ends are cells that end what is shared; where nothing is, the answer says so
// and there is no event.
func ends(cells []cell) []cell {
	shared := func(t refmodel.Target) bool {
		l, ok := findLoan(t.ID)
		return ok && l.to != "" && !l.ended
	}
	for i := range cells {
		if c := &cells[i]; !shared(c.target) && !shared(c.second) {
			c.also, c.says = []fault.Kind{fault.Unacceptable}, "it is not shared with anybody"
		}
	}
	return cells
}

func init() {
	inside["share.settle"] = "done by the gate for an actor with an open vault, before anything else: TestSites, and histories"
}
