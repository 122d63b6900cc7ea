package org

import (
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

var (
	sqlGrants  = gate.SQL(`SELECT holder_kind, holder_id FROM key_grants WHERE org_id = $1 AND epoch = $2`)
	sqlScopes  = gate.SQL(`SELECT token_id FROM token_scopes WHERE org_id = $1 AND epoch = $2`)
	sqlScopeOf = gate.SQL(`SELECT vault_box FROM token_scopes WHERE org_id = $1 AND token_id = $2 AND epoch = $3`)
)

// genuine checks the rest of an epoch that was opened: that the actor's pin
// knows its signing key, that its public keys are those of its private ones,
// and that whoever holds a grant of it is in the roster. An earlier roster of
// the same epoch, put back, lacks those who came after it.
func (e *Epoch) genuine(tx *gate.Tx, hpkeBox []byte) error {
	if seed := tx.Who().Ring().Seed(); seed.Valid() {
		public, err := pinned(tx, tx.Who().User(), seed, e.N)
		if err != nil {
			return err
		}
		if !seal.Equal(public, e.Sign.Public()) {
			return forged(seal.ErrOpen, "signing key")
		}
	}
	var signer []byte
	if err := tx.Row(sqlSigner).Scan(&signer); err != nil {
		return err
	}
	if !seal.Equal(signer, e.Sign.Public()) {
		return forged(seal.ErrOpen, "organization's public signing key")
	}
	private, err := e.Vault.Open(seal.PurposeOrgKEM, placeOfHPKE(e.Org, e.N), hpkeBox)
	if err != nil {
		return forged(err, "organization's key pair")
	}
	if pair, err := seal.IdentityFrom(private); err != nil || !seal.Equal(pair.Public(), e.public) {
		return forged(seal.ErrOpen, "organization's public key")
	}
	if e.signature != nil && !e.signedKey() {
		return forged(seal.ErrOpen, "signature of the organization's public key")
	}
	return e.listed(tx)
}

// listed checks that every grant and scope of the epoch is of a holder in its
// roster.
func (e *Epoch) listed(tx *gate.Tx) error {
	type holder struct{ kind, id string }
	in := map[holder]bool{}
	for _, h := range e.Roster.Holders {
		in[holder{h.Kind, h.ID}] = true
	}
	var stranger string
	err := tx.Each(sqlGrants, func(r *gate.Rows) error {
		var h holder
		err := r.Scan(&h.kind, &h.id)
		if !in[h] {
			stranger = h.kind + " " + h.id
		}
		return err
	}, e.N)
	if err != nil {
		return err
	}
	err = tx.Each(sqlScopes, func(r *gate.Rows) error {
		h := holder{kind: seal.HolderToken}
		err := r.Scan(&h.id)
		if !in[h] {
			stranger = h.kind + " " + h.id
		}
		return err
	}, e.N)
	if err == nil && stranger != "" {
		err = forged(seal.ErrOpen, "a key grant of "+stranger+", who is not in the roster")
	}
	return err
}

// scopeKey opens a token's scope key of this epoch under the vault key, which
// works only while the token's rows are as they were when it was made.
func (e *Epoch) scopeKey(tx *gate.Tx, token string, box []byte) (seal.Key, error) {
	terms, err := gate.TermsOf(tx, token)
	if err != nil {
		return seal.Key{}, err
	}
	key, err := e.Vault.Unwrap(seal.PurposeTokenScope, gate.PlaceOfScope(e.Org, token, terms, e.N), box)
	if err != nil {
		return seal.Key{}, forged(err, "scope of token "+token)
	}
	return key, nil
}

// untouched demands that a token's rows are as they were made.
func (e *Epoch) untouched(tx *gate.Tx, token string) (int, error) {
	var box []byte
	if err := tx.Row(sqlScopeOf, token, e.N).Scan(&box); err != nil {
		return 0, err
	}
	_, err := e.scopeKey(tx, token, box)
	return 1, err
}

// pinned gives the signing key that a user has pinned, if he has not seen an
// epoch later than n.
func pinned(tx *gate.Tx, user string, seed seal.Key, n int64) ([]byte, error) {
	var pin []byte
	if err := tx.Row(sqlPin, user).Scan(&pin); err != nil {
		return nil, err
	}
	public, seen, err := seal.OpenPin(seed, tx.Who().Org(), user, pin)
	if err != nil {
		return nil, forged(err, "pin")
	}
	if seen > n {
		return nil, forged(seal.ErrOpen, "epoch rolled back")
	}
	return public, nil
}

// Follow takes a session that holds keys of an earlier epoch to the present
// one. The new epoch must lead back to the very vault key that the session
// holds: whoever knows the signing key from earlier, but not that vault key,
// can't make an epoch that anybody follows.
func (s *Store) Follow(tx *gate.Tx, user string, ring *gate.Ring) (Opened, error) {
	at, held := ring.Held()
	o, err := s.BySeed(tx, user, ring.Seed(), tx.KeyEpoch())
	if err != nil {
		return Opened{}, err
	}
	if o.Epoch < at {
		return Opened{}, forged(seal.ErrOpen, "epoch rolled back")
	}
	vault := o.Vault
	for n := o.Epoch; n > at; n-- {
		var box []byte
		if err := tx.Row(sqlPrevious, n).Scan(&box); err != nil {
			return Opened{}, err
		}
		if vault, err = vault.Unwrap(seal.PurposeVaultPrevious, gate.PlaceOfPreviousVault(tx.Who().Org(), n), box); err != nil {
			return Opened{}, forged(err, "earlier vault key")
		}
	}
	if held.Valid() && !vault.Equal(held) {
		return Opened{}, forged(seal.ErrOpen, "vault key")
	}
	return o, nil
}

var sqlPrevious = gate.SQL(`SELECT previous_box FROM key_epochs WHERE org_id = $1 AND epoch = $2`)
