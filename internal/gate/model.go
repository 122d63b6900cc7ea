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
	showUnassigned   bool // what is not reached shows by name
	users            map[string]*user
	clients          map[string]*client
	folders          map[string]*folder
	things           map[string]*thing // received credentials, by id
	groups           []*group          // by index
	defaultRole      Role              // of members in knowledge bases
	bases            map[string]*base  // knowledge bases, by id and by path
	categories       map[string]*category
}

type user struct {
	id, name, email, level string
	kind                   string
	active                 bool // enabled, approved, accepted
	waits                  bool // all of these but approved
	leveled                bool // has a permission level that there is
	set                    perm.Set
	roles                  perm.Set // the part of set that comes from account roles
	override               bool
	reach                  bits             // clients assigned for good, by index, whether enabled or not
	timed                  map[uint32]int64 // clients assigned until a time
	grouped                bits             // clients that his groups assign
	groups                 bits             // enabled groups only
	passes                 map[string]int64 // personal passes by folder, until when; 0: for good
	chosen                 map[string]bool  // of a Site User - Limited: folders and credentials
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

type group struct {
	id      string
	clients bits // also those of a disabled group, which assigns nothing
}

// permissions is what the actor may, of what its user may.
func (u *user) permissions(who Actor) perm.Set {
	if who.limit != nil {
		return u.set.And(who.limit.Permissions)
	}
	return u.set
}

// acting is the user who acts. Who waits for approval acts as somebody who has
// nothing: whatever he was given counts when he is approved.
func (m *Model) acting(who Actor) *user {
	u := m.users[who.user]
	if who.kind == Link {
		u = m.users[who.by]
	}
	if u != nil && u.waits && who.kind != Perspective {
		return &user{id: u.id, name: u.name, email: u.email, kind: "guest", waits: true}
	}
	return u
}

// reaches answers question 2 of the decision: may this user reach this client?
func (u *user) reaches(m *Model, who Actor, c *client, now time.Time) bool {
	return u.rules(m, who, c, now) != 0
}

// rules is by what the user reaches a client: the answer to question 2, and
// the reason for it.
func (u *user) rules(m *Model, who Actor, c *client, now time.Time) (r Rules) {
	if who.limit != nil && !who.limit.AllClients && !who.limit.Clients[c.id] {
		return 0
	}
	if !c.enabled && !u.permissions(who).Has(perm.ClientDisable) {
		return 0
	}
	if u.override {
		r = ByOverride
	}
	if m.site {
		r |= BySite
	}
	if u.set.Has(perm.ClientDefaultAccess) && (!c.company || m.companyByDefault) {
		r |= ByDefault
	}
	if u.reach.has(c.n) {
		r |= ByAssignment
	}
	if u.timed[c.n] > now.UnixMilli() {
		r |= ByTimed
	}
	if u.grouped.has(c.n) {
		r |= ByGroup
	}
	return r
}

// enters answers question 3: does the user get past the groups at every level
// that has some?
func (u *user) enters(f *folder, now time.Time) bool {
	for ; f != nil; f = f.parent {
		if u.passage(f, now) == 0 {
			return false
		}
	}
	return true
}

// passage is by what the user gets past the groups on one folder itself.
func (u *user) passage(f *folder, now time.Time) (r Rules) {
	if len(f.groups) == 0 {
		return Unguarded
	}
	if u.override {
		r = ByOverride
	}
	if u.groups.any(f.groups) {
		r |= ByGroup
	}
	if until, ok := u.passes[f.id]; ok && (until == 0 || until > now.UnixMilli()) {
		r |= ByPass
	}
	return r
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
