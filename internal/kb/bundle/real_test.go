package bundle

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"bailiwick/internal/kb/page"
)

// documentation packs the documentation of a module that this one needs: written
// for MkDocs, with boxes, HTML, pictures and links among its pages.
func documentation(t testing.TB) []byte {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/danielgtaylor/huma/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(strings.TrimSpace(string(out)), "docs", "docs")
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	err = fs.WalkDir(os.DirFS(root), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(root, p))
		if err != nil {
			return err
		}
		f, err := w.Create("docs/" + p)
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return err
	})
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// leftover is what must not be left to read of another program's Markdown.
var leftover = regexp.MustCompile(`(?m)^!!! |^\?\?\? |^=== "|\{ ?\.hidden|</?(div|img|a|p|b)\b`)

// TestRealDocumentation: a well-known project's documentation becomes articles
// that can be read, and all of its links and pictures lead somewhere.
func TestRealDocumentation(t *testing.T) {
	b := readAll(t, documentation(t))
	slugs := map[string]bool{}
	ids := map[string]map[string]bool{}
	for _, a := range b.Articles {
		slugs[a.Slug] = true
		ids[a.Slug] = map[string]bool{}
		for _, h := range page.Render(a.Markdown, "/kb/").Contents {
			ids[a.Slug][h.ID] = true
		}
	}
	if len(b.Articles) < 40 || len(b.Files) < 9 {
		t.Fatalf("%d articles and %d files", len(b.Articles), len(b.Files))
	}
	links, fragments, lost := 0, 0, 0
	for _, a := range b.Articles {
		p := page.Render(a.Markdown, "/kb/")
		if a.Title == "" || len(p.Text) < 100 || p.Summary == "" {
			t.Errorf("%s: %q has %d characters", a.Source, a.Title, len(p.Text))
		}
		doc, err := html.Parse(strings.NewReader(p.HTML))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.Type == html.TextNode && nearest(n, "code") == nil {
				if s := leftover.FindString(n.Data); s != "" {
					t.Errorf("%s: %q is left over: %.200q", a.Source, s, n.Data)
				}
			}
			to := attr(n.Attr, "href") + attr(n.Attr, "src")
			local, ok := strings.CutPrefix(to, "/kb/")
			if !ok {
				continue
			}
			slug, frag, _ := strings.Cut(local, "#")
			switch {
			case strings.HasPrefix(slug, page.FilesFolder):
				links++
			case !slugs[slug]:
				lost++
				t.Logf("%s leads to %s", a.Source, to)
			default:
				links++
				if frag != "" {
					fragments++
					if !ids[slug][frag] {
						t.Logf("%s leads to %s, which has no such heading", a.Source, to)
					}
				}
			}
		}
	}
	t.Logf("%d articles, %d files, %d links within, %d of them to a heading, %d lead nowhere, %d files unused, %d problems", len(b.Articles), len(b.Files), links, fragments, lost, b.Unused, len(b.Problems))
	if links < 60 || lost > 0 || len(b.Problems) > 0 {
		t.Errorf("%d links, %d lost", links, lost)
	}
	for _, p := range b.Problems {
		t.Log(p)
	}
}
