package password

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
)

// fixed is a source whose bytes are always the same.
func fixed(seed byte) Source {
	r := rand.NewChaCha8([32]byte{seed})
	return func(n int) []byte {
		b := make([]byte, n)
		r.Read(b)
		return b
	}
}

// even fails where counts are further from even than a sample of this size
// may be: six standard deviations of chi-square.
func even(t *testing.T, what string, counts map[string]int, kinds int) {
	t.Helper()
	total := 0
	for _, n := range counts {
		total += n
	}
	if len(counts) != kinds {
		t.Fatalf("%s: %d of %d are drawn", what, len(counts), kinds)
	}
	expect, sum := float64(total)/float64(kinds), 0.0
	for _, n := range counts {
		sum += (float64(n) - expect) * (float64(n) - expect) / expect
	}
	df := float64(kinds - 1)
	if limit := 6 * math.Sqrt(2*df); math.Abs(sum-df) > limit {
		t.Errorf("%s: chi-square %.0f with %.0f degrees of freedom", what, sum, df)
	}
}

func TestChoicesAreEven(t *testing.T) {
	digits, first, drawn := map[string]int{}, map[string]int{}, map[string]int{}
	s := fixed(1)
	for range 2000 {
		for _, c := range Make(Rules{Style: Characters, Length: 50, Classes: []string{"digit"}, LookAlikes: true}, s) {
			digits[string(c)]++
		}
		for _, w := range strings.Split(Make(Rules{Style: Passphrase, Words: 12, Separator: " "}, s), " ") {
			drawn[w]++
		}
	}
	for range 40_000 { // what must be in it once may stand anywhere
		text := Make(Rules{Style: Characters, Length: 4, Classes: []string{"lower", "digit"}, LookAlikes: true}, s)
		first[map[bool]string{true: "digit", false: "letter"}[unicode.IsDigit(rune(text[0]))]]++
	}
	even(t, "digits", digits, 10)
	for range 160_000 {
		drawn[words()[s.below(len(words()))]]++
	}
	even(t, "words", drawn, 7776)
	// One of each, and two out of all 36: the first is a digit in (1 + 2·10/36)/4.
	if share := float64(first["digit"]) / 40_000; math.Abs(share-(1+20.0/36)/4) > 0.015 {
		t.Errorf("a digit comes first in %.3f", share)
	}
	below := map[string]int{}
	for range 300_000 { // a number that does not divide 2^32
		below[string(rune('A'+s.below(48)))]++
	}
	even(t, "below 48", below, 48)
}

func TestBelowThrowsAway(t *testing.T) {
	given := [][]byte{{255, 255, 255, 255}, {0, 0, 0, 7}}
	s := Source(func(int) []byte {
		b := given[0]
		given = given[1:]
		return b
	})
	if n := s.below(10); n != 7 || len(given) != 0 {
		t.Errorf("%d", n)
	}
}

func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		rules Rules
		ok    func(string) bool
	}{
		"characters": {Usual(), func(s string) bool {
			return len(s) == 20 && KindsIn(s) == 4 && !strings.ContainsAny(s, alike)
		}},
		"look-alikes": {Rules{Style: Characters, Length: 128, Classes: []string{"upper"}, LookAlikes: true}, func(s string) bool { return len(s) == 128 && strings.ToUpper(s) == s }},
		"pin":         {ForType("Alarm code"), func(s string) bool { return len(s) == 6 && strings.Trim(s, "0123456789") == "" }},
		"spoken": {Rules{Style: Pronounceable, Length: 12, Classes: Classes}, func(s string) bool {
			body, end := s[:10], s[10:]
			for i := range len(body) - 1 {
				if strings.ContainsRune("aeiu", unicode.ToLower(rune(body[i]))) == strings.ContainsRune("aeiu", unicode.ToLower(rune(body[i+1]))) {
					return false
				}
			}
			return KindsIn(s) == 4 && unicode.IsDigit(rune(end[0])) && strings.ContainsRune(letters["symbol"], rune(end[1]))
		}},
		"spoken, capitals": {Rules{Style: Pronounceable, Length: 8, Classes: []string{"upper"}}, func(s string) bool { return len(s) == 8 && strings.ToUpper(s) == s }},
		"phrase":           {ForType("Wi-Fi"), func(s string) bool { return len(strings.Split(s, "-")) >= 5 && KindsIn(s) == 2 && len(s) <= 63 }},
		"phrase, all":      {Rules{Style: Passphrase, Words: 3, Capital: true, Number: true}, func(s string) bool { return KindsIn(s) == 3 && !strings.Contains(s, " ") }},
	} {
		if p := c.rules.Check(); len(p) > 0 {
			t.Errorf("%s: %v", name, p)
		}
		for i := range 300 {
			if text := Make(c.rules, fixed(byte(i))); !c.ok(text) {
				t.Errorf("%s: %q", name, text)
				break
			}
		}
	}
	for name, r := range map[string]Rules{"style": {Style: "runes"}, "length": {Style: Characters, Length: 3, Classes: Classes}, "classes": {Style: Characters, Length: 12},
		"words": {Style: Passphrase, Words: 2}, "separator": {Style: Passphrase, Words: 4, Separator: "\x1b"}} {
		if r.Check()[name] == "" {
			t.Errorf("%s: nothing is wrong with %+v", name, r)
		}
	}
}

func TestRulesMeetThePolicy(t *testing.T) {
	for _, p := range []Policy{{Length: 24}, {Kinds: 4}, {Length: 30, Kinds: 3, Score: 4, Enforce: true}, {Score: 4, Enforce: true}} {
		for _, r := range []Rules{Usual(), ForType("Alarm code"), ForType("Wi-Fi"), {Style: Pronounceable, Length: 6, Classes: []string{"lower"}}} {
			for i := range 30 {
				text := MakeFor(p, r, fixed(byte(i)))
				if below := p.Below(text); below != nil {
					t.Fatalf("%+v, %+v: %q is below %v", p, r, text, below)
				}
			}
		}
	}
}

func TestPolicy(t *testing.T) {
	p := Policy{Length: 12, Kinds: 3, Score: 3}
	for text, want := range map[string]int{"": 0, "short": 3, "onlylowerletters": 2, "Tractor-9-umbrella-mosaic": 0} {
		if got := p.Below(text); len(got) != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if Standard().Below("contoso-firewall", "Contoso firewall") == nil || Score("xk4-Contoso firewall", "Contoso firewall") > Score("xk4-Contoso firewall") {
		t.Error("what stands beside a password does not count")
	}
	if (Policy{Length: 12}).Mark() == (Policy{Length: 13}).Mark() || (Policy{}).Mark() == 0 {
		t.Error("policies that judge differently have the same mark")
	}
}

func TestJudge(t *testing.T) {
	for text, warning := range map[string]string{"password": "many people", "qwertyuiop": "many people", "zzzzzzzzz": "Repeating", "Firewall": "title", "%]9": "short", "": ""} {
		s := Judge(text, "Firewall")
		if !strings.Contains(s.Warning, warning) || text != "" && s.Score > 2 {
			t.Errorf("%q: %+v", text, s)
		}
		if text != "" && strings.Contains(strings.ToLower(s.Warning+s.Advice), strings.ToLower(text)) && text != "password" {
			t.Errorf("%q is repeated: %+v", text, s)
		}
	}
	if s := Judge(strings.Repeat("ß", 500) + "x"); s.Crack == "" {
		t.Error("a long one has no answer")
	}
	if s := Judge("plinth-umbrella-quarry-84-violet"); s.Score != 4 || s.Warning != "" || s.Crack != "takes centuries to guess" {
		t.Errorf("%+v", s)
	}
}
