// Package page makes an article's Markdown into what a knowledge base shows of
// it: safe HTML, a table of contents, plain text for search, a summary.
//
// What runs in a reader's browser is decided here, three times over: HTML in an
// article is text and never markup, addresses are taken apart and put together
// anew, and what comes out passes one policy. It reads no files and knows
// neither who reads nor where articles are kept.
package page

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// MaxBytes is how long an article's Markdown may be.
const MaxBytes = 400_000

// Page is what an article's Markdown gives.
type Page struct {
	HTML     string    // may stand in a page as it is
	Contents []Heading // in their order
	Text     string    // without any markup
	Summary  string    // the first sentences, for lists and previews elsewhere
	Picture  string    // address of the first picture, "" if there is none
	Files    []string  // what stands after files/ in the addresses of own files, each once
}

// Heading is one entry of the table of contents.
type Heading struct {
	Level int // 2 to 6: the article's title is the page's only heading of level 1
	ID    string
	Text  string
}

// FilesFolder is where a knowledge base's own files lie under its address.
const FilesFolder = "files/"

var markdown = goldmark.New(
	goldmark.WithExtensions(
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		extension.Strikethrough,
		extension.TaskList,
		extension.NewFootnote(extension.WithFootnoteIDPrefix(idPrefix), extension.WithFootnoteBacklinkTitle("Back to the text"), extension.WithFootnoteLinkTitle("To the footnote")),
		extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:", "mailto:"})),
	),
	goldmark.WithParserOptions(tamed, parser.WithASTTransformers(util.Prioritized(reworker{}, 2000))),
	goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(writer{}, 1))),
)

var stateKey = parser.NewContextKey()

// Render makes the page. base is the knowledge base's address on this server,
// with a slash at its end: what relative addresses in the article start from.
func Render(article, base string) Page {
	article = clean(article)
	if wild(article) {
		return unread(article)
	}
	source := []byte(article)
	s := &state{base: base, page: &Page{}, ids: map[string]int{}, files: map[string]bool{}}
	ctx := parser.NewContext()
	ctx.Set(stateKey, s)
	tree := markdown.Parser().Parse(text.NewReader(source), parser.WithContext(ctx))
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, source, tree); err != nil {
		panic("page: a buffer refused to be written to: " + err.Error())
	}
	s.page.HTML = policy.SanitizeReader(&out).String()
	s.page.Text = plain(tree, source)
	s.page.Summary = summary(tree, source)
	return *s.page
}

// Text is an article's text without any markup, for search.
func Text(article string) string {
	article = clean(article)
	if wild(article) {
		return unread(article).Text
	}
	source := []byte(article)
	return plain(plainMarkdown.Parse(text.NewReader(source)), source)
}

// clean leaves out what no text has, and what editors put before it.
func clean(s string) string {
	s = strings.ToValidUTF8(strings.TrimPrefix(s, "\ufeff"), "\ufffd")
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\x00", "\ufffd")
}

// plainMarkdown reads the same Markdown and leaves the tree as it was written.
var plainMarkdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.NewFootnote()), goldmark.WithParserOptions(tamed)).Parser()
