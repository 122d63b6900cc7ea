package door_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"

	"bailiwick/internal/door"
)

// FuzzForwardedFor: the address is the connection's own, or one that parses
// and stands in the header; and only behind a proxy.
func FuzzForwardedFor(f *testing.F) {
	for _, s := range []string{"", "203.0.113.9", "10.9.9.9, 203.0.113.9", "203.0.113.9, 192.0.2.7", "nonsense", "::1", "[::1]:80", "203.0.113.9:80", ",,,", "fe80::1%eth0", "::ffff:192.0.2.1, 203.0.113.9"} {
		f.Add(s, "192.0.2.1:4711")
		f.Add(s, "198.51.100.1:4711")
		f.Add(s, "not an address")
	}
	log, _ := logTo()
	tb := door.New(log, []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, func(w http.ResponseWriter, r *http.Request, err error) {})
	tb.Add(door.Route{Pattern: "GET /", Public: "a test", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, door.Of(r).IP) })})
	f.Fuzz(func(t *testing.T, header, remote string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = remote
		r.Header["X-Forwarded-For"] = []string{header}
		w := httptest.NewRecorder()
		tb.ServeHTTP(w, r)
		got := w.Body.String()
		if got == remote || strings.HasPrefix(remote, got+":") || strings.HasPrefix(remote, "["+got+"]:") {
			return
		}
		named := slices.ContainsFunc(strings.Split(header, ","), func(hop string) bool {
			a, err := netip.ParseAddr(strings.TrimSpace(hop))
			return err == nil && a.Unmap().WithZone("").String() == got
		})
		if !named {
			t.Fatalf("%q from %q is taken for %q", header, remote, got)
		}
		host, _, err := net.SplitHostPort(remote)
		if err != nil {
			host = remote
		}
		if proxy, err := netip.ParseAddr(host); err != nil || !netip.MustParsePrefix("192.0.2.0/24").Contains(proxy.Unmap()) {
			t.Fatalf("%q is believed from %q", header, remote)
		}
	})
}

// FuzzAddress: no method and path get an answer without the headers, or one
// that leads elsewhere.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"/", "/clients/x", "/clients/", "//evil.example", "/static", "/static/../x", "/\\evil.example", "*", "/%2e%2e", "/api/v1", "", "/a\x00b", "/clients/x/y?z"} {
		f.Add("GET", s)
		f.Add("POST", s)
	}
	log, _ := logTo()
	fail := func(w http.ResponseWriter, r *http.Request, err error) { http.Error(w, "no", door.Status(err)) }
	tb := door.New(log, nil, fail)
	for _, p := range []string{"GET /{$}", "GET /clients/{id}", "POST /clients/{id}/edit", "GET /static/", "/api/v1/"} {
		tb.Add(door.Route{Pattern: p, Public: "a test", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) })})
	}
	f.Fuzz(func(t *testing.T, method, path string) {
		for _, u := range []*url.URL{{Path: path}, {Path: path, RawPath: path}} {
			r := &http.Request{Method: method, URL: u, Host: "evil.example", Header: http.Header{}, Body: http.NoBody, ProtoMajor: 1, RemoteAddr: "192.0.2.1:1"}
			w := httptest.NewRecorder()
			tb.ServeHTTP(w, r)
			if w.Header().Get("Content-Security-Policy") != door.Policy || w.Header().Get("Location") != "" || w.Code >= 500 || w.Code/100 == 3 {
				t.Fatalf("%q %q: %d %v", method, path, w.Code, w.Header())
			}
		}
	})
}
