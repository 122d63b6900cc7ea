package kb

import (
	"strings"

	"bailiwick/internal/find"
	"bailiwick/internal/kb/page"
)

// contains reports whether a title has a text in it, whatever case and accents.
func contains(title, text string) bool {
	return strings.Contains(find.Plain(title), find.Plain(text))
}

// slugOf makes an address of a title: "Réinitialiser le VPN" is
// reinitialiser-le-vpn.
func slugOf(title string) string {
	var b strings.Builder
	gap := false
	for _, r := range find.Plain(title) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			gap = false
		} else {
			gap = true
		}
		if b.Len() >= 80 {
			break
		}
	}
	return b.String()
}

// plainOf is a text without its markup, and its headings.
func plainOf(markdown string) (text, headings string) {
	p := page.Render(markdown, "/")
	for _, h := range p.Contents {
		headings += " " + h.Text
	}
	return p.Text, headings
}
