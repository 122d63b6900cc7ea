package door_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"bailiwick/internal/door"
)

// Plain http is for this machine and the proxies in front: everybody else is
// told so, with the headers of every answer.
func TestNear(t *testing.T) {
	table := door.New(slog.New(slog.NewTextHandler(io.Discard, nil)), []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}, func(http.ResponseWriter, *http.Request, error) {})
	table.Add(door.Route{Pattern: "GET /", Public: "a test", Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "here") })})
	ask := func(from string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = from
		r.Header.Set("X-Forwarded-For", "127.0.0.1")
		w := httptest.NewRecorder()
		table.ServeHTTP(w, r)
		return w
	}
	if w := ask("192.0.2.1:1"); w.Code != http.StatusOK {
		t.Errorf("with https in front of nothing: %d", w.Code)
	}
	table.Near()
	for from, want := range map[string]int{"127.0.0.1:1": 200, "[::1]:1": 200, "[::ffff:127.0.0.1]:1": 200, "10.1.2.3:1": 200, "10.2.2.3:1": 403, "192.0.2.1:1": 403, "nonsense": 403} {
		w := ask(from)
		if w.Code != want || w.Header().Get("Content-Security-Policy") != door.Policy {
			t.Errorf("%s: %d %v", from, w.Code, w.Header())
		}
	}
}
