package page

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// plain is a node's text without markup: one line a block.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	writePlain(&b, n, source)
	lines := strings.Split(b.String(), "\n")
	kept := lines[:0]
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}

func plainLine(n ast.Node, source []byte) string {
	return strings.Join(strings.Fields(plain(n, source)), " ")
}

func writePlain(b *strings.Builder, n ast.Node, source []byte) {
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			switch {
			case n.Kind() == east.KindTableCell:
				b.WriteByte(' ')
			case n.Type() == ast.TypeBlock:
				b.WriteByte('\n')
			}
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			if n.IsRaw() || within(n, ast.KindCodeSpan) {
				b.Write(n.Segment.Value(source))
			} else {
				unescape(b, string(n.Segment.Value(source)))
			}
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.RawHTML:
			if s := rawText(n, source); breaks.MatchString(s) {
				b.WriteByte(' ')
			} else if !comment.MatchString(s) {
				b.WriteString(s)
			}
		case *ast.HTMLBlock, *ast.CodeBlock, *ast.FencedCodeBlock:
			b.WriteString(blockText(n, source))
			b.WriteByte('\n')
			return ast.WalkSkipChildren, nil
		case *east.FootnoteLink, *east.FootnoteBacklink, *ast.LinkReferenceDefinition:
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
}

// mostSummary is how many characters a summary has.
const mostSummary = 200

// summary is the text of the first paragraphs, cut at a word.
func summary(doc ast.Node, source []byte) string {
	var words []string
	n := 0
	for c := doc.FirstChild(); c != nil && n <= mostSummary; c = c.NextSibling() {
		switch c.Kind() {
		case ast.KindParagraph, ast.KindList, ast.KindBlockquote:
			line := plainLine(c, source)
			n += utf8.RuneCountInString(line) + 1
			words = append(words, line)
		}
	}
	return Cut(strings.TrimSpace(strings.Join(words, " ")), mostSummary)
}

// Cut shortens a text to so many characters, at the end of a word where there
// is one near.
func Cut(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	end := most - 1
	for end > most-30 && end > 0 && !unicode.IsSpace(runes[end]) {
		end--
	}
	if !unicode.IsSpace(runes[end]) {
		end = most - 1
	}
	return strings.TrimRightFunc(string(runes[:end]), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) + "…"
}

// unescape writes text with its backslashes and entities undone, each once.
func unescape(b *strings.Builder, s string) {
	for s != "" {
		i := strings.IndexAny(s, `\&`)
		if i < 0 || i+1 == len(s) {
			b.WriteString(s)
			return
		}
		b.WriteString(s[:i])
		s = s[i:]
		end := strings.IndexByte(s, ';')
		switch {
		case s[0] == '\\' && util.IsPunct(s[1]):
			b.WriteByte(s[1])
			s = s[2:]
		case s[0] == '&' && end > 0 && end < 40:
			b.WriteString(html.UnescapeString(s[:end+1]))
			s = s[end+1:]
		default:
			b.WriteByte(s[0])
			s = s[1:]
		}
	}
}
