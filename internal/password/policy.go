package password

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// Policy is the minimums of an organization. Its zero value asks for nothing.
type Policy struct {
	Length  int  // characters
	Kinds   int  // of the four kinds of characters: A-Z, a-z, 0-9, all others
	Score   int  // zxcvbn's
	Enforce bool // refuses new and changed passwords of clients below the minimums
}

// Bounds of a policy.
const (
	MostLength = 64
	MostKinds  = 4
	MostScore  = 4
)

// Standard is how an organization begins: passwords that zxcvbn would guess
// within days are marked as weak, and nothing is refused.
func Standard() Policy { return Policy{Score: 3} }

// Below says what is wrong with a password, rule by rule, nil where it meets
// all minimums. No password is no weak password.
func (p Policy) Below(text string, about ...string) (rules []string) {
	if text == "" {
		return nil
	}
	if n := utf8.RuneCountInString(text); n < p.Length {
		rules = append(rules, fmt.Sprintf("at least %d characters, and this has %d", p.Length, n))
	}
	if n := KindsIn(text); n < p.Kinds {
		rules = append(rules, fmt.Sprintf("at least %d of the four kinds of characters (A-Z, a-z, 0-9, others), and this has %d", p.Kinds, n))
	}
	if p.Score > 0 {
		if s := Judge(text, about...); s.Score < p.Score {
			rules = append(rules, fmt.Sprintf("a strength of at least %d of 4, and this has %d (%s)", p.Score, s.Score, s.Crack))
		}
	}
	return rules
}

// Mark is a number that differs where two policies judge differently.
func (p Policy) Mark() int64 { return int64(1 + p.Score + 10*p.Kinds + 100*p.Length) }

// KindsIn counts the kinds of characters.
func KindsIn(text string) (n int) {
	var seen [4]bool
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			seen[2] = true
		case unicode.IsUpper(r):
			seen[0] = true
		case unicode.IsLetter(r):
			seen[1] = true
		default:
			seen[3] = true
		}
	}
	for _, s := range seen {
		if s {
			n++
		}
	}
	return n
}
