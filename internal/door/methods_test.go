package door_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// A request that another site makes somebody's browser send does nothing, on
// any route that could do something.
func TestOtherSitesCanChangeNothing(t *testing.T) {
	s := newSite(t)
	before, refused := s.rows(t), 0
	for _, r := range s.table.Routes() {
		if !unsafe(r) {
			continue
		}
		method, path := s.address(t, r, true)
		for _, header := range [][]string{
			{"Sec-Fetch-Site", "cross-site"},
			{"Sec-Fetch-Site", "same-site"},
			{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
			{"Origin", "https://evil.test"},
			{"Origin", "null"},
			{"Origin", "https://evil.example.evil.test"},
		} {
			res := s.ask(s.http, method, path, "", true, header...)
			hard(t, r.Pattern+" from another site", res, path)
			if res.StatusCode != http.StatusNotFound || len(res.Cookies()) > 0 {
				t.Errorf("%s with %v: %d", r.Pattern, header, res.StatusCode)
			}
			refused++
		}
	}
	if rows, _ := changed(before, s.rows(t)); len(rows) > 0 {
		t.Errorf("another site changed:\n%s", strings.Join(rows, "\n"))
	}
	if refused < 300 {
		t.Errorf("only %d requests: is the table whole?", refused)
	}
}

// GET changes nothing but what rows leaves out, and the events of refusals.
// Words that a form would send stand in the query, in case a handler reads
// them from anywhere.
func TestGetChangesNothing(t *testing.T) {
	s := newSite(t)
	const form = "?name=Evil&title=Evil&theme=dark&once=1&confirm=yes&version=1&password=correct+horse+battery+staple+nine&q=router&client="
	before, tried := s.rows(t), 0
	look := func(what string, res *http.Response) {
		t.Helper()
		tried++
		after := s.rows(t)
		if rows, refusals := changed(before, after); !refusals || len(rows) > 0 && res.StatusCode < 300 {
			t.Errorf("%s: answered %d and changed:\n%s", what, res.StatusCode, strings.Join(rows, "\n"))
		}
		before = after
	}
	for _, r := range s.table.Routes() {
		if unsafe(r) {
			continue
		}
		for _, there := range []bool{true, false} {
			method, path := s.address(t, r, there)
			look(r.Pattern, s.ask(s.http, method, path, "", true))
			look(r.Pattern+" as HEAD", s.ask(s.http, "HEAD", path, "", true))
			look(r.Pattern+" with a form's words", s.ask(s.http, method, path+form, "", true))
			look(r.Pattern+" signed out", s.ask(s.http, method, path+form, "", false))
		}
		look(r.Pattern+" from another site", s.ask(s.http, "GET", "/", "", true, "Sec-Fetch-Site", "cross-site"))
	}
	if tried < 400 {
		t.Errorf("only %d requests: is the table whole?", tried)
	}
}

// An address takes the methods of its routes and no others, and says which.
func TestOtherMethodsAreRefused(t *testing.T) {
	s := newSite(t)
	takes, known := map[string][]string{}, http.NewServeMux()
	for _, r := range s.table.Routes() {
		if strings.Contains(r.Pattern, " ") {
			method, path := s.address(t, r, true)
			takes[path] = append(takes[path], method)
			known.HandleFunc(r.Pattern, func(http.ResponseWriter, *http.Request) {})
		}
	}
	before := s.rows(t)
	for path, methods := range takes {
		slices.Sort(methods)
		for _, m := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "POST2"} {
			if _, other := known.Handler(httptest.NewRequest(m, path, nil)); other != "" {
				continue // its own, or another pattern's: /credentials/selected is also an id
			}
			res := s.ask(s.http, m, path, "", true)
			hard(t, m+" "+path, res, path)
			allow := strings.Split(res.Header.Get("Allow"), ", ")
			slices.Sort(allow)
			for _, a := range methods {
				if !slices.Contains(allow, a) {
					t.Errorf("%s %s: Allow is %q and lacks %s", m, path, allow, a)
				}
			}
			if res.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %d, want 405", m, path, res.StatusCode)
			}
		}
	}
	if rows, _ := changed(before, s.rows(t)); len(rows) > 0 {
		t.Errorf("a method that is not taken changed:\n%s", strings.Join(rows, "\n"))
	}
}

// What a client says of its own address is believed from proxies only: nothing
// that it said is kept.
func TestForwardedAddressesAreNotKept(t *testing.T) {
	s := newSite(t)
	for range 3 {
		s.ask(s.http, "POST", "/api/v1/sessions", `{"email":"ada@northwind.example","password":"wrong"}`, false)
	}
	for _, r := range s.table.Routes() {
		method, path := s.address(t, r, true)
		if method == "GET" {
			s.ask(s.http, method, path, "", true)
		}
	}
	own := false
	for row := range s.rows(t) {
		if strings.Contains(row, "203.0.113.66") {
			t.Errorf("kept: %s", row[:min(len(row), 200)])
		}
		own = own || strings.Contains(row, "192.0.2.7")
	}
	if !own {
		t.Error("the real address is nowhere: does anything look?")
	}
}
