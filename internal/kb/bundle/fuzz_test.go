package bundle

import (
	"bytes"
	"context"
	"errors"
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"bailiwick/internal/fault"
	"bailiwick/internal/kb/page"
)

// FuzzRead: no archive makes the reader panic, leads it out of its folder, or
// gives an article that breaks a limit.
func FuzzRead(f *testing.F) {
	f.Add(packed(f, "a/b.md", "# x\n[c](../c.html)", "c.html", "<p>x", "p.png", "PNG"))
	f.Add(packed(f, "../x.md", "x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := read(context.Background(), bytes.NewReader(b), int64(len(b)), 10_000_000)
		if err != nil {
			if e, ok := fault.As(err); !ok || !strings.HasSuffix(e.Text, ".") {
				t.Fatalf("no sentence: %v", err)
			}
			return
		}
		limits(t, got)
	})
}

// FuzzArticle: nor does any text in it.
func FuzzArticle(f *testing.F) {
	f.Add("a.md", "---\ntitle: x\ntags: [a, \"b\"]\n---\n# x\n\n!!! note\n    <b>x</b> [a](b.md)")
	f.Add("x/b.html", "<title>t</title><ul><li><table><tr><td>a<td>b</table></ul><a href=c>d</a>")
	f.Fuzz(func(t *testing.T, name, text string) {
		if len(text) > 20_000 || len(name) > 200 || strings.ContainsAny(name, "\x00") {
			return
		}
		b := packed(t, name+".md", text, name+".html", text, "c.md", text)
		got, err := read(context.Background(), bytes.NewReader(b), int64(len(b)), 10_000_000)
		if err == nil {
			limits(t, got)
		} else if _, ok := fault.As(err); !ok {
			t.Fatal(err)
		}
	})
}

// FuzzFront: a head is read without panic, and one that a Writer wrote as it was.
func FuzzFront(f *testing.F) {
	f.Add("---\ntitle: x\ntags:\n  - a\ncategory: ['b', c]\n---\ny", "x", "y")
	f.Add("+++\ntitle = \"x\"\n+++\ny", "\"", "a, b]\n")
	f.Fuzz(func(t *testing.T, text, title, tag string) {
		parseFront(text)
		decode([]byte(text))
		if !utf8.ValidString(title+tag) || tag == "" || title == "" {
			return
		}
		w := Writer{}
		got, rest := parseFront(w.head(Article{Title: title, Slug: "s", Tags: []string{tag, "x"}, Category: []string{tag}}) + text)
		if got.title != title || len(got.tags) != 2 || got.tags[0] != tag || len(got.category) != 1 || got.category[0] != tag || rest != text {
			t.Fatalf("%q and %q became %+v with %q", title, tag, got, rest)
		}
	})
}

func limits(t *testing.T, b *Bundle) {
	t.Helper()
	slugs := map[string]bool{}
	for _, a := range b.Articles {
		if slugs[a.Slug] || page.Slug(a.Slug) == "" {
			t.Fatalf("slug %q", a.Slug)
		}
		slugs[a.Slug] = true
		if a.Title == "" || utf8.RuneCountInString(a.Title) > maxTitle || line(a.Title) != a.Title || len(a.Category) > maxDepth || len(a.Tags) > maxTags || len(a.Markdown) > page.MaxBytes+10_000 || !utf8.ValidString(a.Markdown+a.Title) {
			t.Fatalf("%+v", a)
		}
		for _, c := range append(a.Tags, a.Category...) {
			if c == "" || line(c) != c || utf8.RuneCountInString(c) > maxCategory {
				t.Fatalf("%+v", a)
			}
		}
	}
	for _, f := range b.Files {
		if f.Name == "" || strings.ContainsAny(f.Name, "/\x00") || strings.HasPrefix(f.Name, ".") || path.IsAbs(f.Source) || strings.HasPrefix(path.Clean(f.Source), "..") {
			t.Fatalf("%+v", f)
		}
		if _, err := f.Read(context.Background()); err != nil && !TooLarge(err) {
			if _, ok := fault.As(err); !ok || errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
	}
}
