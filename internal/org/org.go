// Package org is an organization and its keys: set-up, epochs of the vault
// key, rosters, key grants, and the Organization Key.
//
// It never stores a vault key, and it can't make one present to a session that
// has no way to it.
package org

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Store is what the front doors and the other features call.
type Store struct {
	gate     *gate.Gate
	instance seal.Key
	argon    *seal.Argon
	lockout  func(*gate.Tx, string) error
	mu       sync.Mutex
	outer    map[outerKey]seal.Key
	turns    turns
	renewed  []func(*gate.Tx) error
	owed     []func(*gate.Tx) error
}

type outerKey struct {
	org   string
	epoch int64
}

// New makes the store. The instance key opens the organizations' outer keys.
func New(g *gate.Gate, instance seal.Key, argon *seal.Argon) *Store {
	s := &Store{gate: g, instance: instance, argon: argon, outer: map[outerKey]seal.Key{}}
	g.Settling(s.Pin)
	return s
}

// Argon is the bounded runner of password checks.
func (s *Store) Argon() *seal.Argon { return s.argon }

var sqlOuter = gate.SQL(`SELECT outer_instance_box FROM key_epochs WHERE org_id = $1 AND epoch = $2`)

// Outer gives an organization's outer key of an epoch.
func (s *Store) Outer(tx *gate.Tx, epoch int64) (seal.Key, error) {
	at := outerKey{tx.Who().Org(), epoch}
	s.mu.Lock()
	k, ok := s.outer[at]
	s.mu.Unlock()
	if ok {
		return k, nil
	}
	var box []byte
	if err := tx.Row(sqlOuter, epoch).Scan(&box); err != nil {
		return seal.Key{}, err
	}
	k, err := s.instance.Unwrap(seal.PurposeOuterInstance, placeOfOuter(at.org, epoch), box)
	if err != nil {
		return seal.Key{}, fmt.Errorf("outer key of epoch %d: wrong instance key, or the row was changed: %w", epoch, err)
	}
	tx.After(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.outer[at] = k
	})
	return k, nil
}

// View is what everybody signed in may know of his organization.
type View struct {
	ID, Kind, Name, Slug string
	KeyEpoch             int64
	EpochDue             bool
	EpochDueWhy          string
	RecoveryConfirmed    bool
	MayChangeKey         bool
}

var (
	// OpView shows the organization's name and whether an epoch is due.
	OpView = gate.Define(gate.Op{Name: "organization.view", Sentence: "See the organization's name and the state of its keys",
		Scope: gate.Self, Guests: true, View: true})
	sqlView = gate.SQL(`SELECT id, kind, name, slug, key_epoch, epoch_due_at <> 0, epoch_due_why, recovery_confirmed FROM organizations WHERE id = $1`)
)

// View shows the actor's organization.
func (s *Store) View(ctx context.Context, who gate.Actor) (View, error) {
	return gate.Do(ctx, s.gate, who, OpView, gate.Nothing(), func(tx *gate.Tx) (View, error) {
		var v View
		err := tx.Row(sqlView).Scan(&v.ID, &v.Kind, &v.Name, &v.Slug, &v.KeyEpoch, &v.EpochDue, &v.EpochDueWhy, &v.RecoveryConfirmed)
		v.MayChangeKey = tx.May(OpChangeKey, gate.Nothing())
		return v, err
	})
}

// Empty reports whether there is no organization yet, so that set-up is open.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	return gate.Do(ctx, s.gate, gate.Stranger("", "", nil), opEmpty, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		n := 0
		err := tx.Everywhere(sqlCount, func(r *gate.Rows) error { return r.Scan(&n) })
		return n == 0, err
	})
}

var (
	opEmpty  = gate.Define(gate.Op{Name: "organization.none", Sentence: "Find out whether set-up is still to be done", Scope: gate.Anyone})
	sqlCount = gate.Across("before the first organization there is none to bind", `SELECT COUNT(*) FROM organizations`)
)

// Places of this package's sealed columns.

func placeOfOuter(org string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "key_epochs", Row: org, Envelope: "outer", Epoch: epoch}
}

func placeOfSign(org string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "key_epochs", Row: org, Envelope: "sign_box", Epoch: epoch}
}

func placeOfHPKE(org string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "key_epochs", Row: org, Envelope: "hpke_box", Epoch: epoch}
}

func placeOfGrant(org, kind, holder string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "key_grants", Row: holder, Envelope: kind, Epoch: epoch}
}

func placeOfHome(org, user string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "users", Row: user, Envelope: "home_box", Epoch: epoch}
}

// PlaceOfPassword is where a user's password record lies. Each change raises
// the version, so that a password that was given up can't be put back.
func PlaceOfPassword(org, user string, epoch, version int64) seal.Place {
	return seal.Place{Org: org, Table: "users", Row: user, Envelope: "password_record", Epoch: epoch, Version: version}
}

func placeOfRecovery(org, user string, epoch, version int64) seal.Place {
	return seal.Place{Org: org, Table: "users", Row: user, Envelope: "recovery_box", Epoch: epoch, Version: version}
}

// PlaceOfDevice is where a device's way in lies.
func PlaceOfDevice(org, device string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "devices", Row: device, Envelope: "way_in_box", Epoch: epoch}
}

// PlaceOfFactor is where a user's second factor lies: bound to him and to its
// kind, so that nobody's takes the place of another's.
func PlaceOfFactor(org, id, user, kind string, epoch, version int64) seal.Place {
	return seal.Place{Org: org, Table: "factors", Row: id, Envelope: "factor_box", KeyID: kind + " " + user, Epoch: epoch, Version: version}
}

// PlaceOfPasskey is where a passkey's way to P lies.
func PlaceOfPasskey(org, id, user string, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "factors", Row: id, Envelope: "p_box", KeyID: user, Epoch: epoch}
}

// PurposeOfFactor is what a kind of second factor is sealed for.
func PurposeOfFactor(kind string) seal.Purpose {
	switch kind {
	case "totp":
		return seal.PurposeSignInTOTP
	case "passkey":
		return seal.PurposePasskey
	}
	return seal.PurposeFactorCodes
}

// ErrForged means that the database holds keys that nobody with the right
// keys put there.
var ErrForged = errors.New("a stored key does not fit its signature: the database was changed from outside")

func forged(err error, what string) error {
	return &forgery{what: what, cause: err}
}

type forgery struct {
	what  string
	cause error
}

func (f *forgery) Error() string   { return fmt.Sprintf("%s: %v: %v", f.what, ErrForged, f.cause) }
func (f *forgery) Unwrap() []error { return []error{ErrForged, f.cause} }

// invalidCode is the answer to an Organization Key that opens nothing.
func invalidCode() error {
	return fault.Bad("organization_key", "This is not the Organization Key of this organization, nor your own recovery code. Check it against the printout.")
}

// Operations on keys.
var (
	// OpSetup makes the first organization.
	OpSetup = gate.Define(gate.Op{Name: "organization.setup", Sentence: "Set up the organization with the one-time token", Scope: gate.Anyone, Lock: "set-up", Write: true, Audit: true})
	// OpChangeKey changes the Organization Key, which makes a new epoch.
	OpChangeKey = gate.Define(gate.Op{Name: "organization.key.change", Sentence: "Change the Organization Key", Scope: gate.Whole,
		Needs: perm.OrganizationAdmin, Write: true, Audit: true, Keys: true})
	// OpRecoveryConfirm records that the Recovery key's printout was checked.
	OpRecoveryConfirm = gate.Define(gate.Op{Name: "organization.recovery.confirm", Sentence: "Confirm the Recovery key's printout", Scope: gate.Whole,
		Needs: perm.OrganizationAdmin, Write: true, Audit: true, Keys: true})
	// OpEpoch makes a new epoch that is due; any open session does.
	OpEpoch = gate.Renewing(gate.Define(gate.Op{Name: "organization.epoch.make", Sentence: "Make a new epoch of the vault key when one is due", Scope: gate.Self, Enrol: true,
		Write: true, Audit: true, Keys: true}))
)
