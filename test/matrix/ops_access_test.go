package matrix

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/access"
	"bailiwick/internal/db"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/refmodel"
)

// access names the levels of the plan and adds a custom one that nobody has;
// and everybody asks for the client "far", Junior for the folder "out" too.
func (b *builder) access() {
	b.raw(`INSERT INTO levels (org_id, id, name, permissions) VALUES ($1, 'level_spare', 'level_spare', 'Password: View')`, b.org)
	for _, l := range []string{"level_slot", "level_unplugged", "level_spare"} {
		b.name("level", l, l, nil)
	}
	for id, name := range levelNames {
		b.name("level", name, id, nil)
	}
	for _, p := range persons {
		b.request(b.org, p.name, p.name, "far", "")
	}
	b.request(b.org, "junior-out", "junior", "assigned", "out")
}

func (b *builder) request(org, name, who, client, folder string) {
	id := "request_" + name
	b.raw(`INSERT INTO access_requests (org_id, id, user_id, client_id, folder_id, asked, asked_folded, state, created_at) VALUES ($1, $2, $3, $4, NULLIF($5, ''), $6, $6, 'waiting', $7)`,
		org, id, b.ids["user:"+who], b.ids["client:"+client], b.ids["folder:"+folder], canaryOf[b.names[org]], start.UnixMilli())
	b.name("request", name, id, nil)
}

func permissionSet(names ...string) perm.Set {
	set, _ := perm.Parse(names)
	return set
}

var levelTargets = []string{"level_spare", "level_slot", "level_unplugged", refmodel.TechnicianAssigned, refmodel.OrganizationAdmin, "random"}

const cantGive = "names of levels and permissions are no secret to whoever may change levels: the answer says what can't be given"

func levelCells() (list, preview, edit, remove []cell) {
	list = []cell{{label: "all", call: func(w *world, a acting) (any, error) { return ok1(w.Access.Levels(w.ctx, a.Actor)) }}}
	list = append(list, each("level", levelTargets, func(w *world, a acting, id string) (any, error) { return ok1(w.Access.Level(w.ctx, a.Actor, id)) })...)
	preview = each("level", levelTargets, func(w *world, a acting, id string) (any, error) {
		return ok1(w.Access.PreviewLevel(w.ctx, a.Actor, id, permissionSet("Password: View")))
	})
	for _, l := range levelTargets {
		for _, p := range []string{"Password: View", "Organization: Admin"} {
			edit = append(edit, cell{label: l + "+" + p, target: thing("level", l), second: thing("permission", p), also: []fault.Kind{fault.Invalid}, says: cantGive, call: func(w *world, a acting) (any, error) {
				return ok0(w.Access.EditLevel(w.ctx, a.Actor, w.id("level", l), 1, canaryOne+" edited", permissionSet(p)))
			}})
		}
		for _, r := range []string{"", refmodel.TechnicianAssigned, refmodel.OrganizationAdmin, refmodel.SiteUser, "level_spare"} {
			second := thing("level", r)
			if r == "" {
				second = refmodel.Target{}
			}
			remove = append(remove, cell{label: l + ">" + r, target: thing("level", l), second: second, also: []fault.Kind{fault.Invalid}, says: cantGive, call: func(w *world, a acting) (any, error) {
				return ok0(w.Access.DeleteLevel(w.ctx, a.Actor, w.id("level", l), 1, w.id("level", r)))
			}})
		}
	}
	edit = append(edit, cell{label: "random", target: thing("level", "random"), call: func(w *world, a acting) (any, error) {
		return ok0(w.Access.EditLevel(w.ctx, a.Actor, w.id("level", "random"), 1, "x", perm.Set{}))
	}})
	return list, preview, edit, remove
}

// with is a group's users and clients, changed by one.
func (w *world) with(group, user, client string) access.GroupInput {
	in := access.GroupInput{Name: canaryOne + " edited"}
	for name, in2 := range map[string]*[]string{"user": &in.Users, "client": &in.Clients} {
		if strings.Contains(group, "\x00") {
			return in
		}
		table, held := map[string]string{"user": "group_users", "client": "group_clients"}[name], false
		change := map[string]string{"user": user, "client": client}[name]
		for _, id := range w.column1(`SELECT `+name+`_id FROM `+table+` WHERE group_id = $1`, group) {
			if id == change {
				held = true
			} else {
				*in2 = append(*in2, id)
			}
		}
		if change != "" && !held {
			*in2 = append(*in2, change)
		}
	}
	return in
}

func groupEdits() (all []cell) {
	for _, g := range []string{"in", "off", "out"} {
		for _, u := range []string{"junior", "admin2", "self", "guest", "foreign", "random"} {
			t := thing("user", u)
			all = append(all, cell{label: g + ":" + u, target: thing("group", g), second: t, call: func(w *world, a acting) (any, error) {
				id := w.id("group", g)
				return ok0(w.Access.EditGroup(w.ctx, a.Actor, id, w.groupVersion(id), w.seenBy(a, w.with(id, w.user(t, a), ""))))
			}})
		}
	}
	for _, c := range clientNames {
		all = append(all, cell{label: "in+" + c, target: thing("group", "in"), second: thing("client", c), call: func(w *world, a acting) (any, error) {
			id := w.id("group", "in")
			in := w.seenBy(a, w.with(id, "", ""))
			if c != "grouped" { // that one is in it already
				in.Clients = append(in.Clients, w.id("client", c))
			} else if client := w.id("client", c); len(in.Clients) == 0 {
				in.Clients = append(in.Clients, client) // not seen: naming it is refused
			}
			return ok0(w.Access.EditGroup(w.ctx, a.Actor, id, w.groupVersion(id), in))
		}})
	}
	return append(all, each("group", []string{"foreign", "random"}, func(w *world, a acting, id string) (any, error) {
		return ok0(w.Access.EditGroup(w.ctx, a.Actor, id, 1, access.GroupInput{Name: "x"}))
	})...)
}

// seenBy leaves the clients that the actor sees, as a form would have them. The
// events of asking are taken back.
func (w *world) seenBy(a acting, in access.GroupInput) access.GroupInput {
	var seen []string
	top, _ := strconv.ParseInt(w.column1(`SELECT COALESCE(MAX(n), 0) FROM undo`)[0], 10, 64)
	for _, c := range in.Clients {
		if _, err := w.Clients.Get(w.ctx, a.Actor, c); err == nil {
			seen = append(seen, c)
		}
	}
	if err := undo(w.db, top); err != nil {
		w.t.Fatal(err)
	}
	in.Clients = seen
	return in
}

func accessOps() map[string]operation {
	list, preview, edit, remove := levelCells()
	groups := []cell{{label: "all", call: func(w *world, a acting) (any, error) { return ok1(w.Access.Groups(w.ctx, a.Actor)) }}}
	groups = append(groups, each("group", []string{"in", "off", "foreign", "random"}, func(w *world, a acting, id string) (any, error) {
		return ok1(w.Access.Group(w.ctx, a.Actor, id))
	})...)
	passes := each("folder", folderNames, func(w *world, a acting, id string) (any, error) {
		return ok0(w.Access.Pass(w.ctx, a.Actor, id, w.id("user", "junior"), 0))
	})
	for i := range passes {
		passes[i].second = thing("user", "junior")
	}
	for _, u := range []string{"self", "admin2", "guest", "foreign", "random"} {
		t := thing("user", u)
		passes = append(passes, cell{label: "free:" + u, target: thing("folder", "free"), second: t, call: func(w *world, a acting) (any, error) {
			return ok0(w.Access.Pass(w.ctx, a.Actor, w.id("folder", "free"), w.user(t, a), 0))
		}})
	}
	give := each("client", clientNames, func(w *world, a acting, id string) (any, error) {
		return ok0(w.Access.AssignGroup(w.ctx, a.Actor, id, w.id("group", "out"), true))
	})
	for i := range give {
		give[i].second = thing("group", "out")
	}
	for _, g := range []string{"foreign", "random"} {
		give = append(give, cell{label: "assigned:" + g, target: thing("client", "assigned"), second: thing("group", g), call: func(w *world, a acting) (any, error) {
			return ok0(w.Access.AssignGroup(w.ctx, a.Actor, w.id("client", "assigned"), w.id("group", g), true))
		}})
	}
	var who []cell
	for kind, names := range map[string][]string{"client": clientNames, "folder": folderNames, "credential": loginNames} {
		of := map[string]func(string) gate.Target{"client": gate.Client, "folder": gate.Folder, "credential": gate.Credential}[kind]
		cells := each(kind, names, func(w *world, a acting, id string) (any, error) { return ok1(w.Access.Who(w.ctx, a.Actor, of(id))) })
		for i := range cells {
			cells[i].label = kind + " " + cells[i].label
		}
		who = append(who, cells...)
	}
	sortCells(who)
	var what []cell
	for _, u := range []string{"junior", "admin2", "guest", "disabled", "self", "foreign", "random"} {
		t := thing("user", u)
		if u == "foreign" {
			t.ID = "eve"
		}
		what = append(what, cell{label: u, target: t, call: func(w *world, a acting) (any, error) { return ok1(w.Access.What(w.ctx, a.Actor, w.user(t, a))) }})
	}
	return map[string]operation{
		"level.list": {cells: list}, "level.preview": {cells: preview}, "level.edit": {cells: edit}, "level.delete": {cells: remove},
		"group.list": {cells: groups},
		"group.preview": {cells: each("group", []string{"in", "off", "foreign", "random"}, func(w *world, a acting, id string) (any, error) {
			return ok1(w.Access.PreviewGroupAsIs(w.ctx, a.Actor, id, access.GroupInput{}))
		})},
		"group.edit": {reach: true, cells: groupEdits()},
		"group.delete": {reach: true, cells: each("group", []string{"in", "off", "out", "foreign", "random"}, func(w *world, a acting, id string) (any, error) {
			return ok0(w.Access.DeleteGroup(w.ctx, a.Actor, id, w.groupVersion(id), access.Guarded{TakeOff: true}))
		})},
		"folder.guards": {reach: true, cells: each("folder", folderNames, func(w *world, a acting, id string) (any, error) { return ok1(w.Access.Guards(w.ctx, a.Actor, id)) })},
		"folder.pass":   {reach: true, cells: passes},
		"client.access": {reach: true, cells: each("client", clientNames, func(w *world, a acting, id string) (any, error) {
			return ok1(w.Access.Assignments(w.ctx, a.Actor, id))
		})},
		"client.assign.group": {reach: true, cells: give},
		"access.who":          {reach: true, cells: who},
		"access.what":         {cells: what},
		"access.unassigned":   {cells: []cell{named("client"), named("folder")}},
		"request.list":        simple(func(w *world, a acting) (any, error) { return ok1(w.Access.Requests(w.ctx, a.Actor)) }),
		"request.add":         {cells: asks()},
		"request.withdraw": mine("request", func(w *world, a acting, id string) (any, error) {
			return ok0(w.Access.Withdraw(w.ctx, a.Actor, id))
		}),
		"request.decide": {reach: true, cells: decisions()},
	}
}

// named compares what shows by name only.
func named(kind string) cell {
	return cell{label: kind, visible: "named:" + kind, call: func(w *world, a acting) (any, error) { return ok1(w.Access.Unassigned(w.ctx, a.Actor)) },
		shown: func(v any) (ids []string) {
			u := v.(access.Unassigned)
			if kind == "client" {
				for _, c := range u.Clients {
					ids = append(ids, c.ID)
				}
				return ids
			}
			for _, f := range u.Folders {
				ids = append(ids, f.ID)
			}
			return ids
		}}
}

// asks: for a typed name everybody gets the same answer who does not reach
// what is called so.
func asks() (all []cell) {
	for _, n := range []string{canaryOne + " far", "nobody is called so"} {
		all = append(all, cell{label: "typed " + n, also: map[string][]fault.Kind{canaryOne + " far": {fault.Invalid}}[n], says: "he reaches it already", call: func(w *world, a acting) (any, error) {
			return ok0(w.Access.Request(w.ctx, a.Actor, access.Ask{Name: n}))
		}})
	}
	for _, c := range clientNames {
		all = append(all, cell{label: "client " + c, target: thing("named:client", c), call: func(w *world, a acting) (any, error) {
			return ok0(w.Access.Request(w.ctx, a.Actor, access.Ask{Client: w.id("client", c)}))
		}})
	}
	for _, f := range folderNames {
		t := thing("folder", f)
		all = append(all, cell{label: "folder " + f, target: thing("named:folder", f), call: func(w *world, a acting) (any, error) {
			return ok0(w.Access.Request(w.ctx, a.Actor, access.Ask{Folder: w.at(t, a)}))
		}})
	}
	return all
}

func decisions() (all []cell) {
	for _, d := range []access.Decision{{Allow: true}, {Reason: "no"}} {
		word := map[bool]string{true: "allow ", false: "decline "}[d.Allow]
		var over []fault.Kind
		decide := func(label string, target, who refmodel.Target, name func(acting) string) {
			all = append(all, cell{label: word + label, target: target, second: who, also: over, says: "the request is over", call: func(w *world, a acting) (any, error) {
				return ok0(w.Access.Decide(w.ctx, a.Actor, w.id("request", name(a)), d))
			}})
		}
		for _, u := range []string{"junior", "admin2", "guest"} {
			over = map[string][]fault.Kind{"admin2": {fault.Absent}}[u] // he reaches every client
			decide("far of "+u, thing("client", "far"), thing("user", u), func(acting) string { return u })
		}
		over = nil
		decide("far of oneself", thing("client", "far"), thing("user", "self"), func(a acting) string { return a.person })
		decide("out of junior", thing("folder", "out"), thing("user", "junior"), func(acting) string { return "junior-out" })
		decide("foreign", thing("client", "foreign"), thing("user", "eve"), func(acting) string { return "eve" })
		decide("random", thing("client", "random"), thing("user", "random"), func(acting) string { return "random" })
	}
	return all
}

func sortCells(all []cell) {
	slices.SortFunc(all, func(a, b cell) int { return strings.Compare(a.label, b.label) })
}

func (w *world) column1(text string, args ...any) (all []string) {
	err := w.db.Read(w.ctx, func(tx *db.Tx) (err error) {
		all, err = strs(w.ctx, tx, text, args...)
		return err
	})
	if err != nil && !errors.Is(err, db.ErrText) { // no row has such an id
		w.t.Fatal(err)
	}
	return all
}

func (w *world) groupVersion(id string) int64 {
	if strings.Contains(id, "\x00") { // no row has such an id
		return 1
	}
	for _, v := range w.column1(`SELECT version FROM security_groups WHERE id = $1`, id) {
		n, _ := strconv.ParseInt(v, 10, 64)
		return n
	}
	return 1
}

// levelID is the stored id of a built-in level, "" of every other.
func levelID(name string) string {
	for id, n := range levelNames {
		if n == name {
			return id
		}
	}
	return ""
}
