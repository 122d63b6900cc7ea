package people

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/seal"
)

// Paths of the pages that links lead to.
const (
	PathInvitation = "/invitation"
	PathReset      = "/reset"
	PathAddress    = "/address"
)

type linkKind string

const (
	linkInvitation linkKind = "invitation"
	linkReset      linkKind = "reset"
	linkAddress    linkKind = "address"
)

var paths = map[linkKind]string{linkInvitation: PathInvitation, linkReset: PathReset, linkAddress: PathAddress}

// Link is what stands behind token= in a one-time link: the organization and
// the token. The database has only what finds the token.
type Link struct {
	org   string
	token seal.Token
}

// ParseLink reads the token= of a link. What is none is answered like one that
// was used.
func ParseLink(text string) (Link, error) {
	org, secret, ok := strings.Cut(text, ".")
	token, err := seal.ParseToken(secret)
	if !ok || err != nil || org == "" || len(org) > 64 {
		return Link{}, errUsed
	}
	return Link{org, token}, nil
}

// Org is the organization that the link says it is of.
func (l Link) Org() string { return l.org }

// errUsed is the one answer to a link that leads nowhere.
var errUsed = fault.Cannot("This link was used already, has expired, or was replaced by a later one. Ask for a new one.")

var (
	sqlDropLink = gate.SQL(`DELETE FROM user_links WHERE org_id = $1 AND user_id = $2 AND kind = $3`)
	sqlAddLink  = gate.SQL(`INSERT INTO user_links (org_id, user_id, kind, lookup, address, made_by, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	sqlUseLink  = gate.SQL(`DELETE FROM user_links WHERE org_id = $1 AND lookup = $2 AND kind = $3 AND expires_at > $4 RETURNING user_id, address`)
	sqlSeeLink  = gate.SQL(`SELECT user_id, address, expires_at FROM user_links WHERE org_id = $1 AND lookup = $2 AND kind = $3 AND expires_at > $4`)
	sqlEndLinks = gate.SQL(`DELETE FROM user_links WHERE org_id = $1 AND user_id = $2`)
)

// made is a link for a mail.
type made struct {
	path    seal.Secret
	lookup  []byte
	expires time.Time
}

// in puts the link into a mail.
func (l made) in(m mail.Mail) mail.Mail {
	m.Link, m.Lookup, m.Expires = l.path, l.lookup, l.expires
	return m
}

// link makes a user's one-time link; an earlier one of the kind is void.
func link(tx *gate.Tx, user string, kind linkKind, address string, life time.Duration) (made, error) {
	if _, err := tx.Exec(sqlDropLink, user, string(kind)); err != nil {
		return made{}, err
	}
	token := seal.NewToken()
	l := made{seal.NewSecret(paths[kind] + "?token=" + url.QueryEscape(tx.Who().Org()+"."+token.Reveal())), token.Lookup(), tx.Now().Add(life)}
	_, err := tx.Exec(sqlAddLink, user, string(kind), l.lookup, address, tx.Who().User(), tx.Millis(), l.expires.UnixMilli())
	return l, err
}

// use takes a link: exactly one of any number of parallel uses gets its user.
func (l Link) use(tx *gate.Tx, kind linkKind) (user, address string, err error) {
	err = tx.Row(sqlUseLink, l.token.Lookup(), string(kind), tx.Millis()).Scan(&user, &address)
	if errors.Is(err, gate.ErrNoRows) {
		err = errUsed
	}
	return user, address, err
}

// see looks at a link without using it.
func (l Link) see(tx *gate.Tx, kind linkKind) (user, address string, expires time.Time, err error) {
	var ms int64
	err = tx.Row(sqlSeeLink, l.token.Lookup(), string(kind), tx.Millis()).Scan(&user, &address, &ms)
	if errors.Is(err, gate.ErrNoRows) {
		err = errUsed
	}
	return user, address, at(ms), err
}

var opSeeLink = gate.Define(gate.Op{Name: "link.see", Sentence: "Open the page of a one-time link, without using it", Scope: gate.Anyone})
