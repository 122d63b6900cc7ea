package org

import (
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// ShareContext is what an organization's signature of a shared key is made in.
const ShareContext = "share"

// Handover is an item key on its way to another organization.
type Handover struct {
	From, To   string
	Epoch      int64 // of the key pair that it is sealed to
	Credential string
	KeyID      string
	Terms      string // the rights that come with it, see gate.TermsOfShare
}

func (h Handover) place() seal.Place {
	return seal.Place{Org: h.To, Table: "share_keys", Row: h.Credential, Envelope: h.From, KeyID: h.KeyID, Epoch: h.Epoch}
}

func (h Handover) text(sealed []byte) []byte {
	p := h.place()
	return seal.Hash([]byte(p.Envelope), []byte(p.Org), []byte(p.Row), []byte(p.KeyID), []byte(h.Terms), []byte{byte(h.Epoch >> 56), byte(h.Epoch >> 48), byte(h.Epoch >> 40), byte(h.Epoch >> 32), byte(h.Epoch >> 24), byte(h.Epoch >> 16), byte(h.Epoch >> 8), byte(h.Epoch)}, sealed)
}

// Seal seals an item key to the other organization's public key and signs it
// with all that it is meant for.
func (h Handover) Seal(to PartnerKeys, sign seal.SignKey, key seal.Key) (sealed, signature []byte, err error) {
	sealed, err = seal.SealTo(to.HPKE, seal.PurposeShare, h.place(), key)
	if err != nil {
		return nil, nil, err
	}
	return sealed, sign.Sign(ShareContext, h.text(sealed)), nil
}

// Open checks the signature of the other organization, and opens the key with
// one's own key pair.
func (h Handover) Open(from PartnerKeys, own seal.Identity, sealed, signature []byte) (seal.Key, error) {
	if !seal.Verify(from.Sign, ShareContext, h.text(sealed), signature) {
		return seal.Key{}, forged(seal.ErrOpen, "key of a shared credential")
	}
	return own.OpenKey(seal.PurposeShare, h.place(), sealed)
}

var sqlHPKE = gate.SQL(`SELECT hpke_box FROM key_epochs WHERE org_id = $1 AND epoch = $2`)

// KeyPair gives the organization's key pair of an epoch, present or past, to a
// session that has the vault open.
func (s *Store) KeyPair(tx *gate.Tx, epoch int64) (seal.Identity, error) {
	vault, err := tx.VaultKey(epoch)
	if err != nil {
		return seal.Identity{}, err
	}
	var box []byte
	if err := tx.Row(sqlHPKE, epoch).Scan(&box); err != nil {
		return seal.Identity{}, err
	}
	private, err := vault.Open(seal.PurposeOrgKEM, placeOfHPKE(tx.Who().Org(), epoch), box)
	if err != nil {
		return seal.Identity{}, forged(err, "organization's key pair")
	}
	return seal.IdentityFrom(private)
}

// Renewed is called in the transaction that makes a new epoch, after it.
func (s *Store) Renewed(fn func(*gate.Tx) error) { s.renewed = append(s.renewed, fn) }

// Owed is called in the transaction by which a new epoch becomes due.
func (s *Store) Owed(fn func(*gate.Tx) error) { s.owed = append(s.owed, fn) }
