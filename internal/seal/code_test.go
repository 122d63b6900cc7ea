package seal

import (
	"regexp"
	"strings"
	"testing"
)

func TestCodesRoundTripInBothForms(t *testing.T) {
	shape := regexp.MustCompile(`^([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{2}$`)
	for range 300 {
		c := NewCode()
		if !shape.MatchString(c.Chars()) || len(c.Groups()) != 6 || len(c.WordGroups()) != 12 {
			t.Fatalf("odd shape: %s, %s", c.Chars(), c.Words())
		}
		lenient := strings.NewReplacer("0", "o", "1", "l", "-", " – ").Replace(strings.ToLower(c.Chars()))
		short := []string{}
		for i, w := range c.WordGroups() {
			short = append(short, string(rune('0'+i%10))+". "+strings.ToUpper(w[:min(4, len(w))])+",\n")
		}
		for _, typed := range []string{
			c.Chars(), strings.ReplaceAll(c.Chars(), "-", ""), " " + lenient + "\n", strings.ReplaceAll(c.Chars(), "1", "i"),
			c.Words(), strings.ToUpper(c.Words()), strings.ReplaceAll(c.Words(), " ", "-"), strings.Join(short, ""),
		} {
			got, err := ParseCode(typed)
			if err != nil || !got.Key().Equal(c.Key()) {
				t.Fatalf("%q: %v", typed, err)
			}
		}
		r := NewRecoveryCode()
		got, err := ParseRecoveryCode(strings.ToLower(r.Chars()))
		if err != nil || !got.Key().Equal(r.Key()) || !shape.MatchString(r.Chars()) {
			t.Fatalf("%s: %v", r.Chars(), err)
		}
	}
}

func TestEveryTypingMistakeIsFound(t *testing.T) {
	symbols := func(s string) []byte { return []byte(strings.ReplaceAll(s, "-", "")) }
	parsers := map[string]func(string) error{
		codeN(40).Chars():     func(s string) error { _, err := ParseCode(s); return err },
		recoveryN(40).Chars(): func(s string) error { _, err := ParseRecoveryCode(s); return err },
	}
	for right, parse := range parsers {
		if err := parse(right); err != nil {
			t.Fatalf("%s: %v", right, err)
		}
		for i := range symbols(right) {
			for _, wrong := range []byte(crockford) {
				typed := symbols(right)
				if typed[i] == wrong {
					continue
				}
				typed[i] = wrong
				if parse(string(typed)) == nil {
					t.Errorf("%s with %c at %d was taken", right, wrong, i)
				}
			}
			for j := range i {
				typed := symbols(right)
				typed[i], typed[j] = typed[j], typed[i]
				if string(typed) != string(symbols(right)) && parse(string(typed)) == nil {
					t.Errorf("%s with %d and %d swapped was taken", right, i, j)
				}
			}
		}
	}
}

func TestCodeErrorsSayWhereAndNeverRepeatTheInput(t *testing.T) {
	right := codeN(40)
	words := right.WordGroups()
	misspelt := append([]string{}, words...)
	misspelt[4] = "zzyzx"
	swapped := append([]string{}, words...)
	swapped[0], swapped[1] = swapped[1], swapped[0]
	for typed, want := range map[string]string{
		"": "is empty", "  - ": "is empty",
		right.Chars()[:20]:                   "too short: 17 of 27 characters",
		right.Chars() + "0":                  "too long: 28 instead of 27",
		"AAAAA-AAUAA-" + right.Chars()[12:]:  "group 2 has a character at position 3",
		"AAAAA-AAAAA-ÄAAAA":                  "group 3 has a character at position 1",
		right.Chars()[:30] + "00":            "typing mistake",
		strings.Join(words[:11], " "):        "has 11 words instead of 12",
		right.Words() + " abandon":           "has 13 words instead of 12",
		strings.Join(misspelt, " "):          "word 5 is not in the list",
		strings.Join(swapped, " "):           "don't fit together",
		recoveryN(40).Chars():                "looks like a recovery code",
		strings.Repeat("A", 2000):            "too long",
		strings.Repeat(words[0]+" ", 12)[1:]: "word 1 is not in the list",
	} {
		got, err := ParseCode(typed)
		if err == nil || got.Valid() || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", typed, err, want)
		} else if strings.Contains(err.Error(), "zzyzx") || strings.Contains(err.Error(), right.Groups()[0]) {
			t.Errorf("the error repeats the input: %v", err)
		}
	}
	if _, err := ParseRecoveryCode(right.Chars()); err == nil || !strings.Contains(err.Error(), "organization key") {
		t.Errorf("organization key as recovery code: %v", err)
	}
}

func TestRecoveryCodeHasNoBitsLeftOver(t *testing.T) {
	bits := *mustBits(recoveryN(40).bits)
	bits[codeBytes-1] = 0x40
	if got, err := ParseRecoveryCode(strings.Join(formatGroups(&bits, sumRecovery), "")); err == nil || got.Valid() {
		t.Error("a 129th bit was taken")
	}
	if _, err := ParseRecoveryCode(strings.Repeat("0", 2000)); err == nil {
		t.Error("an endless code was taken")
	}
}

func TestWordCheckFindsThreeQuarters(t *testing.T) {
	taken := 0
	const tries = 2000
	for range tries {
		words := NewCode().WordGroups()
		words[3], words[8] = words[8], words[3]
		if _, err := ParseCode(strings.Join(words, " ")); err == nil {
			taken++
		}
	}
	if taken < tries/6 || taken > tries/3 {
		t.Errorf("%d of %d swaps were taken, about a quarter is expected", taken, tries)
	}
}

func TestKindsOfCodesHaveOtherKeys(t *testing.T) {
	if codeN(40).Key().Equal(recoveryN(40).Key()) || codeN(40).Key().Equal(codeN(41).Key()) {
		t.Error("two codes have the same key")
	}
	mustPanic(t, "zero code", func() { Code{}.Key() })
	mustPanic(t, "zero recovery code", func() { _ = RecoveryCode{}.Chars() })
}

func TestTokens(t *testing.T) {
	token := NewToken()
	text := token.Reveal()
	got, err := ParseToken(text)
	if err != nil || !got.Key().Equal(token.Key()) || !Equal(got.Lookup(), token.Lookup()) || len(text) != 43 {
		t.Errorf("round trip: %v", err)
	}
	if lookupAsKey, err := KeyFrom(token.Lookup()); err != nil || lookupAsKey.Equal(token.Key()) {
		t.Error("the stored lookup is the key")
	}
	last := text[:42] + string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[1])
	for _, bad := range []string{"", text[:42], text + "A", text + "=", "\n" + text[:42], strings.Repeat("A", 42) + "\n", text[:42] + "+", last, "[secret]", strings.ToUpper(text)[:42] + "!"} {
		if got, err := ParseToken(bad); err != ErrToken || got.Valid() {
			t.Errorf("%q: %v", bad, err)
		}
	}
	mustPanic(t, "zero token", func() { Token{}.Lookup() })
}
