package door_test

import (
	"net/http"
	"strings"
	"testing"
)

// What is not what an address takes is refused whole: unknown fields, depth,
// doubled names, other kinds, too many bytes. Each route of the API that
// could change something is tried, signed in.
func TestBodiesAreStrictOnEveryJSONRoute(t *testing.T) {
	s := newSite(t)
	deep := strings.Repeat(`{"name":`, 9) + "1" + strings.Repeat("}", 9)
	before := s.rows(t)
	takers := 0
	for _, r := range s.table.Routes() {
		if !unsafe(r) || !isAPI(r) {
			continue
		}
		method, path := s.address(t, r, true)
		for _, c := range []struct {
			name, body, kind string
			may              []int // a route that takes no body, or a stream, says so first
		}{
			{"unknown field", `{"no_such_field":1}`, "application/json", []int{422, 400, 415}},
			{"deep", deep, "application/json", []int{400, 415}},
			{"very deep", strings.Repeat("[", 100_000), "application/json", []int{400, 415}},
			{"doubled name", `{"name":"a","name":"b"}`, "application/json", []int{400, 415}},
			{"not UTF-8", "{\"name\":\"\xff\"}", "application/json", []int{400, 415}},
			{"two values", `{} {}`, "application/json", []int{400, 415}},
			{"not JSON", `name=Evil`, "application/json", []int{400, 415}},
			{"a list", `[]`, "application/json", []int{400, 415, 422}},
			{"null", `null`, "application/json", []int{400, 415, 422}},
			{"form", `name=Evil`, "application/x-www-form-urlencoded", []int{415, 400}},
			{"text", `{"name":"Evil"}`, "text/plain", []int{415, 400}},
			{"too large", `{"name":"` + strings.Repeat("x", int(max(r.Body, 1<<20))) + `"}`, "application/json", []int{413, 400, 415}},
		} {
			res := s.ask(s.http, method, path, c.body, true, "Content-Type", c.kind)
			text := read(t, res)
			ok := false
			for _, m := range c.may {
				ok = ok || res.StatusCode == m
			}
			if !ok {
				t.Errorf("%s: %s is answered %d, want one of %v: %.200s", r.Pattern, c.name, res.StatusCode, c.may, text)
			}
			if res.StatusCode == 400 && c.name == "unknown field" && !strings.Contains(text, "takes no body") {
				t.Errorf("%s: %s: %.200s", r.Pattern, c.name, text)
			}
			if c.name == "unknown field" && res.StatusCode == 422 {
				takers++
				if !strings.Contains(text, "no_such_field") {
					t.Errorf("%s does not name the unknown field: %.200s", r.Pattern, text)
				}
			}
			if c.name == "too large" && res.StatusCode == 400 && !strings.Contains(text, "takes no body") {
				t.Errorf("%s: a large body is answered %.200s", r.Pattern, text)
			}
		}
	}
	if takers < 10 {
		t.Errorf("only %d routes take JSON: is the table whole?", takers)
	}
	if rows, _ := changed(before, s.rows(t)); len(rows) > 0 {
		t.Errorf("a refused body changed:\n%s", strings.Join(rows, "\n"))
	}
}

// No form is read past its route's limit.
func TestFormsAreLimitedOnEveryRoute(t *testing.T) {
	s := newSite(t)
	large := "name=" + strings.Repeat("x", 1<<20)
	for _, r := range s.table.Routes() {
		if !unsafe(r) || isAPI(r) || r.Body > 1<<20 {
			continue
		}
		method, path := s.address(t, r, true)
		res := s.ask(s.http, method, path, large, true)
		hard(t, r.Pattern+" with too much", res, path)
		if res.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d, want 413", r.Pattern, res.StatusCode)
		}
		s.stay()
	}
}
