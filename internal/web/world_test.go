package web

import (
	"bytes"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/door"
	"bailiwick/internal/seal"
)

// site is a server with its pages, and the secrets that no answer may show.
type site struct {
	*apptest.World
	data    *db.DB
	table   *door.Table
	server  *Server
	log     *safeLog
	secrets []string
}

type safeLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *safeLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newSite is a server with one provider, whose administrator is Ada.
func newSite(t *testing.T) *site {
	t.Helper()
	d := dbtest.SQLite(t)
	w := apptest.New(t, d)
	s := mountSite(t, w.App, Options{})
	s.World, s.data = w, d
	s.secrets = append(s.secrets, apptest.Password, w.Code.Chars(), w.Code.Words(), w.Recovery.Chars())
	return s
}

func mountSite(t *testing.T, a *app.App, o Options) *site {
	t.Helper()
	s := &site{log: &safeLog{}}
	o.Log = slog.New(slog.NewTextHandler(s.log, nil))
	s.table = door.New(o.Log, nil, func(w http.ResponseWriter, r *http.Request, err error) { Failed(o.Log, w, r, err) })
	s.server = Mount(a, s.table, o)
	t.Cleanup(func() { s.clean(t, "the log", s.log.String()) })
	return s
}

func (s *site) clean(t *testing.T, where, text string) {
	t.Helper()
	for i, secret := range s.secrets {
		if strings.Contains(text, secret) || strings.Contains(text, url.QueryEscape(secret)) {
			t.Errorf("%s holds secret %d", where, i)
		}
	}
}

// surfer is a browser: it keeps cookies, and follows nothing by itself.
type surfer struct {
	t       *testing.T
	site    *site
	cookies map[string]string
	header  http.Header
}

func (s *site) surfer(t *testing.T) *surfer {
	return &surfer{t, s, map[string]string{}, http.Header{"User-Agent": {"Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0"}}}
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t *testing.T
}

func (b *surfer) do(method, path string, form url.Values) answer {
	b.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.RemoteAddr = "192.0.2.7:4711"
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range b.header {
		r.Header[k] = v
	}
	for n, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: n, Value: v})
	}
	w := httptest.NewRecorder()
	b.site.table.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
			continue
		}
		b.cookies[c.Name] = c.Value
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			b.t.Errorf("%s %s: cookie %s has weak attributes: %s", method, path, c.Name, c.Raw)
		}
	}
	if w.Header().Get("Content-Security-Policy") != door.Policy || w.Header().Get("X-Request-Id") == "" || w.Header().Get("Cache-Control") != "no-store" {
		b.t.Errorf("%s %s: headers are missing: %v", method, path, w.Header())
	}
	if strings.Contains(w.Body.String(), "style=\"") || regexp.MustCompile(`<script>|\son[a-z]+="`).MatchString(w.Body.String()) {
		b.t.Errorf("%s %s: inline style or script, which the policy forbids", method, path)
	}
	b.site.clean(b.t, method+" "+path+": headers", strings.Join(append(w.Header()["Set-Cookie"], w.Header().Get("Location")), "\n"))
	return answer{w, b.t}
}

func (b *surfer) get(path string) answer { b.t.Helper(); return b.do("GET", path, nil) }

func (b *surfer) post(path string, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{"once": {seal.NewToken().Reveal()}}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do("POST", path, form)
}

// says demands a status and words of the page.
func (a answer) says(status int, words ...string) answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("status %d, want %d: %s", a.Code, status, a.text())
	}
	for _, w := range words {
		if !strings.Contains(a.text(), w) {
			a.t.Errorf("the page does not say %q:\n%s", w, a.text())
		}
	}
	return a
}

// lacks demands that something is nowhere in the answer; markup is looked for
// as markup only.
func (a answer) lacks(words ...string) answer {
	a.t.Helper()
	for _, w := range words {
		if strings.Contains(a.Body.String(), w) || (!strings.ContainsAny(w, "<>") && strings.Contains(a.text(), w)) {
			a.t.Errorf("the page holds %q", w)
		}
	}
	return a
}

// leads demands a redirect.
func (a answer) leads(path string) answer {
	a.t.Helper()
	if got := a.Header().Get("Location"); a.Code != http.StatusSeeOther || got != path {
		a.t.Fatalf("status %d to %q, want a redirect to %q: %s", a.Code, got, path, a.text())
	}
	return a
}

var (
	tags   = regexp.MustCompile(`(?s)<svg.*?</svg>|<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
	inputs = regexp.MustCompile(`<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"`)
)

// text is what one reads on the page.
func (a answer) text() string {
	return spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(a.Body.String(), "")), " ")
}

// value is what stands in a field.
func (a answer) value(name string) string {
	for _, m := range inputs.FindAllStringSubmatch(a.Body.String(), -1) {
		if m[1] == name {
			return html.UnescapeString(m[2])
		}
	}
	return ""
}

// signIn signs Ada (or another) in with the vault open.
func (b *surfer) signIn(email string) *surfer {
	b.t.Helper()
	b.post("/sign-in", "email", email, "password", apptest.Password).leads("/open?next=%2F")
	b.post("/open", "organization_key", b.site.Code.Chars(), "next", "/")
	if !strings.Contains(b.get("/me").Body.String(), "This session holds the keys of the vault") {
		b.t.Fatal("the vault is not open after signing in")
	}
	return b
}

const ada = "ada@northwind.example"
