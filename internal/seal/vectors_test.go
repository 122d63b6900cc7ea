package seal

import (
	"bytes"
	"context"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/cryptotest"
)

// Frozen vectors: what was sealed once must open for ever. -freeze writes the
// files that are missing; it never changes one.
var freeze = flag.Bool("freeze", false, "write missing vectors to testdata")

// vector is one format: how its sample is made from fixed inputs and fixed
// randomness, and how it is opened.
type vector struct {
	inputs string
	make   func() []byte
	open   func(sealed []byte) (string, error)
}

const placeText = `org "org_a" table "item" row "cred_1" envelope "secret" key id "key_1" epoch 7 version 3`

// keyText explains the keys: key(n) has the bytes n, n+1 … n+31.
const keyText = "; key(n) is the bytes n, n+1 ... n+31"

func vectors(ctx context.Context) map[string]vector {
	argon := NewArgon(1, 0)
	seed := keyN(4)
	id := seed.Identity("user")
	text := func(b []byte, err error) (string, error) { return string(b), err }
	keyHex := func(k Key, err error) (string, error) {
		b, _ := k.bytes()
		return hex.EncodeToString(b[:]), err
	}
	return map[string]vector{
		"box": {"key(1), purpose secret, " + placeText,
			func() []byte { return keyN(1).Seal(PurposeSecret, place, []byte("hello")) },
			func(b []byte) (string, error) { return text(keyN(1).Open(PurposeSecret, place, b)) }},
		"padded": {"key(1), purpose overview, " + placeText,
			func() []byte { return keyN(1).SealPadded(PurposeOverview, place, []byte("hello")) },
			func(b []byte) (string, error) { return text(keyN(1).OpenPadded(PurposeOverview, place, b)) }},
		"wrap": {"key(1), purpose item key, " + placeText,
			func() []byte { return keyN(1).Wrap(PurposeItemKey, place, seed) },
			func(b []byte) (string, error) { return keyHex(keyN(1).Unwrap(PurposeItemKey, place, b)) }},
		"grant": {"identity \"user\" of key(4), purpose key grant, " + placeText,
			func() []byte {
				b, err := SealTo(id.Public(), PurposeGrant, place, keyN(1))
				if err != nil {
					panic(err)
				}
				return b
			},
			func(b []byte) (string, error) { return keyHex(id.OpenKey(PurposeGrant, place, b)) }},
		"home": {"P key(2), vault key key(3), " + placeText,
			func() []byte { return SealHome(keyN(2), keyN(3), place, seed) },
			func(b []byte) (string, error) { return keyHex(OpenHome(keyN(2), keyN(3), place, b)) }},
		"device": {"P key(2), device token key(5), outer key key(3), " + placeText,
			func() []byte { return SealDevice(keyN(2), tokenN(5), keyN(3), place, seed) },
			func(b []byte) (string, error) { return keyHex(OpenDevice(keyN(2), tokenN(5), keyN(3), place, b)) }},
		"device-only": {"device token key(5), outer key key(3), " + placeText,
			func() []byte { return SealDeviceOnly(tokenN(5), keyN(3), place, seed) },
			func(b []byte) (string, error) { return keyHex(OpenDeviceOnly(tokenN(5), keyN(3), place, b)) }},
		"recovery": {"recovery code " + recoveryN(6).Chars() + ", outer key key(3), " + placeText,
			func() []byte { return SealRecovery(recoveryN(6), keyN(3), place, seed) },
			func(b []byte) (string, error) { return keyHex(OpenRecovery(recoveryN(6), keyN(3), place, b)) }},
		"session": {"token key(7), outer key key(3), " + placeText,
			func() []byte {
				return SealSession(tokenN(7), keyN(3), place, SessionKeys{P: keyN(2), Vault: keyN(8), Epoch: 7})
			},
			func(b []byte) (string, error) {
				k, err := OpenSession(tokenN(7), keyN(3), place, b)
				if err != nil {
					return "", err
				}
				p, _ := keyHex(k.P, nil)
				v, _ := keyHex(k.Vault, nil)
				return fmt.Sprintf("P %s, seed %v, vault %s, epoch %d", p, k.Seed.Valid(), v, k.Epoch), nil
			}},
		"password": {"password \"correct horse\", outer key key(3), " + placeText,
			func() []byte {
				b, err := argon.Rewrap(ctx, NewSecret("correct horse"), keyN(3), place, keyN(2))
				if err != nil {
					panic(err)
				}
				return b
			},
			func(b []byte) (string, error) {
				k, _, err := argon.Open(ctx, NewSecret("correct horse"), keyN(3), place, b)
				return keyHex(k, err)
			}},
		"roster": {"signed by the Ed25519 seed key(9)",
			func() []byte { return sampleRoster().Sign(signKeyN(9)) },
			func(b []byte) (string, error) {
				r, err := OpenRoster(b, signKeyN(9).Public())
				return fmt.Sprintf("%s %d %x %x %q", r.Org, r.Epoch, r.KeyCheck, r.Previous, r.Holders), err
			}},
		"pin": {"seed key(4), org_a, user_1",
			func() []byte { return SealPin(seed, "org_a", "user_1", signKeyN(9).Public(), 7) },
			func(b []byte) (string, error) {
				public, epoch, err := OpenPin(seed, "org_a", "user_1", b)
				return fmt.Sprintf("public %x, epoch %d", public, epoch), err
			}},
		"signature": {"Ed25519 seed key(9), context share, message hello",
			func() []byte { return signKeyN(9).Sign("share", []byte("hello")) },
			func(b []byte) (string, error) {
				return fmt.Sprint(Verify(signKeyN(9).Public(), "share", []byte("hello"), b)), nil
			}},
		"identity": {"public key of identity \"user\" of key(4)",
			id.Public, func([]byte) (string, error) { return "", nil }},
		"token": {"token key(5): lookup, then key",
			func() []byte { k, _ := tokenN(5).Key().bytes(); return append(tokenN(5).Lookup(), k[:]...) },
			func([]byte) (string, error) { t, err := ParseToken(tokenN(5).Reveal()); return t.Reveal(), err }},
		"link": {"token key(5), P key(2), outer key key(3), " + placeText,
			func() []byte { return SealLink(tokenN(5), keyN(2), keyN(3), place, []byte("hello")) },
			func(b []byte) (string, error) {
				inner, err := OpenLink(keyN(2), keyN(3), place, b)
				if err != nil {
					return "", err
				}
				return text(OpenLinkInner(tokenN(5), place, inner))
			}},
		"link-copy": {"token key(5): proof, then the innermost layer of v1-link.txt alone, which the browser opens, " + placeText,
			func() []byte {
				return append(tokenN(5).Proof(), tokenN(5).Key().SealPadded(PurposeLink, place.lasting(), []byte("hello"))...)
			},
			func(b []byte) (string, error) { return text(OpenLinkInner(tokenN(5), place, b[KeySize:])) }},
		"code": {"key of the organization key below",
			func() []byte { k, _ := codeN(40).Key().bytes(); return k[:] },
			func([]byte) (string, error) {
				c, err := ParseCode(codeN(40).Words())
				return c.Chars() + " = " + c.Words(), err
			}},
		"recovery-code": {"key of the recovery code below",
			func() []byte { k, _ := recoveryN(40).Key().bytes(); return k[:] },
			func([]byte) (string, error) {
				c, err := ParseRecoveryCode(recoveryN(40).Chars())
				return c.Chars(), err
			}},
		"totp": {"the bytes 1, 2 ... 20, outer key key(3), " + placeText,
			func() []byte { return SealTOTP(totpN(1), keyN(3), place) },
			func(b []byte) (string, error) {
				s, err := OpenTOTP(keyN(3), place, b)
				if err != nil {
					return "", err
				}
				return s.Reveal() + ", at step 1 " + s.Code(1), nil
			}},
		"passkey": {"derived key key(4), outer key key(3), P key(2), " + placeText,
			func() []byte { return SealPasskey(keyN(4), keyN(3), place, keyN(2)) },
			func(b []byte) (string, error) { return keyHex(OpenPasskey(keyN(4), keyN(3), place, b)) }},
		"factor-code": {"hash of the recovery code below for user_1",
			func() []byte { return factorCodeN(40).Hash("user_1") },
			func([]byte) (string, error) {
				c, err := ParseFactorCode(factorCodeN(40).Reveal())
				return c.Reveal(), err
			}},
		"derived": {"key(1): Derive(\"label\", \"part\"), Check(\"org_a\", 7), MAC(\"label\", \"part\"), then Hash(\"a\", \"bc\")",
			func() []byte {
				d, _ := keyN(1).Derive("label", []byte("part")).bytes()
				b := append(d[:], keyN(1).Check("org_a", 7)...)
				b = append(b, keyN(1).MAC("label", []byte("part"))...)
				return append(b, Hash([]byte("a"), []byte("bc"))...)
			},
			func([]byte) (string, error) { return "", nil }},
		"activation": {"secret token key(5), provider's Ed25519 seed key(9): the text behind the #, then the MAC over org_a and the public key of seed key(10)",
			func() []byte {
				a := NewActivation(tokenN(5), signKeyN(9).Public())
				return append([]byte(a.Reveal()), a.MAC("org_a", signKeyN(10).Public())...)
			},
			func(b []byte) (string, error) {
				a, err := ParseActivation(string(b[:2*tokenChars+1]))
				if err != nil {
					return "", err
				}
				return fmt.Sprintf("fits %v, MAC %v", a.Fits(signKeyN(9).Public()), Equal(a.MAC("org_a", signKeyN(10).Public()), b[2*tokenChars+1:])), nil
			}},
		"instance-key": {"file of the instance key key(1), as hex",
			func() []byte { return []byte(instanceLine(keyN(1))) },
			func(b []byte) (string, error) { return keyHex(ParseInstanceKey(string(b))) }},
	}
}

// The second check, that the present code still makes the same bytes, rests on
// Go's deterministic test randomness. Should a new Go draw it differently, the
// first check still has to pass; then give that vector a second file.
func TestFrozenVectors(t *testing.T) {
	for name, v := range vectors(t.Context()) {
		t.Run(name, func(t *testing.T) {
			cryptotest.SetGlobalRandom(t, 1)
			made := v.make()
			path := filepath.Join("testdata", "v1-"+name+".txt")
			if _, err := os.Stat(path); os.IsNotExist(err) && *freeze {
				opened, err := v.open(made)
				if err != nil {
					t.Fatal(err)
				}
				file := fmt.Sprintf("inputs: %s\nopens to: %s\nsealed: %x\n", v.inputs+keyText, opened, made)
				if err := os.WriteFile(path, []byte(file), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			head, sealedHex, _ := strings.Cut(strings.TrimSuffix(string(file), "\n"), "\nsealed: ")
			sealed, err := hex.DecodeString(sealedHex)
			if err != nil {
				t.Fatal(err)
			}
			opened, err := v.open(sealed)
			if want := "inputs: " + v.inputs + keyText + "\nopens to: " + opened; err != nil || head != want {
				t.Errorf("frozen value: %v\ngot  %s\nwant %s", err, want, head)
			}
			if !bytes.Equal(made, sealed) {
				t.Errorf("made anew\ngot  %x\nwant %x", made, sealed)
			}
		})
	}
}

func TestEveryVectorFileIsUsed(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "v1-*.txt"))
	if err != nil || len(files) != len(vectors(t.Context())) {
		t.Errorf("%d files, %v", len(files), err)
	}
}
