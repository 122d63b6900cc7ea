package seal

import (
	"context"
	"encoding/binary"
	"errors"
)

const saltSize = 16

// Enrol makes a new P, 32 random bytes that stand for the user's password in
// every way in, and a record that opens to it: a box under the outer key,
// purpose "password", of 0x01, time (4), memory in KiB (4), threads (1), salt
// (16) and a box of P under the Argon2id output. Opening the record is the
// password check; there is no other verifier to attack.
// ErrBusy when the queue is full.
func (a *Argon) Enrol(ctx context.Context, password Secret, outer Key, at Place) (record []byte, P Key, err error) {
	P = NewKey()
	record, err = a.Rewrap(ctx, password, outer, at, P)
	if err != nil {
		return nil, Key{}, err
	}
	return record, P, nil
}

// Rewrap makes a new record of the same P: for a new password, or for stronger
// parameters.
func (a *Argon) Rewrap(ctx context.Context, password Secret, outer Key, at Place, P Key) (record []byte, err error) {
	if password.IsEmpty() {
		return nil, errors.New("seal: empty password")
	}
	salt := Random(saltSize)
	k, err := a.run(ctx, password, salt, a.cost)
	if err != nil {
		return nil, err
	}
	defer k.Wipe()
	inner := []byte{formatPassword}
	inner = binary.BigEndian.AppendUint32(inner, a.cost.Time)
	inner = binary.BigEndian.AppendUint32(inner, a.cost.MemoryKiB)
	inner = append(inner, a.cost.Threads)
	inner = append(inner, salt...)
	inner = append(inner, k.Wrap(PurposePasswordInner, at.lasting(), P)...)
	return outer.Seal(PurposePassword, at, inner), nil
}

// Open checks a password and returns P. ErrOpen when the password is wrong or
// the record is not from here, ErrCost for parameters outside the bounds,
// ErrBusy when the queue is full. When weak, the caller stores a Rewrap.
func (a *Argon) Open(ctx context.Context, password Secret, outer Key, at Place, record []byte) (P Key, weak bool, err error) {
	inner, err := outer.Open(PurposePassword, at, record)
	if err != nil {
		return Key{}, false, ErrOpen
	}
	r := newReader(inner)
	format := r.byte()
	cost := Cost{Time: r.uint32(), MemoryKiB: r.uint32()}
	cost.Threads = r.byte()
	salt := r.take(saltSize)
	if !r.ok || format != formatPassword {
		return Key{}, false, ErrOpen
	}
	if !cost.within(a.floor, ceiling) {
		return Key{}, false, ErrCost
	}
	k, err := a.run(ctx, password, salt, cost)
	if err != nil {
		return Key{}, false, err
	}
	defer k.Wipe()
	P, err = k.Unwrap(PurposePasswordInner, at.lasting(), r.rest)
	if err != nil {
		return Key{}, false, ErrOpen
	}
	return P, cost.weakerThan(a.cost), nil
}

// Waste costs as much as Open, for an account that doesn't exist, so that the
// time of the answer doesn't tell. The caller then answers as for ErrOpen.
func (a *Argon) Waste(ctx context.Context, password Secret) error {
	k, err := a.run(ctx, password, Random(saltSize), a.cost)
	k.Wipe()
	return err
}

// Rekey moves a password record to a new outer key without the password. It
// must stay at the same row: ErrMoved otherwise, ErrOpen when it doesn't open.
func Rekey(record []byte, oldOuter Key, oldAt Place, newOuter Key, newAt Place) ([]byte, error) {
	return RekeyOuter(record, PurposePassword, oldOuter, oldAt, newOuter, newAt)
}
