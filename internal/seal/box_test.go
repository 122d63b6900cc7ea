package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"sync"
	"testing"
)

func TestBoxOfAllSizesOpens(t *testing.T) {
	k := NewKey()
	for _, n := range []int{0, 1, 31, 59, 60, 61, 251, 252, 253, 1019, 1020, 1021, 2044, 2045, 100_000} {
		text := Random(n)
		got, err := k.Open(PurposeSecret, place, k.Seal(PurposeSecret, place, text))
		if err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d bytes: %v", n, err)
		}
		got, err = k.OpenPadded(PurposeSecret, place, k.SealPadded(PurposeSecret, place, text))
		if err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d bytes, padded: %v", n, err)
		}
	}
}

func TestPaddingHidesLength(t *testing.T) {
	k := NewKey()
	for n, want := range map[int]int{
		0: 64, 60: 64, 61: 256, 252: 256, 253: 1024, 1020: 1024, 1021: 2048, 2044: 2048, 2045: 3072,
	} {
		box := k.SealPadded(PurposeSecret, place, make([]byte, n))
		if got := len(box) - boxHeader - tagSize; got != want {
			t.Errorf("%d bytes are padded to %d, want %d", n, got, want)
		}
	}
	mustPanic(t, "too long", func() { k.SealPadded(PurposeSecret, place, make([]byte, MostPadded+1)) })
}

func TestBadPaddingIsRefused(t *testing.T) {
	k := NewKey()
	good := make([]byte, 64)
	good[3] = 4
	dirty := bytes.Clone(good)
	dirty[63] = 1
	tooLong := bytes.Clone(good)
	tooLong[3] = 61
	huge := bytes.Clone(good)
	huge[0] = 0xff
	for name, padded := range map[string][]byte{
		"dirty": dirty, "length beyond": tooLong, "huge length": huge,
		"wrong bucket": make([]byte, 256), "odd size": make([]byte, 65), "no header": {0, 0, 0},
	} {
		if _, err := k.OpenPadded(PurposeSecret, place, k.seal(formatPadded, PurposeSecret, place, padded)); err != ErrOpen {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := k.OpenPadded(PurposeSecret, place, k.seal(formatPadded, PurposeSecret, place, good)); err != nil || len(got) != 4 {
		t.Errorf("good padding: %v", err)
	}
}

// The construction, written a second time from its description alone.
func TestBoxFollowsItsDescription(t *testing.T) {
	secret, text := bytesFrom(1), []byte("a text")
	box := keyN(1).Seal(PurposeSecret, place, text)

	length := func(n int) string { return fmt.Sprintf("%c%c%c%c", 0, 0, 0, n) }
	info := length(12) + "bailiwick v1" + length(3) + "box"
	derived, err := hkdf.Expand(sha256.New, secret, info, 64)
	if err != nil {
		t.Fatal(err)
	}
	aad := "\x01" + length(6) + "secret" + length(5) + "org_a" + length(4) + "item" +
		length(6) + "cred_1" + length(6) + "secret" + length(5) + "key_1" +
		"\x00\x00\x00\x00\x00\x00\x00\x07" + "\x00\x00\x00\x00\x00\x00\x00\x03"
	nonce := box[33:45]
	mac := hmac.New(sha256.New, derived[32:])
	mac.Write(nonce)
	mac.Write([]byte(aad))
	block, err := aes.NewCipher(derived[:32])
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	want := append([]byte{1}, mac.Sum(nil)...)
	want = append(want, nonce...)
	want = gcm.Seal(want, nonce, text, []byte(aad))
	if !bytes.Equal(box, want) {
		t.Errorf("got  %x\nwant %x", box, want)
	}
}

func TestCommitmentIsCheckedBeforeDecryption(t *testing.T) {
	k := keyN(1)
	box := k.Seal(PurposeSecret, place, []byte("text"))
	other := k.Seal(PurposeSecret, place, []byte("text"))
	copy(box[1:1+commitSize], other[1:1+commitSize])
	if _, err := k.Open(PurposeSecret, place, box); err != ErrOpen {
		t.Errorf("commitment of another nonce: %v", err)
	}
}

func TestNoncesAreUnique(t *testing.T) {
	k := NewKey()
	const n = 50_000
	seen := make(map[string]bool, n)
	for range n {
		box := k.Seal(PurposeSecret, place, nil)
		seen[string(box[1+commitSize:boxHeader])] = true
	}
	if len(seen) != n {
		t.Errorf("%d nonces for %d boxes", len(seen), n)
	}
}

func TestKeyStopsAtItsLimit(t *testing.T) {
	k := NewKey()
	k.m().sealed.Store(mostBoxes - 1)
	k.Seal(PurposeSecret, place, nil)
	mustPanic(t, "one box too many", func() { k.Seal(PurposeSecret, place, nil) })
}

func TestInvalidKeysNeverSeal(t *testing.T) {
	wiped := NewKey()
	wiped.Wipe()
	for name, k := range map[string]Key{"zero": {}, "wiped": wiped} {
		mustPanic(t, name+": seal", func() { k.Seal(PurposeSecret, place, nil) })
		mustPanic(t, name+": wrap", func() { NewKey().Wrap(PurposeItemKey, place, k) })
		mustPanic(t, name+": mac", func() { k.MAC("x") })
		mustPanic(t, name+": check", func() { k.Check("org_a", 1) })
		mustPanic(t, name+": identity", func() { k.Identity("user") })
		if k.Derive("x").Valid() || k.Valid() || k.Equal(k) {
			t.Errorf("%s key counts as valid", name)
		}
	}
	mustPanic(t, "no purpose", func() { NewKey().Seal(0, place, nil) })
	mustPanic(t, "unknown purpose", func() { NewKey().Seal(purposeEnd, place, nil) })
}

func TestWipeReachesCopiesAndIsSafeWhileInUse(t *testing.T) {
	k := NewKey()
	copied := k
	box := k.Seal(PurposeSecret, place, []byte("text"))
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for range 200 {
				if _, err := copied.Open(PurposeSecret, place, box); err != nil {
					return
				}
			}
		})
	}
	k.Wipe()
	workers.Wait()
	if _, err := copied.Open(PurposeSecret, place, box); err != ErrOpen || copied.Valid() {
		t.Errorf("a copy outlives Wipe: %v", err)
	}
	if k.m().secret != [KeySize]byte{} || k.m().cipher != nil {
		t.Error("the secret is still in memory")
	}
}

func BenchmarkOpen256(b *testing.B) {
	k := NewKey()
	box := k.Seal(PurposeOverview, place, make([]byte, 256))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Open(PurposeOverview, place, box); err != nil {
			b.Fatal(err)
		}
	}
}

// What a list pays per line: unwrap the item key, then open one envelope.
func BenchmarkUnwrapAndOpen256(b *testing.B) {
	client, item := NewKey(), NewKey()
	wrapped := client.Wrap(PurposeItemKey, place, item)
	box := item.SealPadded(PurposeOverview, place, make([]byte, 200))
	b.ReportAllocs()
	for b.Loop() {
		k, err := client.Unwrap(PurposeItemKey, place, wrapped)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := k.OpenPadded(PurposeOverview, place, box); err != nil {
			b.Fatal(err)
		}
	}
}
