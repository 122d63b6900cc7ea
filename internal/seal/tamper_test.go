package seal

import (
	"bytes"
	"errors"
	"testing"
)

// placed is a sealed thing with the way to open it.
type placed struct {
	name   string
	sealed []byte
	open   func(sealed []byte, at Place) error
}

func allPlaced(t *testing.T) []placed {
	t.Helper()
	k, p, outer, seed := keyN(1), keyN(2), keyN(3), keyN(4)
	id := keyN(5).Identity("user")
	grant, err := SealTo(id.Public(), PurposeGrant, place, seed)
	if err != nil {
		t.Fatal(err)
	}
	argon := cheapArgon(1, 0)
	record, _, err := argon.Enrol(t.Context(), NewSecret("correct horse"), outer, place)
	if err != nil {
		t.Fatal(err)
	}
	// Secrets are rotated keys or tokens; only places and bytes vary here.
	return []placed{
		{"box", k.Seal(PurposeSecret, place, []byte("text")), func(b []byte, at Place) error {
			_, err := k.Open(PurposeSecret, at, b)
			return err
		}},
		{"empty box", k.Seal(PurposeSecret, place, nil), func(b []byte, at Place) error {
			_, err := k.Open(PurposeSecret, at, b)
			return err
		}},
		{"padded", k.SealPadded(PurposeSecret, place, []byte("text")), func(b []byte, at Place) error {
			_, err := k.OpenPadded(PurposeSecret, at, b)
			return err
		}},
		{"wrap", k.Wrap(PurposeItemKey, place, seed), func(b []byte, at Place) error {
			_, err := k.Unwrap(PurposeItemKey, at, b)
			return err
		}},
		{"grant", grant, func(b []byte, at Place) error {
			_, err := id.OpenKey(PurposeGrant, at, b)
			return err
		}},
		{"home", SealHome(p, outer, place, seed), func(b []byte, at Place) error {
			_, err := OpenHome(p, outer, at, b)
			return err
		}},
		{"device", SealDevice(p, tokenN(6), outer, place, seed), func(b []byte, at Place) error {
			_, err := OpenDevice(p, tokenN(6), outer, at, b)
			return err
		}},
		{"device only", SealDeviceOnly(tokenN(6), outer, place, seed), func(b []byte, at Place) error {
			_, err := OpenDeviceOnly(tokenN(6), outer, at, b)
			return err
		}},
		{"recovery", SealRecovery(recoveryN(7), outer, place, seed), func(b []byte, at Place) error {
			_, err := OpenRecovery(recoveryN(7), outer, at, b)
			return err
		}},
		{"session", SealSession(tokenN(8), outer, place, SessionKeys{P: p, Seed: seed}), func(b []byte, at Place) error {
			_, err := OpenSession(tokenN(8), outer, at, b)
			return err
		}},
		{"password", record, func(b []byte, at Place) error {
			_, _, err := argon.Open(t.Context(), NewSecret("correct horse"), outer, at, b)
			return err
		}},
	}
}

func TestEveryFlipCutAndMoveIsRefused(t *testing.T) {
	for _, thing := range allPlaced(t) {
		t.Run(thing.name, func(t *testing.T) {
			if err := thing.open(thing.sealed, place); err != nil {
				t.Fatalf("untouched: %v", err)
			}
			for field, at := range displaced(place) {
				if err := thing.open(thing.sealed, at); err != ErrOpen {
					t.Errorf("moved (%s): got %v", field, err)
				}
			}
			refuseChanges(t, thing.sealed, func(b []byte) error { return thing.open(b, place) })
		})
	}
}

// refuseChanges demands the uniform error for each changed byte, each cut and
// for appended bytes.
func refuseChanges(t *testing.T, sealed []byte, open func([]byte) error) {
	t.Helper()
	for i := range sealed {
		flipped := bytes.Clone(sealed)
		flipped[i] ^= 1 << (i % 8)
		if err := open(flipped); err != ErrOpen {
			t.Errorf("byte %d flipped: got %v", i, err)
		}
		if err := open(sealed[:i]); err != ErrOpen {
			t.Errorf("cut to %d: got %v", i, err)
		}
	}
	if err := open(append(bytes.Clone(sealed), 0)); err != ErrOpen {
		t.Errorf("longer: got %v", err)
	}
	if err := open(sealed[1:]); err != ErrOpen {
		t.Errorf("first byte cut: got %v", err)
	}
}

func TestPurposesDoNotMix(t *testing.T) {
	k, id := keyN(1), keyN(2).Identity("user")
	for _, p := range Purposes() {
		box := k.Seal(p, place, []byte("text"))
		for _, other := range Purposes() {
			_, err := k.Open(other, place, box)
			if (err == nil) != (p == other) {
				t.Errorf("sealed as %s, opened as %s: %v", p, other, err)
			}
		}
	}
	grant, err := SealTo(id.Public(), PurposeGrant, place, k)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := id.OpenKey(PurposeShare, place, grant); err != ErrOpen {
		t.Errorf("grant opened as share: %v", err)
	}
}

func TestPaddedAndPlainDoNotMix(t *testing.T) {
	k := keyN(1)
	if _, err := k.Open(PurposeSecret, place, k.SealPadded(PurposeSecret, place, nil)); err != ErrOpen {
		t.Errorf("padded opened as plain: %v", err)
	}
	box := k.Seal(PurposeSecret, place, make([]byte, 64))
	if _, err := k.OpenPadded(PurposeSecret, place, box); err != ErrOpen {
		t.Errorf("plain opened as padded: %v", err)
	}
	box[0] = formatPadded
	if _, err := k.OpenPadded(PurposeSecret, place, box); err != ErrOpen {
		t.Errorf("plain relabelled as padded: %v", err)
	}
}

func TestWrongKeysAreRefused(t *testing.T) {
	p, outer, seed, other := keyN(2), keyN(3), keyN(4), keyN(99)
	home := SealHome(p, outer, place, seed)
	device := SealDevice(p, tokenN(6), outer, place, seed)
	only := SealDeviceOnly(tokenN(6), outer, place, seed)
	recovery := SealRecovery(recoveryN(7), outer, place, seed)
	session := SealSession(tokenN(8), outer, place, SessionKeys{P: p})
	grant, _ := SealTo(seed.Identity("user").Public(), PurposeGrant, place, seed)
	tries := map[string]func() (Key, error){
		"box, other key": func() (Key, error) {
			_, err := other.Open(PurposeSecret, place, p.Seal(PurposeSecret, place, nil))
			return Key{}, err
		},
		"box, zero key": func() (Key, error) {
			_, err := Key{}.Open(PurposeSecret, place, p.Seal(PurposeSecret, place, nil))
			return Key{}, err
		},
		"home, other P":             func() (Key, error) { return OpenHome(other, outer, place, home) },
		"home, other vault key":     func() (Key, error) { return OpenHome(p, other, place, home) },
		"home, keys swapped":        func() (Key, error) { return OpenHome(outer, p, place, home) },
		"home, zero P":              func() (Key, error) { return OpenHome(Key{}, outer, place, home) },
		"device, other P":           func() (Key, error) { return OpenDevice(other, tokenN(6), outer, place, device) },
		"device, zero P":            func() (Key, error) { return OpenDevice(Key{}, tokenN(6), outer, place, device) },
		"device, other token":       func() (Key, error) { return OpenDevice(p, tokenN(9), outer, place, device) },
		"device, zero token":        func() (Key, error) { return OpenDevice(p, Token{}, outer, place, device) },
		"device, other outer key":   func() (Key, error) { return OpenDevice(p, tokenN(6), other, place, device) },
		"device without password":   func() (Key, error) { return OpenDeviceOnly(tokenN(6), outer, place, device) },
		"device only with password": func() (Key, error) { return OpenDevice(p, tokenN(6), outer, place, only) },
		"device only, other token":  func() (Key, error) { return OpenDeviceOnly(tokenN(9), outer, place, only) },
		"device only, zero token":   func() (Key, error) { return OpenDeviceOnly(Token{}, outer, place, only) },
		"recovery, other code":      func() (Key, error) { return OpenRecovery(recoveryN(9), outer, place, recovery) },
		"recovery, zero code":       func() (Key, error) { return OpenRecovery(RecoveryCode{}, outer, place, recovery) },
		"recovery, other outer key": func() (Key, error) { return OpenRecovery(recoveryN(7), other, place, recovery) },
		"grant, other identity":     func() (Key, error) { return other.Identity("user").OpenKey(PurposeGrant, place, grant) },
		"grant, other label":        func() (Key, error) { return seed.Identity("token").OpenKey(PurposeGrant, place, grant) },
		"grant, zero identity":      func() (Key, error) { return Identity{}.OpenKey(PurposeGrant, place, grant) },
		"session, other token":      func() (Key, error) { k, err := OpenSession(tokenN(9), outer, place, session); return k.P, err },
		"session, zero token":       func() (Key, error) { k, err := OpenSession(Token{}, outer, place, session); return k.P, err },
		"session, other outer key":  func() (Key, error) { k, err := OpenSession(tokenN(8), other, place, session); return k.P, err },
		"unwrap of what isn't a key": func() (Key, error) {
			return p.Unwrap(PurposeItemKey, place, p.Seal(PurposeItemKey, place, []byte("x")))
		},
		"unwrap of zeros": func() (Key, error) {
			return p.Unwrap(PurposeItemKey, place, p.Seal(PurposeItemKey, place, make([]byte, KeySize)))
		},
	}
	for name, try := range tries {
		if k, err := try(); !errors.Is(err, ErrOpen) || k.Valid() {
			t.Errorf("%s: got a key (%v) and %v", name, k.Valid(), err)
		}
	}
}
