package seal

import (
	"strings"
	"testing"
	"time"
)

// The table of RFC 6238, appendix B, for SHA-1. It has eight digits; six are
// its last ones.
func TestRFC6238(t *testing.T) {
	secret := [totpSize]byte([]byte("12345678901234567890"))
	seed := TOTPSeed{secret: hide(&secret)}
	for at, want := range map[int64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"} {
		now := time.Unix(at, 0)
		if got := seed.Code(TOTPStep(now)); got != want[2:] {
			t.Errorf("at %d: %s, want %s", at, got, want[2:])
		}
	}
	if got := seed.Reveal(); got != "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" { // as base32 tools write it
		t.Errorf("base32: %s", got)
	}
}

// A code counts in its 30 seconds, those before and those after, and never
// again once it, or a later one, was used.
func TestMatch(t *testing.T) {
	seed := NewTOTPSeed()
	now := time.Unix(1_800_000_015, 0)
	present := TOTPStep(now)
	for off, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		code := seed.Code(present + off)
		step, ok := seed.Match(code, now, 0)
		if ok != want || ok && step != present+off {
			t.Errorf("%+d steps: %v at %d", off, ok, step-present)
		}
		if _, again := seed.Match(code, now, present+off); again {
			t.Errorf("%+d steps: counts again", off)
		}
	}
	if _, ok := seed.Match(seed.Code(present-1), now, present); ok {
		t.Error("a code before one that was used counts")
	}
	if _, ok := seed.Match("", now, 0); ok {
		t.Error("nothing counts")
	}
}

func TestFactorCodes(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		c := NewFactorCode()
		typed := " " + strings.ToLower(strings.ReplaceAll(c.Reveal(), "-", " ")) + "\n"
		again, err := ParseFactorCode(typed)
		if err != nil || !Equal(again.Hash("user_a"), c.Hash("user_a")) {
			t.Fatalf("%s as %q: %v", c.Reveal(), typed, err)
		}
		if Equal(c.Hash("user_a"), c.Hash("user_b")) {
			t.Fatal("one hash for two users")
		}
		if seen[c.Reveal()] || len(c.Reveal()) != 19 {
			t.Fatalf("%s", c.Reveal())
		}
		seen[c.Reveal()] = true
	}
	for _, bad := range []string{"", "123456", NewFactorCode().Reveal()[1:], NewFactorCode().Reveal() + "0", "UUUU-UUUU-UUUU-UUUU", strings.Repeat("A", 2000)} {
		if c, err := ParseFactorCode(bad); err == nil || c.Valid() {
			t.Errorf("%q is taken", bad)
		}
	}
}

func FuzzParseFactorCode(f *testing.F) {
	for _, s := range []string{"", "0123-4567-89AB-CDEF", "oil0 oil0 oil0 oil0", "0123-4567-89AB-CDEU", "ſK23-4567-89AB-CDEF"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseFactorCode(s)
		if c.Valid() != (err == nil) {
			t.Fatalf("valid %v, %v", c.Valid(), err)
		}
		if err != nil {
			return
		}
		again, err := ParseFactorCode(c.Reveal())
		if err != nil || !Equal(again.Hash("u"), c.Hash("u")) {
			t.Fatalf("%q became %q, which reads differently: %v", s, c.Reveal(), err)
		}
	})
}
