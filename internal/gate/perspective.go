package gate

import (
	"slices"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
)

// A perspective is decided as its target would be, whatever state he is in;
// before that, whoever looks must be allowed to, and the operation must be one
// that shows and changes nothing. The keys are those of the session: the
// target's seed is not among them, so his personal vault can't be opened.

// errLooking is the answer to everything else, the same whatever it was.
var errLooking = fault.Cannot("This is a user perspective: you look, and change, reveal and copy nothing. Choose Exit to go on as yourself.")

// Own is the actor of the session that has the perspective: who looks is
// himself again. Only package session may ask; internal/lint keeps that.
func (a Actor) Own() Actor { return a.own() }

func (a Actor) own() Actor {
	a = a.atHome()
	if a.kind == Perspective {
		a.kind, a.user, a.by = User, a.by, ""
	}
	return a
}

// looks reports whether one user may have the perspective of another: all that
// the other may and reaches must be within what he himself may and reaches.
func (m *Model) looks(by, target *user, now time.Time) bool {
	if by == nil || target == nil || by == target || !by.active || !by.set.Has(perm.UserPerspective) || !target.set.Within(by.set) {
		return false
	}
	if by.override {
		return true
	}
	for _, c := range m.clients {
		if target.reaches(m, Actor{}, c, now) && !by.reaches(m, Actor{}, c, now) {
			return false
		}
	}
	if !m.shelvesWithin(by, target) || !m.receivesWithin(by, target) {
		return false
	}
	for _, f := range m.folders {
		if f.client != nil && target.reaches(m, Actor{}, f.client, now) && target.enters(f, now) && !by.enters(f, now) {
			return false
		}
	}
	return true
}

// receivesWithin reports whether all that another organization shares with one
// user by name is shared with another one, too.
func (m *Model) receivesWithin(by, target *user) bool {
	for _, g := range m.things {
		if g.live && !g.everyone && slices.Contains(g.users, target.id) && !slices.Contains(g.users, by.id) {
			return false
		}
	}
	return true
}

// Looks reports whether the actor may have the perspective of a user.
func (t *Tx) Looks(target string) bool {
	return t.who.kind == User && t.model.looks(t.user, t.model.users[target], t.now)
}

// looking holds a perspective to its limits.
func (t *Tx) looking() error {
	if t.who.kind != Perspective {
		return nil
	}
	if !t.model.looks(t.model.users[t.who.by], t.user, t.now) {
		return errRefused
	}
	if !t.op.View {
		return errLooking
	}
	return nil
}

// shelvesWithin reports whether one user's roles in knowledge bases, and the
// categories that he reads, are within another's.
func (m *Model) shelvesWithin(by, target *user) bool {
	as := Actor{kind: Perspective} // the target as if he were active
	for _, b := range m.bases {
		if m.roleIn(target, as, b) > m.roleIn(by, Actor{kind: User}, b) {
			return false
		}
	}
	for _, c := range m.categories {
		if target.readsCategory(c, m.roleIn(target, as, c.base)) && !by.readsCategory(c, m.roleIn(by, Actor{kind: User}, c.base)) {
			return false
		}
	}
	return true
}
