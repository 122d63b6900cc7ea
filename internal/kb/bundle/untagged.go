package bundle

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	gtext "github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
)

var parser = goldmark.DefaultParser()

// untagged makes HTML within Markdown into Markdown, where there is a Markdown
// of it. What remains is shown as it is written.
func untagged(article string) string {
	raw := []byte(article)
	type edit struct {
		start, end int
		to         string
	}
	var edits []edit
	var open []int     // edits of <a> that wait for their end
	forget := func() { // what is never closed stays as it is
		for _, first := range open {
			edits[first].end, edits[first].to = edits[first].start, ""
		}
		open = nil
	}
	_ = ast.Walk(parser.Parse(gtext.NewReader(raw)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Paragraph, *ast.Heading, *ast.TextBlock:
			forget()
		case *ast.HTMLBlock:
			if n.Parent().Kind() != ast.KindDocument || n.Lines().Len() == 0 {
				break
			}
			start, end := n.Lines().At(0).Start, n.Lines().At(n.Lines().Len()-1).Stop
			if n.HasClosure() {
				end = n.ClosureLine.Stop
			}
			if _, md, err := (text{markdown: true}).read(string(raw[start:end])); err == nil {
				edits = append(edits, edit{start, end, "\n" + md + "\n"})
			}
		case *ast.RawHTML:
			if n.Segments.Len() == 0 {
				break
			}
			start, end := n.Segments.At(0).Start, n.Segments.At(n.Segments.Len()-1).Stop
			to, ok, link := inlineTag(raw[start:end])
			switch {
			case link == "open":
				open = append(open, len(edits))
				edits = append(edits, edit{start, end, to}) // the address, until its end is found
			case link == "close" && len(open) > 0:
				first := open[len(open)-1]
				open = open[:len(open)-1]
				if address := edits[first].to; address == "" {
					edits = append(edits, edit{start, end, ""})
				} else {
					edits[first].to = "["
					edits = append(edits, edit{start, end, "](" + angled(address) + ")"})
				}
			case ok:
				edits = append(edits, edit{start, end, to})
			}
		}
		return ast.WalkContinue, nil
	})
	forget()
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	var out strings.Builder
	at := 0
	for _, e := range edits {
		if e.start >= at {
			out.Write(raw[at:e.start])
			out.WriteString(e.to)
			at = e.end
		}
	}
	out.Write(raw[at:])
	return out.String()
}

// inlineTag says what stands for a tag within a paragraph.
func inlineTag(tag []byte) (to string, ok bool, link string) {
	z := html.NewTokenizer(bytes.NewReader(tag))
	kind := z.Next()
	t := z.Token()
	switch t.Data {
	case "a":
		switch kind {
		case html.StartTagToken:
			return attr(t.Attr, "href"), true, "open"
		case html.EndTagToken:
			return "", false, "close"
		}
	case "img":
		if src := attr(t.Attr, "src"); src != "" {
			return "![" + escape(line(attr(t.Attr, "alt"))) + "](" + angled(src) + ")", true, ""
		}
		return "", true, ""
	case "b", "strong":
		return "**", true, ""
	case "i", "em":
		return "*", true, ""
	case "s", "strike":
		return "~~", true, ""
	case "span", "font", "center", "small", "big", "u", "p", "div":
		return "", true, ""
	}
	return "", kind == html.CommentToken, ""
}

func attr(all []html.Attribute, name string) string {
	for _, a := range all {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// angled is an address as it may stand in a link of Markdown.
func angled(address string) string {
	if strings.ContainsAny(address, " ()<>\n") {
		return "<" + strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "").Replace(address) + ">"
	}
	return address
}
