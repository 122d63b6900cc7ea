package matrix

import (
	"context"
	"slices"

	"bailiwick/internal/access"
	"bailiwick/internal/db"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
)

// onUsers makes a cell per user.
func onUsers(names []string, call func(w *world, a acting, id string) error) (o operation) {
	for _, n := range names {
		t := thing("user", n)
		o.cells = append(o.cells, cell{label: n, target: t, call: func(w *world, a acting) (any, error) { return ok0(call(w, a, w.user(t, a))) }})
	}
	return o
}

func act(do func(*people.Store) func(w *world, a acting, id string) error, names ...string) operation {
	return onUsers(append(names, "self", "foreign", "random"), func(w *world, a acting, id string) error { return do(w.People)(w, a, id) })
}

// doing is an act that takes nothing but the user.
type doing = func(context.Context, gate.Actor, string) error

// version is a user's present version, read beside the product.
func (w *world) version(user string) (n int64) {
	_ = w.db.Read(w.ctx, func(tx *db.Tx) error {
		return tx.Row(w.ctx, `SELECT version FROM users WHERE id = $1`, user).Scan(&n)
	})
	return n
}

// givenEdits give Junior a client or a group from the edit page, or take it.
func givenEdits() (all []cell) {
	const says = "the answer says which choice is not one's own"
	for _, n := range clientNames {
		t := thing("client", n)
		all = append(all, cell{label: "client " + n, target: thing("user", "junior"), second: t, also: []fault.Kind{fault.Invalid}, says: says, call: func(w *world, a acting) (any, error) {
			user, client := w.id("user", "junior"), w.at(t, a)
			held := w.column1(`SELECT client_id FROM client_users WHERE user_id = $1 AND client_id <> $2`, user, w.id("client", "lapsed"))
			in := w.seenBy(a, access.GroupInput{Clients: held}).Clients
			if i := slices.Index(in, client); i >= 0 {
				in = slices.Delete(in, i, i+1)
			} else {
				in = append(in, client)
			}
			return ok0(w.People.Save(w.ctx, a.Actor, user, people.Changes{Version: w.version(user), Clients: &in}))
		}})
	}
	for _, n := range []string{"in", "off", "out", "foreign", "random"} {
		t := thing("group", n)
		all = append(all, cell{label: "group " + n, target: thing("user", "junior"), second: t, also: []fault.Kind{fault.Invalid}, says: says, call: func(w *world, a acting) (any, error) {
			user, group := w.id("user", "junior"), w.id("group", n)
			in := w.column1(`SELECT group_id FROM group_users WHERE user_id = $1`, user)
			if i := slices.Index(in, group); i >= 0 {
				in = slices.Delete(in, i, i+1)
			} else {
				in = append(in, group)
			}
			return ok0(w.People.Save(w.ctx, a.Actor, user, people.Changes{Version: w.version(user), Groups: &in}))
		}})
	}
	return all
}

// importing are cells of a file with one guest, and with one member.
func importing(run func(w *world, a acting, f people.ImportFile) error) (o operation) {
	for label, level := range map[string]string{"guest": "", "member": "Technician - Assigned Access"} {
		c := cell{label: label, call: func(w *world, a acting) (any, error) {
			return ok0(run(w, a, people.ImportFile{Data: []byte("Email,Kind,Level\nnew@one.example," + map[bool]string{true: "guest", false: ""}[level == ""] + "," + level + "\n")}))
		}}
		if level != "" {
			c.also, c.says = []fault.Kind{fault.Invalid}, "the answer says that the default level goes beyond the actor's own"
			c.second = thing("permission", "Vault Access") // one that the level holds
		}
		o.cells = append(o.cells, c)
	}
	sortCells(o.cells)
	return o
}

func userOps() map[string]operation {
	edit := func(label, needs string, change func(*people.Changes)) cell {
		return cell{label: label, target: thing("user", "junior"), second: thing("permission", needs), call: func(w *world, a acting) (any, error) {
			id := w.id("user", "junior")
			in := people.Changes{Version: w.version(id)}
			change(&in)
			return ok0(w.People.Save(w.ctx, a.Actor, id, in))
		}}
	}
	name, off, none, yes := canaryOne, false, "", true
	save := operation{cells: []cell{
		edit("name", "User: Edit", func(c *people.Changes) { c.Name = &name }),
		edit("approved", "User: Edit", func(c *people.Changes) { c.Approved = &off }),
		edit("enabled", "User: Disable", func(c *people.Changes) { c.Enabled = &off }),
		edit("level", "Permissions: Edit", func(c *people.Changes) { c.Level = &none }),
		edit("role", "Organization: Admin", func(c *people.Changes) { c.RoleAccount = &yes }),
	}}
	for _, n := range []string{"admin2", "self", "foreign", "random"} {
		t := thing("user", n)
		save.cells = append(save.cells, cell{label: n, target: t, second: thing("permission", "User: Edit"), call: func(w *world, a acting) (any, error) {
			id := w.user(t, a)
			return ok0(w.People.Save(w.ctx, a.Actor, id, people.Changes{Version: w.version(id), Name: &name}))
		}})
	}
	save.reach = true
	save.cells = append(save.cells, givenEdits()...)
	invite := func(label, level string, key bool) cell {
		c := cell{label: label, call: func(w *world, a acting) (any, error) {
			return ok1(w.People.Invite(w.ctx, a.Actor, []people.Invitee{{Email: "new@one.example", Level: w.levelIn(a, level), SendKey: key}}, ""))
		}}
		if level != "" {
			c.also, c.says = []fault.Kind{fault.Invalid}, "the answer says that the default level goes beyond the actor's own"
			c.second = thing("permission", "Vault Access") // one that the level holds
		}
		if key {
			c.says, c.second = "the answer says what of it can't be given", thing("permission", "User: Edit") // what sending the key needs
		}
		return c
	}
	member := act(func(s *people.Store) func(*world, acting, string) error {
		return func(w *world, a acting, id string) error { return s.AddMember(w.ctx, a.Actor, id) }
	}, "guest")
	member.cells[0].also, member.cells[0].says = []fault.Kind{fault.Unacceptable}, "the answer says that the default level goes beyond the actor's own"
	simply := func(of func(*people.Store) doing, names ...string) operation {
		return act(func(s *people.Store) func(*world, acting, string) error {
			return func(w *world, a acting, id string) error { return of(s)(w.ctx, a.Actor, id) }
		}, names...)
	}
	approve := simply(func(s *people.Store) doing { return s.Approve }, "pending")
	approve.cells = append(approve.cells, onUsers([]string{"junior", "admin2"}, func(w *world, a acting, id string) error {
		return w.People.Unapprove(w.ctx, a.Actor, id)
	}).cells...)
	offboard := act(func(s *people.Store) func(*world, acting, string) error {
		return func(w *world, a acting, id string) error {
			_, err := s.Offboarding(w.ctx, a.Actor, id)
			return err
		}
	}, "disabled")
	offboard.cells[1].also, offboard.cells[1].says = []fault.Kind{fault.Unacceptable}, "who looks as an administrator outranks himself, and nothing of his is to be off-boarded"
	return map[string]operation{
		"profile.view": simple(func(w *world, a acting) (any, error) { return ok1(w.People.Profile(w.ctx, a.Actor)) }),
		"profile.edit": simple(func(w *world, a acting) (any, error) {
			return ok0(w.People.SaveProfile(w.ctx, a.Actor, people.Profile{Name: canaryOne, Email: w.names[a.User()] + "@" + homeOf(a.person) + ".example", Version: w.version(a.User())}, password))
		}),
		"user.list": simple(func(w *world, a acting) (any, error) {
			l, err := w.People.List(w.ctx, a.Actor, people.Filter{Disabled: true})
			return l.People, err
		}),
		"user.view": act(func(s *people.Store) func(*world, acting, string) error {
			return func(w *world, a acting, id string) error { _, err := s.View(w.ctx, a.Actor, id); return err }
		}, "junior", "other", "admin2", "guest", "disabled"),
		"user.edit":   save,
		"user.check":  simple(func(w *world, a acting) (any, error) { return ok1(w.People.Check(w.ctx, a.Actor, "a@x.example")) }),
		"user.invite": {cells: []cell{invite("guest", "", false), invite("member", perm.LevelTechnicianAssigned, false), invite("member with key", perm.LevelTechnicianAssigned, true)}},
		"user.import": importing(func(w *world, a acting, f people.ImportFile) error {
			_, err := w.People.Import(w.ctx, a.Actor, f)
			return err
		}),
		"user.import.preview": importing(func(w *world, a acting, f people.ImportFile) error {
			v, err := w.People.PreviewImport(w.ctx, a.Actor, f)
			if err == nil && !v.MayRun {
				err = fault.Bad("file", "%s", v.Problems[0].Text)
			}
			return err
		}),
		"user.resend": act(func(s *people.Store) func(*world, acting, string) error {
			return func(w *world, a acting, id string) error {
				_, err := s.Resend(w.ctx, a.Actor, id, "")
				return err
			}
		}, "invited"),
		"user.approve":      approve,
		"user.promote":      simply(func(s *people.Store) doing { return s.Promote }, "junior", "managerA"),
		"user.demote":       simply(func(s *people.Store) doing { return s.Demote }, "admin2"),
		"user.member":       member,
		"user.guest":        simply(func(s *people.Store) doing { return s.MakeGuest }, "junior", "managerA"),
		"user.enable":       simply(func(s *people.Store) doing { return s.Enable }, "disabled"),
		"user.end-sessions": simply(func(s *people.Store) doing { return s.EndSessions }, "junior", "admin2", "guest"),
		"user.reset": simply(func(s *people.Store) doing {
			return func(ctx context.Context, who gate.Actor, user string) error {
				_, err := s.Reset(ctx, who, user)
				return err
			}
		}, "junior", "admin2", "guest"),
		"user.unlock": simply(func(s *people.Store) doing { return s.Unlock }, "locked"),
		"user.delete": act(func(s *people.Store) func(*world, acting, string) error {
			return func(w *world, a acting, id string) error {
				return s.Delete(w.ctx, a.Actor, id, w.names[id]+"@"+homeOf(w.names[id])+".example")
			}
		}, "disabled", "invited"),
		"user.lockouts":     simple(func(w *world, a acting) (any, error) { return ok1(w.People.Lockouts(w.ctx, a.Actor)) }),
		"user.export":       simple(func(w *world, a acting) (any, error) { return ok1(w.People.Export(w.ctx, a.Actor)) }),
		"user.off-boarding": offboard,
		"user.off-boarding.decide": act(func(s *people.Store) func(*world, acting, string) error {
			return func(w *world, a acting, id string) error {
				return s.Decide(w.ctx, a.Actor, id, people.Decisions{})
			}
		}, "disabled"),
		"user.off-boarding.list": simple(func(w *world, a acting) (any, error) { return ok1(w.People.Offboardings(w.ctx, a.Actor)) }),
		"people.settings.view":   simple(func(w *world, a acting) (any, error) { return ok1(w.People.Settings(w.ctx, a.Actor)) }),
		"people.settings.save": simple(func(w *world, a acting) (any, error) {
			was := people.Default()
			was.DefaultLevel = w.levelIn(a, was.DefaultLevel)
			next := was
			next.LockoutTries = 20
			return ok0(w.People.SaveSettings(w.ctx, a.Actor, was, next))
		}),
		"organization.brand":     simple(func(w *world, a acting) (any, error) { return ok1(w.Org.Brand(w.ctx, a.Actor)) }),
		"organization.brand.set": simple(func(w *world, a acting) (any, error) { return ok0(w.Org.SetBrand(w.ctx, a.Actor, "#2b6cb0")) }),
	}
}

func init() {
	for name, why := range map[string]string{
		"link.see":             "shows a stranger the page of a one-time link, and asks for the link",
		"user.accept":          "who accepts has no account yet; asks for the invitation's link (test/flow)",
		"user.forgot":          "who forgot his password can't sign in; mails the stored address alone (test/flow)",
		"user.accounts":        "finds whose a forgotten password may be, after the answer; nobody is known yet",
		"user.password":        "asks for the reset link, which it uses up (test/flow)",
		"user.address.confirm": "asks for the link that went to the new address, which it uses up (test/flow)",
		"user.register":        "who registers has no account yet; mails the address alone, after the answer (test/flow)",
		"user.register.open":   "tells a stranger nothing but whether self-registration is switched on",
		"user.sweep":           "the sweeper's: drops registrations that were never confirmed, by no actor",
	} {
		internal[name] = why
	}
}
