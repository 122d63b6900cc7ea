package org

import (
	"context"
	"errors"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

var (
	sqlEpoch    = gate.SQL(`SELECT roster, sign_box, outer_vault_box, hpke_box, hpke_public, hpke_signature FROM key_epochs WHERE org_id = $1 AND epoch = $2`)
	sqlRoster   = gate.SQL(`SELECT roster FROM key_epochs WHERE org_id = $1 AND epoch = $2`)
	sqlSigner   = gate.SQL(`SELECT sign_public FROM organizations WHERE id = $1`)
	sqlAddEpoch = gate.SQL(`INSERT INTO key_epochs (org_id, epoch, made_at, made_by, why, roster, outer_instance_box, outer_vault_box, previous_box, sign_box, hpke_box, hpke_public, hpke_signature)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`)
	sqlSetEpoch = gate.SQL(`UPDATE organizations SET key_epoch = $2, epoch_due_at = 0, epoch_due_why = '' WHERE id = $1`)
	sqlSetDue   = gate.SQL(`UPDATE organizations SET epoch_due_at = $2, epoch_due_why = $3 WHERE id = $1 AND epoch_due_at = 0`)
	sqlDue      = gate.SQL(`SELECT epoch_due_at, epoch_due_why FROM organizations WHERE id = $1`)
)

// Present gives the keys of the present epoch to a session that holds the
// vault key. Everything in the epoch's row is checked before a key is taken
// from it: nothing new must hang on what somebody put there.
func (s *Store) Present(tx *gate.Tx) (*Epoch, error) { return s.present(tx, tx.KeyEpoch()) }

func (s *Store) present(tx *gate.Tx, n int64) (*Epoch, error) {
	org := tx.Who().Org()
	vault, err := tx.VaultKey(n)
	if err != nil {
		return nil, err
	}
	outer, err := s.Outer(tx, n)
	if err != nil {
		return nil, err
	}
	e := &Epoch{Org: org, N: n, Vault: vault, Outer: outer}
	var box, outerBox, hpkeBox []byte
	if err := tx.Row(sqlEpoch, n).Scan(&e.signed, &box, &outerBox, &hpkeBox, &e.public, &e.signature); err != nil {
		return nil, err
	}
	raw, err := vault.Open(seal.PurposeSignKey, placeOfSign(org, n), box)
	if err != nil {
		return nil, forged(err, "signing key")
	}
	if e.Sign, err = seal.SignKeyFrom(raw); err != nil {
		return nil, err
	}
	if e.Roster, err = openRoster(org, n, e.signed, e.Sign.Public(), vault); err != nil {
		return nil, err
	}
	if same, err := vault.Unwrap(seal.PurposeOuterVault, placeOfOuter(org, n), outerBox); err != nil || !same.Equal(outer) {
		return nil, forged(seal.ErrOpen, "outer key")
	}
	return e, e.genuine(tx, hpkeBox)
}

// openRoster reads a roster and checks that it is this organization's, of this
// epoch, and of this very vault key.
func openRoster(org string, n int64, signed, public []byte, vault seal.Key) (seal.Roster, error) {
	r, err := seal.OpenRoster(signed, public)
	if err != nil {
		return r, forged(err, "roster")
	}
	if r.Org != org || r.Epoch != n || !seal.Equal(r.KeyCheck, vault.Check(org, n)) {
		return r, forged(seal.ErrOpen, "roster")
	}
	return r, nil
}

// Due marks a new epoch as due: somebody or something that could open the
// vault was removed by a session that could not make the epoch itself.
func (s *Store) Due(tx *gate.Tx, why string) error {
	n, err := tx.Exec(sqlSetDue, tx.Millis(), why)
	for _, fn := range s.owed {
		if err == nil && n > 0 {
			err = fn(tx)
		}
	}
	return err
}

// Removed makes a new epoch at once where the actor's session can, and marks
// it as due otherwise. Access was cut before, without keys.
func (s *Store) Removed(tx *gate.Tx, why string) error {
	if !tx.Who().Ring().Vault().Valid() {
		return s.Due(tx, why)
	}
	_, err := s.next(tx, why, change{})
	return err
}

// Cut runs a removal, and gives it what is to be done afterwards. Where a
// stored key was changed from outside, so that no new epoch can be made,
// access is cut all the same, and the epoch is due.
func (s *Store) Cut(remove func(removed func(*gate.Tx, string) error) error) error {
	err := remove(s.Removed)
	if errors.Is(err, ErrForged) {
		err = remove(s.Due)
	}
	return err
}

// MakeDue makes the epoch that is due, in the actor's open session.
func (s *Store) MakeDue(ctx context.Context, who gate.Actor) error {
	_, err := gate.Do(ctx, s.gate, who, OpEpoch, gate.Nothing(), func(tx *gate.Tx) (int64, error) {
		var at int64
		var why string
		if err := tx.Row(sqlDue).Scan(&at, &why); err != nil || at == 0 {
			return tx.KeyEpoch(), err // somebody else's session was first
		}
		e, err := s.next(tx, why, change{})
		if err != nil {
			return 0, err
		}
		tx.Event().Name = why
		return e.N, nil
	})
	return HeldUp(err)
}

// HeldUp tells users why no new epoch could be made.
func HeldUp(err error) error {
	if errors.Is(err, ErrForged) {
		return fault.Busy(Damaged(err)+", so the vault's keys can't be renewed. Nothing more is written until that is mended or restored: see docs/operations.md, A damaged row.", 0, err)
	}
	return err
}

// Damaged says which stored key was changed from outside, by kind and id.
func Damaged(err error) string {
	if f := (*forgery)(nil); errors.As(err, &f) {
		return "A stored key was changed from outside (" + f.what + ")"
	}
	return "A stored key was changed from outside"
}

// change is a holder of the earlier epoch who has another public key in the
// next: a new Organization Key, or a user's new seed.
type change struct {
	kind, id string
	public   []byte
}

// next makes a new epoch: new vault, outer, client and organization keys, the
// grants of everybody who is still a member, and their ways in under the new
// keys. Nothing is written under the old ones from here on.
func (s *Store) next(tx *gate.Tx, why string, c change) (*Epoch, error) {
	old, err := s.Present(tx)
	if err != nil {
		return nil, err
	}
	return s.after(tx, old, why, c)
}

// after is next for whoever has opened the present epoch already.
func (s *Store) after(tx *gate.Tx, old *Epoch, why string, c change) (*Epoch, error) {
	holders, err := remaining(tx, old, c)
	if err != nil {
		return nil, err
	}
	e := &Epoch{Org: old.Org, N: old.N + 1, Vault: seal.NewKey(), Outer: seal.NewKey(), Sign: old.Sign}
	e.Roster = seal.Roster{Org: e.Org, Epoch: e.N, KeyCheck: e.Vault.Check(e.Org, e.N), Previous: seal.Hash(old.signed), Holders: holders}
	if err := s.store(tx, e, why, old.Vault); err != nil {
		return nil, err
	}
	for _, step := range []func(*gate.Tx, *Epoch, *Epoch) error{moveUsers, moveDevices, moveFactors, renewClients, renewTokens} {
		if err := step(tx, old, e); err != nil {
			return nil, err
		}
	}
	for _, fn := range s.renewed {
		if err := fn(tx); err != nil {
			return nil, err
		}
	}
	tx.Note(gate.Event{Operation: "organization.epoch.made", Kind: "epoch", Name: why}, "")
	ring := tx.Who().Ring()
	if c.kind == seal.HolderUser { // the actor's ring has a seed that is no holder any more
		_, err = tx.Exec(sqlSetEpoch, e.N)
		return e, err
	}
	if seed := ring.Seed(); seed.Valid() { // who made the epoch has seen it
		if err := s.SetPin(tx, tx.Who().User(), seal.SealPin(seed, e.Org, tx.Who().User(), e.Sign.Public(), e.N)); err != nil {
			return nil, err
		}
	}
	tx.After(func() { ring.Advance(e.N, e.Vault) })
	_, err = tx.Exec(sqlSetEpoch, e.N)
	return e, err
}

// store writes the epoch's own row and the grants of its holders.
func (s *Store) store(tx *gate.Tx, e *Epoch, why string, previous seal.Key) error {
	e.signed = e.Roster.Sign(e.Sign)
	pair, private := seal.NewIdentity()
	e.public = pair.Public()
	e.signature = e.signKey()
	var previousBox []byte
	if previous.Valid() {
		previousBox = e.Vault.Wrap(seal.PurposeVaultPrevious, gate.PlaceOfPreviousVault(e.Org, e.N), previous)
	}
	_, err := tx.Exec(sqlAddEpoch, e.N, tx.Millis(), tx.Who().User(), why, e.signed,
		s.instance.Wrap(seal.PurposeOuterInstance, placeOfOuter(e.Org, e.N), e.Outer),
		e.Vault.Wrap(seal.PurposeOuterVault, placeOfOuter(e.Org, e.N), e.Outer),
		previousBox,
		e.Vault.Seal(seal.PurposeSignKey, placeOfSign(e.Org, e.N), e.Sign.Bytes()),
		e.Vault.Seal(seal.PurposeOrgKEM, placeOfHPKE(e.Org, e.N), private),
		e.public, e.signature)
	if err != nil {
		return err
	}
	for _, h := range e.Roster.Holders {
		if h.Kind == seal.HolderToken {
			continue
		}
		if err := e.grant(tx, h); err != nil {
			return err
		}
	}
	return nil
}

var (
	sqlHolds = gate.SQL(`SELECT COUNT(*) FROM users WHERE org_id = $1 AND id = $2 AND (enabled OR lingering) AND kind <> 'guest' AND hpke_public = $3`)
	sqlAlive = gate.SQL(`SELECT COUNT(*) FROM tokens WHERE org_id = $1 AND id = $2 AND hpke_public = $3 AND expires_at > $4
		AND user_id IN (SELECT id FROM users WHERE org_id = $1 AND (enabled OR lingering) AND kind <> 'guest')`)
)

// remaining is who of the earlier roster is still to hold keys. The public
// keys come from the signed roster; what the rows say can only leave one out.
func remaining(tx *gate.Tx, old *Epoch, c change) ([]seal.Holder, error) {
	var keep []seal.Holder
	for _, h := range old.Roster.Holders {
		n := 1
		var err error
		switch h.Kind {
		case seal.HolderUser:
			err = tx.Row(sqlHolds, h.ID, h.Public).Scan(&n)
		case seal.HolderToken:
			if err = tx.Row(sqlAlive, h.ID, h.Public, tx.Millis()).Scan(&n); err == nil && n > 0 {
				n, err = old.untouched(tx, h.ID)
			}
		case seal.HolderLink:
			err = tx.Row(sqlLinkLives, h.ID, h.Public, tx.Millis()).Scan(&n)
		}
		if err != nil {
			return nil, err
		}
		if h.Kind == c.kind && h.ID == c.id {
			h.Public = c.public
		}
		if n > 0 {
			keep = append(keep, h)
		}
	}
	return keep, nil
}

// grantFor opens a user's key grant of an epoch with his seed and checks the
// roster against what he has pinned.
func grantFor(tx *gate.Tx, user string, seed seal.Key, n int64) (vault seal.Key, pin []byte, err error) {
	org := tx.Who().Org()
	var sealed, signed []byte
	own := seed.Identity("user")
	err = tx.Row(sqlGrant, n, seal.HolderUser, user).Scan(&sealed)
	if errors.Is(err, gate.ErrNoRows) {
		return seal.Key{}, nil, errNoGrant
	}
	if err != nil {
		return seal.Key{}, nil, err
	}
	vault, err = own.OpenKey(seal.PurposeGrant, placeOfGrant(org, seal.HolderUser, user, n), sealed)
	if err != nil {
		return seal.Key{}, nil, forged(err, "key grant")
	}
	public, err := pinned(tx, user, seed, n)
	if err != nil {
		return seal.Key{}, nil, err
	}
	if err := tx.Row(sqlRoster, n).Scan(&signed); err != nil {
		return seal.Key{}, nil, err
	}
	roster, err := openRoster(org, n, signed, public, vault)
	if err != nil {
		return seal.Key{}, nil, err
	}
	if h, in := roster.Find(seal.HolderUser, user); !in || !seal.Equal(h.Public, own.Public()) {
		return seal.Key{}, nil, forged(seal.ErrOpen, "roster without "+user)
	}
	return vault, seal.SealPin(seed, org, user, public, n), nil
}

var (
	errNoGrant = errors.New("no key grant of this epoch")
	sqlGrant   = gate.SQL(`SELECT sealed FROM key_grants WHERE org_id = $1 AND epoch = $2 AND holder_kind = $3 AND holder_id = $4`)
	sqlPin     = gate.SQL(`SELECT pin FROM users WHERE org_id = $1 AND id = $2`)
	sqlSetPin  = gate.SQL(`UPDATE users SET pin = $3 WHERE org_id = $1 AND id = $2`)
)

// DueSince is for pages: when and why an epoch became due.
type DueSince struct {
	At  time.Time
	Why string
}
