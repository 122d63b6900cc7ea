package matrix

import (
	"testing"

	"bailiwick/internal/client"
	"bailiwick/internal/db"
	"bailiwick/internal/fault"
	"bailiwick/internal/importer"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"
)

// param is one id that an operation takes, everything else being right.
type param struct {
	name, kind string
	call       func(w *world, a acting, id string) error
	kinds      []fault.Kind // answers besides absence: the same one for both
}

func params() []param {
	put := func(call func(w *world, a acting, p vault.Place) error) (client, folder, own func(w *world, a acting, id string) error) {
		return func(w *world, a acting, id string) error { return call(w, a, vault.Place{Client: id}) },
			func(w *world, a acting, id string) error {
				return call(w, a, vault.Place{Client: w.id("client", "assigned"), Folder: id})
			},
			func(w *world, a acting, id string) error { return call(w, a, vault.Place{Own: true, Folder: id}) }
	}
	var all []param
	for name, call := range map[string]func(w *world, a acting, p vault.Place) error{
		"credential.list": func(w *world, a acting, p vault.Place) error {
			_, _, err := w.Vault.List(w.ctx, a.Actor, vault.Listing{Place: p})
			return err
		},
		"credential.add": func(w *world, a acting, p vault.Place) error {
			_, err := w.Vault.Add(w.ctx, a.Actor, p, newLogin)
			return err
		},
		"credential.move": func(w *world, a acting, p vault.Place) error {
			_, err := w.Vault.Move(w.ctx, a.Actor, w.id("credential", "root"), 2, p)
			return err
		},
		"folder.list": func(w *world, a acting, p vault.Place) error {
			_, err := w.Vault.Folders(w.ctx, a.Actor, p)
			return err
		},
		"folder.add": func(w *world, a acting, p vault.Place) error {
			_, err := w.Vault.AddFolder(w.ctx, a.Actor, p, "x")
			return err
		},
	} {
		c, f, o := put(call)
		all = append(all, param{name: name + " client", kind: "client", call: c}, param{name: name + " folder", kind: "folder", call: f}, param{name: name + " own folder", kind: "folder", call: o})
	}
	return append(all,
		param{name: "folder.move parent", kind: "folder", call: func(w *world, a acting, id string) error {
			return w.Vault.MoveFolder(w.ctx, a.Actor, w.id("folder", "free"), 1, id)
		}},
		param{name: "folder.guard group", kind: "group", call: func(w *world, a acting, id string) error {
			return w.Access.Guard(w.ctx, a.Actor, w.id("folder", "free"), 1, []string{w.id("group", "in"), id})
		}},
		param{name: "client.assign user", kind: "user", call: func(w *world, a acting, id string) error {
			return w.Access.Assign(w.ctx, a.Actor, w.id("client", "assigned"), id, 0)
		}},
		param{name: "client.assign -user", kind: "user", call: func(w *world, a acting, id string) error {
			return w.Access.Unassign(w.ctx, a.Actor, w.id("client", "assigned"), id)
		}},
		param{name: "group.add user", kind: "user", call: func(w *world, a acting, id string) error {
			_, err := w.Access.AddGroup(w.ctx, a.Actor, "x", []string{w.id("user", "junior"), id}, nil)
			return err
		}},
		param{name: "group.add client", kind: "client", call: func(w *world, a acting, id string) error {
			_, err := w.Access.AddGroup(w.ctx, a.Actor, "x", nil, []string{w.id("client", "far"), id})
			return err
		}},
		param{name: "group.enable", kind: "group", call: func(w *world, a acting, id string) error { return w.Access.EnableGroup(w.ctx, a.Actor, id, false) }},
		param{name: "user.disable", kind: "user", call: func(w *world, a acting, id string) error { return w.People.Disable(w.ctx, a.Actor, id) }},
		param{name: "session.end", kind: "session", call: func(w *world, a acting, id string) error { return w.Sessions.End(w.ctx, a.Actor, id) }},
		param{name: "device.forget", kind: "device", call: func(w *world, a acting, id string) error { return w.Sessions.Forget(w.ctx, a.Actor, id) }},
		param{name: "token.revoke", kind: "token", call: func(w *world, a acting, id string) error { return w.Sessions.RevokeToken(w.ctx, a.Actor, id) }},
		param{name: "token.add client", kind: "client", kinds: []fault.Kind{fault.Invalid}, call: func(w *world, a acting, id string) error {
			_, err := w.Sessions.AddToken(w.ctx, a.Actor, session.NewToken{Name: "x", Permissions: []string{"Password: Add"}, Clients: []string{id}, Days: 1})
			return err
		}},
		param{name: "import.choose client", kind: "client", kinds: []fault.Kind{fault.Invalid}, call: func(w *world, a acting, id string) error {
			return w.Imports.Choose(w.ctx, a.Actor, w.id("import", a.person), importer.Choices{To: importer.Destination{Client: id}})
		}},
		param{name: "import.choose folder", kind: "folder", kinds: []fault.Kind{fault.Invalid}, call: func(w *world, a acting, id string) error {
			return w.Imports.Choose(w.ctx, a.Actor, w.id("import", a.person), importer.Choices{To: importer.Destination{Client: w.id("client", "assigned"), Folder: id}})
		}})
}

// TestIDs: every id that an operation takes, also beside the target, is put in
// by an administrator as another organization's, as one that is nowhere, and
// as one of another kind. All are absent alike, and change nothing.
func TestIDs(t *testing.T) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": onSQLite, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, open(t))
			w.hold()
			admin := kind{person: "admin"}
			all := params()
			for op, row := range operations() { // the targets themselves
				for _, c := range row.cells {
					if c.label != "random" || c.target.Kind == "user" && op != "user.disable" {
						continue
					}
					all = append(all, param{name: op + " target", kind: c.target.Kind, call: func(w *world, a acting, id string) error {
						w.ids[c.target.Kind+":random"] = id
						defer delete(w.ids, c.target.Kind+":random")
						_, err := c.call(w, a)
						return err
					}})
				}
			}
			for _, p := range all {
				ids := []string{w.id(p.kind, "random")}
				for _, n := range []string{"foreign", "eve"} {
					if id, ok := w.ids[p.kind+":"+n]; ok {
						ids = append(ids, id)
					}
				}
				ids = append(ids, w.id("session", "admin2"), "", "x' OR '1'='1", "\x00", "ünïcode")
				if p.kind == "session" || p.name == "folder.move parent" || p.name == "article.list target" || p.kind == "folder" { // "" is the root, all categories, or another's session
					ids = append(ids[:len(ids)-4], ids[len(ids)-3:]...)
				}
				for _, id := range ids {
					a, err := admin.actor(w)
					if err != nil {
						t.Fatal(err)
					}
					err = p.call(w, a, id)
					f, ok := fault.As(err)
					if !ok || err.Error() != fault.NotFound().Error() && !(len(p.kinds) > 0 && f.Kind == p.kinds[0]) && !(id == "\x00" && f.Kind == fault.Unacceptable) {
						t.Errorf("%s with %q: %v", p.name, id, err)
					}
					made, err := changes(w.db, 0)
					if err != nil {
						t.Fatal(err)
					}
					if made = withoutTries(made); len(made) > 0 && !refusal(made) {
						t.Errorf("%s with %q changed %v", p.name, id, brief(made))
					}
					w.undo()
				}
			}
		})
	}
}

// TestSetupOnce: nobody sets a server up a second time.
func TestSetupOnce(t *testing.T) {
	w := newWorld(t, onSQLite(t))
	if empty, err := w.Org.Empty(w.ctx); err != nil || empty {
		t.Errorf("set-up is open: %v, %v", empty, err)
	}
	if _, err := w.Clients.Get(w.ctx, w.built.open("eve"), w.id("client", "assigned")); !fault.Is(err, fault.Absent) {
		t.Errorf("another organization's client: %v", err)
	}
	if l, _, err := w.Clients.List(w.ctx, w.built.open("eve"), client.Filter{Disabled: true}); err != nil || len(l) != 2 {
		t.Errorf("the other organization has %d clients, %v", len(l), err)
	}
}
