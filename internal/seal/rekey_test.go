package seal

import "testing"

// next is the same row at a later epoch.
func next() Place {
	at := place
	at.Epoch, at.Version, at.KeyID = 8, 4, "key_2"
	return at
}

func TestOuterLayersMoveToANewEpochWithoutTheUser(t *testing.T) {
	argon := cheapArgon(1, 0)
	old, renewed, p, seed := keyN(1), keyN(2), keyN(3), keyN(4)
	record, p2, err := argon.Enrol(t.Context(), NewSecret("pw"), old, place)
	if err != nil {
		t.Fatal(err)
	}
	rekey := func(p Purpose) func([]byte, Key, Place, Key, Place) ([]byte, error) {
		return func(box []byte, k Key, at Place, k2 Key, at2 Place) ([]byte, error) {
			return RekeyOuter(box, p, k, at, k2, at2)
		}
	}
	for name, c := range map[string]struct {
		box   []byte
		rekey func([]byte, Key, Place, Key, Place) ([]byte, error)
		open  func(outer Key, at Place, box []byte) (Key, error)
		want  Key
	}{
		"password": {record, Rekey, func(outer Key, at Place, box []byte) (Key, error) {
			k, _, err := argon.Open(t.Context(), NewSecret("pw"), outer, at, box)
			return k, err
		}, p2},
		"home": {SealHome(p, old, place, seed), Rehome, func(outer Key, at Place, box []byte) (Key, error) {
			return OpenHome(p, outer, at, box)
		}, seed},
		"device": {SealDevice(p, tokenN(5), old, place, seed), rekey(PurposeDevice), func(outer Key, at Place, box []byte) (Key, error) {
			return OpenDevice(p, tokenN(5), outer, at, box)
		}, seed},
		"device only": {SealDeviceOnly(tokenN(5), old, place, seed), rekey(PurposeDevice), func(outer Key, at Place, box []byte) (Key, error) {
			return OpenDeviceOnly(tokenN(5), outer, at, box)
		}, seed},
		"recovery": {SealRecovery(recoveryN(6), old, place, seed), rekey(PurposeRecovery), func(outer Key, at Place, box []byte) (Key, error) {
			return OpenRecovery(recoveryN(6), outer, at, box)
		}, seed},
		"session": {SealSession(tokenN(7), old, place, SessionKeys{Seed: seed}), rekey(PurposeSession), func(outer Key, at Place, box []byte) (Key, error) {
			k, err := OpenSession(tokenN(7), outer, at, box)
			return k.Seed, err
		}, seed},
	} {
		moved, err := c.rekey(c.box, old, place, renewed, next())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, err := c.open(renewed, next(), moved); err != nil || !got.Equal(c.want) {
			t.Errorf("%s at the new epoch: %v", name, err)
		}
		if _, err := c.open(old, place, moved); err != ErrOpen {
			t.Errorf("%s, the new box with the old outer key: %v", name, err)
		}
		if _, err := c.open(renewed, next(), c.box); err != ErrOpen {
			t.Errorf("%s, the old box with the new outer key: %v", name, err)
		}
		if _, err := c.rekey(c.box, renewed, place, renewed, next()); err != ErrOpen {
			t.Errorf("%s re-keyed with the wrong key: %v", name, err)
		}
		other := next()
		other.Row = "cred_2"
		if _, err := c.rekey(c.box, old, place, renewed, other); err != ErrMoved {
			t.Errorf("%s re-keyed into another row: %v", name, err)
		}
	}
}

// Somebody with both outer keys but not the user's secrets can still not move
// a way in from one user's row to another's.
func TestInnerLayerIsBoundToItsRow(t *testing.T) {
	p, outer, seed := keyN(3), keyN(1), keyN(4)
	inner, err := outer.Open(PurposeHome, place, SealHome(p, outer, place, seed))
	if err != nil {
		t.Fatal(err)
	}
	other := place
	other.Row = "cred_2"
	if _, err := OpenHome(p, outer, other, outer.Seal(PurposeHome, other, inner)); err != ErrOpen {
		t.Errorf("inner layer in another row: %v", err)
	}
}

func TestSessionHoldsWhatItWasGiven(t *testing.T) {
	outer, token := keyN(1), tokenN(2)
	var length int
	for present := range 8 {
		var in SessionKeys
		in.Epoch = int64(present)
		if present&1 != 0 {
			in.P = keyN(10)
		}
		if present&2 != 0 {
			in.Seed = keyN(11)
		}
		if present&4 != 0 {
			in.Vault = keyN(12)
		}
		box := SealSession(token, outer, place, in)
		out, err := OpenSession(token, outer, place, box)
		if err != nil || out.Epoch != in.Epoch {
			t.Fatalf("keys %03b: %v", present, err)
		}
		for name, pair := range map[string][2]Key{"P": {in.P, out.P}, "seed": {in.Seed, out.Seed}, "vault": {in.Vault, out.Vault}} {
			if pair[0].Valid() != pair[1].Valid() || pair[0].Valid() && !pair[0].Equal(pair[1]) {
				t.Errorf("keys %03b: %s came back differently", present, name)
			}
		}
		if length != 0 && len(box) != length {
			t.Errorf("the length tells that keys %03b are there", present)
		}
		length = len(box)
	}
}

func TestOddSessionsAreRefused(t *testing.T) {
	outer, token := keyN(1), tokenN(2)
	good := append([]byte{formatSession, 0}, make([]byte, 3*KeySize+8)...)
	change := func(i int, v byte) []byte { b := append([]byte{}, good...); b[i] = v; return b }
	for name, c := range map[string]struct {
		plain []byte
		ok    bool
	}{
		"good": {good, true}, "other format": {change(0, 2), false}, "key of zeros": {change(1, 1), false},
		"unknown bit": {change(1, 8), false}, "short": {good[:len(good)-1], false},
		"long": {append(change(0, 1), 0), false}, "empty": {nil, false},
	} {
		box := outer.Seal(PurposeSession, place, token.Key().Seal(PurposeSessionInner, place.lasting(), c.plain))
		if _, err := OpenSession(token, outer, place, box); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
