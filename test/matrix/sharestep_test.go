package matrix

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/refmodel"
	"bailiwick/internal/session"
	"bailiwick/internal/vault"

	"pgregory.net/rapid"
)

func (h *lending) share() bool {
	who, a, _ := h.anybody()
	name := h.pick("credential", lentNames)
	from, c := h.maker(name)
	how := vault.Sharing{Everyone: rapid.Bool().Draw(h.rt, "everyone"), Writes: rapid.Bool().Draw(h.rt, "writes"), History: rapid.Bool().Draw(h.rt, "history")}
	share := &refmodel.Share{Everyone: how.Everyone, Writes: how.Writes, History: how.History, Users: map[string]bool{}}
	second := refmodel.Target{}
	if how.Writes {
		second = thing("permission", "Password: Edit")
	}
	if !how.Everyone {
		people := map[string][]string{"one": {"uma", "ugo", "lim", "sid"}, "site": {"technicianA", "technicianD", "managerD"}}[from]
		for _, u := range append(h.pickSome("with", people[1:], 2), people[0]) {
			if may, _ := h.model.May(h.tries("credential.share", refmodel.Actor{Kind: "user", Org: from, User: adminOf(from), Open: true}, thing("credential", name), thing("partner", u))); !may {
				return false // nobody there whom it could be shown
			}
			share.Users[u], how.Users = true, append(how.Users, h.id("user", u))
		}
	}
	try := h.tries("credential.share", a, thing("credential", name), second)
	if may, _ := h.model.May(try); may && (c.Archived || h.off) { // that is not access
		return false
	}
	version := h.row(from, name)
	if !h.judge(try, h.Vault.Share(h.ctx, who, h.id("credential", name), how)) {
		return false
	}
	to := other(from)
	if c.Shares[to] == nil {
		h.since[name] = version
	}
	c.Shares[to] = share
	if got := h.model.Orgs[to].Credentials[name]; got == nil { // else it is where it was
		h.model.Orgs[to].Credentials[name] = &refmodel.Credential{ID: name, ClientID: map[string]string{"site": "home", "one": "sited"}[to], From: from}
	}
	return true
}

func (h *lending) unshare() bool {
	who, a, _ := h.anybody()
	name := h.pick("credential", lentNames)
	from, c := h.maker(name)
	err := h.Vault.Unshare(h.ctx, who, h.id("credential", name), true)
	if c.Shares[other(from)] == nil && fault.Is(err, fault.Unacceptable) {
		err = nil // it may be done, and there is nothing to do
	}
	ok := h.judge(h.tries("credential.unshare", a, thing("credential", name), refmodel.Target{}), err)
	if ok {
		delete(c.Shares, other(from))
	}
	return ok
}

func (h *lending) edit() bool {
	who, a, o := h.anybody()
	name := h.pick("credential", lentNames)
	if o.Credentials[name] == nil {
		return false
	}
	next := h.fresh("canary")
	version, err := h.Vault.Patch(h.ctx, who, h.id("credential", name), h.row(a.Org, name), vault.Patch{Password: &next})
	if h.off && o.Credentials[name].From == "site" && (fault.Is(err, fault.Unacceptable) || fault.Is(err, fault.Unavailable)) {
		return false // its key is stale, and nobody of the site can open the vault to renew it
	}
	ok := h.judge(h.tries("credential.edit", a, thing("credential", name), refmodel.Target{}), err)
	if ok {
		h.values[name][version] = next
	}
	return ok
}

func (h *lending) shelve() bool {
	who, a, _ := h.anybody()
	name := h.pick("credential", lentNames)
	from, c := h.maker(name)
	on := !c.Archived
	op, call := "credential.restore", h.Vault.Restore
	if on {
		op, call = "credential.archive", h.Vault.Archive
	}
	ok := h.judge(h.tries(op, a, thing("credential", name), refmodel.Target{}), call(h.ctx, who, h.id("credential", name)))
	if ok {
		// The value goes on under the next number.
		all := versionsIn(h.values[name])
		last := all[len(all)-1]
		value := h.values[name][last]
		delete(h.values[name], last)
		h.values[name][h.row(from, name)] = value
		c.Archived = on
	}
	return ok
}

// file puts it into a folder of this side's client, or to its root.
func (h *lending) file() bool {
	who, a, o := h.anybody()
	name := h.pick("credential", lentNames)
	c := o.Credentials[name]
	if c == nil {
		return false
	}
	home := map[string]string{"one": "sited", "site": "home"}[a.Org]
	folder := h.pick("folder", map[string][]string{"one": {"", "sitedfree", "sitedout"}, "site": {"", "chosen", "guarded"}}[a.Org])
	to := thing("folder", folder)
	if folder == "" {
		to = thing("client", home)
	}
	_, err := h.Vault.Move(h.ctx, who, h.id("credential", name), h.row(a.Org, name), vault.Place{Client: h.id("client", home), Folder: h.id("folder", folder)})
	if !h.judge(h.tries("credential.move", a, thing("credential", name), to), err) {
		return false
	}
	c.FolderID = folder
	if c.From == "" {
		all := versionsIn(h.values[name])
		last := all[len(all)-1]
		value := h.values[name][last]
		delete(h.values[name], last)
		h.values[name][h.row(a.Org, name)] = value
	}
	return true
}

// onUser acts on a user of the site, from within or as a visitor.
func (h *lending) onUser(op string, call func(gate.Actor, string) error, wanted bool) bool {
	who, a, _ := h.anybody()
	u := h.pick("user", []string{"sid", "uma", "ugo", "lim"})
	m := h.model.Orgs["site"].Users[u]
	if m.Enabled == wanted || h.off {
		return false
	}
	try := h.tries(op, a, thing("user", u), refmodel.Target{})
	if a.Org == "one" {
		who = session.Visit(who, h.id("org", "site"))
		try.Actor.Kind, try.Actor.Visits, try.Org = "visitor", "site", "site"
	}
	if !h.judge(try, call(who, h.id("user", u))) {
		return false
	}
	if m.Enabled = wanted; wanted {
		h.settle()
		h.back(u)
	}
	return true
}

func (h *lending) disable() bool {
	return h.onUser("user.disable", func(who gate.Actor, id string) error { return h.People.Disable(h.ctx, who, id) }, false)
}

func (h *lending) enable() bool {
	return h.onUser("user.enable", func(who gate.Actor, id string) error { return h.People.Enable(h.ctx, who, id) }, true)
}

// site switches its login off or on again.
func (h *lending) site() bool {
	if h.org.Clients["sited"].Enabled {
		op, call := "site.close", h.Clients.CloseSite
		if h.off {
			op, call = "site.open", h.Clients.OpenSite
		}
		return h.turn(op, call)
	}
	return false
}

// client disables or enables the client, and so the users of its site.
func (h *lending) client() bool {
	c := h.org.Clients["sited"]
	if c.Enabled && h.off {
		return false
	}
	op, call := "client.enable", h.Clients.Enable
	if c.Enabled {
		op, call = "client.disable", h.Clients.Disable
	}
	if !h.turn(op, call) {
		return false
	}
	c.Enabled = !c.Enabled
	return true
}

func (h *lending) turn(op string, call func(context.Context, gate.Actor, string) error) bool {
	who, a, _ := h.anybody()
	if !h.judge(h.tries(op, a, thing("client", "sited"), refmodel.Target{}), call(h.ctx, who, h.id("client", "sited"))) {
		return false
	}
	h.off = !h.off
	for p, u := range h.model.Orgs["site"].Users {
		if h.off {
			h.was[p] = u.Enabled
		}
		u.Enabled = !h.off && h.was[p]
	}
	if !h.off {
		for _, p := range siteLivers {
			if h.was[p] {
				h.back(p)
			}
		}
	}
	return true
}

// epoch ends an API token of the provider's, which makes a new epoch there.
func (h *lending) epoch() bool { return h.revoke() }
