package org

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

const (
	// Tries is how many wrong passwords in a row lock an account out where no
	// setting says otherwise.
	Tries = 10
	// Lockout is how long it then stays locked out. Administrators' lockouts
	// last so long also where others wait until they are unlocked.
	Lockout = 15 * time.Minute
)

var (
	// ErrWrong is a password that does not open the record.
	ErrWrong = errors.New("wrong password")
	// ErrLocked is an account that is locked out, whatever the password.
	ErrLocked = errors.New("locked out")
	// ErrLockedNow is the wrong password that locked the account out. Whoever
	// gets it calls LockedOut within the transaction that notes the failure.
	ErrLockedNow = fmt.Errorf("%w", ErrWrong)
)

// OnLockout tells what is to be done when an account is locked out.
func (s *Store) OnLockout(fn func(tx *gate.Tx, user string) error) { s.lockout = fn }

// LockedOut does what follows from a lockout that has just begun.
func (s *Store) LockedOut(tx *gate.Tx, user string) error {
	if s.lockout == nil {
		return nil
	}
	return s.lockout(tx, user)
}

// The settings are read by the statement that counts a try: tries and minutes
// that an administrator sets hold from the next try on.
const (
	sqlTries   = `COALESCE((SELECT CAST(value AS BIGINT) FROM settings WHERE org_id = $1 AND name = 'lockout-tries'), 10)`
	sqlMinutes = `COALESCE((SELECT CAST(value AS BIGINT) FROM settings WHERE org_id = $1 AND name = 'lockout-minutes'), 15)`
)

var (
	sqlTry = gate.SQL(`UPDATE users SET failures = CASE WHEN locked_until > 0 AND locked_until <= $3 THEN 1 ELSE failures + 1 END,
		locked_until = CASE WHEN failures + 1 < ` + sqlTries + ` OR locked_until > 0 THEN 0
			WHEN ` + sqlMinutes + ` > 0 THEN CAST($3 AS BIGINT) + 60000 * ` + sqlMinutes + `
			WHEN kind = 'administrator' THEN CAST($3 AS BIGINT) + 900000 ELSE 253402300799000 END
		WHERE org_id = $1 AND id = $2 AND locked_until <= $3 RETURNING outer_epoch, password_version, password_record, locked_until`)
	sqlGiveBack = gate.SQL(`UPDATE users SET failures = failures - 1, locked_until = CASE WHEN failures <= ` + sqlTries + ` THEN 0 ELSE locked_until END
		WHERE org_id = $1 AND id = $2 AND failures > 0`)
	// Where a second factor is still to be proved, a right password only takes
	// its own try back: else it would buy ten more guesses at the code.
	sqlRight = gate.SQL(`UPDATE users SET failures = CASE WHEN factor = '' THEN 0 ELSE failures - 1 END,
		locked_until = CASE WHEN factor = '' OR failures <= ` + sqlTries + ` THEN 0 ELSE locked_until END WHERE org_id = $1 AND id = $2 AND failures > 0`)
	sqlProved = gate.SQL(`UPDATE users SET failures = 0, locked_until = 0 WHERE org_id = $1 AND id = $2 AND failures > 0`)
)

// Proof is what a right password gave: P, and where the record lay. Stronger
// is a record to take its place when it was made at a lower cost.
type Proof struct {
	P              seal.Key
	Epoch, Version int64
	Stronger       []byte
}

// Try checks a user's password with one Argon2id. The try is counted before it
// is checked, so that parallel ones can't get more than the allowed number; a
// try that got no verdict, because too many were waiting, is given back.
func (s *Store) Try(ctx context.Context, who gate.Actor, op *gate.Op, user string, password seal.Secret) (Proof, error) {
	leave, err := s.turns.take(ctx, user)
	if err != nil {
		return Proof{}, err
	}
	defer leave()
	return s.try(ctx, who, op, user, password)
}

func (s *Store) try(ctx context.Context, who gate.Actor, op *gate.Op, user string, password seal.Secret) (Proof, error) {
	var p Proof
	var record []byte
	var lockedUntil int64
	outer, err := gate.Do(ctx, s.gate, who, op, gate.Nothing(), func(tx *gate.Tx) (seal.Key, error) {
		err := tx.Row(sqlTry, user, tx.Millis()).Scan(&p.Epoch, &p.Version, &record, &lockedUntil)
		if errors.Is(err, gate.ErrNoRows) {
			return seal.Key{}, ErrLocked
		}
		if err != nil {
			return seal.Key{}, err
		}
		return s.Outer(tx, p.Epoch)
	})
	if errors.Is(err, ErrLocked) { // the same work for the same answer
		if busy := s.argon.Waste(ctx, password); busy != nil {
			return Proof{}, Waiting(busy)
		}
	}
	if err != nil {
		return Proof{}, err
	}
	var weak bool
	p.P, weak, err = s.argon.Open(ctx, password, outer, PlaceOfPassword(who.Org(), user, p.Epoch, p.Version), record)
	if errors.Is(err, seal.ErrOpen) || errors.Is(err, seal.ErrCost) {
		if lockedUntil > 0 {
			return Proof{}, ErrLockedNow
		}
		return Proof{}, ErrWrong
	}
	if err != nil {
		return Proof{}, errors.Join(Waiting(err), s.count(ctx, who, op, sqlGiveBack, user))
	}
	if weak {
		p.Stronger, err = s.argon.Rewrap(ctx, password, outer, PlaceOfPassword(who.Org(), user, p.Epoch, p.Version+1), p.P)
		if err != nil {
			return Proof{}, errors.Join(Waiting(err), s.count(ctx, who, op, sqlGiveBack, user))
		}
	}
	return p, s.count(ctx, who, op, sqlRight, user)
}

// CountFactor counts a try of a user's second factor before it is checked, as
// Try does: ErrLocked where there is none left, and lockedNow where this one,
// if it is wrong, was the last.
func (s *Store) CountFactor(tx *gate.Tx, user string) (lockedNow bool, err error) {
	var epoch, version, until int64
	var record []byte
	err = tx.Row(sqlTry, user, tx.Millis()).Scan(&epoch, &version, &record, &until)
	if errors.Is(err, gate.ErrNoRows) {
		return false, ErrLocked
	}
	return until > 0, err
}

// Proved forgets the failures of a user who has proved all that is asked for.
func (s *Store) Proved(tx *gate.Tx, user string) error {
	_, err := tx.Exec(sqlProved, user)
	return err
}

// count runs to its end also when whoever asked has gone.
func (s *Store) count(ctx context.Context, who gate.Actor, op *gate.Op, stmt gate.Stmt, args ...any) error {
	_, err := gate.Do(context.WithoutCancel(ctx), s.gate, who, op, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		_, err := tx.Exec(stmt, args...)
		return true, err
	})
	return err
}

var sqlSetRecord = gate.SQL(`UPDATE users SET password_record = $3, password_version = $4 + 1, version = version + 1
	WHERE org_id = $1 AND id = $2 AND password_version = $4 AND outer_epoch = $5`)

// SetRecord stores a password record that was sealed at the version after the
// proof's. It reports whether the user's row was still as the proof found it.
func (s *Store) SetRecord(tx *gate.Tx, user string, p Proof, record []byte) (bool, error) {
	n, err := tx.Exec(sqlSetRecord, user, record, p.Version, p.Epoch)
	return n == 1, err
}

// OpConfirm checks the actor's own password again.
var OpConfirm = gate.Define(gate.Op{Name: "password.confirm", Sentence: "Prove with the password that oneself is there", Scope: gate.Self, Guests: true, Waiting: true, Enrol: true, Write: true})

// Confirm checks the actor's own password, for acts that ask for it again.
func (s *Store) Confirm(ctx context.Context, who gate.Actor, password seal.Secret) error {
	p, err := s.CheckOwn(ctx, who, password)
	p.P.Wipe()
	return err
}

// CheckOwn opens P with the actor's own password. Wrong ones count as at
// sign-in: a stolen session must not become a place to guess.
func (s *Store) CheckOwn(ctx context.Context, who gate.Actor, password seal.Secret) (Proof, error) {
	if password.IsEmpty() { // a form sent too soon, and no guess
		if _, err := gate.Do(ctx, s.gate, who, OpConfirm, gate.Nothing(), func(*gate.Tx) (bool, error) { return true, nil }); err != nil {
			return Proof{}, err
		}
		return Proof{}, fault.Bad("password", "Enter your password.")
	}
	p, err := s.Try(ctx, who, OpConfirm, who.User(), password)
	switch {
	case errors.Is(err, ErrLockedNow):
		_, failed := gate.Do(context.WithoutCancel(ctx), s.gate, who, OpConfirm, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			return true, s.LockedOut(tx, who.User())
		})
		return Proof{}, errors.Join(fault.Bad("password", "The password is not right."), failed)
	case errors.Is(err, ErrWrong):
		return Proof{}, fault.Bad("password", "The password is not right.")
	case errors.Is(err, ErrLocked):
		return Proof{}, fault.TooMany(Lockout)
	}
	return p, err
}
