package door_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"bailiwick/internal/clock"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

func table(t *testing.T) (*door.Table, *strings.Builder) {
	log := &strings.Builder{}
	failed := func(w http.ResponseWriter, r *http.Request, err error) {
		http.Error(w, "answer "+door.Of(r).ID, door.Status(err))
	}
	tb := door.New(slog.New(slog.NewTextHandler(log, nil)), []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, failed)
	o := org.New(gate.New(dbtest.SQLite(t), clock.System{}), seal.NewKey(), nil)
	add := func(pattern, public string, h http.HandlerFunc) {
		tb.Add(door.Route{Pattern: pattern, Public: public, Handler: h})
	}
	add("GET /forgot", "", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "secret=1")
		io.WriteString(w, "the secret")
	})
	add("GET /sent", "", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/?secret", http.StatusSeeOther) })
	add("GET /asked", "", func(w http.ResponseWriter, r *http.Request) {
		who := gate.Stranger("", "", door.Of(r).Trace)
		_, err := gate.Do(r.Context(), gate.New(dbtest.SQLite(t), clock.System{}), who, org.OpView, gate.Nothing(), func(*gate.Tx) (int, error) { return 0, nil })
		if !fault.Is(err, fault.Unsigned) {
			t.Error(err)
		}
		io.WriteString(w, "fine")
	})
	add("GET /public", "a test", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, door.Of(r).IP) })
	add("POST /public", "a test", func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		http.Error(w, "", door.Status(err))
	})
	add("GET /panic", "a test", func(http.ResponseWriter, *http.Request) { panic("the secret") })
	_ = o
	return tb, log
}

func ask(tb http.Handler, method, path, body string, header ...string) *http.Response {
	r := httptest.NewRequestWithContext(context.Background(), method, path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	tb.ServeHTTP(w, r)
	return w.Result()
}

func TestAnswerWithoutDecisionIsReplaced(t *testing.T) {
	tb, _ := table(t)
	for _, path := range []string{"/forgot", "/sent"} {
		res := ask(tb, "GET", path, "")
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != 500 || strings.Contains(string(body), "secret") || res.Header.Get("Set-Cookie") != "" || res.Header.Get("Location") != "" {
			t.Errorf("%s got through: %d %q %v", path, res.StatusCode, body, res.Header)
		}
	}
	if res := ask(tb, "GET", "/asked", ""); res.StatusCode != 200 {
		t.Errorf("a decision was made, but the answer was %d", res.StatusCode)
	}
}

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	tb, log := table(t)
	for path, want := range map[string]int{"/public": 200, "/nowhere": 404, "/panic": 500, "/forgot": 500, "/asked": 200} {
		res := ask(tb, "GET", path, "")
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
		for name, part := range map[string]string{"Content-Security-Policy": "default-src 'none'", "Strict-Transport-Security": "max-age=63072000",
			"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Request-Id": "req_"} {
			if !strings.Contains(res.Header.Get(name), part) {
				t.Errorf("%s: %s is %q", path, name, res.Header.Get(name))
			}
		}
	}
	if strings.Contains(log.String(), "the secret") {
		t.Error("a panic's value reached the log")
	}
}

func TestRefusals(t *testing.T) {
	tb, _ := table(t)
	if res := ask(tb, "DELETE", "/public", ""); res.StatusCode != 405 || res.Header.Get("Allow") == "" {
		t.Errorf("another method: %d", res.StatusCode)
	}
	if res := ask(tb, "POST", "/public", "", "Sec-Fetch-Site", "cross-site"); res.StatusCode != 404 {
		t.Errorf("from another site: %d", res.StatusCode)
	}
	if res := ask(tb, "POST", "/public", strings.Repeat("x", 2<<20)); res.StatusCode != 413 {
		t.Errorf("too large: %d", res.StatusCode)
	}
}

func TestForwardedForIsBelievedFromProxiesOnly(t *testing.T) {
	tb, _ := table(t) // httptest's requests come from 192.0.2.1
	for forwarded, want := range map[string]string{"": "192.0.2.1", "203.0.113.9": "203.0.113.9", "10.9.9.9, 203.0.113.9": "203.0.113.9",
		"203.0.113.9, 192.0.2.7": "203.0.113.9", "nonsense": "192.0.2.1"} {
		body, _ := io.ReadAll(ask(tb, "GET", "/public", "", "X-Forwarded-For", forwarded).Body)
		if string(body) != want {
			t.Errorf("%q gives %q, want %q", forwarded, body, want)
		}
	}
}
