package matrix

import (
	"slices"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/refmodel"
	"bailiwick/internal/vault"

	"pgregory.net/rapid"
)

// step does one random thing and, where it was allowed, does it to the model.
func (h *history) step() bool {
	steps := []func() bool{h.assign, h.assign, h.unassign, h.addGroup, h.enableGroup, h.guard, h.guard, h.enableClient, h.enableClient, h.addClient, h.addFolder,
		h.moveFolder, h.moveFolder, h.deleteFolder, h.addLogin, h.moveLogin, h.moveLogin, h.moveLogin, h.archive, h.disableUser, h.revoke, h.approve, h.unapprove, h.enableUser, h.promote, h.demote}
	return steps[rapid.IntRange(0, len(steps)-1).Draw(h.rt, "step")]()
}

func try(op string, a refmodel.Actor, target, second refmodel.Target) refmodel.Attempt {
	return refmodel.Attempt{Actor: a, Operation: op, Org: "one", Target: target, Second: second}
}

func (h *history) assign() bool {
	who, a, _ := h.who()
	c, u := h.pick("client", names(h.org.Clients)), h.pick("user", names(h.org.Users))
	ok := h.judge(try("client.assign", a, thing("client", c), thing("user", u)), h.Access.Assign(h.ctx, who, h.id("client", c), h.id("user", u), 0))
	if ok {
		h.org.Clients[c].Assigned[u] = 0
	}
	return ok
}

func (h *history) unassign() bool {
	who, a, _ := h.who()
	c, u := h.pick("client", names(h.org.Clients)), h.pick("user", names(h.org.Users))
	if _, there := h.org.Clients[c].Assigned[u]; !there {
		return false
	}
	ok := h.judge(try("client.assign", a, thing("client", c), thing("user", u)), h.Access.Unassign(h.ctx, who, h.id("client", c), h.id("user", u)))
	if ok {
		delete(h.org.Clients[c].Assigned, u)
	}
	return ok
}

func (h *history) addGroup() bool {
	who, a, _ := h.who()
	var second refmodel.Target
	g := &refmodel.Group{Enabled: true, Users: map[string]bool{}, Clients: map[string]bool{}}
	var users, clients []string
	if u := h.pick("user", names(h.org.Users)); rapid.Bool().Draw(h.rt, "with a user") {
		second, users, g.Users[u] = thing("user", u), []string{h.id("user", u)}, true
	} else {
		c := h.pick("client", names(h.org.Clients))
		second, clients, g.Clients[c] = thing("client", c), []string{h.id("client", c)}, true
	}
	name := h.fresh("group")
	id, err := h.Access.AddGroup(h.ctx, who, canaryOne+" "+name, users, clients)
	if !h.judge(try("group.add", a, refmodel.Target{}, second), err) {
		return false
	}
	h.added("group", name, id)
	h.org.Groups[name] = g
	return true
}

func (h *history) enableGroup() bool {
	who, a, _ := h.who()
	g, on := h.pick("group", names(h.org.Groups)), rapid.Bool().Draw(h.rt, "on")
	ok := h.judge(try("group.enable", a, thing("group", g), refmodel.Target{}), h.Access.EnableGroup(h.ctx, who, h.id("group", g), on))
	if ok {
		h.org.Groups[g].Enabled = on
	}
	return ok
}

func (h *history) guard() bool {
	who, a, _ := h.who()
	f, groups := h.pick("folder", names(h.org.Folders)), h.pickSome("groups", names(h.org.Groups), 2)
	var ids []string
	for _, g := range groups {
		ids = append(ids, h.id("group", g))
	}
	ok := h.judge(try("folder.guard", a, thing("folder", f), refmodel.Target{}), h.Access.Guard(h.ctx, who, h.id("folder", f), h.version("folders", h.id("folder", f)), ids))
	if ok {
		h.org.Folders[f].Groups = groups
	}
	return ok
}

func (h *history) enableClient() bool {
	who, a, _ := h.who()
	c, on := h.pick("client", names(h.org.Clients)), rapid.Bool().Draw(h.rt, "on")
	if c == "company" {
		return false
	}
	op, call := "client.disable", h.Clients.Disable
	if on {
		op, call = "client.enable", h.Clients.Enable
	}
	ok := h.judge(try(op, a, thing("client", c), refmodel.Target{}), call(h.ctx, who, h.id("client", c)))
	if ok {
		h.org.Clients[c].Enabled = on
	}
	return ok
}

func (h *history) addClient() bool {
	who, a, p := h.who()
	name := h.fresh("client")
	id, err := h.Clients.Add(h.ctx, who, client.Input{Name: canaryOne + " " + name})
	if !h.judge(try("client.add", a, refmodel.Target{}, refmodel.Target{}), err) {
		return false
	}
	h.added("client", name, id)
	h.org.Clients[name] = &refmodel.Client{Enabled: true, Assigned: map[string]int64{p: 0}}
	return true
}

// somewhere draws a place: a client or one of its folders, or one's own.
func (h *history) somewhere(p string) (vault.Place, refmodel.Target, *refmodel.Folder) {
	if rapid.Bool().Draw(h.rt, "in a folder") {
		f := h.pick("into folder", names(h.org.Folders))
		m := h.org.Folders[f]
		at := vault.Place{Own: m.OwnerID != "", Folder: h.id("folder", f)}
		if !at.Own {
			at.Client = h.id("client", m.ClientID)
		}
		return at, thing("folder", f), &refmodel.Folder{ClientID: m.ClientID, OwnerID: m.OwnerID, ParentID: f}
	}
	if rapid.IntRange(0, 3).Draw(h.rt, "own") == 0 {
		return vault.Place{Own: true}, thing("personal", p), &refmodel.Folder{OwnerID: p}
	}
	c := h.pick("into client", names(h.org.Clients))
	return vault.Place{Client: h.id("client", c)}, thing("client", c), &refmodel.Folder{ClientID: c}
}

func (h *history) deep(f string) (n int) {
	for ; f != ""; f = h.org.Folders[f].ParentID {
		n++
	}
	return n
}

func (h *history) addFolder() bool {
	who, a, p := h.who()
	at, target, m := h.somewhere(p)
	if h.deep(m.ParentID) > 3 { // the depth of 10 is not access
		return false
	}
	name := h.fresh("folder")
	id, err := h.Vault.AddFolder(h.ctx, who, at, canaryOne+" "+name)
	if !h.judge(try("folder.add", a, target, refmodel.Target{}), err) {
		return false
	}
	h.added("folder", name, id)
	h.org.Folders[name] = m
	return true
}

func (h *history) moveFolder() bool {
	who, a, _ := h.who()
	f, to := h.pick("folder", names(h.org.Folders)), ""
	m := h.org.Folders[f]
	var same []string
	for _, n := range names(h.org.Folders) { // within its tree: there is no other move yet
		if o := h.org.Folders[n]; o.ClientID == m.ClientID && o.OwnerID == m.OwnerID && h.deep(n) < 4 {
			same = append(same, n)
		}
	}
	second := refmodel.Target{}
	if len(same) > 0 && rapid.IntRange(0, 2).Draw(h.rt, "to the root") > 0 {
		to = h.pick("to", same)
		second = thing("folder", to)
	}
	id := h.id("folder", f)
	ok := h.judge(try("folder.move", a, thing("folder", f), second), h.Vault.MoveFolder(h.ctx, who, id, h.version("folders", id), h.id("folder", to)))
	if ok {
		m.ParentID = to
	}
	return ok
}

func (h *history) deleteFolder() bool {
	who, a, _ := h.who()
	f := h.pick("folder", names(h.org.Folders))
	content := vault.Content(h.pick("content", []string{"up", "archive"}))
	_, err := h.Vault.DeleteFolder(h.ctx, who, h.id("folder", f), 0, content)
	if !h.judge(try("folder.delete", a, thing("folder", f), thing(string(content), "")), err) {
		return false
	}
	up := h.org.Folders[f].ParentID
	if content == vault.ContentArchive {
		h.shelve(f, up)
	}
	for _, o := range h.org.Folders {
		if o.ParentID == f {
			o.ParentID = up
		}
	}
	for _, c := range h.org.Credentials {
		if c.FolderID == f {
			c.FolderID = up
		}
	}
	delete(h.org.Folders, f)
	return true
}

// shelve archives what lies in a folder and below, into the one above it.
func (h *history) shelve(folder, up string) {
	for n, o := range h.org.Folders {
		if o.ParentID == folder {
			h.shelve(n, up)
			delete(h.org.Folders, n)
		}
	}
	for _, c := range h.org.Credentials {
		if c.FolderID == folder {
			c.FolderID, c.Archived = up, c.From == "" // what is received is only moved
		}
	}
}

func (h *history) addLogin() bool {
	who, a, p := h.who()
	at, target, m := h.somewhere(p)
	id, err := h.Vault.Add(h.ctx, who, at, newLogin)
	if !h.judge(try("credential.add", a, target, refmodel.Target{}), err) {
		return false
	}
	h.login(id, m)
	return true
}

func (h *history) login(id string, at *refmodel.Folder) {
	name := h.fresh("login")
	h.added("credential", name, id)
	h.org.Credentials[name] = &refmodel.Credential{ClientID: at.ClientID, OwnerID: at.OwnerID, FolderID: at.ParentID}
}

func (h *history) moveLogin() bool {
	who, a, p := h.who()
	c := h.pick("credential", names(h.org.Credentials))
	at, second, m := h.somewhere(p)
	id := h.id("credential", c)
	moved, err := h.Vault.Move(h.ctx, who, id, h.version("credentials", id), at)
	if o := h.org.Credentials[c]; (o.From != "" || len(o.Shares) > 0) && fault.Is(err, fault.Unacceptable) {
		return false // what is shared stays in its client; whoever sees it may know
	}
	if !h.judge(try("credential.move", a, thing("credential", c), second), err) {
		return false
	}
	o := h.org.Credentials[c]
	if (o.OwnerID == "") != (m.OwnerID == "") { // a copy and an archive
		o.Archived = true
		h.login(moved, m)
		return true
	}
	o.ClientID, o.FolderID = m.ClientID, m.ParentID
	return true
}

func (h *history) archive() bool {
	who, a, _ := h.who()
	c, on := h.pick("credential", names(h.org.Credentials)), rapid.Bool().Draw(h.rt, "on")
	op, call := "credential.restore", h.Vault.Restore
	if on {
		op, call = "credential.archive", h.Vault.Archive
	}
	ok := h.judge(try(op, a, thing("credential", c), refmodel.Target{}), call(h.ctx, who, h.id("credential", c)))
	if ok {
		h.org.Credentials[c].Archived = on
	}
	return ok
}

// disableUser cuts access at once; the new epoch is made now, or, by a sealed
// session, before the next open one does anything else.
func (h *history) disableUser() bool {
	who, a, _ := h.who()
	u := h.pick("user", names(h.org.Users))
	if u == "admin" || !h.org.Users[u].Enabled || rapid.IntRange(0, 2).Draw(h.rt, "really") > 0 {
		return false
	}
	ok := h.judge(try("user.disable", a, thing("user", u), refmodel.Target{}), h.People.Disable(h.ctx, who, h.id("user", u)))
	if ok {
		h.org.Users[u].Enabled = false
	}
	return ok
}

// revoke ends one's own API token once, which makes a new epoch.
func (h *history) revoke() bool {
	who, a, p := h.who()
	if _, there := h.ids["token:"+p]; !there || slices.Contains([]string{"guest"}, p) || !h.org.Users[p].Enabled {
		return false
	}
	ok := h.judge(try("token.revoke", a, thing("user", p), refmodel.Target{}), h.Sessions.RevokeToken(h.ctx, who, h.ids["token:"+p]))
	if ok {
		delete(h.ids, "token:"+p)
	}
	return ok
}
