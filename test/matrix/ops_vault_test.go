package matrix

import (
	"slices"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/refmodel"
	"bailiwick/internal/vault"
)

func ok1[T any](v T, err error) (any, error) { return v, err }
func ok0(err error) (any, error)             { return nil, err }

var newLogin = vault.Input{Overview: vault.Overview{Title: canaryOne + " new"}, Secret: vault.Secret{Password: canaryOne}}

// editedLogin leaves the TOTP secret as every credential has it: changing it
// needs a permission of its own.
var editedLogin = vault.Input{Overview: newLogin.Overview, Secret: vault.Secret{Password: canaryOne, TOTP: oneTime}}

const oneTime = "JBSWY3DPEHPK3PXP"

// version of every credential of the plan: added, changed, perhaps archived.
func version(name string) int64 {
	l, _ := findLoan(name)
	switch {
	case l.archived:
		return 4
	case name == "archived" || l.to != "": // those shared were changed since
		return 3
	}
	return 2
}

// earlier is a version with a value: of what is shared the first one that the
// other side may know.
func earlier(name string) int64 {
	if l, _ := findLoan(name); l.to != "" {
		return 2
	}
	return 1
}

// fieldOf is a version of which everybody who sees a credential sees the fields.
func fieldOf(name string) int64 {
	if l, _ := findLoan(name); l.to != "" {
		return version(name)
	}
	return 1
}

// clientVersion of every client of the plan: who opens a site changes it.
func (w *world) clientVersion(id string) int64 {
	if n := w.names[id]; n == "sited" || n == "sited2" {
		return 2
	}
	return 1
}

// company says why an act on the company vault has another answer.
func company(cells []cell, says string) []cell {
	for i := range cells {
		if slices.Contains([]string{"company", "home", "home2"}, cells[i].label) {
			cells[i].also, cells[i].says = []fault.Kind{fault.Unacceptable}, says
		}
	}
	return cells
}

func clientOps() map[string]operation {
	assign := each("client", clientNames, func(w *world, a acting, id string) (any, error) {
		return ok0(w.Access.Assign(w.ctx, a.Actor, id, w.id("user", "junior"), 0))
	})
	for i := range assign {
		assign[i].second = thing("user", "junior")
	}
	for _, u := range []string{"self", "admin2", "other", "guest", "foreign", "random"} {
		t := thing("user", u)
		assign = append(assign, cell{label: "assigned:" + u, target: thing("client", "assigned"), second: t, call: func(w *world, a acting) (any, error) {
			return ok0(w.Access.Assign(w.ctx, a.Actor, w.id("client", "assigned"), w.user(t, a), 0))
		}}, cell{label: "assigned:-" + u, target: thing("client", "assigned"), second: t, call: func(w *world, a acting) (any, error) {
			return ok0(w.Access.Unassign(w.ctx, a.Actor, w.id("client", "assigned"), w.user(t, a)))
		}})
	}
	return map[string]operation{
		"client.list": {cells: []cell{{label: "all", visible: "client", call: func(w *world, a acting) (any, error) {
			l, _, err := w.Clients.List(w.ctx, a.Actor, client.Filter{Disabled: true, Counts: true})
			return l, err
		}, shown: func(v any) (ids []string) {
			for _, c := range v.([]client.Client) {
				ids = append(ids, c.ID)
			}
			return ids
		}}}},
		"client.view": {reach: true, cells: each("client", clientNames, func(w *world, a acting, id string) (any, error) { return ok1(w.Clients.Get(w.ctx, a.Actor, id)) })},
		"client.add": {cells: []cell{{label: "new", call: func(w *world, a acting) (any, error) {
			return ok1(w.Clients.Add(w.ctx, a.Actor, client.Input{Name: canaryOne + " new"}))
		}}}},
		"client.edit": {reach: true, cells: each("client", clientNames, func(w *world, a acting, id string) (any, error) {
			return ok1(w.Clients.Edit(w.ctx, a.Actor, id, w.clientVersion(id), client.Input{Name: canaryOne + " edited"}))
		})},
		"client.disable": {reach: true, cells: company(each("client", clientNames, func(w *world, a acting, id string) (any, error) {
			return ok0(w.Clients.Disable(w.ctx, a.Actor, id))
		}), "it can't be disabled")},
		"client.enable": {reach: true, cells: company(each("client", clientNames, func(w *world, a acting, id string) (any, error) {
			return ok0(w.Clients.Enable(w.ctx, a.Actor, id))
		}), "it is never disabled")},
		"client.overview": {reach: true, cells: each("client", clientNames, func(w *world, a acting, id string) (any, error) {
			return ok1(w.Clients.Overview(w.ctx, a.Actor, id))
		})},
		"client.panel.edit": {reach: true, cells: each("client", clientNames, func(w *world, a acting, id string) (any, error) {
			return ok1(w.Clients.SetPanel(w.ctx, a.Actor, id, w.said(id), []client.Item{{Kind: client.KindText, Value: canaryOne}}))
		})},
		"client.banner": {reach: true, cells: banners()},
		"client.banner.edit": {reach: true, cells: each("client", clientNames, func(w *world, a acting, id string) (any, error) {
			return ok1(w.Clients.SetBanner(w.ctx, a.Actor, id, w.said(id), client.BannerInput{Text: canaryOne, Level: "danger"}))
		})},
		"client.delete": {reach: true, cells: deletions()},
		"client.assign": {reach: true, cells: assign},
		"bookmark.set": {reach: true, cells: each("client", clientNames, func(w *world, a acting, id string) (any, error) {
			return ok0(w.Clients.Bookmark(w.ctx, a.Actor, id, true))
		})},
	}
}

// said is the version of a client's panel and banner: those of the company
// vault were never written.
func (w *world) said(client string) int64 {
	if slices.Contains([]string{"company", "home", "home2"}, w.names[client]) {
		return 0
	}
	return 1
}

// banners asks for the banner of each kind of thing that is in a client.
func banners() []cell {
	return slices.Concat(each("client", clientNames, func(w *world, a acting, id string) (any, error) {
		return ok1(w.Clients.Banner(w.ctx, a.Actor, gate.Client(id)))
	}), each("folder", folderNames, func(w *world, a acting, id string) (any, error) {
		return ok1(w.Clients.Banner(w.ctx, a.Actor, gate.Folder(id)))
	}), each("credential", loginNames, func(w *world, a acting, id string) (any, error) {
		return ok1(w.Clients.Banner(w.ctx, a.Actor, gate.Credential(id)))
	}))
}

func deletions() []cell {
	cells := each("client", clientNames, func(w *world, a acting, id string) (any, error) {
		return ok0(w.Clients.Delete(w.ctx, a.Actor, id, canaryOne+" "+w.names[id]))
	})
	for i := range cells {
		if cells[i].label != "disabled" {
			cells[i].also, cells[i].says = []fault.Kind{fault.Unacceptable}, "it is not disabled"
		}
	}
	return cells
}

func (w *world) user(t refmodel.Target, a acting) string {
	if t.ID == "foreign" {
		return w.id("user", "eve")
	}
	return w.at(t, a)
}

func folderOps() map[string]operation {
	list := places(func(w *world, a acting, p vault.Place) (any, error) { return ok1(w.Vault.Folders(w.ctx, a.Actor, p)) })
	for i := range list {
		list[i].visible = "folder"
		list[i].shown = func(v any) (ids []string) {
			for _, f := range v.([]vault.Folder) {
				ids = append(ids, f.ID)
			}
			return ids
		}
		if t := list[i].target; t.Kind == "folder" { // the list is always a whole client's
			list[i].shown = nil
		} else {
			list[i].within = func(o *refmodel.Org, p, n string) bool {
				return lying(o, own(t, p), o.Folders[n].ClientID, o.Folders[n].OwnerID, n)
			}
		}
	}
	guard := each("folder", folderNames, func(w *world, a acting, id string) (any, error) {
		return ok0(w.Access.Guard(w.ctx, a.Actor, id, w.folderVersion(id), []string{w.id("group", "in")}))
	})
	for i := range guard {
		guard[i].second = thing("group", "in")
	}
	for _, g := range []string{"foreign", "random"} {
		guard = append(guard, cell{label: "free:" + g, target: thing("folder", "free"), second: thing("group", g), call: func(w *world, a acting) (any, error) {
			return ok0(w.Access.Guard(w.ctx, a.Actor, w.id("folder", "free"), 1, []string{w.id("group", g)}))
		}})
	}
	return map[string]operation{
		"folder.list": {reach: true, cells: list},
		"folder.add": {reach: true, cells: places(func(w *world, a acting, p vault.Place) (any, error) {
			return ok1(w.Vault.AddFolder(w.ctx, a.Actor, p, canaryOne+" new"))
		})},
		"folder.edit": {reach: true, cells: each("folder", folderNames, func(w *world, a acting, id string) (any, error) {
			return ok0(w.Vault.RenameFolder(w.ctx, a.Actor, id, w.folderVersion(id), canaryOne+" renamed"))
		})},
		"folder.delete": {reach: true, cells: append(folderDeletions(vault.ContentUp), folderDeletions(vault.ContentArchive)...)},
		"folder.move":   {reach: true, cells: folderMoves()},
		"folder.guard":  {reach: true, cells: guard},
	}
}

// folderDeletions are of every folder, with what becomes of its content.
func folderDeletions(content vault.Content) []cell {
	cells := each("folder", append(slices.Clone(folderNames), "empty"), func(w *world, a acting, id string) (any, error) {
		return ok1(w.Vault.DeleteFolder(w.ctx, a.Actor, id, w.folderVersion(id), content))
	})
	for i := range cells {
		if content != vault.ContentUp {
			cells[i].label += " " + string(content)
		}
		cells[i].second = thing(string(content), "")
	}
	return cells
}

// folderVersion of every folder of the plan: who guards one has changed it.
func (w *world) folderVersion(id string) int64 {
	for _, b := range binders {
		if b.group != "" && w.id("folder", b.name) == id {
			return 2
		}
	}
	for _, b := range siteBinders {
		if b.group != "" && w.id("folder", b.name) == id {
			return 2
		}
	}
	return 1
}

func folderMoves() (all []cell) {
	for _, m := range [][2]string{{"free", ""}, {"in", ""}, {"subin", ""}, {"inout", ""}, {"own", ""}, {"farfolder", ""}, {"others", ""}, {"foreign", ""}, {"random", ""},
		{"free", "in"}, {"free", "out"}, {"free", "off"}, {"free", "inout"}, {"free", "empty"}, {"subin", "in"}, {"subin", "inout"}, {"subin", "free"}, {"inout", "subin"}, {"inout", "free"}, {"in", "free"},
		{"in", "subin"}, {"free", "own"}, {"free", "others"}, {"free", "foreign"}, {"free", "random"}, {"own", "free"}, {"own", "others"}} {
		from, to := thing("folder", m[0]), thing("folder", m[1])
		if m[1] == "" {
			to = refmodel.Target{}
		}
		c := cell{label: m[0] + ">" + m[1], target: from, second: to, call: func(w *world, a acting) (any, error) {
			return ok0(w.Vault.MoveFolder(w.ctx, a.Actor, w.at(from, a), w.folderVersion(w.at(from, a)), w.at(own(thing("folder", m[1]), a.person), a)))
		}}
		if m == [2]string{"in", "subin"} {
			c.also, c.says = []fault.Kind{fault.Invalid}, "a folder can't be moved into one of its own"
		}
		all = append(all, c)
	}
	return all
}
