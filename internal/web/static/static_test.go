package static

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, method, path string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w
}

func TestServesForEverUnderItsHash(t *testing.T) {
	url := URL("app.css")
	w := get(t, "GET", url, nil)
	if w.Code != 200 || w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	again := get(t, "GET", url, map[string]string{"If-None-Match": w.Header().Get("ETag")})
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("%d with %d bytes", again.Code, again.Body.Len())
	}
	for _, wrong := range []string{"/static/app.css", "/static/app.0000000000000000.css", "/static/", "/static/../go.mod"} {
		if w := get(t, "GET", wrong, nil); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", wrong, w.Code)
		}
	}
	if w := get(t, "POST", url, nil); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

// Every address in the style sheet is one that Handler serves: a font under a
// name that is not there would silently look wrong.
func TestStylesNameWhatIsServed(t *testing.T) {
	styles := get(t, "GET", URL("app.css"), nil).Body.String()
	fonts := regexp.MustCompile(`url\((/static/[^)]+)\)`).FindAllStringSubmatch(styles, -1)
	if len(fonts) != 4 {
		t.Fatalf("%d fonts in the style sheet", len(fonts))
	}
	for _, f := range fonts {
		if w := get(t, "GET", f[1], nil); w.Code != 200 || w.Header().Get("Content-Type") != "font/woff2" {
			t.Errorf("%s: %d", f[1], w.Code)
		}
	}
}

// The first visit may transfer 150 kB of our own (test/browser looks at whole
// pages); 28 kB of them are for the page.
func TestFirstVisitIsSmall(t *testing.T) {
	sum := 0
	for _, name := range []string{"app.css", "app.js", "htmx.min.js", "icon.svg", "inter-latin.woff2", "mono-latin.woff2"} {
		sum += get(t, "GET", URL(name), map[string]string{"Accept-Encoding": "gzip"}).Body.Len()
	}
	if sum > 122_000 {
		t.Errorf("%d bytes", sum)
	}
}

func TestUnknownNamePanics(t *testing.T) {
	defer func() {
		if got, _ := recover().(string); !strings.Contains(got, "nothing.css") {
			t.Errorf("recovered %q", got)
		}
	}()
	URL("nothing.css")
}
