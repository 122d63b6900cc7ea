package page

import (
	"strings"
	"unicode"
)

// Slug makes a text into a part of an address: letters and digits, and one
// hyphen for whatever is between them. It is "" if the text has none.
func Slug(s string) string {
	var b strings.Builder
	gap := false
	n := 0
	for _, r := range strings.ToLower(s) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' {
			gap = gap || r != '\'' && r != '’' && r != '.'
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(r)
		if n++; n >= 80 {
			break
		}
	}
	return b.String()
}
