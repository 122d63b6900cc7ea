package door_test

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/clock"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/seal"
	"bailiwick/internal/web"
	"bailiwick/internal/web/static"
)

var inline = regexp.MustCompile(`(?i)<script>|<style|\sstyle="|\son[a-z]+="|javascript:|<base\b|<(iframe|object|embed)\b`)

// reading is where knowledge bases are read.
var reading = regexp.MustCompile(`^/o/[^/]+/kb(/|$)`)

// hard demands of an answer what every answer must have, whatever it says.
func hard(t *testing.T, what string, res *http.Response, path string) {
	t.Helper()
	body, h := read(t, res), res.Header
	policy, cache := door.Policy, "no-store"
	switch ok := res.StatusCode == 200 || res.StatusCode == 304; {
	case strings.HasPrefix(path, static.Prefix) && ok:
		cache = "public, max-age=31536000, immutable" // the same for everybody, under the hash of its content
	case reading.MatchString(path):
		if h.Get("Content-Security-Policy") == web.ReadPolicy { // stricter: no script
			policy = web.ReadPolicy
		}
		if ok && h.Get("Etag") != "" { // what anybody may read; asked for again each time
			if cache = "public, no-cache"; h.Get("Cache-Control") == "private, no-cache" { // of who is signed in
				cache = "private, no-cache"
			}
		}
	}
	for name, want := range map[string]string{
		"Content-Security-Policy":      policy,
		"Strict-Transport-Security":    "max-age=63072000; includeSubDomains",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"X-Frame-Options":              "DENY",
		"Permissions-Policy":           "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
	} {
		if got := h.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %s is %q", what, name, got)
		}
	}
	if got := h.Get("Cache-Control"); got != cache {
		t.Errorf("%s: Cache-Control is %q, want %q", what, got, cache)
	}
	if !strings.HasPrefix(h.Get("X-Request-Id"), "req_") {
		t.Errorf("%s: no request id", what)
	}
	if body != "" && h.Get("Content-Type") == "" {
		t.Errorf("%s: a body without a type", what)
	}
	for name := range h {
		if strings.HasPrefix(name, "Access-Control-") || name == "Server" || name == "X-Powered-By" {
			t.Errorf("%s: %s is sent", what, name)
		}
	}
	if to := h.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
		t.Errorf("%s leads to %s", what, to)
	}
	for _, c := range res.Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s: cookie %s has weak attributes", what, c.Name)
		}
	}
	if strings.Contains(h.Get("Content-Type"), "text/html") && inline.MatchString(body) {
		t.Errorf("%s: inline script or style: %s", what, inline.FindString(body))
	}
	if all := body + strings.Join(h.Values("Location"), "") + strings.Join(h.Values("Set-Cookie"), ""); strings.Contains(all, "evil.example") {
		t.Errorf("%s: names a host that the request chose", what)
	}
}

func TestPolicyIsStrict(t *testing.T) {
	for _, weak := range []string{"unsafe-", "*", "http:", "https:", "strict-dynamic", "blob:"} {
		if strings.Contains(door.Policy, weak) {
			t.Errorf("the policy has %s", weak)
		}
	}
	for _, must := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'", "form-action 'self'", "script-src 'self';", "style-src 'self';"} {
		if !strings.Contains(door.Policy, must) {
			t.Errorf("the policy lacks %s", must)
		}
	}
}

// Every route of the table, in every way it can answer.
func TestEveryAnswerOfEveryRouteIsHard(t *testing.T) {
	s := newSite(t)
	seen := map[int]int{}
	say := func(h http.Handler, r door.Route, there, signed bool, body string, header ...string) int {
		t.Helper()
		method, path := s.address(t, r, there)
		res := s.ask(h, method, path, body, signed, header...)
		hard(t, r.Pattern+" "+http.StatusText(res.StatusCode), res, path)
		seen[res.StatusCode]++
		return res.StatusCode
	}
	// Ways that change nothing come first: what a route does is not undone.
	for _, r := range s.table.Routes() {
		say(s.http, r, true, false, "")
		say(s.http, r, false, true, "")
		say(s.http, r, true, true, "", "Accept-Encoding", "gzip")
		if unsafe(r) {
			say(s.http, r, true, true, "{\"nonsense\"", "Sec-Fetch-Site", "cross-site")
			say(s.http, r, true, true, "{\"nonsense\"")
		}
		// Cookies of another making, a bearer that is none.
		say(s.http, r, true, false, "", "Cookie", "__Host-session=bws_org_x.y; __Host-flash=%%%", "Authorization", "Bearer nonsense")
		s.stay()
	}
	for _, path := range []string{"/", "/nowhere", "/static", "/api/v1", "/static/app.css", "/static/../go.mod", "//evil.example", "/%2e%2e/etc/passwd", "/clients//x", "/api/v1/nowhere", "/clients/", "/\\evil.example"} {
		for _, m := range []string{"GET", "HEAD", "POST", "OPTIONS", "TRACE"} {
			res := s.raw(t, m, path)
			hard(t, m+" "+path, res, path)
			seen[res.StatusCode]++
			if res.StatusCode >= 500 {
				t.Errorf("%s %s: %d", m, path, res.StatusCode)
			}
		}
	}
	// A panic in every handler, and a server that is too busy in each.
	for status, handler := range map[int]http.HandlerFunc{
		500: func(http.ResponseWriter, *http.Request) { panic("canary") },
		503: nil,
	} {
		table, h, log := s.replaced(t, handler)
		for _, r := range table.Routes() {
			if got := say(h, r, true, true, ""); got != status {
				t.Errorf("%s: %d, want %d", r.Pattern, got, status)
			}
		}
		if strings.Contains(log.String(), "canary") {
			t.Error("a panic's value is in the log")
		}
	}
	// Nothing works any more; nothing is shown.
	s.Must(s.db.Close())
	slash := map[string]bool{"GET /o/{slug}/kb/{base}": true, "GET /o/{slug}/kb/{$}": true} // which only add or take one
	for _, r := range s.table.Routes() {
		if got := say(s.http, r, true, true, ""); got < 400 && r.Public == "" && !slash[r.Pattern] {
			t.Errorf("%s: %d without a database", r.Pattern, got)
		}
	}
	for _, must := range []int{200, 303, 400, 401, 404, 405, 500, 503} {
		if seen[must] == 0 {
			t.Errorf("no answer was a %d: %v", must, seen)
		}
	}
}

// replaced is the same table with another handler behind every route; nil is
// one that is too busy.
func (s *site) replaced(t *testing.T, handler http.HandlerFunc) (*door.Table, http.Handler, *strings.Builder) {
	t.Helper()
	log, text := logTo()
	fail := failed(log)
	if handler == nil {
		handler = func(w http.ResponseWriter, r *http.Request) {
			fail(w, r, fault.Busy("Full.", time.Second, errors.New("full")))
		}
	}
	table := door.New(log, nil, fail)
	for _, r := range s.table.Routes() {
		r.Handler = handler
		table.Add(r)
	}
	h, err := table.Compressed()
	s.Must(err)
	return table, h, text
}

// Before anybody has set anything up, every page leads to that.
func TestEveryAnswerBeforeSetUpIsHard(t *testing.T) {
	argon, err := seal.NewArgonAt(apptest.Cheap, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(dbtest.SQLite(t), seal.NewKey(), argon, clock.System{})
	t.Cleanup(a.Close)
	table, h, _ := mount(t, a, web.Options{SetupToken: seal.NewToken()})
	s := &site{ids: map[string]string{}}
	for _, part := range []string{"/clients", "/folders", "/credentials", "/import", "/imports", "/tokens", "/sessions", "/devices", "/history", "/versions", "/o", "/key", "/groups", "/requests", "/passes", "/levels", "/outbox", "/test", "/users", "/factors", "/links", "/link", "/fields", "/types", "/undo", "/kb", "/knowledge-bases", "/categories", "/c", "/articles", "/edit", "/helpful", "/files", "/drafts", "/people", "/tags"} {
		s.ids[part] = "1"
	}
	for _, r := range table.Routes() {
		method, path := s.address(t, r, true)
		res := s.ask(h, method, path, "", false)
		hard(t, r.Pattern, res, path)
		if r.Public == "" && res.StatusCode < 300 {
			t.Errorf("%s answers %d before set-up", r.Pattern, res.StatusCode)
		}
	}
}
