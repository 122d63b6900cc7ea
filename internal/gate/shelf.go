package gate

import "time"

// Role is what somebody may do in one knowledge base; each includes those
// before it. It is no permission, and says nothing about anything else.
type Role uint8

const (
	Public Role = iota + 1 // what anybody may: read published articles of public categories
	Reader
	Editor
	Admin
)

var roleNames = map[Role]string{Public: "none", Reader: "reader", Editor: "editor", Admin: "admin"}

// String is the role as stored; Public is stored as none.
func (r Role) String() string { return roleNames[r] }

// RoleNamed finds a role by its stored name.
func RoleNamed(name string) (Role, bool) {
	for r, n := range roleNames {
		if n == name {
			return r, true
		}
	}
	return 0, false
}

// PasserBy is somebody at an organization's own address who has not signed in,
// or is not of that organization: he reads what is public in its knowledge
// bases, and nothing else. What he is refused reads like what is absent, and is
// counted but not logged: anybody could fill the log.
const PasserBy ActorKind = "passer-by"

// Passing is somebody at an organization's own address.
func Passing(org, ip string, trace *Trace) Actor {
	return Admit(Admission{Kind: PasserBy, Org: org, IP: ip, Trace: trace})
}

// DefaultRole is the setting for the role of members in every knowledge base
// that says nothing else and in which they have none of their own.
const DefaultRole = "default-knowledge-base-role"

type base struct {
	id, path  string
	byDefault Role            // of members; 0: the organization's
	roles     map[string]Role // of users, explicit ones
	public    bool            // anybody reads a category of it
}

type category struct {
	id         string
	base       *base
	parent     *category
	visibility string
	groups     []uint32
}

// Who reads a category, unless one above it lets fewer.
const (
	ForAnybody = "public"
	ForReaders = "readers"
	ForGroups  = "groups" // readers who are in one of them
)

// article is what a decision knows of one.
type article struct {
	id          string
	publishedAt int64 // 0: a draft
}

// out reports whether the article is published.
func (a article) out(now time.Time) bool {
	return a.publishedAt != 0 && a.publishedAt <= now.UnixMilli()
}

// roleIn is the actor's role in a knowledge base. An administrator is Admin in
// each, whatever is explicit; a member without an explicit role has the default
// one, a guest none, and neither has a Site User - Limited.
func (m *Model) roleIn(u *user, who Actor, b *base) Role {
	switch {
	case u == nil || who.enrol || who.kind != User && who.kind != Perspective:
		return Public
	case !u.active && who.kind != Perspective:
		return Public
	case u.override:
		return Admin
	}
	if r := b.roles[u.id]; r != 0 {
		return r
	}
	return m.givenRole(u, b)
}

// givenRole is the role that a user has where none is explicit.
func (m *Model) givenRole(u *user, b *base) Role {
	switch {
	case u.override:
		return Admin
	case u.kind == "guest" || !u.leveled || u.limited():
		return Public
	case b.byDefault != 0:
		return b.byDefault
	}
	return m.defaultRole
}

// readsCategory: every category from this one up lets the actor in. Security
// groups limit readers only, and no category widens what the one above it
// narrows.
func (u *user) readsCategory(c *category, role Role) bool {
	if role >= Editor {
		return true
	}
	for ; c != nil; c = c.parent {
		switch {
		case c.visibility == ForAnybody:
		case role < Reader:
			return false
		case c.visibility == ForReaders:
		case c.visibility != ForGroups || !u.groups.any(c.groups):
			return false
		}
	}
	return true
}

// decideShelf is the decision on knowledge bases: by role, and for what is
// read by category and publication.
func (m *Model) decideShelf(u *user, who Actor, op *Op, s spot, now time.Time) bool {
	if who.kind != User && who.kind != Perspective && who.kind != PasserBy {
		return false
	}
	if s.base == nil {
		return op.Role == Public // a list, which is cut to what the actor reads
	}
	role := m.roleIn(u, who, s.base)
	if role < op.Role {
		acts := u != nil && !who.enrol && (u.active || who.kind == Perspective)
		return acts && m.has(u, who, op.Or)
	}
	switch {
	case role >= Editor:
		return true
	case s.category == nil:
		return role >= Reader || s.base.public
	}
	return u.readsCategory(s.category, role) && (s.article == nil || s.article.out(now))
}
