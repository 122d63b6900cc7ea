package page

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// span is one of the few elements of HTML that an article may use, and only by
// an opening and a closing tag of the same paragraph: so a page's markup is
// always whole, whatever is in an article.
type span struct {
	ast.BaseInline
	tag string
}

var kindSpan = ast.NewNodeKind("Span")

func (*span) Kind() ast.NodeKind            { return kindSpan }
func (n *span) Dump(source []byte, lvl int) { ast.DumpHelper(n, source, lvl, nil, nil) }

var (
	spanTag = regexp.MustCompile(`^<(/?)(kbd|sub|sup|mark|ins)>$`)
	breaks  = regexp.MustCompile(`^<br\s*/?>$`)
	comment = regexp.MustCompile(`(?s)<!--.*?-->`)
)

// pair makes the tags among a node's children that have a partner into spans.
func pair(parent ast.Node, source []byte) {
	type open struct {
		node ast.Node
		tag  string
	}
	var opened []open
	for n := parent.FirstChild(); n != nil; {
		next := n.NextSibling()
		if html, ok := n.(*ast.RawHTML); ok {
			tag := spanTag.FindStringSubmatch(strings.ToLower(rawText(html, source)))
			switch {
			case tag == nil:
			case tag[1] == "":
				opened = append(opened, open{n, tag[2]})
			case len(opened) > 0 && opened[len(opened)-1].tag == tag[2]:
				last := opened[len(opened)-1]
				opened = opened[:len(opened)-1]
				s := &span{tag: last.tag}
				for c := last.node.NextSibling(); c != n; c = last.node.NextSibling() {
					s.AppendChild(s, c)
				}
				parent.RemoveChild(parent, n)
				parent.ReplaceChild(parent, last.node, s)
			}
		}
		n = next
	}
}

func rawText(n *ast.RawHTML, source []byte) string {
	var b bytes.Buffer
	for i := range n.Segments.Len() {
		at := n.Segments.At(i)
		b.Write(at.Value(source))
	}
	return b.String()
}

// blockText is what is in a block of lines: code, or HTML with its comments
// taken out.
func blockText(n ast.Node, source []byte) string {
	var b bytes.Buffer
	for i := range n.Lines().Len() {
		at := n.Lines().At(i)
		b.Write(at.Value(source))
	}
	html, ok := n.(*ast.HTMLBlock)
	if !ok {
		return b.String()
	}
	if html.HasClosure() {
		b.Write(html.ClosureLine.Value(source))
	}
	return strings.TrimSpace(comment.ReplaceAllString(b.String(), ""))
}
