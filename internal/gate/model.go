package gate

import (
	"time"

	"bailiwick/internal/perm"
)

// Model is the compiled access model of one organization: everything that a
// decision needs besides the target's own row. It never changes; a change of
// access makes the next one.
type Model struct {
	epoch            int64
	site             bool
	companyByDefault bool
	users            map[string]*user
	clients          map[string]*client
	folders          map[string]*folder
}

type user struct {
	id, name, email, level string
	kind                   string
	active                 bool // enabled, approved, accepted
	leveled                bool // has a permission level that there is
	set                    perm.Set
	override               bool
	reach                  bits // clients, by index, whether enabled or not
	timed                  map[uint32]int64
	groups                 bits // enabled groups only
}

type client struct {
	n       uint32
	id      string
	company bool
	enabled bool
}

type folder struct {
	id     string
	client *client
	owner  string
	parent *folder
	groups []uint32 // what guards this folder itself, disabled groups too
}

// permissions is what the actor may, of what its user may.
func (u *user) permissions(who Actor) perm.Set {
	if who.limit != nil {
		return u.set.And(who.limit.Permissions)
	}
	return u.set
}

// reaches answers question 2 of the decision: may this user reach this client?
func (u *user) reaches(m *Model, who Actor, c *client, now time.Time) bool {
	if who.limit != nil && !who.limit.AllClients && !who.limit.Clients[c.id] {
		return false
	}
	if !c.enabled && !u.permissions(who).Has(perm.ClientDisable) {
		return false
	}
	if u.override || m.site {
		return true
	}
	return u.reach.has(c.n) || u.timed[c.n] > now.UnixMilli()
}

// enters answers question 3: is the user in one of the groups at every level
// that has some?
func (u *user) enters(f *folder) bool {
	if u.override {
		return true
	}
	for ; f != nil; f = f.parent {
		if len(f.groups) > 0 && !u.groups.any(f.groups) {
			return false
		}
	}
	return true
}

// guarded reports whether a security group is on the folder or above it.
func (f *folder) guarded() bool {
	for ; f != nil; f = f.parent {
		if len(f.groups) > 0 {
			return true
		}
	}
	return false
}

// bits is a set of small numbers.
type bits []uint64

func (b bits) has(n uint32) bool {
	return int(n>>6) < len(b) && b[n>>6]&(1<<(n&63)) != 0
}

func (b bits) any(ns []uint32) bool {
	for _, n := range ns {
		if b.has(n) {
			return true
		}
	}
	return false
}

func (b *bits) add(n uint32) {
	for int(n>>6) >= len(*b) {
		*b = append(*b, 0)
	}
	(*b)[n>>6] |= 1 << (n & 63)
}
