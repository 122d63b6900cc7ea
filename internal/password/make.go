package password

import (
	_ "embed"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
)

//go:embed words.txt
var list string

// WordList is the file of words, one a line, for the generator in the browser.
func WordList() string { return list }

var words = sync.OnceValue(func() []string { return strings.Fields(list) })

var letters = map[string]string{
	"lower":  "abcdefghijklmnopqrstuvwxyz",
	"upper":  "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
	"digit":  "0123456789",
	"symbol": "!#$%&*+-./:=?@_~",
}

// alike are taken for one another on paper, or on a bad screen.
const alike = "O0o1lI|5S2Z8B"

const (
	consonants = "bcdfghjkmnpqrstvwxz"
	vowels     = "aeiou"
)

// Source gives so many random bytes.
type Source func(n int) []byte

// below gives a number from 0 to n-1, each equally likely: what would favour
// the first ones is thrown away.
func (s Source) below(n int) int {
	limit := (1 << 32) / uint64(n) * uint64(n)
	for {
		if x := uint64(binary.BigEndian.Uint32(s(4))); x < limit {
			return int(x % uint64(n))
		}
	}
}

func (s Source) pick(from string) byte { return from[s.below(len(from))] }

// MakeFor makes a password by rules that are raised to what a policy asks for.
// Where it enforces a strength, the password grows until it has it.
func MakeFor(p Policy, r Rules, random Source) string {
	r = r.AtLeast(p)
	for {
		text := Make(r, random)
		if !p.Enforce || p.Below(text) == nil || r.Length >= LongestMade || r.Words >= MostWords {
			return text
		}
		if r.Style == Passphrase {
			r.Words++
		} else {
			r.Length++
		}
	}
}

// Make makes a password by rules that Check found nothing wrong with.
func Make(r Rules, random Source) string {
	switch r.Style {
	case Passphrase:
		return random.phrase(r)
	case Pronounceable:
		return random.spoken(r)
	}
	return random.characters(r)
}

func set(class string, lookAlikes bool) string {
	if lookAlikes {
		return letters[class]
	}
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(alike, c) {
			return -1
		}
		return c
	}, letters[class])
}

// characters has every chosen class at least once, in any place.
func (s Source) characters(r Rules) string {
	all, out := "", make([]byte, 0, r.Length)
	for _, c := range r.Classes {
		one := set(c, r.LookAlikes)
		all += one
		if len(out) < r.Length {
			out = append(out, s.pick(one))
		}
	}
	for len(out) < r.Length {
		out = append(out, s.pick(all))
	}
	for i := len(out) - 1; i > 0; i-- {
		j := s.below(i + 1)
		out[i], out[j] = out[j], out[i]
	}
	return string(out)
}

// spoken is consonants and vowels in turn. One letter is a capital where
// capitals were chosen; a digit and a symbol stand at the end.
func (s Source) spoken(r Rules) string {
	var end []byte
	for _, c := range []string{"digit", "symbol"} {
		if slices.Contains(r.Classes, c) {
			end = append(end, s.pick(set(c, r.LookAlikes)))
		}
	}
	first, second := consonants, vowels
	if !r.LookAlikes { // o looks like 0
		second = "aeiu"
	}
	if s.below(2) == 1 {
		first, second = second, first
	}
	out := make([]byte, 0, r.Length)
	for i := 0; len(out) < r.Length-len(end); i++ {
		if i%2 == 0 {
			out = append(out, s.pick(first))
		} else {
			out = append(out, s.pick(second))
		}
	}
	if up := slices.Contains(r.Classes, "upper"); up && slices.Contains(r.Classes, "lower") {
		at := s.capital(out, r.LookAlikes)
		out[at] -= 'a' - 'A'
	} else if up {
		out = []byte(strings.ToUpper(string(out)))
	}
	return string(append(out, end...))
}

// capital chooses a letter that is not taken for something else as a capital,
// where there is one.
func (s Source) capital(out []byte, lookAlikes bool) int {
	var fit []int
	for i, c := range out {
		if lookAlikes || !strings.ContainsRune(alike, rune(c-('a'-'A'))) {
			fit = append(fit, i)
		}
	}
	if len(fit) == 0 {
		return s.below(len(out))
	}
	return fit[s.below(len(fit))]
}

// phrase is words of the list, each drawn for itself.
func (s Source) phrase(r Rules) string {
	parts := make([]string, r.Words)
	for i := range parts {
		w := words()[s.below(len(words()))]
		if r.Capital {
			w = strings.ToUpper(w[:1]) + w[1:]
		}
		parts[i] = w
	}
	if r.Number {
		parts[s.below(len(parts))] += string(s.pick(letters["digit"]))
	}
	return strings.Join(parts, r.Separator)
}
