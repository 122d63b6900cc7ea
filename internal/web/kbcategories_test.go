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
		_, err := s.Bases.AddCategory(t.Context(), s.Admin, "help", "", kb.CategoryInput{Name: name, Visibility: gate.ForAnybody})
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

// TestMovingToAnybody: the same is asked of every other way to it: by button or
// by dragging, by deleting a category, and by an article's category.
func TestMovingToAnybody(t *testing.T) {
	s := newKBWorld(t)
	me := s.surfer(t).signIn(ada)
	within, err := s.Bases.AddCategory(t.Context(), s.Admin, "help", s.private.ID, kb.CategoryInput{Name: "Within", Visibility: gate.ForAnybody})
	s.Must(err)
	made, err := s.Bases.Write(t.Context(), s.Admin, "help", kb.Input{Category: within, Title: "Kept", Markdown: "Words."})
	s.Must(err)
	_, err = s.Bases.Publish(t.Context(), s.Admin, made.ID, 1, 0)
	s.Must(err)
	closed := func(when string) {
		t.Helper()
		if w := s.asks(s.at("kept")); w.Code != 404 {
			t.Error("public " + when)
		}
	}
	open := func(when string) {
		t.Helper()
		if w := s.asks(s.at("kept")); w.Code != 200 {
			t.Error("not public " + when)
		}
	}
	at := "/kb/help/categories/" + within
	const asked = "1 article (1 published) becomes readable by anybody"
	for _, form := range [][]string{{"act", "out"}, {"act", "put", "parent", "", "before", s.public.ID}} {
		page := me.post(at+"/move", form...).says(422, "Move Within?", "Nothing was moved yet.", asked, "at the top level", "Move, and let anybody read them")
		closed("before it was confirmed")
		me.send(at+"/move", page.form()).leads("/kb/help/categories#" + within)
		open("though it was confirmed")
		me.post(at+"/move", "act", "put", "parent", s.private.ID, "before", "").leads("/kb/help/categories#" + within)
		closed("in a closed category")
	}

	edit := "/kb/help/edit/" + made.ID
	form := append(opened(me.get(edit)), "title", "Kept", "slug", "kept", "markdown", "Words.", "category", s.public.ID)
	page := me.post(edit, append(form, "act", "save")...).says(422, "Not saved yet: its category is another one now.", asked, "Let anybody read it")
	page.holds(`<option value="`+s.public.ID+`" selected`, `name="open" value="1"`)
	closed("before the editor confirmed it")
	// Both questions of a text that looks like a secret: the answer to one is kept for the other.
	secret := append(opened(me.get(edit)), "title", "Kept", "slug", "kept", "markdown", "password: Summer-2031!", "category", s.public.ID, "act", "publish")
	me.post(edit, append(secret, "open", "1")...).says(422, "looks as if it held a secret").holds(`<input type="hidden" name="open" value="1" form="article"`)
	me.post(edit, append(secret, "sure", "1")...).says(422, asked).holds(`<input type="hidden" name="sure" value="1" form="article"`)
	closed("with half of the answers")
	me.post(edit, append(form, "act", "save", "open", "1")...).leads(edit)
	open("though the editor confirmed it")
	me.post(edit, append(opened(me.get(edit)), "title", "Kept", "slug", "kept", "markdown", "Words.", "category", within, "act", "save")...).leads(edit)
	closed("back in a closed category")

	me.post(at+"/delete", "to", s.public.ID).says(422, "Nothing was deleted yet.", asked).holds(`value="` + s.public.ID + `" selected`)
	closed("before the deletion was confirmed")
	me.post(at+"/delete", "to", s.public.ID, "sure", "1").leads("/kb/help/categories")
	open("though the deletion was confirmed")
}

// TestTwoEditorsOfACategory: neither undoes what only the other one changed,
// and the second one is told what that was.
func TestTwoEditorsOfACategory(t *testing.T) {
	s := newKBWorld(t)
	group, err := s.Access.AddGroup(t.Context(), s.Admin, "Night shift", nil, nil)
	s.Must(err)
	me := s.surfer(t).signIn(ada)
	at := "/kb/help/categories/" + s.private.ID
	read := me.get(at).form()
	_, err = s.Bases.EditCategory(t.Context(), s.Admin, s.private.ID, 1, kb.CategoryInput{Name: "General", Visibility: gate.ForGroups, Groups: []string{group}})
	s.Must(err)
	page := me.send(at, read, "name", "Common").says(409, "Somebody else changed this category in the meantime. Nothing of yours was saved yet.", "Read by: all readers → readers in Night shift. Taken over below.").lacks("Name:")
	page.holds(`value="Common"`, `value="groups" checked`, `name="version" value="2"`)
	form := page.form()
	form.Set("group", group)
	me.send(at, form).leads("/kb/help/categories")
	if c, err := s.Bases.Category(t.Context(), s.Admin, s.private.ID); err != nil || c.Name != "Common" || c.ReadBy() != "readers in Night shift" {
		t.Errorf("%+v, %v", c, err)
	}
	me.send(at, read, "name", "Mine").says(409, "Name: General → Common. You changed it too: yours is below", "Taken over below.").holds(`value="Mine"`)
	me.send(at, read, "name", "").says(422).holds(`name="version" value="1"`, `name="was_name" value="General"`) // a mistake doesn't make it one of the present version
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
