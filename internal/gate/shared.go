package gate

import (
	"encoding/hex"
	"slices"
	"strconv"

	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Uses are what an operation may be done to that another organization shares.
type Uses uint8

const (
	OwnOnly  Uses = iota // nothing: it is for what is one's own
	Received             // it reads, or changes only this side's own records
	Written              // it changes the credential: the share has to allow that
)

// thing is what is known of a credential besides its place, where that does
// not say all: it is shared by another organization.
type thing struct {
	from     string // the organization whose it is
	live     bool   // shared, not archived by its owner, and its key is here
	everyone bool
	writes   bool
	history  bool
	since    int64 // the first version that this side may see
	users    []string
}

// admits answers the question after the three of permissions.md, for what is
// shared: is it for this user, and for this use?
func (g *thing) admits(u *user, op *Op) bool {
	switch {
	case g == nil:
		return true
	case !g.live || op.Shared == OwnOnly || op.Shared == Written && !g.writes:
		return false
	}
	return g.everyone || u.override || slices.Contains(g.users, u.id)
}

// limited reports whether only what was chosen for him is a user's.
func (u *user) limited() bool { return u.level == perm.LevelSiteUserLimited }

// chose reports whether a Site User - Limited was given what lies at a spot:
// the credential itself, by choice or because it was shared with him by name;
// or a folder above it. The vault as such, without anything in it, is nobody's
// secret.
func (u *user) chose(s spot) bool {
	if !u.limited() {
		return true
	}
	if u.chosen[s.item] || s.got != nil && slices.Contains(s.got.users, u.id) {
		return true
	}
	for f := s.folder; f != nil; f = f.parent {
		if u.chosen[f.id] {
			return true
		}
	}
	return !s.row && s.folder == nil
}

// terms is the hash of all that says what a received credential may be used
// for; the key is bound to it.
func (g *thing) terms() string {
	return TermsText(TermsOfShare(g.from, g.everyone, g.writes, g.history, g.since, g.users))
}

// TermsText is the hash as it stands in places.
func TermsText(hash []byte) string { return hex.EncodeToString(hash) }

// TermsOfShare hashes the rights of a share: what the other organization signs,
// and what the key that this one takes over is bound to. users are sorted.
func TermsOfShare(from string, everyone, writes, history bool, since int64, users []string) []byte {
	parts := [][]byte{[]byte(from), []byte(strconv.FormatBool(everyone)), []byte(strconv.FormatBool(writes)), []byte(strconv.FormatBool(history)), []byte(strconv.FormatInt(since, 10))}
	for _, u := range users {
		parts = append(parts, []byte(u))
	}
	return seal.Hash(parts...)
}

// Rights is how a credential is shared with the actor's organization.
type Rights struct {
	From            string // whose it is
	Writes, History bool
	Since           int64
	Terms           string
	Everyone        bool
	Users           []string
}

// Rights says how a credential is shared with the actor's organization; false
// where it is its own.
func (t *Tx) Rights(credential string) (Rights, bool) {
	g := t.model.things[credential]
	if g == nil {
		return Rights{}, false
	}
	return Rights{g.from, g.writes, g.history, g.since, g.terms(), g.everyone, g.users}, true
}

// Shares reports whether the organization holds anything of another one.
func (t *Tx) Shares() bool { return len(t.model.things) > 0 }

var (
	sqlThings = SQLShared("rights to what is received", `SELECT c.id, c.from_org, c.archived_at = 0 AND s.org_id IS NOT NULL AND COALESCE(c.key_id = o.key_id, FALSE), COALESCE(s.everyone, FALSE), COALESCE(s.writes, FALSE), COALESCE(s.history, FALSE), COALESCE(s.since, 0)
		FROM credentials c LEFT JOIN shares s ON s.org_id = c.from_org AND s.credential_id = c.id AND s.to_org = c.org_id
		LEFT JOIN credentials o ON o.org_id = s.org_id AND o.id = s.credential_id WHERE c.org_id = $1 AND c.from_org <> ''`)
	sqlThingUsers = SQLShared("rights to what is received", `SELECT credential_id, user_id FROM share_users WHERE to_org = $1 ORDER BY credential_id, user_id`)
	sqlChosen     = SQL(`SELECT user_id, thing_id FROM chosen WHERE org_id = $1`)
)

func (l *loader) things() error {
	l.m.things = map[string]*thing{}
	err := l.t.Each(sqlThings, func(r *Rows) error {
		var id string
		g := &thing{}
		err := r.Scan(&id, &g.from, &g.live, &g.everyone, &g.writes, &g.history, &g.since)
		l.m.things[id] = g
		return err
	})
	if err != nil || len(l.m.things) == 0 {
		return err
	}
	return l.t.Each(sqlThingUsers, func(r *Rows) error {
		var id, user string
		err := r.Scan(&id, &user)
		if g := l.m.things[id]; g != nil {
			g.users = append(g.users, user)
		}
		return err
	})
}

func (l *loader) chosen() error {
	if !l.m.site {
		return nil
	}
	return l.t.Each(sqlChosen, func(r *Rows) error {
		var id, thing string
		err := r.Scan(&id, &thing)
		if u := l.m.users[id]; u != nil {
			if u.chosen == nil {
				u.chosen = map[string]bool{}
			}
			u.chosen[thing] = true
		}
		return err
	})
}
