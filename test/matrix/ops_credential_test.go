package matrix

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/refmodel"
	"bailiwick/internal/vault"
)

func credentialOps() map[string]operation {
	by := func(number func(name string) int64, call func(w *world, a acting, id string, v int64) (any, error)) operation {
		var all []cell
		for _, n := range loginNames {
			t := thing("credential", n)
			all = append(all, cell{label: n, target: t, call: func(w *world, a acting) (any, error) { return call(w, a, w.at(t, a), number(n)) }})
		}
		return operation{reach: true, cells: all}
	}
	of := func(call func(w *world, a acting, id string, v int64) (any, error)) operation {
		return by(version, call)
	}
	return map[string]operation{
		"credential.list": {reach: true, cells: append(listCells(false), listCells(true)...)},
		"credential.view": of(func(w *world, a acting, id string, _ int64) (any, error) { return ok1(w.Vault.Get(w.ctx, a.Actor, id)) }),
		"credential.history": of(func(w *world, a acting, id string, _ int64) (any, error) {
			return ok1(w.Vault.History(w.ctx, a.Actor, id))
		}),
		"credential.reveal": of(func(w *world, a acting, id string, _ int64) (any, error) {
			return ok1(w.Vault.Reveal(w.ctx, a.Actor, id))
		}),
		"credential.copy": of(func(w *world, a acting, id string, _ int64) (any, error) {
			return ok1(w.Vault.Copy(w.ctx, a.Actor, id))
		}),
		"credential.reveal.field": of(func(w *world, a acting, id string, v int64) (any, error) {
			return ok1(w.Vault.RevealField(w.ctx, a.Actor, id, v, 0))
		}),
		"credential.copy.field": by(fieldOf, func(w *world, a acting, id string, v int64) (any, error) {
			return ok1(w.Vault.CopyField(w.ctx, a.Actor, id, v, 0))
		}),
		"credential.code": of(func(w *world, a acting, id string, _ int64) (any, error) {
			return ok1(w.Vault.Code(w.ctx, a.Actor, id))
		}),
		"credential.totp": of(func(w *world, a acting, id string, v int64) (any, error) {
			return ok1(w.Vault.SetTOTP(w.ctx, a.Actor, id, v, "GEZDGNBVGY3TQOJQ"))
		}),
		"credential.reveal.version": remembered(by(earlier, func(w *world, a acting, id string, v int64) (any, error) {
			return ok1(w.Vault.RevealVersion(w.ctx, a.Actor, id, v))
		})),
		"credential.restore.version": remembered(of(func(w *world, a acting, id string, v int64) (any, error) {
			return ok1(w.Vault.RestoreVersion(w.ctx, a.Actor, id, v, earlier(w.names[id])))
		})),
		"credential.edit": and(of(func(w *world, a acting, id string, v int64) (any, error) {
			return ok1(w.Vault.Edit(w.ctx, a.Actor, id, v, editedLogin))
		}), keysFirst(pairs(func(w *world, a acting, both []vault.Chosen) (any, error) {
			return ok1(w.Vault.Retype(w.ctx, a.Actor, []vault.TypeChange{{Chosen: both[0], Type: "Router"}, {Chosen: both[1], Type: "Router"}}))
		}))),
		"credential.archive": and(of(func(w *world, a acting, id string, _ int64) (any, error) {
			return ok0(w.Vault.Archive(w.ctx, a.Actor, id))
		}), pairs(func(w *world, a acting, both []vault.Chosen) (any, error) {
			return ok1(w.Vault.ArchiveAll(w.ctx, a.Actor, both))
		})),
		"credential.restore": and(of(func(w *world, a acting, id string, _ int64) (any, error) {
			return ok0(w.Vault.Restore(w.ctx, a.Actor, id))
		}), pairs(func(w *world, a acting, both []vault.Chosen) (any, error) {
			return ok1(w.Vault.RestoreAll(w.ctx, a.Actor, both))
		})),
		"credential.delete": living(of(func(w *world, a acting, id string, v int64) (any, error) {
			return ok0(w.Vault.Delete(w.ctx, a.Actor, id, v, map[bool]string{true: canaryOne + " archived", false: canaryShared + " p-gone"}[w.names[id] == "archived"]))
		})),
		"credential.add": {reach: true, cells: places(func(w *world, a acting, p vault.Place) (any, error) {
			return ok1(w.Vault.Add(w.ctx, a.Actor, p, newLogin))
		})},
		"credential.move": {reach: true, cells: moves()},
		"search":          {cells: []cell{searchCell(vault.HitClient, "search:client"), searchCell(vault.HitCredential, "search:credential")}},
	}
}

func and(o operation, more []cell) operation {
	o.cells = append(o.cells, more...)
	return o
}

// remembered: whether what is shared is shared with its history is asked after
// the keys.
func remembered(o operation) operation {
	for i := range o.cells {
		if l, shared := findLoan(o.cells[i].label); shared && l.to != "" && !l.history {
			o.cells[i].also, o.cells[i].says = []fault.Kind{fault.Sealed}, "the keys are asked for first"
		}
	}
	return o
}

// keysFirst: the vault's keys are asked for before the second thing is looked
// at, so the answer says nothing of it.
func keysFirst(cells []cell) []cell {
	for i := range cells {
		cells[i].also, cells[i].says = []fault.Kind{fault.Sealed}, "the keys are asked for first"
	}
	return cells
}

// living: only what is archived is deleted for good.
func living(o operation) operation {
	for i := range o.cells {
		if o.cells[i].label != "archived" && o.cells[i].label != "p-gone" {
			o.cells[i].also, o.cells[i].says = []fault.Kind{fault.Unacceptable}, "it is not archived"
		}
	}
	return o
}

// pairs do an act to two credentials at once: to both or to none, whichever is
// named first.
func pairs(call func(w *world, a acting, both []vault.Chosen) (any, error)) (all []cell) {
	for _, p := range [][2]string{{"root", "k-free"}, {"root", "k-in"}, {"k-in", "root"}, {"root", "k-far"}, {"root", "own"}, {"own", "root"}, {"own", "ownin"}, {"root", "others"}, {"root", "archived"}, {"root", "foreign"}, {"root", "random"}, {"random", "root"}} {
		first, second := thing("credential", p[0]), thing("credential", p[1])
		all = append(all, cell{label: p[0] + "+" + p[1], target: first, second: second, call: func(w *world, a acting) (any, error) {
			return call(w, a, []vault.Chosen{{ID: w.at(first, a), Version: version(p[0])}, {ID: w.at(own(second, a.person), a), Version: version(p[1])}})
		}})
	}
	return all
}

func listCells(archived bool) []cell {
	cells := places(func(w *world, a acting, p vault.Place) (any, error) {
		l, _, err := w.Vault.List(w.ctx, a.Actor, vault.Listing{Place: p, Archived: archived})
		return l, err
	})
	for i := range cells {
		t := cells[i].target
		cells[i].visible = "credential"
		if archived {
			cells[i].label += " archived"
			cells[i].visible = "archived"
		}
		cells[i].within = func(o *refmodel.Org, p, n string) bool {
			c := o.Credentials[n]
			return lying(o, own(t, p), c.ClientID, c.OwnerID, c.FolderID)
		}
		cells[i].shown = func(v any) (ids []string) {
			for _, c := range v.([]vault.Credential) {
				ids = append(ids, c.ID)
			}
			return ids
		}
	}
	if archived {
		return []cell{cells[0], cells[len(cells)-1]}
	}
	return cells
}

func searchCell(kind uint8, visible string) cell {
	return cell{label: visible, visible: visible, call: func(w *world, a acting) (any, error) { return ok1(w.Vault.Search(w.ctx, a.Actor, "canary", 1000)) },
		shown: func(v any) (ids []string) {
			for _, h := range v.([]vault.Hit) {
				if h.Kind == kind {
					ids = append(ids, h.ID)
				}
			}
			return ids
		}}
}

func moves() (all []cell) {
	to := []spot{{"client assigned", thing("client", "assigned")}, {"free", thing("folder", "free")}, {"in", thing("folder", "in")}, {"subin", thing("folder", "subin")},
		{"out", thing("folder", "out")}, {"far", thing("client", "far")}, {"grouped", thing("client", "grouped")}, {"disabled", thing("client", "disabled")}, {"company", thing("client", "company")},
		{"personal", thing("personal", "self")}, {"own", thing("folder", "own")}, {"others", thing("folder", "others")}, {"foreign", thing("client", "foreign")}, {"random", thing("client", "random")}}
	for _, n := range []string{"root", "k-in", "k-subin", "k-out", "k-far", "archived", "own", "ownin", "others", "foreign", "random"} {
		from := thing("credential", n)
		for _, d := range to {
			all = append(all, cell{label: n + ">" + d.label, target: from, second: d.target, call: func(w *world, a acting) (any, error) {
				return ok1(w.Vault.Move(w.ctx, a.Actor, w.at(from, a), version(n), w.place(d.target, a)))
			}})
		}
	}
	return all
}
