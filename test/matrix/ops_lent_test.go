package matrix

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/refmodel"
	"bailiwick/internal/vault"
)

// lentMoves file what is one's own and what is received, within the client and
// out of it.
func lentMoves() (all []cell) {
	to := []spot{{"free", thing("folder", "sitedfree")}, {"out", thing("folder", "sitedout")}, {"client sited", thing("client", "sited")}, {"client assigned", thing("client", "assigned")},
		{"chosen", thing("folder", "chosen")}, {"guarded", thing("folder", "guarded")}, {"client home", thing("client", "home")}, {"client home2", thing("client", "home2")}, {"personal", thing("personal", "self")}}
	for _, n := range []string{"p-own", "p-read", "p-user", "p-shut", "p-gone", "p-ended", "s-own", "s-guarded", "s-write", "s-read", "s-shut", "t-own"} {
		from := thing("credential", n)
		for _, d := range to {
			c := cell{label: n + ">" + d.label, target: from, second: d.target, call: func(w *world, a acting) (any, error) {
				return ok1(w.Vault.Move(w.ctx, a.Actor, w.at(from, a), version(n), w.place(d.target, a)))
			}}
			if l, _ := findLoan(n); l.to != "" {
				c.also, c.says = []fault.Kind{fault.Unacceptable}, "what is shared stays in its client on both sides: whoever sees it may know that it is shared"
			}
			all = append(all, c)
		}
	}
	return all
}

// lentTo shares one credential of either side with one user.
func lentTo() (all []cell) {
	for n, users := range map[string][]string{"p-own": {"uma", "lim", "didi", "sam", "technicianA", "random"}, "p-read": {"ugo"}, "s-own": {"technicianA", "managerA", "admin", "guest", "disabled", "uma", "random"}} {
		for _, u := range users {
			t := thing("credential", n)
			all = append(all, cell{label: n + " with " + u, target: t, second: thing("partner", u), also: []fault.Kind{fault.Invalid, fault.Sealed}, says: "the answer says who is no user there, and the keys are asked for first", call: func(w *world, a acting) (any, error) {
				return ok0(w.Vault.Share(w.ctx, a.Actor, w.at(t, a), vault.Sharing{Users: []string{w.id("user", u)}}))
			}})
		}
	}
	sortCells(all)
	return all
}

// lentPairs do an act to two at once, to both or to none.
func lentPairs(call func(w *world, a acting, both []vault.Chosen) (any, error)) (all []cell) {
	for _, p := range [][2]string{{"p-own", "p-read"}, {"p-read", "p-own"}, {"s-own", "p-write"}, {"p-write", "s-own"}, {"s-own", "s-picked"}, {"p-own", "s-write"}, {"p-own", "root"}, {"p-own", "t-own"}, {"p-read", "s-read"}} {
		first, second := thing("credential", p[0]), thing("credential", p[1])
		all = append(all, cell{label: p[0] + "+" + p[1], target: first, second: second, call: func(w *world, a acting) (any, error) {
			return call(w, a, []vault.Chosen{{ID: w.at(first, a), Version: version(p[0])}, {ID: w.at(second, a), Version: version(p[1])}})
		}})
	}
	return all
}

// lentCells are the cells about what is shared that need more than one name.
func lentCells() map[string][]cell {
	share := lentPairs(func(w *world, a acting, both []vault.Chosen) (any, error) {
		return ok1(w.Vault.ShareAll(w.ctx, a.Actor, both, vault.Sharing{Everyone: true}))
	})
	for i := range share {
		share[i].also, share[i].says = []fault.Kind{fault.Unacceptable, fault.Sealed}, "only those of one client at a time, and of one that has a site; and the keys are asked for first"
	}
	choose := []cell{}
	for _, n := range []string{"s-own", "p-read", "p-user", "p-gone", "t-own", "p-own"} {
		t := thing("credential", n)
		choose = append(choose, cell{label: "lim " + n, target: thing("user", "lim"), second: t, call: func(w *world, a acting) (any, error) {
			return ok0(w.Vault.Choose(w.ctx, a.Actor, w.id("user", "lim"), nil, []string{w.at(t, a)}))
		}}, cell{label: "more for lim " + n, target: thing("user", "lim"), second: t, call: func(w *world, a acting) (any, error) {
			return ok0(w.Vault.ChooseThese(w.ctx, a.Actor, vault.Given{Credentials: []string{w.at(t, a)}, To: []string{w.id("user", "lim")}}))
		}})
	}
	for _, t := range []refmodel.Target{thing("folder", "guarded"), thing("folder", "home2folder"), thing("folder", "own")} {
		choose = append(choose, cell{label: "lim folder " + t.ID, target: thing("user", "lim"), second: t, call: func(w *world, a acting) (any, error) {
			return ok0(w.Vault.Choose(w.ctx, a.Actor, w.id("user", "lim"), []string{w.at(t, a)}, nil))
		}}, cell{label: "less for lim, folder " + t.ID, target: thing("user", "lim"), second: t, call: func(w *world, a acting) (any, error) {
			return ok0(w.Vault.ChooseThese(w.ctx, a.Actor, vault.Given{Folders: []string{w.at(t, a)}, From: []string{w.id("user", "lim")}}))
		}})
	}
	return map[string][]cell{
		"credential.move":  lentMoves(),
		"credential.share": append(lentTo(), share...),
		"credential.unshare": ends(lentPairs(func(w *world, a acting, both []vault.Chosen) (any, error) {
			return ok1(w.Vault.UnshareAll(w.ctx, a.Actor, both, true))
		})),
		"credential.archive": lentPairs(func(w *world, a acting, both []vault.Chosen) (any, error) {
			return ok1(w.Vault.ArchiveAll(w.ctx, a.Actor, both))
		}),
		"credential.edit": keysFirst(lentPairs(func(w *world, a acting, both []vault.Chosen) (any, error) {
			return ok1(w.Vault.Retype(w.ctx, a.Actor, []vault.TypeChange{{Chosen: both[0], Type: "Router"}, {Chosen: both[1], Type: "Router"}}))
		})),
		"chosen.save": choose,
	}
}
