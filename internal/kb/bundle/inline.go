package bundle

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// paragraph writes nodes that stand in one line.
func (as text) paragraph(nodes []*html.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		b.WriteString(as.inline(n, false))
	}
	s := strings.TrimSpace(b.String())
	for {
		cut := strings.TrimPrefix(s, lineBreak)
		if rest, ok := strings.CutSuffix(cut, `\`); ok && !strings.HasSuffix(rest, `\`) {
			cut = rest
		}
		if cut = strings.TrimSpace(cut); cut == s {
			break
		}
		s = cut
	}
	if as.markdown {
		return s
	}
	return begun(s)
}

// lineBreak ends a line within a paragraph. A backslash that is one is escaped,
// so it has another before it.
const lineBreak = "\\\n"

// begins is what would make the beginning of a line more than words.
var begins = regexp.MustCompile(`(?m)^([ \t]*)(#{1,6}(?:[ \t]|$)|[+-](?:[ \t]|$)|>|=+[ \t]*$|-+[ \t]*$|:::|!!! |~~~)`)
var counts = regexp.MustCompile(`(?m)^([ \t]*\d{1,9})([.)](?:[ \t]|$))`)

func begun(s string) string {
	return counts.ReplaceAllString(begins.ReplaceAllString(s, `$1\$2`), `$1\$2`)
}

// inlines writes what is in a node; in a cell of a table nothing breaks a line.
func (as text) inlines(n *html.Node, cell bool) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		b.WriteString(as.inline(c, cell))
	}
	return b.String()
}

func (as text) inline(n *html.Node, cell bool) string {
	if n.Type == html.TextNode {
		if as.markdown {
			return spaced(n.Data)
		}
		return escape(spaced(n.Data))
	}
	if n.Type != html.ElementNode || none(n) {
		return ""
	}
	switch n.Data {
	case "strong", "b":
		return around(as.inlines(n, cell), "**")
	case "em", "i", "cite", "var", "dfn":
		return around(as.inlines(n, cell), "*")
	case "del", "s", "strike":
		return around(as.inlines(n, cell), "~~")
	case "code", "tt", "samp":
		return codeSpan(words(n), cell)
	case "kbd", "sub", "sup", "mark", "ins":
		return "<" + n.Data + ">" + as.inlines(n, cell) + "</" + n.Data + ">"
	case "br":
		if cell {
			return "<br>"
		}
		return lineBreak
	case "img":
		if src := attr(n.Attr, "src"); src != "" {
			return "![" + escape(line(attr(n.Attr, "alt"))) + "](" + angled(src) + ")"
		}
		return ""
	case "a":
		label := strings.TrimSpace(as.inlines(n, cell))
		href := attr(n.Attr, "href")
		if href == "" || label == "" {
			return label
		}
		return "[" + label + "](" + angled(href) + ")"
	case "p", "div", "li":
		if cell && n.NextSibling != nil {
			return as.inlines(n, cell) + "<br>"
		}
		return as.inlines(n, cell) + " "
	}
	return as.inlines(n, cell)
}

// around puts marks around words, and spaces at their ends outside of them.
func around(s, mark string) string {
	inner := strings.TrimSpace(s)
	if inner == "" {
		return s
	}
	start := strings.Index(s, inner)
	return s[:start] + mark + inner + mark + s[start+len(inner):]
}

func codeSpan(s string, cell bool) string {
	if s = line(s); s == "" {
		return ""
	}
	if cell {
		s = strings.ReplaceAll(s, "|", `\|`)
	}
	mark := "`"
	for strings.Contains(s, mark) {
		mark += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return mark + s + mark
}

// spaced makes each run of white space one space, as HTML reads it.
func spaced(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range s {
		if r != '\u00a0' && unicode.IsSpace(r) {
			gap = true
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	if gap {
		b.WriteByte(' ')
	}
	return b.String()
}

// escape keeps words words: what Markdown would read in them gets a backslash.
func escape(s string) string {
	var b strings.Builder
	runes := []rune(s)
	word := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	for i, r := range runes {
		switch r {
		case '\\', '`', '*', '[', ']', '<', '~', '|':
			b.WriteByte('\\')
		case '_':
			if !word(i-1) || !word(i+1) {
				b.WriteByte('\\')
			}
		case '&':
			if i+1 < len(runes) && (word(i+1) || runes[i+1] == '#') {
				b.WriteByte('\\')
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}
