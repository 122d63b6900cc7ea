package gate

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/perm"
)

// Who sees what, and why, and what a change would do: all asked of the
// decision itself. A reason is the verdict's own: there is none where the
// answer is no, and never none where it is yes.

// Rules are the ways by which somebody reaches something. Each of them is
// enough; none at all means no.
type Rules uint8

const (
	ByOverride   Rules = 1 << iota // Organization: Admin, or Site Administrator in its site
	BySite                         // everybody of a site reaches its one client
	ByDefault                      // Client: Default Access
	ByAssignment                   // for good
	ByTimed                        // assigned until a time
	ByGroup                        // an enabled security group
	ByPass                         // a personal pass to a guarded folder
	Unguarded                      // the folder has no group
)

// Has reports whether a rule is among them.
func (r Rules) Has(one Rules) bool { return r&one != 0 }

// Person is a user as lists of access name him.
type Person struct{ ID, Name, Email, Level string }

// Reach is how one user reaches one thing.
type Reach struct {
	Person
	Client  Rules     // how its client; 0 in no client
	Until   int64     // of ByTimed, milliseconds
	Doors   []Passage // guarded folders on the way, the outermost first
	Secrets bool      // may see secrets there
}

// Passage is how a user gets past the groups on one folder.
type Passage struct {
	Folder string
	By     Rules
	Until  int64 // of ByPass; 0: for good
}

var revealing = &Op{Scope: Single, Needs: perm.PasswordView, Personal: true, Shared: Received}

// how gives the way of a user to a spot; ok is the decision's.
func (m *Model) how(u *user, s spot, now time.Time) (r Reach, ok bool) {
	if u == nil {
		return r, false
	}
	who := Actor{kind: User, user: u.id}
	if !m.sees(u, who, s, now) {
		return r, false
	}
	r.Person = Person{u.id, u.name, u.email, u.level}
	r.Secrets = m.decide(u, who, revealing, s, now)
	if s.client != nil {
		if r.Client = u.rules(m, who, s.client, now); r.Client.Has(ByTimed) {
			r.Until = u.timed[s.client.n]
		}
	}
	for f := s.folder; f != nil; f = f.parent {
		if by := u.passage(f, now); by != Unguarded {
			r.Doors = append(r.Doors, Passage{f.id, by, u.passes[f.id]})
		}
	}
	slices.Reverse(r.Doors)
	return r, true
}

// Reachers lists everybody who reaches a target, by name. What nobody but its
// owner reaches is nobody's to ask about.
func (t *Tx) Reachers(target Target) []Reach {
	var all []Reach
	s, ok := t.locate(seeing, target)
	if !ok || s.client == nil {
		return nil
	}
	for _, u := range t.model.users {
		if r, ok := t.model.how(u, s, t.now); ok {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Reach) int { return byName(a.Person, b.Person) })
	return all
}

func byName(a, b Person) int {
	return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
}

// FolderID is the folder that the target is or lies in, "" at the root.
func (t *Tx) FolderID() string {
	if t.spot.folder == nil {
		return ""
	}
	return t.spot.folder.id
}

// ReachOf says how a user, not the actor, reaches a target.
func (t *Tx) ReachOf(userID string, target Target) (Reach, bool) {
	s, ok := t.locate(seeing, target)
	if !ok || s.client == nil {
		return Reach{}, false
	}
	return t.model.how(t.model.users[userID], s, t.now)
}

// Doors gives the folders with groups on the way to a folder, itself too, the
// outermost first, and what a user gets past each by: 0 where he does not.
func (t *Tx) Doors(userID, folderID string) (doors []Passage) {
	u := t.model.users[userID]
	for f := t.model.folders[folderID]; f != nil && u != nil; f = f.parent {
		if by := u.passage(f, t.now); by != Unguarded {
			doors = append(doors, Passage{f.id, by, u.passes[f.id]})
		}
	}
	slices.Reverse(doors)
	return doors
}

var asking = &Op{Scope: Listed}

// names reports whether somebody may know a thing's name, and ask for access,
// though he does not reach it: an enabled client, or the outermost folder that
// stops him in a client that he reaches, where the organization shows them.
func (m *Model) names(u *user, who Actor, s spot, now time.Time) bool {
	if !m.showUnassigned || s.client == nil || !m.decide(u, who, asking, spot{}, now) || u.level == perm.LevelSiteUserLimited || m.sees(u, who, s, now) {
		return false
	}
	if !m.site && !u.set.Has(perm.ClientViewList) {
		return false
	}
	if s.folder == nil {
		return !m.site && (s.client.enabled || s.client.company)
	}
	return m.sees(u, who, spot{client: s.client, folder: s.folder.parent}, now)
}

// Names reports whether the actor may know the name of a client or folder that
// he does not reach.
func (t *Tx) Names(target Target) bool {
	s, ok := t.locate(seeing, target)
	return ok && t.model.names(t.user, t.who, s, t.now)
}

// Askable reports whether the actor may ask for a client by its name: it is
// enabled, and he does not reach it.
func (t *Tx) Askable(clientID string) bool {
	c := t.model.clients[clientID]
	return c != nil && (c.enabled || c.company) && !t.SeesClient(clientID)
}

// ShowsUnassigned is the organization's setting of that name.
func (t *Tx) ShowsUnassigned() bool { return t.model.showUnassigned }

// Deciders lists who may do an operation on a target to another user: those
// who pass the decision and outrank him.
func (t *Tx) Deciders(op *Op, target Target, about string) (ids []string) {
	s, ok := t.locate(op, target)
	other := t.model.users[about]
	if !ok || other == nil {
		return nil
	}
	for _, u := range t.model.users {
		if u != other && other.set.Within(u.set) && t.model.decide(u, Actor{kind: User, user: u.id}, op, s, t.now) {
			ids = append(ids, u.id)
		}
	}
	slices.Sort(ids)
	return ids
}

// People lists the users of the organization by name, guests only with guests.
func (t *Tx) People(guests bool) (all []Person) {
	for _, u := range t.model.users {
		if guests || u.kind != "guest" {
			all = append(all, Person{u.id, u.name, u.email, u.level})
		}
	}
	slices.SortFunc(all, byName)
	return all
}

// Holders lists who has a level, by name, active or not.
func (t *Tx) Holders(level string) (all []Person) {
	for _, u := range t.model.users {
		if u.level == level && u.kind != "guest" {
			all = append(all, Person{u.id, u.name, u.email, u.level})
		}
	}
	slices.SortFunc(all, byName)
	return all
}

// LevelChange gives the permissions that a user would gain and lose with
// another level of these permissions; what his account roles grant stays.
func (t *Tx) LevelChange(userID string, level perm.Set) (gains, loses perm.Set) {
	u := t.model.users[userID]
	if u == nil {
		return gains, loses
	}
	next := level.Effective().Or(u.roles)
	for _, i := range perm.All() {
		switch before, after := u.set.Has(i.P), next.Has(i.P); {
		case after && !before:
			gains = gains.With(i.P)
		case before && !after:
			loses = loses.With(i.P)
		}
	}
	return gains, loses
}

// Own is what the actor may: no more than that can he give.
func (t *Tx) Own() perm.Set {
	if t.user == nil || t.who.kind == Link {
		return perm.Set{}
	}
	return t.user.permissions(t.who)
}
