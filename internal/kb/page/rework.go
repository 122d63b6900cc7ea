package page

import (
	"path"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// idPrefix keeps ids of an article apart from those of the page around it.
const idPrefix = "h."

// numberKey is where a table's number stands.
const numberKey = "number"

// state is what one rendering keeps.
type state struct {
	base  string
	page  *Page
	ids   map[string]int
	files map[string]bool
}

// reworker changes the tree before it is written: addresses, headings, pictures
// that are not the knowledge base's own.
type reworker struct{}

func (reworker) Transform(doc *ast.Document, r text.Reader, pc parser.Context) {
	s := pc.Get(stateKey).(*state)
	source := r.Source()
	var addressed []ast.Node
	var headings []*ast.Heading
	var parents []ast.Node
	tables := 0
	walk(doc, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Link, *ast.Image, *ast.AutoLink:
			addressed = append(addressed, n)
		case *ast.Heading:
			headings = append(headings, n)
		case *east.Table:
			tables++
			n.SetAttributeString(numberKey, strconv.Itoa(tables))
		case *ast.RawHTML:
			if p := n.Parent(); len(parents) == 0 || parents[len(parents)-1] != p {
				parents = append(parents, p)
			}
		}
	})
	for _, n := range parents {
		pair(n, source)
	}
	for _, n := range addressed {
		switch n := n.(type) {
		case *ast.Link:
			s.link(n)
		case *ast.Image:
			s.image(n)
		case *ast.AutoLink:
			s.auto(n, source)
		}
	}
	s.headings(headings, source)
}

func walk(n ast.Node, visit func(ast.Node)) {
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			visit(n)
		}
		return ast.WalkContinue, nil
	})
}

func (s *state) link(n *ast.Link) {
	href := address(resolved(n.Destination), s.base)
	if href == "" {
		unwrap(n)
		return
	}
	s.uses(href)
	n.Destination = []byte(href)
}

// image keeps a picture of the knowledge base's own; any other would tell its
// server who reads this, and becomes a link.
func (s *state) image(n *ast.Image) {
	href := address(resolved(n.Destination), s.base)
	if _, own := ownFile(href, s.base); own {
		s.uses(href)
		n.Destination = []byte(href)
		if s.page.Picture == "" {
			s.page.Picture = href
		}
		return
	}
	if !n.HasChildren() {
		n.AppendChild(n, ast.NewString([]byte("Picture "+path.Base(href))))
	}
	if href == "" || within(n, ast.KindLink) {
		unwrap(n)
		return
	}
	link := ast.NewLink()
	link.Destination, link.Title = []byte(href), n.Title
	move(n, link)
	n.Parent().ReplaceChild(n.Parent(), n, link)
}

func (s *state) auto(n *ast.AutoLink, source []byte) {
	raw := string(n.URL(source))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(raw), "mailto:") {
		raw = "mailto:" + raw
	}
	label := ast.NewString(n.Label(source))
	label.SetRaw(true)
	href := address(raw, s.base)
	if href == "" || within(n, ast.KindLink) {
		n.Parent().ReplaceChild(n.Parent(), n, label)
		return
	}
	link := ast.NewLink()
	link.Destination = []byte(href)
	link.SetAttributeString(bareKey, true)
	link.AppendChild(link, label)
	n.Parent().ReplaceChild(n.Parent(), n, link)
}

func (s *state) uses(href string) {
	if name, ok := ownFile(href, s.base); ok && !s.files[name] {
		s.files[name] = true
		s.page.Files = append(s.page.Files, name)
	}
}

// headings gives each an id, and moves them down by one level if the article
// uses the level of the page's title.
func (s *state) headings(all []*ast.Heading, source []byte) {
	down := 0
	for _, h := range all {
		if h.Level == 1 {
			down = 1
		}
	}
	for _, h := range all {
		h.Level = min(h.Level+down, 6)
		words := plainLine(h, source)
		slug := Slug(words)
		if slug == "" {
			slug = "section"
		}
		id := slug
		for s.ids[id] > 0 {
			id = slug + "-" + strconv.Itoa(s.ids[slug])
			s.ids[slug]++
		}
		s.ids[id]++
		h.SetAttributeString("id", []byte(idPrefix+id))
		if words != "" {
			s.page.Contents = append(s.page.Contents, Heading{Level: h.Level, ID: idPrefix + id, Text: words})
		}
	}
}

// unwrap puts what is in a node into its place.
func unwrap(n ast.Node) {
	p := n.Parent()
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		p.InsertBefore(p, n, c)
	}
	p.RemoveChild(p, n)
}

func move(from, to ast.Node) {
	for c := from.FirstChild(); c != nil; c = from.FirstChild() {
		to.AppendChild(to, c)
	}
}

func within(n ast.Node, kind ast.NodeKind) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == kind {
			return true
		}
	}
	return false
}
