package matrix

import (
	"bailiwick/internal/apptest"
	"bailiwick/internal/audit"
	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

var password = seal.NewSecret(apptest.Password)

func simple(call func(w *world, a acting) (any, error)) operation {
	return operation{cells: []cell{{label: "-", call: call}}}
}

// slow operations check the actor's own password. Tries are counted there as
// at a sign-in, and who is locked out waits.
func slow(o operation) operation {
	o.slow = true
	o.cells[0].also, o.cells[0].says = []fault.Kind{fault.Throttled}, "locked out: a password typed in a session counts too"
	return o
}

// mine makes cells of things that name their owner in the model: one's own,
// another's, another organization's, none.
func mine(kind string, call func(w *world, a acting, id string) (any, error)) operation {
	var o operation
	for _, n := range []string{"self", "other", "foreign", "random"} {
		t := thing("user", n)
		if n == "foreign" {
			t.ID = "eve"
		}
		o.cells = append(o.cells, cell{label: n, target: t, call: func(w *world, a acting) (any, error) {
			of := map[string]string{"self": a.person, "foreign": "eve"}[n]
			if of == "" {
				of = n
			}
			return call(w, a, w.id(kind, of))
		}})
	}
	return o
}

func ownOps() map[string]operation {
	return map[string]operation{
		"organization.view":      simple(func(w *world, a acting) (any, error) { return ok1(w.Org.View(w.ctx, a.Actor)) }),
		"organization.keys.view": simple(func(w *world, a acting) (any, error) { return ok1(w.Org.Keys(w.ctx, a.Actor)) }),
		"organization.key.change": slow(simple(func(w *world, a acting) (any, error) {
			return ok0(w.Org.ChangeKey(w.ctx, a.Actor, password, seal.NewCode()))
		})),
		"organization.recovery.confirm": simple(func(w *world, a acting) (any, error) { return ok0(w.Org.ConfirmRecovery(w.ctx, a.Actor)) }),
		"organization.epoch.make":       simple(func(w *world, a acting) (any, error) { return ok0(w.Org.MakeDue(w.ctx, a.Actor)) }),
		"password.confirm":              slow(simple(func(w *world, a acting) (any, error) { return ok0(w.Org.Confirm(w.ctx, a.Actor, password)) })),
		"password.change": slow(simple(func(w *world, a acting) (any, error) {
			return ok1(w.Sessions.ChangePassword(w.ctx, a.Actor, session.Password{Bearer: a.bearer, Present: password, Next: seal.NewSecret("quite another long pass phrase 77")}))
		})),
		"keys.renew": slow(simple(func(w *world, a acting) (any, error) {
			return ok1(w.Sessions.RenewKeys(w.ctx, a.Actor, session.Password{Bearer: a.bearer, Present: password}))
		})),
		"session.list": simple(func(w *world, a acting) (any, error) {
			l, d, err := w.Sessions.List(w.ctx, a.Actor)
			return []any{l, d}, err
		}),
		"session.sign-out": simple(func(w *world, a acting) (any, error) { return ok0(w.Sessions.SignOut(w.ctx, a.Actor)) }),
		"session.end":      mine("session", func(w *world, a acting, id string) (any, error) { return ok0(w.Sessions.End(w.ctx, a.Actor, id)) }),
		"device.forget":    mine("device", func(w *world, a acting, id string) (any, error) { return ok0(w.Sessions.Forget(w.ctx, a.Actor, id)) }),
		"vault.open": slow(simple(func(w *world, a acting) (any, error) {
			in := session.Open{Bearer: a.bearer, Code: w.codeOf(a)}
			if !a.Open() { // the row of a sealed session holds no P
				in.Password = password
			}
			return ok1(w.Sessions.Open(w.ctx, a.Actor, in))
		})),
		"vault.close":     simple(func(w *world, a acting) (any, error) { return ok0(w.Sessions.Close(w.ctx, a.Actor, a.bearer)) }),
		"perspective.end": simple(func(w *world, a acting) (any, error) { return ok0(w.Sessions.Leave(w.ctx, a.Actor)) }),
		"list.columns":    simple(func(w *world, a acting) (any, error) { return ok1(w.Vault.ShownColumns(w.ctx, a.Actor)) }),
		"list.columns.save": simple(func(w *world, a acting) (any, error) {
			return ok0(w.Vault.SaveColumns(w.ctx, a.Actor, []string{"type"}))
		}),
		"token.list": simple(func(w *world, a acting) (any, error) { return ok1(w.Sessions.Tokens(w.ctx, a.Actor)) }),
		"token.add": simple(func(w *world, a acting) (any, error) {
			return ok1(w.Sessions.AddToken(w.ctx, a.Actor, session.NewToken{Name: canaryOne, Permissions: []string{"Password: Add"}, AllClients: true, Days: 1}))
		}),
		"token.revoke": mine("token", func(w *world, a acting, id string) (any, error) {
			return ok0(w.Sessions.RevokeToken(w.ctx, a.Actor, id))
		}),
		"user.me":    simple(func(w *world, a acting) (any, error) { return ok1(w.People.Me(w.ctx, a.Actor)) }),
		"user.theme": simple(func(w *world, a acting) (any, error) { return ok0(w.People.SetTheme(w.ctx, a.Actor, "dark")) }),
		"recovery-code.confirm": simple(func(w *world, a acting) (any, error) {
			return ok0(w.People.RenewRecovery(w.ctx, a.Actor, seal.NewRecoveryCode()))
		}),
	}
}

func peopleOps() map[string]operation {
	var disable operation
	for _, n := range []string{"junior", "other", "managerA", "guest", "locked", "admin2", "self", "foreign", "random"} {
		t := thing("user", n)
		disable.cells = append(disable.cells, cell{label: n, target: t, call: func(w *world, a acting) (any, error) {
			return ok0(w.People.Disable(w.ctx, a.Actor, w.user(t, a)))
		}})
	}
	var look operation
	for _, n := range []string{"junior", "other", "technicianD", "managerA", "guest", "locked", "disabled", "pending", "admin2", "self", "foreign", "random"} {
		t := thing("user", n)
		look.cells = append(look.cells, cell{label: n, target: t, call: func(w *world, a acting) (any, error) {
			return ok0(w.Sessions.Look(w.ctx, a.Actor, w.user(t, a)))
		}})
	}
	level := func(names ...string) cell {
		c := cell{label: "empty", call: func(w *world, a acting) (any, error) {
			set, _ := perm.Parse(names)
			return ok1(w.Access.AddLevel(w.ctx, a.Actor, canaryOne, set))
		}}
		if len(names) > 0 {
			c.label, c.second = names[0], thing("permission", names[0])
			c.also, c.says = []fault.Kind{fault.Invalid}, "names of permissions are no secret: the answer says which can't be given"
		}
		return c
	}
	enable := each("group", []string{"in", "off", "foreign", "random"}, func(w *world, a acting, id string) (any, error) {
		return ok0(w.Access.EnableGroup(w.ctx, a.Actor, id, true))
	})
	return map[string]operation{
		"user.enrol": slow(simple(func(w *world, a acting) (any, error) {
			return ok1(w.People.Enrol(w.ctx, a.Actor, people.NewUser{Name: canaryOne, Email: "new@one.example", Level: w.levelIn(a, perm.LevelTechnicianDefault), Password: password}))
		})),
		"user.disable":      disable,
		"perspective.begin": look,
		"level.add":         {cells: []cell{level(), level("Password: View"), level("Organization: Admin")}},
		"group.add":         {reach: true, cells: groupCells()},
		"group.enable":      {cells: enable},
		"audit.list":        {cells: []cell{auditCell()}},
	}
}

func groupCells() []cell {
	all := []cell{{label: "empty", call: func(w *world, a acting) (any, error) {
		return ok1(w.Access.AddGroup(w.ctx, a.Actor, canaryOne, nil, nil))
	}}}
	for _, n := range []string{"junior", "admin2", "self", "guest", "foreign", "random"} {
		t := thing("user", n)
		all = append(all, cell{label: "user " + n, second: t, call: func(w *world, a acting) (any, error) {
			return ok1(w.Access.AddGroup(w.ctx, a.Actor, canaryOne, []string{w.user(t, a)}, nil))
		}})
	}
	for _, n := range clientNames {
		all = append(all, cell{label: "client " + n, second: thing("client", n), call: func(w *world, a acting) (any, error) {
			return ok1(w.Access.AddGroup(w.ctx, a.Actor, canaryOne, nil, []string{w.id("client", n)}))
		}})
	}
	return all
}

func auditCell() cell {
	return cell{label: "all", visible: "audit", call: func(w *world, a acting) (any, error) {
		l, _, err := w.Audit.List(w.ctx, a.Actor, audit.Filter{Limit: 200})
		return l, err
	}}
}

// internal are the operations that have no cell, and why.
var internal = map[string]string{
	"organization.setup":    "open to anybody until there is an organization; refused ever after (TestSetupOnce)",
	"organization.fits":     "compares the instance key with the stored keys when a server starts; there is no actor yet",
	"organization.recover":  "demands the Recovery key inside, of the server's own command line; no front door offers it (test/backup)",
	"organization.restored": "notes a restore, from the server's own command line; no front door offers it",
	"server.state":          "counts for the metrics: no name and no id comes out",
	"organization.address":  "the sign-in page's own address; a stranger may read the name there",
	"import.waits":          "asked when a vault is opened: its own user's, and a number only",
	"share.trouble":         "asked when a vault is opened: a number only",
	"import.old":            "the sweeper's: finds what is too old, by no actor",
	"import.sweep":          "the sweeper's: deletes what is too old, by no actor",
	"organization.none":     "tells a stranger nothing but whether set-up is still to be done",
	"session.try":           "the first half of a sign-in, before anybody is known",
	"session.sign-in":       "whoever signs in is nobody yet",
	"session.find":          "finds whose a bearer is; nobody is known yet",
	"session.touch":         "keeps the last use while the actor is being made",
}

func operations() map[string]operation {
	all := map[string]operation{}
	for _, m := range []map[string]operation{clientOps(), folderOps(), credentialOps(), ownOps(), peopleOps(), importOps(), keyOps(), mailOps(), userOps(), accessOps(), factorOps(), linkOps(), exportOps(), typeOps(), flagOps(), siteOps(), shareOps(), readOps(), writeOps(), keepOps()} {
		for n, o := range m {
			all[n] = o
		}
	}
	return all
}
