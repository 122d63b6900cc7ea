package seal

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func sampleRoster() Roster {
	return Roster{
		Org: "org_a", Epoch: 7, KeyCheck: keyN(1).Check("org_a", 7), Previous: Hash([]byte("before")),
		Holders: []Holder{
			{HolderOrganizationKey, "key_1", []byte("public 1")},
			{HolderUser, "user_1", []byte("public 2")},
			{HolderUser, "user_2", []byte("public 3")},
		},
	}
}

func TestSignatureIsBoundToKeyContextAndMessage(t *testing.T) {
	k := NewSignKey()
	again, err := SignKeyFrom(k.Bytes())
	if err != nil || !bytes.Equal(again.Public(), k.Public()) {
		t.Fatalf("key round trip: %v", err)
	}
	msg := []byte("message")
	sig := k.Sign("share", msg)
	if !Verify(again.Public(), "share", msg, sig) {
		t.Error("good signature refused")
	}
	if Verify(k.Public(), "roster", msg, sig) || Verify(k.Public(), "sharem", msg[1:], sig) ||
		Verify(NewSignKey().Public(), "share", msg, sig) || Verify(nil, "share", msg, sig) ||
		Verify(k.Public(), "share", msg, nil) || Verify(k.Public(), "share", nil, sig) {
		t.Error("a signature holds for something else")
	}
	if _, err := SignKeyFrom(make([]byte, 32)); err != ErrKey {
		t.Errorf("key of zeros: %v", err)
	}
	mustPanic(t, "zero signing key", func() { SignKey{}.Sign("x", nil) })
}

func TestRosterRoundTrip(t *testing.T) {
	key, roster := signKeyN(9), sampleRoster()
	shuffled := roster
	shuffled.Holders = []Holder{roster.Holders[2], roster.Holders[0], roster.Holders[1]}
	signed := shuffled.Sign(key)
	got, err := OpenRoster(signed, key.Public())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(roster, got); diff != "" {
		t.Error(diff)
	}
	if h, ok := got.Find(HolderUser, "user_2"); !ok || string(h.Public) != "public 3" {
		t.Errorf("found %v, %v", h, ok)
	}
	if _, ok := got.Find(HolderToken, "user_2"); ok {
		t.Error("found a holder of another kind")
	}
	clear(signed)
	if !bytes.Equal(got.KeyCheck, roster.KeyCheck) {
		t.Error("the roster shares memory with its signed form")
	}
}

func TestRosterRefusesEveryChange(t *testing.T) {
	key := signKeyN(9)
	signed := sampleRoster().Sign(key)
	refuseChanges(t, signed, func(b []byte) error { _, err := OpenRoster(b, key.Public()); return err })
	for name, public := range map[string][]byte{"other": signKeyN(8).Public(), "none": nil, "short": key.Public()[:31]} {
		if _, err := OpenRoster(signed, public); err != ErrOpen {
			t.Errorf("public key %s: %v", name, err)
		}
	}
	body := signed[:len(signed)-64]
	if _, err := OpenRoster(append(bytes.Clone(body), key.Sign("share", body)...), key.Public()); err != ErrOpen {
		t.Errorf("signed in another context: %v", err)
	}
	twice := sampleRoster()
	twice.Holders = append(twice.Holders, twice.Holders[1])
	mustPanic(t, "holder twice", func() { twice.Sign(key) })
}

// Even with a good signature, a roster has one form only.
func TestRosterHasOneForm(t *testing.T) {
	key := signKeyN(9)
	good := Roster{Org: "o", Holders: []Holder{{Kind: "a", ID: "1"}, {Kind: "b", ID: "1"}}}.Sign(key)
	body := good[:len(good)-64]
	first, second := body[len(body)-28:len(body)-14], body[len(body)-14:]
	swapped := append(append(bytes.Clone(body[:len(body)-28]), second...), first...)
	doubled := append(append(bytes.Clone(body[:len(body)-28]), first...), first...)
	format := bytes.Clone(body)
	format[0] = 2
	for name, b := range map[string][]byte{
		"unsorted": swapped, "doubled": doubled, "other format": format,
		"longer": append(bytes.Clone(body), 0), "shorter": body[:len(body)-1], "empty": {},
	} {
		if _, err := OpenRoster(append(bytes.Clone(b), key.Sign("roster", b)...), key.Public()); err != ErrOpen {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPin(t *testing.T) {
	seed, public := keyN(1), signKeyN(9).Public()
	pin := SealPin(seed, "org_a", "user_1", public, 7)
	got, epoch, err := OpenPin(seed, "org_a", "user_1", pin)
	if err != nil || epoch != 7 || !bytes.Equal(got, public) {
		t.Errorf("round trip: epoch %d, %v", epoch, err)
	}
	open := func(k Key, org, user string, b []byte) error { _, _, err := OpenPin(k, org, user, b); return err }
	refuseChanges(t, pin, func(b []byte) error { return open(seed, "org_a", "user_1", b) })
	for name, err := range map[string]error{
		"other seed": open(keyN(2), "org_a", "user_1", pin), "zero seed": open(Key{}, "org_a", "user_1", pin),
		"other organization": open(seed, "org_b", "user_1", pin), "other user": open(seed, "org_a", "user_2", pin),
		"moved border": open(seed, "org_au", "ser_1", pin),
	} {
		if err != ErrOpen {
			t.Errorf("%s: %v", name, err)
		}
	}
	mustPanic(t, "short public key", func() { SealPin(seed, "org_a", "user_1", public[:31], 7) })
}

func TestIdentities(t *testing.T) {
	id, private := NewIdentity()
	again, err := IdentityFrom(private)
	if err != nil || !bytes.Equal(again.Public(), id.Public()) || len(id.Public()) != 1216 {
		t.Fatalf("private bytes round trip: %v", err)
	}
	sealed, err := SealTo(id.Public(), PurposeGrant, place, keyN(1))
	if err != nil {
		t.Fatal(err)
	}
	if k, err := again.OpenKey(PurposeGrant, place, sealed); err != nil || !k.Equal(keyN(1)) {
		t.Errorf("grant: %v", err)
	}
	if bytes.Equal(keyN(1).Identity("user").Public(), keyN(1).Identity("token").Public()) {
		t.Error("labels don't matter")
	}
	for _, bad := range [][]byte{nil, {1}, id.Public()[1:], append(id.Public(), 0), bytes.Repeat([]byte{0xff}, 1216)} {
		if _, err := SealTo(bad, PurposeGrant, place, keyN(1)); err != ErrPublicKey {
			t.Errorf("public key of %d bytes: %v", len(bad), err)
		}
	}
	if _, err := IdentityFrom(private[1:]); err != ErrKey {
		t.Errorf("short private key: %v", err)
	}
	if (Identity{}).Public() != nil || (Identity{}).Valid() || !id.Valid() {
		t.Error("the zero identity counts as valid")
	}
}

func TestDerivedValuesDiffer(t *testing.T) {
	k := keyN(1)
	values := map[string][]byte{
		"mac": k.MAC("a", []byte("bc")), "mac, other label": k.MAC("b", []byte("bc")), "mac, other parts": k.MAC("a", []byte("b"), []byte("c")),
		"mac, nothing": k.MAC("a"), "mac, empty part": k.MAC("a", nil), "check": k.Check("o", 1), "check, other epoch": k.Check("o", 2),
		"check, other org": k.Check("p", 1), "check, other key": keyN(2).Check("o", 1),
		"derived": k.Derive("a", []byte("bc")).Check("o", 1), "derived, other parts": k.Derive("a", []byte("b"), []byte("c")).Check("o", 1),
		"derived, other label": k.Derive("b", []byte("bc")).Check("o", 1), "hash": Hash([]byte("bc")), "hash, parts": Hash([]byte("b"), []byte("c")),
		"hash, nothing": Hash(), "hash, empty": Hash(nil), "random": Random(32), "other random": Random(32),
	}
	seen := map[string]string{}
	for name, v := range values {
		if other, ok := seen[string(v)]; ok || len(v) != 32 {
			t.Errorf("%s (%d bytes) is the same as %s", name, len(v), other)
		}
		seen[string(v)] = name
	}
	if !Equal(k.MAC("a"), k.MAC("a")) || Equal(nil, nil) || Equal(k.MAC("a"), k.MAC("b")) {
		t.Error("Equal is wrong")
	}
}

func TestPurposesAreListedOnce(t *testing.T) {
	names := map[string]bool{}
	for _, p := range Purposes() {
		if p.String() == "" || p.Use() == "" || names[p.String()] {
			t.Errorf("purpose %d: %q, %q", p, p, p.Use())
		}
		names[p.String()] = true
	}
	if len(names) != int(purposeEnd)-1 || Purpose(0).Use() != "" {
		t.Errorf("%d names", len(names))
	}
}
