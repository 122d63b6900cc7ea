package org

import (
	"errors"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// PartnerKeys are the public keys of the other organization of a provider and
// its site, checked against what was pinned at the site's activation.
type PartnerKeys struct {
	Org, Name string
	Sign      []byte
	HPKE      []byte // present one: what is shared is sealed to it
	Epoch     int64  // of HPKE
	Due       bool   // somebody was removed there, and HPKE has still to be renewed
}

// partnerRow is the other organization as its rows have it: not to be believed.
type partnerRow struct {
	PartnerKeys
	kind      string
	activated int64
	mac       []byte
	signature []byte
}

var (
	sqlPartner   = gate.SQL(`SELECT kind, name, sign_public, key_epoch, activated_at, site_mac FROM organizations WHERE id = $1`)
	sqlItsKey    = gate.SQL(`SELECT hpke_public, hpke_signature FROM key_epochs WHERE org_id = $1 AND epoch = $2`)
	sqlPinned    = gate.SQL(`SELECT epoch, box FROM partners WHERE org_id = $1 AND partner_id = $2`)
	sqlPinIt     = gate.SQL(`INSERT INTO partners (org_id, partner_id, epoch, box, pinned_at) VALUES ($1, $2, $3, $4, $5)`)
	sqlSignature = gate.SQL(`UPDATE key_epochs SET hpke_signature = $3 WHERE org_id = $1 AND epoch = $2`)
)

// Partner gives the keys of the other organization, for a session that has the
// vault open. It demands that the site is activated, that its or the provider's
// signing key is the one that was pinned, and that the present public key is
// signed by it.
func (s *Store) Partner(tx *gate.Tx, partner string) (PartnerKeys, error) {
	row, err := readPartner(tx, partner)
	if err != nil {
		return PartnerKeys{}, err
	}
	return row.genuine(tx)
}

// PartnerOf is Partner, and demands besides that it is the one of this client:
// the site's keys are proved by the client's own activation secret, so that no
// other client's site takes its place.
func (s *Store) PartnerOf(tx *gate.Tx, client, partner string) (PartnerKeys, error) {
	row, err := readPartner(tx, partner)
	if err != nil {
		return PartnerKeys{}, err
	}
	keys, err := row.genuine(tx)
	if err != nil || row.kind != "site" {
		return keys, err
	}
	of, err := siteOf(tx, client)
	if err != nil {
		return PartnerKeys{}, err
	}
	proved, err := of.proves(tx, client, row)
	if errors.Is(err, ErrForged) || err == nil && !proved {
		return PartnerKeys{}, errChanged(row.Name)
	}
	return keys, err
}

// genuine checks a row against what was pinned.
func (row partnerRow) genuine(tx *gate.Tx) (PartnerKeys, error) {
	partner := row.Org
	if row.waits() {
		return PartnerKeys{}, fault.Cannot("The site %s waits for activation by its administrator. Until then it has no keys, and nothing can be shared with it.", row.Name)
	}
	public, err := pinnedPartner(tx, partner)
	if errors.Is(err, gate.ErrNoRows) {
		if tx.Who().Ring().Vault().Valid() && row.kind == "site" {
			return PartnerKeys{}, fault.Cannot("The keys of %s could not be confirmed by what its activation link proves. Nothing is shared with it.", row.Name)
		}
		return PartnerKeys{}, errChanged(row.Name)
	}
	if errors.Is(err, ErrForged) {
		return PartnerKeys{}, errChanged(row.Name)
	}
	if err != nil {
		return PartnerKeys{}, err
	}
	if !seal.Equal(public, row.Sign) {
		return PartnerKeys{}, errChanged(row.Name)
	}
	switch {
	case row.signature == nil:
		return PartnerKeys{}, fault.Cannot("The present keys of %s are not signed yet: they are as soon as somebody there works with the vault open.", row.Name)
	case !seal.Verify(public, gate.KeyContext, gate.KeyText(partner, row.Epoch, row.HPKE), row.signature):
		return PartnerKeys{}, errChanged(row.Name)
	}
	return row.PartnerKeys, nil
}

func errChanged(name string) error {
	return fault.Cannot("The keys of %s are not those that were pinned when its site was activated: the database was changed from outside, or the organization is not the same any more. Nothing is shared with it.", name)
}

func (r partnerRow) waits() bool { return r.kind == "site" && r.activated == 0 }

func readPartner(tx *gate.Tx, partner string) (r partnerRow, err error) {
	r.Org = partner
	err = tx.Beside(partner, func(b *gate.Tx) error {
		r.Due = b.DueAt() != 0
		if err := b.Row(sqlPartner).Scan(&r.kind, &r.Name, &r.Sign, &r.Epoch, &r.activated, &r.mac); err != nil {
			return err
		}
		return b.Row(sqlItsKey, r.Epoch).Scan(&r.HPKE, &r.signature)
	})
	return r, err
}

// pinnedPartner opens what was pinned of a partner.
func pinnedPartner(tx *gate.Tx, partner string) ([]byte, error) {
	var epoch int64
	var box []byte
	if err := tx.Row(sqlPinned, partner).Scan(&epoch, &box); err != nil {
		return nil, err
	}
	vault, err := tx.VaultKey(epoch)
	if err != nil {
		return nil, err
	}
	public, err := vault.Open(seal.PurposePartner, gate.PlaceOfPartner(tx.Who().Org(), partner, epoch), box)
	if err != nil {
		return nil, forged(err, "pinned key of a partner organization")
	}
	return public, nil
}

func pin(tx *gate.Tx, e *Epoch, partner string, public []byte) error {
	box := e.Vault.Seal(seal.PurposePartner, gate.PlaceOfPartner(e.Org, partner, e.N), public)
	_, err := tx.Exec(sqlPinIt, partner, e.N, box, tx.Millis())
	return err
}

// PartnerState is what pages show of the other organization's keys.
type PartnerState string

// States, in the order in which a site goes through them.
const (
	PartnerWaits   PartnerState = "waiting for activation"
	PartnerNew     PartnerState = "not pinned yet"
	PartnerPinned  PartnerState = "pinned"
	PartnerChanged PartnerState = "changed"
	PartnerUnknown PartnerState = "unknown" // the session does not hold the keys to tell
)

// StateOf says how it stands with a partner's keys.
func (s *Store) StateOf(tx *gate.Tx, partner string) (PartnerState, error) {
	row, err := readPartner(tx, partner)
	switch {
	case err != nil:
		return "", err
	case row.waits():
		return PartnerWaits, nil
	case !tx.Who().Ring().Vault().Valid():
		return PartnerUnknown, nil
	}
	public, err := pinnedPartner(tx, partner)
	switch {
	case errors.Is(err, gate.ErrNoRows):
		return s.unpinned(tx, row)
	case errors.Is(err, ErrForged):
		return PartnerChanged, nil
	case err != nil:
		return "", err
	}
	if !seal.Equal(public, row.Sign) || row.signature != nil && !seal.Verify(public, gate.KeyContext, gate.KeyText(partner, row.Epoch, row.HPKE), row.signature) {
		return PartnerChanged, nil
	}
	return PartnerPinned, nil
}

// Sign adds the organization's signature to its present public key where an
// older version of this program left it out.
func (s *Store) Sign(tx *gate.Tx) error {
	e, err := s.Present(tx)
	if err != nil || e.signature != nil {
		return err
	}
	e.signature = e.signKey()
	return tx.One(sqlSignature, e.N, e.signature)
}

func (e *Epoch) signKey() []byte {
	return e.Sign.Sign(gate.KeyContext, gate.KeyText(e.Org, e.N, e.public))
}

func (e *Epoch) signedKey() bool {
	return seal.Verify(e.Sign.Public(), gate.KeyContext, gate.KeyText(e.Org, e.N, e.public), e.signature)
}
