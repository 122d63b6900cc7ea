package refmodel

import (
	"slices"
	"strings"
)

// Levels, groups, assignments, passes and requests: the rows, and what a row
// can't say (U1, U3, U4, R1-R7, X2).

func init() {
	for name, o := range map[string]operation{
		"level.list":    {who: "UP", needs: "Permissions: View", on: "none level"},
		"level.preview": {who: "UP", needs: "Permissions: View", on: "none level"},
		"level.edit":    {who: "U", needs: "Permissions: Edit", on: "none level"},
		"level.delete":  {who: "U", needs: "Permissions: Delete", on: "none level"},

		"group.list":    {who: "UP", needs: "Security Groups: View", on: "none group"},
		"group.preview": {who: "UP", needs: "Security Groups: Manage", on: "none group"},
		"group.edit":    {who: "U", needs: "Security Groups: Manage", on: "group", rank: true},
		"group.delete":  {who: "U", needs: "Security Groups: Manage", on: "group"},

		"folder.guards":       {who: "UP", needs: "Security Groups: View", on: "folder"},
		"folder.pass":         {who: "U", needs: "Security Groups: Manage", on: "folder", rank: true},
		"client.access":       {who: "UP", needs: "Edit Access Assignments", on: "client"},
		"client.assign.group": {who: "U", needs: "Edit Access Assignments", on: "client"},

		"access.who":        {who: "UP", on: "client folder credential"},
		"access.what":       {who: "UP", needs: "User: Edit", on: "user", anybody: true},
		"access.unassigned": {who: "UP", needs: "Client: View List", on: "none"},
		"request.list":      {who: "UP", needs: "level", on: "none"},
		"request.add":       {who: "U", needs: "Client: View List", on: "none named:client named:folder"},
		"request.withdraw":  {who: "U", needs: "level", on: "none user"},
		"request.decide":    {who: "U", needs: "level", on: "none client folder", rank: true},
	} {
		operations[name] = o
	}
}

// access is what the rows above can't say.
func (s *subject) access(a Attempt, at place) (needs []string, why string) {
	switch a.Operation {
	case "level.edit": // R1, R2
		if a.Target.Kind == "level" {
			names, custom := s.org.permissionsOf(a.Target.ID)
			why = refuse(!custom, "built in") + refuse(!s.holds(names), "beyond one's own") + s.holders(a.Target.ID)
		}
		if a.Second.Kind != "" {
			needs = []string{a.Second.ID}
			why += refuse(a.Second.ID == "Organization: Admin" || a.Second.ID == "User: Auto-provision", "not in a custom level")
		}
	case "level.delete": // R3
		if a.Target.Kind != "level" {
			break
		}
		_, custom := s.org.permissionsOf(a.Target.ID)
		why = refuse(!custom, "built in")
		if s.org.held(a.Target.ID) {
			names, _ := s.org.permissionsOf(a.Second.ID)
			needs = []string{"Permissions: Edit"}
			why += s.holders(a.Target.ID) + refuse(a.Second.Kind == "" || a.Second.ID == a.Target.ID || builtin[a.Second.ID].site || !s.holds(names), "no replacement that can be given")
		}
	case "group.edit": // R4
		if g := s.org.Groups[a.Target.ID]; a.Second.Kind == "user" && !g.Users[a.Second.ID] {
			why = refuse(!s.gives(a.Target.ID), "the group gives what is not one's own")
		}
	case "group.delete": // R5
		for id, f := range s.org.Folders {
			why += refuse(slices.Contains(f.Groups, a.Target.ID) && !s.reach(Target{"folder", id}), "guards a folder that is not reached")
		}
	case "folder.guards", "folder.pass":
		why = refuse(at.owner != "", "no groups in a personal vault")
	case "access.who":
		needs = []string{"Edit Access Assignments"}
		if s.has("Security Groups: View") {
			needs = nil
		}
		why = refuse(at.owner != "", "a personal vault has one user")
	case "request.decide": // R7
		needs = map[string][]string{"client": {"Edit Access Assignments"}, "folder": {"Security Groups: Manage"}}[a.Target.Kind]
		why = refuse(at.owner != "", "no requests for personal vaults")
	default:
		return s.sharing(a, at)
	}
	return needs, why
}

// permissionsOf is what a level holds, and whether it is a custom one.
func (o *Org) permissionsOf(level string) (names []string, custom bool) {
	if b, ok := builtin[level]; ok {
		return column(b.marks), false
	}
	if l := o.Levels[level]; l != nil {
		return l.Permissions, true
	}
	return nil, false
}

func (o *Org) held(level string) bool {
	for _, u := range o.Users {
		if u.Level == level && u.Kind != "guest" {
			return true
		}
	}
	return false
}

// holders says why rank forbids to change the rights of those who have a level.
func (s *subject) holders(level string) (why string) {
	for id, u := range s.org.Users {
		if u.Level == level && u.Kind != "guest" {
			why += refuse(!s.outranks(Target{"user", id}, true), "rank")
		}
	}
	return why
}

// holds: every name is among one's own, with what is implied.
func (s *subject) holds(names []string) bool {
	for n := range expand(names) {
		if !s.perms[n] {
			return false
		}
	}
	return true
}

// gives: all that a group assigns and guards is reached.
func (s *subject) gives(group string) bool {
	for id := range s.org.Groups[group].Clients {
		if !s.client(id) {
			return false
		}
	}
	for id, f := range s.org.Folders {
		if slices.Contains(f.Groups, group) && !s.reach(Target{"folder", id}) {
			return false
		}
	}
	return true
}

// byName: the name alone is shown (X2).
func (s *subject) byName(t Target) bool {
	if !s.org.Settings.ShowUnassigned || s.kind == "T" || s.kind == "J" || !s.has("Client: View List") || s.level == SiteUserLimited || s.reach(t) {
		return false
	}
	if c := s.org.Clients[t.ID]; t.Kind == "client" {
		return c != nil && !s.org.Site && (c.Enabled || c.Company)
	}
	f, p := s.org.Folders[t.ID], s.org.path(t.ID)
	return p != nil && f.OwnerID == "" && s.client(f.ClientID) && s.guards(p[1:])
}

// named resolves a target of which the name is shown.
func (s *subject) named(t Target) bool {
	kind, ok := strings.CutPrefix(t.Kind, "named:")
	return ok && s.byName(Target{kind, t.ID})
}
