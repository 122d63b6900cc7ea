package bundle

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// text says what words between tags are: words, whose signs are to be escaped, or
// Markdown, as writers of Markdown mean them.
type text struct{ markdown bool }

// fromHTML makes Markdown of a page's content: of its main part, if it has one.
// What is not text (scripts, styles, navigation, forms) is left out.
func fromHTML(page string) (title, markdown string, err error) { return text{}.read(page) }

func (as text) read(page string) (title, markdown string, err error) {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return "", "", err
	}
	root := doc
	for _, want := range []string{"body", "article", "main"} {
		if n := find(doc, want); n != nil {
			root = n
		}
	}
	if n := find(doc, "title"); n != nil {
		title = line(words(n))
	}
	return title, strings.Join(as.blocks(root), "\n\n"), nil
}

func find(n *html.Node, name string) *html.Node {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.Data == name {
			return c
		}
	}
	return nil
}

// words is the text of a node as it is.
func words(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Data == "br":
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// none is what has no text to read.
func none(n *html.Node) bool {
	switch n.Data {
	case "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "nav", "head", "form", "button", "input", "select", "textarea", "audio", "video", "canvas":
		return true
	}
	return false
}

func isBlock(n *html.Node) bool {
	switch n.Data {
	case "p", "div", "section", "article", "main", "header", "footer", "aside", "figure", "figcaption", "address", "center", "body", "html",
		"details", "summary", "dl", "dt", "dd", "fieldset", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "menu", "li", "pre", "blockquote", "table", "hr":
		return n.Type == html.ElementNode
	}
	return false
}

// blocks gives what is in a node, one text a block.
func (as text) blocks(n *html.Node) (all []string) {
	var run []*html.Node // of what stands in one line
	flush := func() {
		if s := as.paragraph(run); s != "" {
			all = append(all, s)
		}
		run = nil
	}
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.ElementNode && none(c):
		case !isBlock(c) && !holdsBlock(c):
			run = append(run, c)
		default:
			flush()
			all = append(all, as.block(c)...)
		}
	}
	flush()
	return all
}

// holdsBlock finds inline elements that are wrapped around blocks.
func holdsBlock(n *html.Node) bool {
	if n.Type != html.ElementNode || n.Data == "a" {
		return false
	}
	for c := range n.Descendants() {
		if isBlock(c) {
			return true
		}
	}
	return false
}

func (as text) block(n *html.Node) []string {
	switch n.Data {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		level, _ := strconv.Atoi(n.Data[1:])
		if s := line(as.inlines(n, false)); s != "" {
			return []string{strings.Repeat("#", level) + " " + s}
		}
		return nil
	case "dt", "summary":
		if s := strings.TrimSpace(as.inlines(n, false)); s != "" {
			return []string{"**" + s + "**"}
		}
		return nil
	case "hr":
		return []string{"---"}
	case "pre":
		return []string{code(n)}
	case "blockquote":
		return prefixed(as.blocks(n), "> ", "> ")
	case "ul", "ol", "menu":
		return as.list(n)
	case "table":
		return as.table(n)
	}
	return as.blocks(n)
}

func prefixed(parts []string, first, next string) []string {
	if len(parts) == 0 {
		return nil
	}
	lines := strings.Split(strings.Join(parts, "\n\n"), "\n")
	for i := range lines {
		p := next
		if i == 0 {
			p = first
		}
		lines[i] = strings.TrimRight(p+lines[i], " ")
	}
	return []string{strings.Join(lines, "\n")}
}

func (as text) list(n *html.Node) []string {
	number := 1
	if v, err := strconv.Atoi(attr(n.Attr, "start")); err == nil && v >= 0 && v < 1_000_000 {
		number = v
	}
	var items []string
	for c := range n.ChildNodes() {
		if c.Type != html.ElementNode {
			continue
		}
		mark := "- "
		if n.Data == "ol" {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		items = append(items, prefixed(as.blocks(c), mark, strings.Repeat(" ", len(mark)))...)
	}
	if len(items) == 0 {
		return nil
	}
	return []string{strings.Join(items, "\n")}
}

// code is a block of code, between fences longer than any in it.
func code(n *html.Node) string {
	lang := ""
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.Data == "code" {
			for class := range strings.FieldsSeq(attr(c.Attr, "class")) {
				if l, ok := strings.CutPrefix(class, "language-"); ok && !strings.Contains(l, "`") {
					lang = l
				}
			}
		}
	}
	body := strings.Trim(words(n), "\n")
	mark := "```"
	for strings.Contains(body, mark) {
		mark += "`"
	}
	return mark + lang + "\n" + body + "\n" + mark
}
