package page

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

const base = "/o/acme/kb/handbook/"

func corpus(t testing.TB) []string {
	b, err := os.ReadFile("testdata/scripts.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(b), "\n%%\n")
}

// TestScripts: nothing of what attackers write into articles comes out as more
// than text.
func TestScripts(t *testing.T) {
	all := corpus(t)
	if len(all) < 130 {
		t.Fatalf("only %d", len(all))
	}
	for _, c := range all {
		sound(t, c)
		sound(t, "- "+strings.ReplaceAll(c, "\n", "\n  "))
		sound(t, "> "+strings.ReplaceAll(c, "\n", "\n> "))
		sound(t, "| a | b |\n| - | - |\n| "+strings.ReplaceAll(c, "\n", " ")+" | x |\n")
	}
}

// elements that a page may have, with their attributes: said a second time, and
// not taken from the policy.
var elements = map[string]string{
	"p": "", "br": "", "hr": "", "blockquote": "", "ul": "", "ol": "start", "li": "id", "pre": "tabindex", "code": "class",
	"em": "", "strong": "", "del": "", "sub": "", "sup": "id", "kbd": "", "mark": "", "ins": "",
	"h2": "id", "h3": "id", "h4": "id", "h5": "id", "h6": "id",
	"table": "", "thead": "", "tbody": "", "tr": "", "th": "align", "td": "align",
	"div": "class role tabindex aria-label", "span": "class", "a": "href title rel class role", "img": "src alt title loading",
	"html": "", "head": "", "body": "",
}

var harmless = regexp.MustCompile(`^(https?://[^/]|mailto:[^/]|#h\.|/[^/\\]|/$)`)

// sound reads a page as a browser does and demands that it holds only what it
// may.
func sound(t testing.TB, article string) Page {
	t.Helper()
	p := Render(article, base)
	doc, err := html.Parse(strings.NewReader(p.HTML))
	if err != nil {
		t.Fatalf("%q: %v", article, err)
	}
	ids := map[string]bool{}
	for n := range doc.Descendants() {
		switch n.Type {
		case html.CommentNode, html.DoctypeNode:
			t.Fatalf("%q: a comment in %s", article, p.HTML)
		case html.ElementNode:
			allowed, ok := elements[n.Data]
			if !ok || n.Namespace != "" {
				t.Fatalf("%q: <%s> in %s", article, n.Data, p.HTML)
			}
			for _, a := range n.Attr {
				if !slices.Contains(strings.Fields(allowed), a.Key) {
					t.Fatalf("%q: %s=%q in %s", article, a.Key, a.Val, p.HTML)
				}
				switch a.Key {
				case "href":
					u, err := url.Parse(a.Val)
					if err != nil || !harmless.MatchString(a.Val) || u.Scheme == "http" && u.Host == "" {
						t.Fatalf("%q leads to %q", article, a.Val)
					}
					if strings.HasPrefix(a.Val, base) && strings.Contains(u.Path, "..") {
						t.Fatalf("%q leads out of the knowledge base: %q", article, a.Val)
					}
				case "src":
					if !strings.HasPrefix(a.Val, base+"files/") || strings.Contains(a.Val, "..") {
						t.Fatalf("%q shows a picture of %q", article, a.Val)
					}
				case "id":
					if !strings.HasPrefix(a.Val, "h.") || ids[a.Val] {
						t.Fatalf("%q: id %q", article, a.Val)
					}
					ids[a.Val] = true
				case "tabindex":
					if a.Val != "0" {
						t.Fatalf("%q: tabindex %q", article, a.Val)
					}
				}
			}
		}
	}
	for _, h := range p.Contents {
		if !ids[h.ID] || h.Level < 2 || h.Level > 6 || strings.ContainsAny(h.Text, "\n") {
			t.Fatalf("%q: table of contents has %+v, ids are %v", article, h, ids)
		}
	}
	whole(t, article, p.HTML)
	return p
}

// whole demands that each element that is opened is closed, so that no article
// can end what stands around it.
func whole(t testing.TB, article, page string) {
	t.Helper()
	var open []string
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Fatalf("%q leaves %v open: %s", article, open, page)
			}
			return
		case html.StartTagToken:
			if name, _ := z.TagName(); !slices.Contains([]string{"br", "hr", "img"}, string(name)) {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Fatalf("%q closes %s in %v: %s", article, name, open, page)
			}
			open = open[:len(open)-1]
		}
	}
}

// TestTheWallHolds: the policy alone stops what is written past the writer.
func TestTheWallHolds(t *testing.T) {
	for _, c := range corpus(t) {
		doc, err := html.Parse(strings.NewReader(policy.Sanitize(c)))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if _, ok := elements[n.Data]; !ok {
				t.Errorf("%q: <%s> passes the policy", c, n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || (a.Key == "href" || a.Key == "src") && strings.Contains(strings.ToLower(a.Val), "script:") {
					t.Errorf("%q: %s=%q passes the policy", c, a.Key, a.Val)
				}
			}
		}
	}
}
