package web

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
)

var focused = regexp.MustCompile(`<(?:button|a)[^>]*autofocus[^>]*>`)

// TestMovingByKeyboard: after a step the same button has the keyboard, or
// another one of the same category, and it is said what was moved where.
func TestMovingByKeyboard(t *testing.T) {
	s := newKBWorld(t)
	for _, name := range []string{"Second", "Third"} {
		_, err := s.Bases.AddCategory(t.Context(), s.Admin, "help", "", kb.CategoryInput{Name: name, Visibility: gate.ForReaders})
		s.Must(err)
	}
	me := s.surfer(t)
	me.signIn(ada)
	moves := "/kb/help/categories/" + s.public.ID + "/move"
	for _, c := range []struct{ act, said, focus string }{{"down", "Open was moved down.", "Move Open down"}, {"down", "Open was moved down.", "Move Open up"},
		{"in", "Open was moved into Third.", "Move Open out"}, {"out", "Open was moved to the top level.", "Move Open up"}} {
		to := me.post(moves, "act", c.act).Header().Get("Location")
		page := me.get(to).says(200, c.said)
		if all := focused.FindAllString(page.Body.String(), -1); strings.Contains(to, "#") || len(all) != 1 || !strings.Contains(all[0], `"`+c.focus+`"`) {
			t.Errorf("%s leads to %s, focus is on %v", c.act, to, all)
		}
	}
}

// TestOpeningToAnybody: whoever makes a category public is asked before, with
// how many articles become readable by anybody.
func TestOpeningToAnybody(t *testing.T) {
	s := newKBWorld(t)
	me := s.surfer(t)
	me.signIn(ada)
	id, err := s.Bases.AddCategory(t.Context(), s.Admin, "help", s.private.ID, kb.CategoryInput{Name: "Within", Visibility: gate.ForAnybody})
	s.Must(err)
	for _, in := range []string{id, s.private.ID} {
		_, err = s.Bases.Write(t.Context(), s.Admin, "help", kb.Input{Category: in, Title: "Draft"})
		s.Must(err)
	}
	at := "/kb/help/categories/" + s.private.ID
	form := []string{"version", "1", "name", "General", "visibility", "public"}
	me.post(at, form...).says(422, "Nothing was saved yet.", "3 articles (1 published) become readable by anybody").holds(`value="public" checked`, `name="version" value="1"`)
	if w := s.asks(s.at("for-readers")); w.Code != 404 {
		t.Error("it is public before anybody confirmed that")
	}
	me.post(at, append(form, "sure", "1")...).leads("/kb/help/categories")
	if w := s.asks(s.at("for-readers")); w.Code != 200 {
		t.Error("it is not public")
	}
	me.post(at, "version", "2", "name", "General", "visibility", "public").leads("/kb/help/categories") // is public already
	me.post(at, "version", "1", "name", "General", "visibility", "public").says(409, "in the meantime")
}

// TestVary: a page that caches keep says by what it differs, behind the
// compressing layer too.
func TestVary(t *testing.T) {
	s := newKBWorld(t)
	h, err := s.table.Compressed()
	s.Must(err)
	for _, coding := range []string{"gzip", ""} {
		for range 2 { // the second one is kept
			r := httptest.NewRequest("GET", s.at(""), nil)
			r.Header.Set("Accept-Encoding", coding)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if vary := strings.Join(w.Header().Values("Vary"), ", "); w.Code != 200 || !strings.Contains(vary, "Accept-Encoding") || !strings.Contains(vary, "Cookie") || w.Header().Get("Content-Encoding") != coding {
				t.Errorf("%q: %d %v", coding, w.Code, w.Header())
			}
		}
	}
}
