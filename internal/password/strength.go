package password

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ccojocar/zxcvbn-go"
	"github.com/ccojocar/zxcvbn-go/match"
	"github.com/ccojocar/zxcvbn-go/scoring"
)

// seen is how many characters zxcvbn looks at: its time grows fast with
// length; 1,024 characters take seconds.
const seen = 72

// Strength is what zxcvbn found out about a password.
type Strength struct {
	Score   int    // 0, the worst, to 4
	Crack   string // how long somebody guesses who has a copy of a hash of it
	Warning string // what makes it weak; "" for strong ones
	Advice  string
}

// Judge looks at a password. about is what somebody would try first: username,
// title, name of the client. An empty one has no strength.
func Judge(text string, about ...string) Strength {
	if text == "" {
		return Strength{}
	}
	var known []string
	for _, a := range about {
		known = append(known, strings.FieldsFunc(strings.ToLower(a), func(r rune) bool { return strings.ContainsRune(" @.,-_+'\"/\\:", r) })...)
	}
	found := zxcvbn.PasswordStrength(cut(text), known)
	s := Strength{Score: found.Score, Crack: crack(found.CrackTime)}
	if s.Score < 3 {
		s.Warning, s.Advice = feedback(found, known)
	}
	return s
}

// cut takes whole characters only, at most as many bytes as zxcvbn looks at.
func cut(text string) string {
	if len(text) <= seen {
		return text
	}
	n := seen
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// Score is the score alone.
func Score(text string, about ...string) int { return Judge(text, about...).Score }

var times = []struct {
	below float64 // seconds
	words string
}{
	{1, "guessed at once"}, {60, "guessed within a minute"}, {3600, "guessed within an hour"}, {86400, "guessed within a day"}, {31 * 86400, "guessed within a month"},
	{365 * 86400, "guessed within a year"}, {100 * 365 * 86400, "takes years to guess"},
}

func crack(seconds float64) string {
	for _, t := range times {
		if seconds < t.below {
			return t.words
		}
	}
	return "takes centuries to guess"
}

// feedback names the longest weak part, without repeating it.
func feedback(found scoring.MinEntropyMatch, known []string) (warning, advice string) {
	advice = "Make it longer, or take several words that have nothing to do with each other."
	var worst match.Match
	for _, m := range found.MatchSequence {
		if m.Pattern != "bruteforce" && len(m.Token) > len(worst.Token) {
			worst = m
		}
	}
	switch {
	case worst.Pattern == "":
		return "It is short.", advice
	case worst.DictionaryName == "user_inputs" || among(worst.Token, known):
		return "It is built from the title, the username or the client's name.", "Use nothing that stands beside it."
	case strings.HasPrefix(worst.Pattern, "dictionary"):
		switch {
		case strings.Contains(strings.ToLower(worst.DictionaryName), "password"):
			warning = "It is like a password that many people use."
		case strings.Contains(strings.ToLower(worst.DictionaryName), "name"):
			warning = "Names are guessed early."
		default:
			warning = "A single common word is guessed early."
		}
		if strings.ContainsFunc(worst.Token, unicode.IsUpper) {
			advice = "Capitals help little. " + advice
		}
		return warning, advice
	case worst.Pattern == "spatial":
		return "Keys that lie beside each other are guessed early.", advice
	case worst.Pattern == "repeat":
		return "Repeating a character or a part adds little.", "Repeat nothing."
	case worst.Pattern == "sequence":
		return "Sequences such as abc or 6543 are guessed early.", "Use no sequences."
	case worst.Pattern == "date":
		return "Dates and years are guessed early.", "Use no dates that have to do with you."
	}
	return "It is easy to guess.", advice
}

func among(part string, known []string) bool {
	for _, k := range known {
		if strings.EqualFold(part, k) {
			return true
		}
	}
	return false
}
