package seal

import (
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func FuzzParseCode(f *testing.F) {
	c := codeN(40)
	for _, s := range []string{
		"", c.Chars(), c.Words(), strings.ToLower(c.Chars()), recoveryN(40).Chars(), c.Chars()[:30],
		"1. " + strings.Join(c.WordGroups(), "\n2. "), "OIL-oil–U", strings.Repeat("abandon ", 12), "\xff\x00", "ſK",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCode(s)
		if c.Valid() != (err == nil) {
			t.Fatalf("valid %v, %v", c.Valid(), err)
		}
		if r, err := ParseRecoveryCode(s); err == nil {
			if again, err := ParseRecoveryCode(r.Chars()); err != nil || !again.Key().Equal(r.Key()) || c.Valid() {
				t.Fatalf("%q as recovery code reads back differently", s)
			}
		}
		if err != nil {
			return
		}
		for _, form := range []string{c.Chars(), c.Words()} {
			if again, err := ParseCode(form); err != nil || !again.Key().Equal(c.Key()) {
				t.Fatalf("%q became %q, which reads differently: %v", s, form, err)
			}
		}
	})
}

func FuzzParseToken(f *testing.F) {
	for _, s := range []string{"", tokenN(1).Reveal(), tokenN(1).Reveal()[:42] + "\n", strings.Repeat("-", 43), strings.Repeat("=", 43)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		token, err := ParseToken(s)
		if token.Valid() != (err == nil) || err == nil && token.Reveal() != s {
			t.Fatalf("%q: %v", s, err)
		}
	})
}

func FuzzParseActivation(f *testing.F) {
	good := NewActivation(tokenN(1), signKeyN(2).Public()).Reveal()
	for _, s := range []string{"", good, good[1:], good + "=", strings.Replace(good, ".", ",", 1), good[:44], "." + good, good[:86] + "\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseActivation(s)
		if a.Secret.Valid() != (err == nil) || err == nil && a.Reveal() != s {
			t.Fatalf("%q: %v", s, err)
		}
	})
}

func FuzzParseInstanceKey(f *testing.F) {
	for _, s := range []string{"", instanceLine(keyN(1)), instancePrefix, instanceLine(keyN(1)) + "\r\n", "x\n" + instanceLine(keyN(1))} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if k, err := ParseInstanceKey(s); err == nil && strings.TrimRight(s, "\r\n")+"\n" != instanceLine(k) {
			t.Fatalf("%q is another form of a key", s)
		}
	})
}

// FuzzOpen gives every opening function foreign bytes: only what was sealed
// may open. The seeds are the frozen vectors, since fuzzing processes must
// agree on them.
func FuzzOpen(f *testing.F) {
	seed, p, outer, id := keyN(4), keyN(2), keyN(3), keyN(4).Identity("user")
	cancelled, cancel := context.WithCancel(context.Background())
	cancel() // parse, but don't compute Argon2id
	argon := NewArgon(1, 0)
	known := map[string]string{}
	for _, name := range []string{"box", "padded", "wrap", "grant", "home", "device", "device-only", "recovery", "session", "pin", "roster", "password"} {
		file, err := os.ReadFile(filepath.Join("testdata", "v1-"+name+".txt"))
		if err != nil {
			f.Fatal(err)
		}
		_, text, _ := strings.Cut(strings.TrimSpace(string(file)), "\nsealed: ")
		sealed, err := hex.DecodeString(text)
		if err != nil {
			f.Fatal(err)
		}
		known[name] = string(sealed)
		f.Add(sealed)
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		results := map[string]error{}
		_, results["box"] = keyN(1).Open(PurposeSecret, place, b)
		_, results["padded"] = keyN(1).OpenPadded(PurposeOverview, place, b)
		_, results["wrap"] = keyN(1).Unwrap(PurposeItemKey, place, b)
		_, results["grant"] = id.OpenKey(PurposeGrant, place, b)
		_, results["home"] = OpenHome(p, outer, place, b)
		_, results["device"] = OpenDevice(p, tokenN(5), outer, place, b)
		_, results["device-only"] = OpenDeviceOnly(tokenN(5), outer, place, b)
		_, results["recovery"] = OpenRecovery(recoveryN(6), outer, place, b)
		_, results["session"] = OpenSession(tokenN(7), outer, place, b)
		_, _, results["pin"] = OpenPin(seed, "org_a", "user_1", b)
		_, results["roster"] = OpenRoster(b, signKeyN(9).Public())
		_, _, results["password"] = argon.Open(cancelled, NewSecret("correct horse"), outer, place, b)
		for name, err := range results {
			want := ErrOpen
			switch {
			case known[name] != string(b):
			case name == "password":
				want = context.Canceled
			default:
				want = nil
			}
			if err != want {
				t.Fatalf("%s of %x: got %v, want %v", name, b, err, want)
			}
		}
	})
}

// FuzzInsideLayers gives the parsers behind the keys what only somebody with
// the keys could write.
func FuzzInsideLayers(f *testing.F) {
	k, token := keyN(1), tokenN(2)
	f.Add([]byte{})
	f.Add(append([]byte{0, 0, 0, 4}, make([]byte, 60)...))
	f.Add(append([]byte{formatSession, 0}, make([]byte, 3*KeySize+8)...))
	f.Add(append([]byte{formatPassword, 0, 0, 0, 3, 0, 1, 0, 0, 1}, make([]byte, saltSize+93)...))
	cancelled, cancel := context.WithCancel(context.Background())
	cancel() // parse, but don't compute Argon2id
	f.Fuzz(func(t *testing.T, b []byte) {
		if text, err := k.OpenPadded(PurposeSecret, place, k.seal(formatPadded, PurposeSecret, place, b)); err == nil {
			again := k.SealPadded(PurposeSecret, place, text)
			if len(again) != boxHeader+len(b)+tagSize {
				t.Fatalf("%x is another padding of %x", b, text)
			}
		}
		inner := token.Key().Seal(PurposeSessionInner, place.lasting(), b)
		if _, err := OpenSession(token, k, place, k.Seal(PurposeSession, place, inner)); err == nil && len(b) != 2+3*KeySize+8 {
			t.Fatalf("%x opens as a session", b)
		}
		record := k.Seal(PurposePassword, place, b)
		if _, _, err := NewArgon(1, 0).Open(cancelled, NewSecret("pw"), k, place, record); err == nil {
			t.Fatalf("%x opens as a password record", b)
		}
	})
}

func FuzzOpenRoster(f *testing.F) {
	key := signKeyN(9)
	signed := sampleRoster().Sign(key)
	f.Add(signed[:len(signed)-64])
	f.Add(Roster{}.Sign(key)[:29])
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{0xff}, 40))
	f.Fuzz(func(t *testing.T, body []byte) {
		signed := append(bytes.Clone(body), key.Sign(rosterContext, body)...)
		roster, err := OpenRoster(signed, key.Public())
		if err == nil && !bytes.Equal(roster.Sign(key), signed) {
			t.Fatalf("%x is another form of a roster", body)
		}
		if err != nil && err != ErrOpen {
			t.Fatal(err)
		}
	})
}
