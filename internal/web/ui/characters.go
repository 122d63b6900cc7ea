package ui

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// character is one character of a secret, ready to be drawn and read out.
type character struct {
	text, class, word string
}

// characters splits a secret and says of each character what kind it is.
// Spaces are drawn as open boxes, so that none is overlooked; whoever marks and
// copies the text still gets spaces.
func characters(text string) []character {
	out := make([]character, 0, len(text))
	for _, r := range text {
		c := character{text: string(r), class: "ch-s", word: spoken(r)}
		switch {
		case unicode.IsDigit(r):
			c.class = "ch-d"
		case unicode.IsUpper(r):
			c.class = "ch-u"
		case unicode.IsLetter(r):
			c.class = "ch-l"
		case r == ' ':
			c.class = "ch-s ch-space"
		}
		out = append(out, c)
	}
	return out
}

var alphabet = strings.Fields(`alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima
mike november oscar papa quebec romeo sierra tango uniform victor whiskey x-ray yankee zulu`)

var digits = strings.Fields("zero one two three four five six seven eight nine")

var symbols = map[rune]string{
	' ': "space", '!': "exclamation mark", '"': "double quote", '#': "hash", '$': "dollar", '%': "percent",
	'&': "ampersand", '\'': "single quote", '(': "left parenthesis", ')': "right parenthesis", '*': "asterisk",
	'+': "plus", ',': "comma", '-': "hyphen", '.': "full stop", '/': "slash", ':': "colon", ';': "semicolon",
	'<': "less than", '=': "equals", '>': "greater than", '?': "question mark", '@': "at sign",
	'[': "left bracket", '\\': "backslash", ']': "right bracket", '^': "caret", '_': "underscore",
	'`': "backtick", '{': "left brace", '|': "bar", '}': "right brace", '~': "tilde",
	'€': "euro", '£': "pound", '§': "section sign",
}

// spoken is how one says a character on the telephone: capitals in capitals.
func spoken(r rune) string {
	switch {
	case r >= 'a' && r <= 'z':
		return alphabet[r-'a']
	case r >= 'A' && r <= 'Z':
		return "capital " + strings.ToUpper(alphabet[r-'A'])
	case r >= '0' && r <= '9':
		return digits[r-'0']
	}
	if word, ok := symbols[r]; ok {
		return word
	}
	return fmt.Sprintf("character U+%04X", r)
}

func strengthWord(score int) string {
	return [...]string{"Very weak", "Weak", "Fair", "Strong", "Very strong"}[max(0, min(score, 4))]
}

func itoa(n int) string { return strconv.Itoa(n) }
