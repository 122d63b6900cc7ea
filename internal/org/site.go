package org

import (
	"context"
	"errors"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/seal"
)

// A site is the organization of a provider's client. Before its activation it
// has no keys but an outer key of epoch 0, under which lie the passwords of
// those who accepted their invitation early.

// waiting is the epoch of an organization that has no keys yet.
const waiting = 0

var (
	sqlSiteOf   = gate.SQL(`SELECT site_id, site_login, enabled, site_epoch, site_box FROM clients WHERE org_id = $1 AND id = $2`)
	sqlOpenSite = gate.SQL(`UPDATE clients SET site_id = $3, site_epoch = $4, site_box = $5 WHERE org_id = $1 AND id = $2`)
	sqlEpoch0   = gate.SQL(`INSERT INTO key_epochs (org_id, epoch, made_at, made_by, why, roster, outer_instance_box, outer_vault_box, sign_box, hpke_box, hpke_public)
		VALUES ($1, 0, $2, '', 'site login', $4, $3, $4, $4, $4, $4)`)
)

// siteRow is a client's site as its row has it.
type siteRow struct {
	site         string
	login, there bool // there: the client is enabled
	epoch        int64
	box          []byte
}

func siteOf(tx *gate.Tx, client string) (r siteRow, err error) {
	err = tx.Row(sqlSiteOf, client).Scan(&r.site, &r.login, &r.there, &r.epoch, &r.box)
	return r, err
}

// FoundSite makes the organization of a client's site, and the secret that its
// activation is proved by, in a session that has the vault open.
func (s *Store) FoundSite(tx *gate.Tx, client, name string) (site string, err error) {
	if err := s.Sign(tx); err != nil {
		return "", err
	}
	key, epoch, err := tx.WriteKey(client)
	if err != nil {
		return "", err
	}
	site = id.New("org")
	if err := tx.FoundSite(gate.Foundation{ID: site, Client: client, Name: name, Slug: Slug(name)}); err != nil {
		return "", err
	}
	box := key.Seal(seal.PurposeActivation, gate.PlaceOfActivation(tx.Who().Org(), client, epoch), []byte(seal.NewToken().Reveal()))
	if err := tx.One(sqlOpenSite, client, site, epoch, box); err != nil {
		return "", err
	}
	return site, tx.Beside(site, func(b *gate.Tx) error {
		_, err := b.Exec(sqlEpoch0, b.Millis(), s.instance.Wrap(seal.PurposeOuterInstance, placeOfOuter(site, waiting), seal.NewKey()), []byte{})
		return err
	})
}

// Activation gives what stands behind the # of a link that activates the site
// of a client, to a session of the provider that has the vault open.
func (s *Store) Activation(tx *gate.Tx, client string) (seal.Activation, error) {
	r, err := siteOf(tx, client)
	if err != nil {
		return seal.Activation{}, err
	}
	secret, err := r.secret(tx, client)
	if err != nil {
		return seal.Activation{}, err
	}
	e, err := s.Present(tx)
	if err != nil {
		return seal.Activation{}, err
	}
	return seal.NewActivation(secret, e.Sign.Public()), nil
}

func (r siteRow) secret(tx *gate.Tx, client string) (seal.Token, error) {
	key, err := tx.ClientKey(client, r.epoch)
	if err != nil {
		return seal.Token{}, err
	}
	text, err := key.Open(seal.PurposeActivation, gate.PlaceOfActivation(tx.Who().Org(), client, r.epoch), r.box)
	if err != nil {
		return seal.Token{}, forged(err, "activation secret of "+client)
	}
	return seal.ParseToken(string(text))
}

var sqlItsClient = gate.SQL(`SELECT client_id FROM organizations WHERE id = $1 AND client_id IS NOT NULL`)

// unpinned says how it stands with a site that was activated and has no pin
// yet; the site itself never has its provider unpinned.
func (s *Store) unpinned(tx *gate.Tx, row partnerRow) (PartnerState, error) {
	if row.kind != "site" {
		return PartnerChanged, nil
	}
	proved, err := s.proves(tx, row)
	if err != nil && !errors.Is(err, ErrForged) {
		return "", err
	}
	if !proved {
		return PartnerChanged, nil
	}
	return PartnerNew, nil
}

// proves reports whether the site's public key is the one that was made by
// whoever had its activation link.
func (s *Store) proves(tx *gate.Tx, row partnerRow) (bool, error) {
	var client string
	if err := tx.Beside(row.Org, func(b *gate.Tx) error { return b.Row(sqlItsClient).Scan(&client) }); err != nil {
		return false, err
	}
	r, err := siteOf(tx, client)
	if err != nil || r.site != row.Org {
		return false, err
	}
	return r.proves(tx, client, row)
}

func (r siteRow) proves(tx *gate.Tx, client string, row partnerRow) (bool, error) {
	secret, err := r.secret(tx, client)
	if err != nil {
		return false, err
	}
	return seal.Equal(seal.Activation{Secret: secret}.MAC(row.Org, row.Sign), row.mac), nil
}

var sqlUnpinned = gate.SQL(`SELECT c.site_id FROM clients c WHERE c.org_id = $1 AND c.site_id <> ''
	AND NOT EXISTS (SELECT 1 FROM partners p WHERE p.org_id = c.org_id AND p.partner_id = c.site_id)`)

func unpinnedSites(tx *gate.Tx) (sites []string, err error) {
	err = tx.Each(sqlUnpinned, func(r *gate.Rows) error {
		var id string
		err := r.Scan(&id)
		sites = append(sites, id)
		return err
	})
	return sites, err
}

// PinSites pins the keys of the provider's sites that were activated since, in
// a session that has the vault open. One whose key nobody proved stays unpinned:
// nothing is shared with it, and the pages show why.
func (s *Store) PinSites(tx *gate.Tx) error {
	sites, err := unpinnedSites(tx)
	if err != nil || len(sites) == 0 {
		return err
	}
	e, err := s.Present(tx)
	if err != nil {
		return err
	}
	for _, site := range sites {
		row, err := readPartner(tx, site)
		if err != nil {
			return err
		}
		if row.waits() {
			continue
		}
		proved, err := s.proves(tx, row)
		if err != nil && !errors.Is(err, ErrForged) && !fault.Is(err, fault.Absent) {
			return err
		}
		done := gate.Event{Operation: "site.pinned", Kind: "organization", ID: site, Name: row.Name}
		if !proved {
			done.Operation, done.Outcome = "site.unproved", "failed"
		} else if err := pin(tx, e, site, row.Sign); err != nil {
			return err
		}
		tx.Note(done, "")
	}
	return nil
}

// Standing is how it stands with an organization as a site.
type Standing struct{ Site, Waits, Suspended bool }

var sqlStanding = gate.SQL(`SELECT kind = 'site', activated_at = 0, suspended_at <> 0 FROM organizations WHERE id = $1`)

// StandingOf says how it stands with the organization.
func StandingOf(tx *gate.Tx) (s Standing, err error) {
	err = tx.Row(sqlStanding).Scan(&s.Site, &s.Waits, &s.Suspended)
	s.Waits = s.Waits && s.Site
	return s, err
}

var (
	sqlSuspended = gate.SQL(`UPDATE organizations SET suspended_at = $2 WHERE id = $1`)
	sqlAllOff    = gate.SQL(`UPDATE users SET enabled = FALSE, off_by_site = TRUE, version = version + 1 WHERE org_id = $1 AND enabled`)
	sqlAllOn     = gate.SQL(`UPDATE users SET enabled = TRUE, off_by_site = FALSE, version = version + 1 WHERE org_id = $1 AND off_by_site`)
	sqlEndAll    = []gate.Stmt{
		gate.SQL(`UPDATE users SET lingering = FALSE WHERE org_id = $1 AND lingering`),
		gate.SQL(`DELETE FROM sessions WHERE org_id = $1`),
		gate.SQL(`DELETE FROM devices WHERE org_id = $1`),
		gate.SQL(`DELETE FROM tokens WHERE org_id = $1`),
	}
)

// SettleSite brings the users of a client's site in line with the client and
// its switch: where either is off they are disabled, with everything that they
// hold; once both are on again, those are enabled who were so before.
func (s *Store) SettleSite(tx *gate.Tx, client string) error {
	r, err := siteOf(tx, client)
	if err != nil || r.site == "" {
		return err
	}
	return tx.Beside(r.site, func(b *gate.Tx) error {
		is, err := StandingOf(b)
		if err != nil || is.Suspended == !(r.login && r.there) {
			return err
		}
		event := gate.Event{Operation: "site.resumed", Kind: "organization", ID: r.site}
		stmts, since := []gate.Stmt{sqlAllOn}, int64(0)
		if !is.Suspended {
			event.Operation, stmts, since = "site.suspended", append([]gate.Stmt{sqlAllOff}, sqlEndAll...), b.Millis()
		}
		if _, err := b.Exec(sqlSuspended, since); err != nil {
			return err
		}
		for _, stmt := range stmts {
			if _, err := b.Exec(stmt); err != nil {
				return err
			}
		}
		if since != 0 && !is.Waits {
			if err := s.Due(b, "the site was switched off"); err != nil {
				return err
			}
		}
		b.Note(event, "")
		return b.BumpAccess()
	})
}

// OpPin pins the keys of sites that were activated since the last open session.
var OpPin = gate.Define(gate.Op{Name: "site.pin", Sentence: "Pin the keys of sites that were activated, in the next session that opens the vault", Scope: gate.Self, Enrol: true, Write: true, Audit: true, Keys: true, Settles: true})

var opUnpinned = gate.Define(gate.Op{Name: "site.pin.due", Sentence: "Find out whether keys of sites are to be pinned", Scope: gate.Self, Enrol: true, Settles: true})

// Pin is PinSites in an operation of its own, where there is something to pin.
func (s *Store) Pin(ctx context.Context, who gate.Actor) error {
	due, err := gate.Do(ctx, s.gate, who, opUnpinned, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		sites, err := unpinnedSites(tx)
		return len(sites) > 0, err
	})
	if err != nil || !due {
		return err
	}
	_, err = gate.Do(ctx, s.gate, who, OpPin, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, s.PinSites(tx)
	})
	return err
}
