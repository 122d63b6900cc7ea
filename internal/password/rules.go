package password

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Rules say how a password is to be made.
type Rules struct {
	Style      string   `json:"style"`             // one of the three below
	Length     int      `json:"length,omitempty"`  // of Characters and Pronounceable
	Classes    []string `json:"classes,omitempty"` // of Characters and Pronounceable
	LookAlikes bool     `json:"look_alikes,omitempty"`
	Words      int      `json:"words,omitempty"` // of Passphrase
	Separator  string   `json:"separator,omitempty"`
	Capital    bool     `json:"capital,omitempty"`
	Number     bool     `json:"number,omitempty"`
}

// Styles of passwords.
const (
	Characters    = "characters"
	Pronounceable = "pronounceable"
	Passphrase    = "passphrase"
)

// Styles lists them.
var Styles = []string{Characters, Pronounceable, Passphrase}

// Classes are the kinds of characters, in the order in which a policy asks for
// them.
var Classes = []string{"lower", "upper", "digit", "symbol"}

// Limits of rules.
const (
	LeastLength, LongestMade = 4, 128
	LeastWords, MostWords    = 3, 12
)

// Usual is a password for what nobody types by hand.
func Usual() Rules { return Rules{Style: Characters, Length: 20, Classes: slices.Clone(Classes)} }

// usual are the rules of the built-in credential types that differ: what is
// typed on a telephone, a keypad or a router.
var usual = map[string]Rules{
	"Wi-Fi":      {Style: Passphrase, Words: 5, Separator: "-"},
	"Alarm code": {Style: Characters, Length: 6, Classes: []string{"digit"}, LookAlikes: true},
	"SNMP":       {Style: Characters, Length: 24, Classes: []string{"lower", "upper", "digit"}},
	"Bank":       {Style: Characters, Length: 16, Classes: []string{"lower", "upper", "digit"}},
	"Email":      {Style: Characters, Length: 24, Classes: slices.Clone(Classes)},
}

// ForType is what the generator begins with for a credential type.
func ForType(name string) Rules {
	r, ok := usual[name]
	if !ok {
		return Usual()
	}
	r.Classes = slices.Clone(r.Classes)
	return r
}

// PIN reports whether the rules make digits only.
func (r Rules) PIN() bool {
	return r.Style == Characters && slices.Equal(r.Classes, []string{"digit"})
}

// Check says what is wrong with rules.
func (r Rules) Check() (problems map[string]string) {
	problems = map[string]string{}
	switch r.Style {
	case Characters, Pronounceable:
		if r.Length < LeastLength || r.Length > LongestMade {
			problems["length"] = fmt.Sprintf("A length between %d and %d.", LeastLength, LongestMade)
		}
		if len(r.Classes) == 0 {
			problems["classes"] = "Choose at least one kind of characters."
		}
		for _, c := range r.Classes {
			if !slices.Contains(Classes, c) {
				problems["classes"] = "Kinds of characters are: " + strings.Join(Classes, ", ") + "."
			}
		}
	case Passphrase:
		if r.Words < LeastWords || r.Words > MostWords {
			problems["words"] = fmt.Sprintf("Between %d and %d words.", LeastWords, MostWords)
		}
		if len(r.Separator) > 3 || strings.ContainsFunc(r.Separator, func(c rune) bool { return c < ' ' || c > '~' }) {
			problems["separator"] = "At most three plain characters."
		}
	default:
		problems["style"] = "Choose one of: " + strings.Join(Styles, ", ") + "."
	}
	return problems
}

// AtLeast raises rules to the minimums of a policy, where they can be raised.
func (r Rules) AtLeast(p Policy) Rules {
	if r.Style == Passphrase {
		for min := 3; r.Words*(min+len(r.Separator)) < p.Length && r.Words < MostWords; {
			r.Words++
		}
		r.Capital, r.Number = r.Capital || p.Kinds > 2, r.Number || p.Kinds > 1
		if p.Kinds > 3 && r.Separator == "" {
			r.Separator = "-"
		}
		return r
	}
	r.Length = max(r.Length, p.Length)
	r.Classes = slices.Clone(r.Classes)
	for _, c := range Classes {
		if len(r.Classes) < p.Kinds && !slices.Contains(r.Classes, c) {
			r.Classes = append(r.Classes, c)
		}
	}
	return r
}

// Text writes rules on one line.
func (r Rules) Text() string {
	b, err := json.Marshal(r)
	if err != nil {
		panic(err) // texts and numbers
	}
	return string(b)
}
