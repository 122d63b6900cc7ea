package refmodel

import (
	"slices"
	"sort"
	"strings"
)

// WhySealed is the reason of a refusal that an open session would turn into yes.
const WhySealed = "sealed"

// override: Organization: Admin, or Site Administrator in its own site. It is
// a way of reaching, so a token has its owner's (T2).
func (s *subject) override() bool {
	return s.own["Organization: Admin"] || s.level == SiteAdministrator
}

// has is question 1. "level" stands for having any level at all.
func (s *subject) has(name string) bool {
	switch name {
	case "level":
		return s.level != ""
	case "Client: View List":
		return s.perms[name] || s.org.Site && s.level != ""
	case "Organization: Admin":
		return s.perms[name] && !s.org.Site || s.level == SiteAdministrator && s.kind != "T"
	case "User: Add", "User: Edit", "User: Disable": // M1
		if s.org.Site {
			name = "Site " + name
		}
	}
	return name == "" || s.perms[name]
}

func (s *subject) until(m map[string]int64) bool {
	t, ok := m[s.id]
	return ok && (t == 0 || s.w.Now < t)
}

// client is question 2, with Client: View List (C1-C4).
func (s *subject) client(id string) bool {
	c := s.org.Clients[id]
	switch {
	case c == nil || !s.has("Client: View List") || len(s.scope) > 0 && !slices.Contains(s.scope, id):
		return false
	case s.org.Site:
		return c.Company
	case !c.Enabled && !c.Company && !s.perms["Client: Disable"]:
		return false
	case s.override() || s.until(c.Assigned):
		return true
	case s.own["Client: Default Access"] && (!c.Company || s.org.Settings.CompanyVaultByDefault):
		return true
	}
	for _, g := range s.org.Groups {
		if g.Enabled && g.Users[s.id] && g.Clients[id] {
			return true
		}
	}
	return false
}

// path is a folder and those above it; nil where the chain is broken (F4).
func (o *Org) path(id string) (p []*Folder) {
	for id != "" {
		f := o.Folders[id]
		if f == nil || slices.Contains(p, f) || len(p) > 0 && (f.ClientID != p[0].ClientID || f.OwnerID != p[0].OwnerID) {
			return nil
		}
		p, id = append(p, f), f.ParentID
	}
	return p
}

// guards is question 3: an enabled group of the user's at every level that has some (F1-F3).
func (s *subject) guards(p []*Folder) bool {
	for _, f := range p {
		in := len(f.Groups) == 0 || s.override() || s.until(f.Passes)
		for _, id := range f.Groups {
			g := s.org.Groups[id]
			in = in || g != nil && g.Enabled && g.Users[s.id]
		}
		if !in {
			return false
		}
	}
	return true
}

// place is where a thing lies: in a client or a personal vault, in which folders.
type place struct {
	client, owner string
	path          []*Folder
}

// inside is questions 2 and 3 for a place; chosen: see F5. A personal vault has
// only its owner, in his own session, with Vault Access (V1).
func (s *subject) inside(p place, chosen map[string]bool) bool {
	if p.owner != "" {
		return s.kind == "U" && p.owner == s.id && s.perms["Vault Access"]
	}
	ok := s.level != SiteUserLimited || chosen[s.id]
	for _, f := range p.path {
		ok = ok || f.Chosen[s.id]
	}
	return ok && s.client(p.client) && s.guards(p.path)
}

// find resolves a target; false where the subject does not reach it.
func (s *subject) find(t Target) (p place, ok bool) {
	switch t.Kind {
	case "", "up", "archive":
		return p, t.ID == ""
	case "user":
		return p, t.ID == "" || t.ID == s.id
	case "partner": // of the other organization
		return p, t.ID != ""
	case "organization":
		return p, t.ID == "" || s.w.Orgs[t.ID] == s.org
	case "permission":
		return p, slices.Contains(Names(), t.ID)
	case "group":
		return p, t.ID == "" || s.org.Groups[t.ID] != nil
	case "level":
		_, custom := s.org.permissionsOf(t.ID)
		b, is := builtin[t.ID]
		return p, t.ID == "" || custom || is && (b.site || !s.org.Site) // M4
	case "base", "category", "article":
		_, ok := s.org.onShelf(t)
		return p, ok
	case "named:client", "named:folder":
		return p, s.named(t)
	case "client":
		return place{client: t.ID}, s.client(t.ID)
	case "personal":
		p.owner = t.ID
		return p, t.ID != "" && s.inside(p, nil)
	case "folder":
		if f := s.org.Folders[t.ID]; f != nil {
			p = place{f.ClientID, f.OwnerID, s.org.path(t.ID)}
			return p, p.path != nil && s.inside(p, nil)
		}
	case "credential":
		if c := s.org.Credentials[t.ID]; c != nil {
			p = place{c.ClientID, c.OwnerID, s.org.path(c.FolderID)}
			whole := c.FolderID == "" || p.path != nil && p.path[0].ClientID == p.client && p.path[0].OwnerID == p.owner
			chosen := c.Chosen
			if share := s.shared(t); share != nil && share.Users[s.id] {
				chosen = share.Users
			}
			return p, whole && s.admitted(t) && s.inside(p, chosen)
		}
	}
	return p, false
}

func (s *subject) reach(t Target) bool { _, ok := s.find(t); return ok }

// May answers whether the attempt is allowed, and why not.
func (w *World) May(a Attempt) (bool, string) {
	if a.Operation == "perspective.end" && (a.Actor.Kind == "perspective" || a.Actor.Kind == "visitor") {
		a.Actor.Kind, a.Org = "user", a.Actor.Org // out of it comes whoever is in it
	}
	s, why := w.subject(w.passing(a))
	op, known := operations[a.Operation]
	if s == nil || why != "" {
		return false, why
	}
	if !known || !strings.Contains(op.who, s.kind) || w.Orgs[a.Org] != s.org {
		return false, "not for this kind of actor, or another organization"
	}
	if s.waits && !op.waits { // S1
		return false, "waits for approval"
	}
	at, ok := s.find(a.Target)
	to, ok2 := s.find(a.Second)
	if op.rank {
		ok, ok2 = s.outranks(a.Target, ok), s.outranks(a.Second, ok2)
	}
	if op.others && a.Target.Kind == "user" && s.org.Users[a.Target.ID] != nil && s.has("Organization: Admin") {
		ok = true
	}
	if op.anybody && a.Target.Kind == "user" {
		ok = s.org.Users[a.Target.ID] != nil
	}
	kind := a.Target.Kind + refuse(a.Target.Kind == "", "none")
	if !ok || !ok2 || !slices.Contains(strings.Fields(op.on), kind) {
		return false, "not reached"
	}
	if why := s.foreign(a) + s.shelf(a); why != "" {
		return false, why
	}
	key, needs, why := s.special(a, at, to)
	if at.owner == "" { // personal: reaching it was asking for Vault Access
		needs = append(needs, strings.Split(op.needs, " + ")...)
	}
	for _, n := range needs {
		if !s.has(n) {
			return false, "lacks " + n
		}
	}
	if why == "" && (op.key || key) && !s.open {
		why = WhySealed
	}
	return why == "", why
}

// special is what a row of the operations' table can't say: whether this case
// needs the vault key, further permissions, and a reason to refuse anyway.
func (s *subject) special(a Attempt, at, to place) (key bool, needs []string, why string) {
	if a.Second.Kind == "" { // the root of the same tree
		to = place{client: at.client, owner: at.owner}
	}
	far, nowhere := at.client != to.client, to.client == "" && to.owner == "" || a.Second.Kind == "credential"
	switch a.Operation {
	case "perspective.begin": // P1, P2
		_, why = s.w.subject(Actor{Kind: "perspective", Org: a.Actor.Org, User: s.id, PerspectiveOf: a.Target.ID})
	case "user.list", "user.export": // U5
		why = refuse(!s.any("User: Add", "User: Edit", "User: Disable", "User: Perspective", "Admin: Manage User Lockouts"), "no permission on users")
	case "user.view", "user.edit": // U6
		why = refuse(!s.any("User: Add", "User: Edit", "User: Disable", "User: Perspective", "Admin: Manage User Lockouts",
			"Permissions: Edit", "Edit Access Assignments", "Security Groups: Manage"), "no permission on users")
		switch a.Second.Kind { // the field's own
		case "permission":
			needs = []string{a.Second.ID}
		case "client": // reached, as every second thing is
			needs = []string{"Edit Access Assignments"}
		case "group": // R4
			needs = []string{"Security Groups: Manage"}
			in := s.org.Groups[a.Second.ID].Users[a.Target.ID]
			why += refuse(!in && !s.gives(a.Second.ID), "the group gives what is not one's own")
		}
	case "user.guest": // M3
		why = refuse(s.org.Site, "a site has no guests")
	case "user.member", "user.invite", "user.import", "user.import.preview": // U7, U8, M3
		why = refuse(s.org.Site && a.Operation == "user.member", "a site has no guests")
		if a.Operation == "user.member" || a.Second.Kind == "permission" || a.Operation == "user.invite" && s.org.Site {
			needs = column(map[bool]string{true: "SU", false: "T"}[s.org.Site])
		}
		if a.Operation == "user.invite" && a.Second.ID == "User: Edit" { // along with the key: K1
			key, needs = true, append(needs, "User: Edit")
		}
	case "client.add":
		why = refuse(s.org.Site, "a site has one client")
	case "client.disable":
		why = refuse(s.org.Clients[a.Target.ID].Company, "the company vault can't be disabled")
	case "site.open", "site.close", "site.types": // O1
		c := s.org.Clients[a.Target.ID]
		why = refuse(s.org.Site || c.Company || a.Operation == "site.open" && !c.Enabled || a.Operation == "site.types" && c.Site == "", "a site of an enabled client, and none of the company vault")
	case "client.delete": // C6
		c := s.org.Clients[a.Target.ID]
		why = refuse(c.Company || c.Enabled, "only a disabled client is deleted")
	case "level.add": // within one's own, and never the two that come with built-in levels
		if a.Second.Kind != "" {
			needs = []string{a.Second.ID}
			why = refuse(a.Second.ID == "Organization: Admin" || a.Second.ID == "User: Auto-provision", "not in a custom level")
		}
	case "folder.add", "folder.edit", "folder.guard": // F6, U3
		if a.Operation == "folder.guard" || a.Second.Kind == "group" {
			needs, why = []string{"Security Groups: Manage"}, refuse(at.owner != "", "no groups in a personal vault")
		}
	case "folder.move": // F7
		_, _, reached := s.content(a.Target.ID)
		needs = leave(at.path[1:], to.path)
		if far {
			key, needs = true, append(needs, "Password: Edit")
		}
		why = refuse(nowhere || at.owner != to.owner || slices.Contains(to.path, at.path[0]) || far && !reached, "no such move")
	case "folder.delete": // F8
		all, empty, reached := s.content(a.Target.ID)
		if a.Second.Kind == "up" {
			all = at.path[:1]
		}
		if !empty && at.owner == "" {
			needs, why = append(leave(all, nil), "Password: Archive"), refuse(!reached, "content out of reach")
		}
	case "credential.edit", "credential.archive", "credential.restore": // V9
		if a.Second.Kind == "credential" && to.owner == "" {
			needs = strings.Split(operations[a.Operation].needs, " + ")
		}
	case "credential.move": // V2-V4
		switch {
		case at.owner != "" && to.owner == "":
			key, needs = true, []string{"Password: Add"}
		case at.owner == "" && to.owner != "":
			key, needs = true, []string{"Password: View", "Password: Archive"}
		case at.owner == "":
			key, needs = far, append(leave(at.path, to.path), "Password: Edit")
		}
		why = refuse(nowhere, "no destination") + refuse(s.lent(a.Target) && (far || to.owner != ""), "it is shared, here with this client") // H2
	case "import.upload", "import.preview", "import.run", "import.undo": // I2
		if !nowhere {
			needs, why = []string{"Password: Add"}, refuse(to.owner != "", "no import into a personal vault")
		}
	case "audit.list": // A1
		needs = []string{"Report: Client Audit Log"}
		if a.Target.Kind == "organization" {
			needs = []string{"Organization: Admin"}
		}
		why = refuse(at.owner != "" || a.Target.Kind == "organization" && len(s.scope) > 0, "out of any report")
	default:
		needs, why = s.access(a, at)
	}
	return key, needs, why
}

// any reports whether one of the permissions is held.
func (s *subject) any(names ...string) bool { return slices.ContainsFunc(names, s.has) }

// leave says what it needs to leave from's folders for to's (F6).
func leave(from, to []*Folder) []string {
	for _, f := range from {
		if len(f.Groups) > 0 && !slices.Contains(to, f) {
			return []string{"Security Groups: Manage"}
		}
	}
	return nil
}

// content: a folder and those below it; whether it is empty, and all of it reached.
func (s *subject) content(id string) (folders []*Folder, empty, reached bool) {
	root := s.org.Folders[id]
	empty, reached = true, true
	for _, t := range s.org.things() {
		in := t.ID
		if t.Kind == "credential" {
			in = s.org.Credentials[t.ID].FolderID
		}
		p := s.org.path(in)
		got := s.shared(t)
		if t.Kind == "client" || !slices.Contains(p, root) || got != nil && !got.Everyone && len(got.Users) == 0 {
			continue
		}
		if t.Kind == "folder" {
			folders = append(folders, p[0])
		}
		empty, reached = empty && t == Target{"folder", id}, reached && (got != nil || s.reach(t))
	}
	return folders, empty, reached
}

// Visible lists the ids that appear for the actor. Kinds: client, folder,
// credential (lists); named:client, named:folder (by name only); search:client, search:folder, search:credential (search);
// archived (the archive's list). See X1-X4.
func (w *World) Visible(a Actor, kind string) (ids []string) {
	s, why := w.subject(a)
	if s == nil || why != "" || s.kind == "J" || s.kind == "R" || s.waits {
		return nil
	}
	for _, t := range s.org.things() {
		see := s.reach(t)
		switch d := s.org.Credentials[t.ID]; {
		case kind == "named:"+t.Kind:
			see = t.Kind != "credential" && s.byName(t)
		case t.Kind != "credential" && kind == t.Kind: // what is reached
		case t.Kind == "credential" && (kind == "archived" || strings.TrimPrefix(kind, "search:") == t.Kind):
			see = see && s.open && d.Archived == (kind == "archived")
		default:
			see = see && kind == "search:"+t.Kind
		}
		if see {
			ids = append(ids, t.ID)
		}
	}
	sort.Strings(ids)
	return ids
}
