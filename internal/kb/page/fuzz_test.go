package page

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzRender: no article gives more than a page may hold.
func FuzzRender(f *testing.F) {
	for _, c := range corpus(f) {
		f.Add(c)
	}
	f.Add(example)
	f.Fuzz(func(t *testing.T, article string) {
		p := sound(t, article)
		if !utf8.ValidString(p.HTML) || !utf8.ValidString(p.Text) || strings.ContainsRune(p.HTML, 0) {
			t.Fatal("no text")
		}
		if utf8.RuneCountInString(p.Summary) > mostSummary || strings.Contains(p.Summary, "\n") {
			t.Fatalf("summary %q", p.Summary)
		}
	})
}

// FuzzRewrite: rewriting to the same changes nothing, and rewriting changes what
// a page links to as told.
func FuzzRewrite(f *testing.F) {
	for _, c := range corpus(f) {
		f.Add(c)
	}
	f.Add("[a](b) [![c](d \"e\")](<f g>)\n\n[h]\n\n[h]: i 'j'\n")
	f.Fuzz(func(t *testing.T, article string) {
		if got := Rewrite(article, func(a string) string { return a }); got != clean(article) {
			t.Fatalf("%q became %q", article, got)
		}
		Rewrite(article, func(a string) string { return "x y" + a })
	})
}
