package page

import (
	"fmt"
	"html"
	"regexp"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// writer writes the nodes that goldmark would write in another way: whatever
// holds an address or HTML, and what must be reached by keyboard to be scrolled.
type writer struct{}

func (w writer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindLink, w.link)
	reg.Register(ast.KindImage, w.image)
	reg.Register(ast.KindRawHTML, w.raw)
	reg.Register(ast.KindHTMLBlock, w.block)
	reg.Register(ast.KindCodeBlock, w.block)
	reg.Register(ast.KindFencedCodeBlock, w.block)
	reg.Register(kindSpan, w.span)
	reg.Register(east.KindTable, w.table)
	reg.Register(east.KindTaskCheckBox, w.task)
}

// attribute writes name="value"; value is plain text.
func attribute(b util.BufWriter, name, value string) {
	_, _ = b.WriteString(" " + name + `="` + html.EscapeString(value) + `"`)
}

func (writer) link(b util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	link := n.(*ast.Link)
	if !entering {
		_, _ = b.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	_, _ = b.WriteString("<a")
	attribute(b, "href", string(link.Destination))
	if len(link.Title) > 0 {
		attribute(b, "title", resolved(link.Title))
	}
	if _, bare := link.AttributeString(bareKey); bare {
		attribute(b, "class", "kb-bare")
	}
	_, _ = b.WriteString(">")
	return ast.WalkContinue, nil
}

// bareKey marks a link whose words are its address already: on paper it needs
// no other.
const bareKey = "bare"

func (writer) image(b util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	image := n.(*ast.Image)
	_, _ = b.WriteString("<img")
	attribute(b, "src", string(image.Destination))
	attribute(b, "alt", plainLine(n, source))
	if len(image.Title) > 0 {
		attribute(b, "title", resolved(image.Title))
	}
	_, _ = b.WriteString(` loading="lazy">`)
	return ast.WalkSkipChildren, nil
}

// raw writes a tag within a paragraph as the text that it is.
func (writer) raw(b util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	switch s := rawText(n.(*ast.RawHTML), source); {
	case breaks.MatchString(s):
		_, _ = b.WriteString("<br>")
	case !comment.MatchString(s):
		_, _ = b.WriteString(html.EscapeString(s))
	}
	return ast.WalkSkipChildren, nil
}

var language = regexp.MustCompile(`^[A-Za-z0-9_+#.-]{1,40}$`)

func (writer) block(b util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	words := blockText(n, source)
	if n.Kind() == ast.KindHTMLBlock && words == "" {
		return ast.WalkSkipChildren, nil
	}
	_, _ = b.WriteString(`<pre tabindex="0"><code`)
	if fenced, ok := n.(*ast.FencedCodeBlock); ok && language.Match(fenced.Language(source)) {
		attribute(b, "class", "language-"+string(fenced.Language(source)))
	}
	_, _ = b.WriteString(">" + html.EscapeString(words) + "</code></pre>\n")
	return ast.WalkSkipChildren, nil
}

func (writer) span(b util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = b.WriteString("<" + n.(*span).tag + ">")
	} else {
		_, _ = b.WriteString("</" + n.(*span).tag + ">")
	}
	return ast.WalkContinue, nil
}

func (writer) table(b util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, _ = b.WriteString("</table></div>\n")
		return ast.WalkContinue, nil
	}
	_, _ = b.WriteString(`<div class="kb-scroll" role="region" tabindex="0"`)
	number, _ := n.AttributeString(numberKey)
	attribute(b, "aria-label", fmt.Sprint("Table ", number))
	_, _ = b.WriteString("><table>\n")
	return ast.WalkContinue, nil
}

func (writer) task(b util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		box := "☐"
		if n.(*east.TaskCheckBox).IsChecked {
			box = "☑"
		}
		_, _ = b.WriteString(`<span class="kb-task">` + box + "</span> ")
	}
	return ast.WalkContinue, nil
}
