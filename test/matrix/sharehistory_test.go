package matrix

import (
	"slices"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/gate"
	"bailiwick/internal/refmodel"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"

	"pgregory.net/rapid"
)

// TestSharingHistories lives through random histories of a provider and one of
// its sites: sharing, sharing otherwise, changing and filing on either side,
// ending from either side, archiving, disabling and enabling people of the
// site, by both sides, its login and its client off and on, new epochs on both
// sides. Every verdict is the model's; after every step somebody of either side
// sees what the model shows, reads the newest value, and of the history what is
// his. How many, and from which seed: as TestHistories.
func TestSharingHistories(t *testing.T) {
	histories(t)
	w := newWorld(t, onSQLite(t))
	w.hold()
	steps, done := 0, map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		h := beginLending(w, rt)
		defer w.undo()
		for range stepsEach {
			steps++
			if name, ok := h.step(); ok {
				done[name]++
				h.settle()
			}
			h.look()
		}
	})
	all := 0
	for _, n := range done {
		all += n
	}
	t.Logf("%d steps, %d of them allowed: %v", steps, all, done)
	if all < steps/5 || len(done) < len(lendingSteps) {
		t.Errorf("the histories are dull: only %d of %d steps were allowed, of %d sorts", all, steps, len(done))
	}
}

// lending is a history on both sides of a share.
type lending struct {
	*history
	off    bool                        // the site's login is
	was    map[string]bool             // who was enabled before
	since  map[string]int64            // first version that the other side may see
	values map[string]map[int64]string // passwords by the version that has them
}

var (
	lenders    = []string{"admin", "managerD", "technicianA", "technicianD", "custom"}
	siteLivers = []string{"sue", "sid", "uma", "ugo", "lim"}
	// What both sides lend, and what they keep.
	lentNames = []string{"p-own", "p-read", "p-write", "p-user", "p-filed", "p-ended", "s-own", "s-picked", "s-chosen", "s-read", "s-write", "s-user"}
)

func beginLending(base *world, rt *rapid.T) *lending {
	h := &lending{history: begin(base, rt), was: map[string]bool{}, since: map[string]int64{}, values: map[string]map[int64]string{}}
	for _, p := range siteLivers {
		h.actors[p] = h.open(p)
	}
	for _, n := range lentNames {
		l, _ := findLoan(n)
		h.values[n] = map[int64]string{1: l.canary() + "-old", 2: l.canary() + "-new"}
		if l.to != "" {
			h.values[n][3], h.since[n] = l.canary()+"-while-shared", 2
		}
	}
	return h
}

var lendingSteps = []struct {
	name  string
	often int
	do    func(*lending) bool
}{{"share", 6, (*lending).share}, {"unshare", 3, (*lending).unshare}, {"edit", 6, (*lending).edit}, {"archive", 3, (*lending).shelve}, {"file", 4, (*lending).file},
	{"disable", 2, (*lending).disable}, {"enable", 3, (*lending).enable}, {"site", 2, (*lending).site}, {"client", 1, (*lending).client}, {"epoch", 1, (*lending).epoch}}

func (h *lending) step() (string, bool) {
	var all []int
	for i, s := range lendingSteps {
		all = append(all, slices.Repeat([]int{i}, s.often)...)
	}
	s := lendingSteps[rapid.SampledFrom(all).Draw(h.rt, "step")]
	return s.name, s.do(h)
}

// anybody draws who acts, of either side.
func (h *lending) anybody() (gate.Actor, refmodel.Actor, *refmodel.Org) {
	p := h.pick("who", slices.Concat(lenders, siteLivers))
	return h.actors[p], refmodel.Actor{Kind: "user", Org: homeOf(p), User: p, Open: true}, h.model.Orgs[homeOf(p)]
}

func (h *lending) tries(op string, a refmodel.Actor, target, second refmodel.Target) refmodel.Attempt {
	return refmodel.Attempt{Actor: a, Operation: op, Org: a.Org, Target: target, Second: second}
}

// other is the side that a credential is shared with.
func other(org string) string { return map[string]string{"one": "site", "site": "one"}[org] }

func (h *lending) maker(name string) (string, *refmodel.Credential) {
	l, _ := findLoan(name)
	return l.org, h.model.Orgs[l.org].Credentials[name]
}

// row is the version of a credential as an organization's row has it.
func (h *lending) row(org, name string) (v int64) {
	err := h.db.Read(h.ctx, func(tx *db.Tx) error {
		return tx.Row(h.ctx, `SELECT version FROM credentials WHERE org_id = $1 AND id = $2`, h.id("org", org), h.id("credential", name)).Scan(&v)
	})
	if err != nil {
		h.rt.Fatal(err)
	}
	return v
}

// settle is what open sessions of both sides do next: keys go to and fro.
func (h *lending) settle() {
	for range 2 {
		for _, p := range []string{"admin", "sue"} {
			if !h.model.Orgs[homeOf(p)].Users[p].Enabled {
				continue
			}
			if _, err := h.People.Me(h.ctx, h.actors[p]); err != nil {
				h.rt.Fatal(err)
			}
		}
	}
}

// back signs a user of the site in anew: whoever was disabled has no key left.
func (h *lending) back(p string) {
	in, err := h.Sessions.SignIn(h.ctx, session.SignIn{Email: p + "@site.example", Org: h.id("org", "site"), Password: password, Code: h.codes[h.id("org", "site")], IP: "127.0.0.1", Agent: "test"})
	if err == nil {
		h.actors[p], err = h.Sessions.Resume(h.ctx, in.Bearer(), "127.0.0.1", nil)
	}
	if err != nil || !h.actors[p].Open() {
		h.rt.Fatalf("%s does not come back: %v", p, err)
	}
}

// look compares what somebody of either side sees with the model.
func (h *lending) look() {
	who, a, o := h.anybody()
	name := h.pick("look at", lentNames)
	id, owner := h.id("credential", name), ""
	if c := o.Credentials[name]; c != nil {
		owner = c.From
	}
	secret, err := h.Vault.Reveal(h.ctx, who, id)
	if h.judge(h.tries("credential.reveal", a, thing("credential", name), refmodel.Target{}), err) {
		last := h.values[name][slices.Max(versionsIn(h.values[name]))]
		if secret.Password != last {
			h.rt.Fatalf("%s reads %q of %s, which is %q", a.User, secret.Password, name, last)
		}
	}
	versions, err := h.Vault.History(h.ctx, who, id)
	if h.judge(h.tries("credential.history", a, thing("credential", name), refmodel.Target{}), err) {
		h.remembers(a, name, owner, len(versions))
	}
	version := h.pickVersion(name)
	old, err := h.Vault.RevealVersion(h.ctx, who, id, version)
	try := h.tries("credential.reveal.version", a, thing("credential", name), refmodel.Target{})
	if may, _ := h.model.May(try); may && owner != "" && version < h.since[name] {
		if err == nil {
			h.rt.Fatalf("%s reads version %d of %s, shared since %d", a.User, version, name, h.since[name])
		}
	} else if h.judge(try, err) && old.Password != h.values[name][version] {
		h.rt.Fatalf("%s reads %q as version %d of %s", a.User, old.Password, version, name)
	}
	hits, err := h.Vault.Search(h.ctx, who, "canary", 10_000)
	if h.judge(h.tries("search", a, refmodel.Target{}, refmodel.Target{}), err) {
		var ids []string
		for _, i := range hits {
			if i.Kind == vault.HitCredential {
				ids = append(ids, i.ID)
			}
		}
		h.same(a, "found credentials", ids, h.model.Visible(a, "search:credential"))
	}
}

func versionsIn(values map[int64]string) (all []int64) {
	for v := range values {
		all = append(all, v)
	}
	slices.Sort(all)
	return all
}

// pickVersion draws a version that was changed since: the present one is no
// earlier value.
func (h *lending) pickVersion(name string) int64 {
	all := versionsIn(h.values[name])
	return rapid.SampledFrom(all[:len(all)-1]).Draw(h.rt, "version")
}

// remembers: everybody of the maker's sees all values, the other side, where it
// has the history, those since it was shared, else the present one alone.
func (h *lending) remembers(a refmodel.Actor, name, owner string, n int) {
	want := len(h.values[name])
	if owner != "" {
		want = 1
		if _, c := h.maker(name); c.Shares[a.Org].History {
			all := versionsIn(h.values[name])
			want = 1
			for _, v := range all[:len(all)-1] {
				if v >= h.since[name] {
					want++
				}
			}
		}
	}
	if n != want {
		h.rt.Fatalf("%s sees %d versions of %s, the model %d", a.User, n, name, want)
	}
}
