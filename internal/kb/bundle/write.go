package bundle

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"
	"time"

	"bailiwick/internal/kb/page"
)

// Place says where an article will lie in an archive.
type Place struct {
	Slug     string
	Category []string
}

// Writer writes an archive that Read reads back. Articles are to be written in
// their order.
type Writer struct {
	zip    *zip.Writer
	at     time.Time
	places map[string]string // files, by slug
	n      int
}

// NewWriter begins an archive of these articles; at is the time of its files.
func NewWriter(w io.Writer, all []Place, at time.Time) *Writer {
	out := &Writer{zip: zip.NewWriter(w), at: at, places: map[string]string{}}
	for _, p := range all {
		out.places[p.Slug] = path.Join(append(folders(p.Category), p.Slug+".md")...)
	}
	return out
}

// folders makes categories into names that every system takes.
func folders(category []string) []string {
	var all []string
	for _, c := range category {
		name := strings.Trim(strings.Map(func(r rune) rune {
			if strings.ContainsRune(`/\:*?"<>|`, r) || printable(r) < 0 {
				return '-'
			}
			return r
		}, c), ". ")
		if r := []rune(name); len(r) > 60 {
			name = strings.TrimRight(string(r[:60]), ". ")
		}
		if name == "" || hidden(name) || strings.HasPrefix(strings.ToLower(name), "files") {
			name = "_" + name
		}
		all = append(all, name)
	}
	return all
}

// Article writes one. Addresses of files and of other articles in its Markdown
// are those that it has in the knowledge base.
func (w *Writer) Article(a Article) error {
	name, ok := w.places[a.Slug]
	if !ok {
		return fmt.Errorf("bundle: no place for %q", a.Slug)
	}
	f, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.at})
	if err != nil {
		return err
	}
	w.n++
	up := strings.Repeat("../", strings.Count(name, "/"))
	body := page.Rewrite(a.Markdown, func(address string) string {
		if strings.HasPrefix(address, page.FilesFolder) {
			return up + address
		}
		slug, frag, cut := strings.Cut(address, "#")
		to, ok := w.places[slug]
		if !ok {
			return address
		}
		to = up + escaped(to)
		if cut {
			to += "#" + frag
		}
		return to
	})
	_, err = io.WriteString(f, w.head(a)+body)
	return err
}

func escaped(p string) string { return (&url.URL{Path: p}).EscapedPath() }

func (w *Writer) head(a Article) string {
	var b strings.Builder
	b.WriteString("---\n")
	put := func(key string, v any) {
		words, _ := json.Marshal(v) // texts and lists of them
		fmt.Fprintf(&b, "%s: %s\n", key, words)
	}
	put("title", a.Title)
	put("slug", a.Slug)
	put("category", append([]string{}, a.Category...))
	if len(a.Tags) > 0 {
		put("tags", a.Tags)
	}
	if a.State != Unsaid {
		put("state", a.State)
	}
	if !a.Published.IsZero() {
		put("published", a.Published.UTC().Format(time.RFC3339))
	}
	if len(a.Files) > 0 {
		put("files", plain(a.Files))
	}
	put("order", w.n)
	b.WriteString("---\n\n")
	return b.String()
}

// plain are the paths of files in the archive, by their addresses.
func plain(addresses []string) (paths []string) {
	for _, a := range addresses {
		if p, err := url.PathUnescape(a); err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

// File writes a picture or attachment; name is its address in the knowledge base.
func (w *Writer) File(name string, r io.Reader) error {
	plain, err := url.PathUnescape(name)
	if err != nil || !strings.HasPrefix(plain, page.FilesFolder) || hidden(plain) || path.Clean(plain) != plain {
		return fmt.Errorf("bundle: %q is no file's address", name)
	}
	f, err := w.zip.CreateHeader(&zip.FileHeader{Name: plain, Method: zip.Deflate, Modified: w.at})
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return err
}

// Close writes the archive's end.
func (w *Writer) Close() error { return w.zip.Close() }
