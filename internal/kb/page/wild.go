package page

import (
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Reading Markdown takes time with the square of how many signs of it stand in
// one paragraph or nest in one another. What people write is far below these
// bounds; what is above is shown as it is written.
const mostSigns = 2000

var nested = regexp.MustCompile(`(?m)^(?:[ \t]*(?:>|[-+*]|[0-9]{1,9}[.)])){40}`)

func signs(line string) (n int) {
	for i := range len(line) {
		switch line[i] {
		case '[', ']', '*', '_', '`', '<', '!', '~', '(':
			n++
		}
	}
	return n
}

// wild finds what would take long before there are paragraphs: nesting, and
// headings and rows of tables, which are one line, and definitions of links.
func wild(article string) bool {
	if nested.MatchString(article) {
		return true
	}
	definitions := 0
	for line := range strings.SplitSeq(article, "\n") {
		if definitions += strings.Count(line, "]:"); definitions > mostSigns {
			return true
		}
		if len(line) > mostSigns && strings.ContainsAny(line, "#|") && signs(line) > mostSigns {
			return true
		}
	}
	return false
}

// unread is the page of a wild article.
func unread(article string) Page {
	words := strings.Join(strings.Fields(article), " ")
	return Page{
		HTML:    `<pre tabindex="0"><code>` + html.EscapeString(article) + "</code></pre>\n",
		Text:    words,
		Summary: Cut(words, mostSummary),
	}
}

// tamer makes paragraphs that would take long into blocks of plain text.
type tamer struct{}

func (tamer) Transform(n *ast.Paragraph, r text.Reader, _ parser.Context) {
	count := 0
	for i := range n.Lines().Len() {
		at := n.Lines().At(i)
		count += signs(string(at.Value(r.Source())))
	}
	if count > mostSigns {
		block := ast.NewCodeBlock()
		block.SetLines(n.Lines())
		n.Parent().ReplaceChild(n.Parent(), n, block)
	}
}

// tamed has to come after tables were made out of paragraphs.
var tamed = parser.WithParagraphTransformers(util.Prioritized(tamer{}, 10_000))
