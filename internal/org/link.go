package org

import (
	"context"
	"errors"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/seal"
)

// linkTries is how often a link's digits may be typed before it is dead.
const linkTries = 5

// Link is an organization-key link: it opens the vault once, in the session of
// the one user that it was made for. Secret stands after the # of its address
// and never comes to the server before it is used.
type Link struct {
	ID     string
	Secret seal.Token
	Digits string // six, told by the sender; "" where the link has none
}

// Valid reports whether there is a link.
func (l Link) Valid() bool { return l.ID != "" && l.Secret.Valid() }

// identity is the link's key pair. The digits are part of it: who has the mail
// alone, and a copy of the database, still lacks them.
func (l Link) identity() seal.Identity {
	key := l.Secret.Key()
	if l.Digits != "" {
		key = key.Derive("link digits", []byte(l.Digits))
	}
	return key.Identity("link")
}

var (
	sqlAddLink   = gate.SQL(`INSERT INTO key_links (org_id, id, user_id, public, digits, made_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	sqlDropLinks = gate.SQL(`DELETE FROM key_links WHERE org_id = $1 AND user_id = $2`)
	sqlDropGrant = gate.SQL(`DELETE FROM key_grants WHERE org_id = $1 AND holder_kind = 'link' AND holder_id NOT IN (SELECT id FROM key_links WHERE org_id = $1 AND used_at = 0)`)
	sqlLinkTry   = gate.SQL(`UPDATE key_links SET tries = tries + 1 WHERE org_id = $1 AND id = $2 AND user_id = $3 AND used_at = 0 AND expires_at > $4 AND tries < $5 RETURNING digits`)
	sqlUseLink   = gate.SQL(`UPDATE key_links SET used_at = $4 WHERE org_id = $1 AND id = $2 AND user_id = $3 AND used_at = 0 AND expires_at > $4`)
	sqlLinkLives = gate.SQL(`SELECT COUNT(*) FROM key_links WHERE org_id = $1 AND id = $2 AND public = $3 AND used_at = 0 AND expires_at > $4
		AND user_id IN (SELECT id FROM users WHERE org_id = $1 AND enabled AND kind <> 'guest')`)
)

// NewLink makes a link for a user, in a session that has the vault open; the
// user's earlier links are dead. The link's public key enters the roster.
func (s *Store) NewLink(tx *gate.Tx, user string, expires time.Time, digits bool) (Link, error) {
	e, err := s.Present(tx)
	if err != nil {
		return Link{}, err
	}
	l := Link{ID: id.New("link"), Secret: seal.NewToken()}
	if digits {
		l.Digits = seal.Digits(6)
	}
	if err := s.DropLinks(tx, user); err != nil {
		return Link{}, err
	}
	public := l.identity().Public()
	if _, err := tx.Exec(sqlAddLink, l.ID, user, public, digits, tx.Who().User(), tx.Millis(), expires.UnixMilli()); err != nil {
		return Link{}, err
	}
	return l, e.admit(tx, seal.Holder{Kind: seal.HolderLink, ID: l.ID, Public: public})
}

// DropLinks ends a user's links; the next epoch leaves them out.
func (s *Store) DropLinks(tx *gate.Tx, user string) error {
	if _, err := tx.Exec(sqlDropLinks, user); err != nil {
		return err
	}
	_, err := tx.Exec(sqlDropGrant)
	return err
}

// OpTryLink counts a try of a link before it is checked, so that parallel ones
// get no more than the allowed number.
var OpTryLink = gate.Define(gate.Op{Name: "key.link.try", Sentence: "Try an organization-key link", Scope: gate.Self, Write: true})

// TryLink counts a try of a link by the user that it was made for.
func (s *Store) TryLink(ctx context.Context, who gate.Actor, l Link) error {
	_, err := gate.Do(ctx, s.gate, who, OpTryLink, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		digits := false
		err := tx.Row(sqlLinkTry, l.ID, who.User(), tx.Millis(), linkTries).Scan(&digits)
		if errors.Is(err, gate.ErrNoRows) {
			return false, deadLink()
		}
		if err == nil && digits && l.Digits == "" {
			err = fault.Bad("digits", "Enter the six digits that the sender of the link tells you.")
		}
		return true, err
	})
	return err
}

// ByLink opens the vault with a link, once.
func (s *Store) ByLink(tx *gate.Tx, user string, p seal.Key, l Link, epoch int64) (Opened, error) {
	org := tx.Who().Org()
	var sealed []byte
	err := tx.Row(sqlGrant, epoch, seal.HolderLink, l.ID).Scan(&sealed)
	if errors.Is(err, gate.ErrNoRows) {
		return Opened{}, deadLink()
	}
	if err != nil {
		return Opened{}, err
	}
	vault, err := l.identity().OpenKey(seal.PurposeGrant, placeOfGrant(org, seal.HolderLink, l.ID, epoch), sealed)
	if err != nil {
		return Opened{}, fault.Bad("digits", "This does not open the link. Check the six digits with the sender; after %d wrong tries the link is dead.", linkTries)
	}
	if n, err := tx.Exec(sqlUseLink, l.ID, user, tx.Millis()); err != nil || n != 1 {
		return Opened{}, errors.Join(err, deadLink())
	}
	if _, err := tx.Exec(sqlDropGrant); err != nil {
		return Opened{}, err
	}
	return s.byVault(tx, user, p, vault, epoch)
}

func deadLink() error {
	return fault.Bad("link", "This link is used, expired or not for you. Ask an administrator for a new one, or enter the Organization Key.")
}
