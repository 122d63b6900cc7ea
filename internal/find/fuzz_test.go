package find

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzSplit: words are short, not empty, folded once and for all, and the same
// whatever stood before them in the buffer.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", "Router", "ÄÖÜ ß straße", "ｆｕｌｌ", strings.Repeat("a", 200), "a\xffb", "ﬁne", "\u0301\u0301", "İstanbul", "日本語 text", "a.b-c_d@e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var a, b splitter
		var first []string
		for _, w := range a.split(text) {
			if len(w) == 0 || !utf8.Valid(w) && utf8.ValidString(text) {
				t.Fatalf("%q gives the word %q", text, w)
			}
			first = append(first, string(w))
		}
		b.split("something else entirely, ÄÖÜ")
		if got := b.split(text); len(got) != len(first) {
			t.Fatalf("%q gives %d words, then %d", text, len(first), len(got))
		}
	})
}
