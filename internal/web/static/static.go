// Package static holds the style sheet, the script, the fonts and the pictures
// of the web interface and serves them under names that carry a hash of their
// content, so that browsers may keep them for ever. It does not build them
// (web/build.sh does, and its output is committed), and it serves nothing that
// was not compiled in.
package static

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
)

// Prefix is the path under which Handler is to be mounted.
const Prefix = "/static/"

//go:embed dist
var embedded embed.FS

type file struct {
	url, kind, etag string
	plain           []byte
	packed          func() []byte // made at the first request, not before every start
}

var (
	files = map[string]*file{} // by plain name
	byURL = map[string]*file{} // by the path that a browser asks for
)

var kinds = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

var cssURL = regexp.MustCompile(`url\(["']?([^"'():]+)["']?\)`)

func init() {
	names, err := fs.Glob(embedded, "dist/*")
	if err != nil {
		panic(err)
	}
	// Style sheets name fonts, so they are hashed after everything else.
	for _, styles := range []bool{false, true} {
		for _, name := range names {
			if (path.Ext(name) == ".css") == styles {
				add(path.Base(name))
			}
		}
	}
}

func add(name string) {
	kind, ok := kinds[path.Ext(name)]
	if !ok {
		return
	}
	content, err := embedded.ReadFile("dist/" + name)
	if err != nil {
		panic(err)
	}
	if path.Ext(name) == ".css" {
		content = cssURL.ReplaceAllFunc(content, func(ref []byte) []byte {
			if f, ok := files[string(cssURL.FindSubmatch(ref)[1])]; ok {
				return []byte("url(" + f.url + ")")
			}
			return ref
		})
	}
	// The hash only tells versions of our own files apart; nobody can choose
	// their content, so it need not be a cryptographic one.
	sum := fnv.New64a()
	sum.Write(content)
	hash := fmt.Sprintf("%016x", sum.Sum64())
	ext := path.Ext(name)
	f := &file{
		url:   Prefix + strings.TrimSuffix(name, ext) + "." + hash + ext,
		kind:  kind,
		etag:  `"` + hash + `"`,
		plain: content,
	}
	if ext != ".woff2" {
		f.packed = sync.OnceValue(func() []byte { return pack(content) })
	}
	files[name], byURL[f.url] = f, f
}

func pack(content []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	w.Write(content)
	w.Close()
	return out.Bytes()
}

// URL returns the address of a file, such as "app.css". A name that is not
// compiled in is a mistake of the programmer and panics.
func URL(name string) string {
	f, ok := files[name]
	if !ok {
		panic("static: no file " + name)
	}
	return f.url
}

// Handler serves the files; mount it at Prefix. An unknown or outdated name is
// a 404, so that a cache never keeps new content under an old name.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := byURL[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		serve(w, r, f)
	})
}

func serve(w http.ResponseWriter, r *http.Request, f *file) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", f.etag)
	if strings.Contains(r.Header.Get("If-None-Match"), f.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.plain
	if f.packed != nil {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = f.packed()
		}
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method == http.MethodGet {
		w.Write(body)
	}
}
