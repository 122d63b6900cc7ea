package page

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Rewrite changes the addresses of the links and pictures in an article's
// Markdown, and nothing else of it. to gets each address as a browser would see
// it; what it gives back unchanged stays as it was written. A wild article has no
// links.
func Rewrite(article string, to func(address string) string) string {
	article = clean(article)
	if wild(article) {
		return article
	}
	source := []byte(article)
	type edit struct {
		start, end int
		to         string
	}
	var edits []edit
	change := func(start, end int, dest []byte) {
		was := resolved(dest)
		if now := to(was); now != was && start >= 0 {
			edits = append(edits, edit{start, end, written(now)})
		}
	}
	walk(plainMarkdown.Parse(text.NewReader(source)), func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Link:
			if n.Reference == nil {
				start, end := destination(source, labelEnd(n), len(source), "](", n.Destination)
				change(start, end, n.Destination)
			}
		case *ast.Image:
			if n.Reference == nil {
				start, end := destination(source, labelEnd(n), len(source), "](", n.Destination)
				change(start, end, n.Destination)
			}
		case *ast.LinkReferenceDefinition:
			if lines := n.Lines(); lines.Len() > 0 {
				start, end := destination(source, lines.At(0).Start, lines.At(lines.Len()-1).Stop, "]:", n.Destination)
				change(start, end, n.Destination)
			}
		}
	})
	slices.SortFunc(edits, func(a, b edit) int { return a.start - b.start })
	var out strings.Builder
	at := 0
	for _, e := range edits {
		if e.start >= at {
			out.Write(source[at:e.start])
			out.WriteString(e.to)
			at = e.end
		}
	}
	out.Write(source[at:])
	return out.String()
}

// labelEnd is a place before which a link's label does not end.
func labelEnd(n ast.Node) int {
	end := max(n.Pos(), 0)
	walk(n, func(c ast.Node) {
		switch c := c.(type) {
		case *ast.Text:
			end = max(end, c.Segment.Stop)
		case *ast.RawHTML:
			if k := c.Segments.Len(); k > 0 {
				end = max(end, c.Segments.At(k-1).Stop)
			}
		case *ast.Link, *ast.Image, *ast.AutoLink:
			end = max(end, c.Pos())
		}
	})
	return end
}

// destination finds where an address is written, after a mark such as "](".
func destination(source []byte, from, to int, mark string, dest []byte) (start, end int) {
	for from < to {
		i := bytes.Index(source[from:to], []byte(mark))
		if i < 0 {
			return -1, -1
		}
		from += i + len(mark)
		start := from
		for start < to && strings.IndexByte(" \t\n>", source[start]) >= 0 {
			start++
		}
		if rest := source[start:to]; bytes.HasPrefix(rest, []byte("<")) && bytes.HasPrefix(rest[1:], append(bytes.Clone(dest), '>')) {
			return start, start + len(dest) + 2
		} else if bytes.HasPrefix(rest, dest) && (len(dest) < len(rest) || mark == "]:") {
			return start, start + len(dest)
		}
	}
	return -1, -1
}

// written is an address as it may stand in Markdown.
func written(address string) string {
	if address == "" || strings.ContainsAny(address, " ()<>") {
		return "<" + strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "%0A").Replace(address) + ">"
	}
	return address
}
