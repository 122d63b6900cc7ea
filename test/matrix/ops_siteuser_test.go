package matrix

import (
	"slices"

	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
)

// levelIn is a level, or where the actor acts in a site, one of a site.
func (w *world) levelIn(a acting, level string) string {
	if slices.Contains([]string{w.ids["org:site"], w.ids["org:site2"]}, a.Org()) {
		return perm.LevelSiteUser
	}
	return level
}

// siteUserCells are acts on the users of sites, by operation.
func siteUserCells() map[string][]cell {
	all := map[string][]cell{}
	off := false
	for op, do := range map[string]func(w *world, a acting, id string) error{
		"user.view":         func(w *world, a acting, id string) error { _, err := w.People.View(w.ctx, a.Actor, id); return err },
		"user.approve":      func(w *world, a acting, id string) error { return w.People.Unapprove(w.ctx, a.Actor, id) },
		"user.disable":      func(w *world, a acting, id string) error { return w.People.Disable(w.ctx, a.Actor, id) },
		"user.end-sessions": func(w *world, a acting, id string) error { return w.People.EndSessions(w.ctx, a.Actor, id) },
		"user.reset":        func(w *world, a acting, id string) error { _, err := w.People.Reset(w.ctx, a.Actor, id); return err },
		"user.promote":      func(w *world, a acting, id string) error { return w.People.Promote(w.ctx, a.Actor, id) },
		"perspective.begin": func(w *world, a acting, id string) error { return w.Sessions.Look(w.ctx, a.Actor, id) },
		"key.send":          func(w *world, a acting, id string) error { return w.KeyLinks.Send(w.ctx, a.Actor, id) },
		"access.what":       func(w *world, a acting, id string) error { _, err := w.Access.What(w.ctx, a.Actor, id); return err },
		"chosen.list":       func(w *world, a acting, id string) error { _, err := w.Vault.Chosen(w.ctx, a.Actor, id); return err },
		"user.edit": func(w *world, a acting, id string) error {
			return w.People.Save(w.ctx, a.Actor, id, people.Changes{Version: w.version(id), Enabled: &off})
		},
	} {
		all[op] = onUsers([]string{"uma", "lim", "sid", "sam"}, do).cells
	}
	for i := range all["chosen.list"] {
		all["chosen.list"][i].also, all["chosen.list"][i].says = []fault.Kind{fault.Unacceptable, fault.Sealed}, "he is no Site User - Limited; and the keys are asked for first"
	}
	all["user.promote"][2].also, all["user.promote"][2].says = []fault.Kind{fault.Unacceptable}, "he is an administrator already"
	for i := range all["user.edit"] {
		all["user.edit"][i].second = thing("permission", "User: Disable")
	}
	all["user.enable"] = onUsers([]string{"didi"}, func(w *world, a acting, id string) error { return w.People.Enable(w.ctx, a.Actor, id) }).cells
	all["user.delete"] = onUsers([]string{"didi"}, func(w *world, a acting, id string) error {
		return w.People.Delete(w.ctx, a.Actor, id, "didi@site.example")
	}).cells
	return all
}
