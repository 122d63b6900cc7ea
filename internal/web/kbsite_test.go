package web

import (
	"strings"
	"testing"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/perm"
)

// asksAs is a request of somebody who is signed in.
func (s kbWorld) asksAs(b *surfer, path string) answer {
	var cookies []string
	for n, v := range b.cookies {
		cookies = append(cookies, n+"="+v)
	}
	return answer{s.asks(path, "Cookie", strings.Join(cookies, "; ")), b.t}
}

// sees looks for words on a page that is read.
func (a answer) sees(words ...string) answer {
	a.t.Helper()
	text := strings.Join(strings.Fields(a.text()), " ")
	for _, w := range words {
		if !strings.Contains(text, w) {
			a.t.Errorf("%d, without %q: %s", a.Code, w, text)
		}
	}
	return a
}

// TestWhatEditorsRead: counts are those of the lists beside them, and what is
// scheduled says that readers don't see it yet, until they do.
func TestWhatEditorsRead(t *testing.T) {
	s := newKBWorld(t)
	made, err := s.Bases.Write(t.Context(), s.Admin, "help", kb.Input{Category: s.public.ID, Title: "Later", Markdown: "Words."})
	s.Must(err)
	_, err = s.Bases.Publish(t.Context(), s.Admin, made.ID, made.Version, s.Clock.Now().Add(time.Hour).UnixMilli())
	s.Must(err)
	me := s.surfer(t).signIn(ada)
	s.asksAs(me, s.at("")).holds("<strong>Open</strong> <span>1 article</span>", `<span>Open</span> <span class="count">1</span>`)
	me.get("/kb/help/categories").says(200, "3 articles · public") // where they are written, all count
	s.asksAs(me, s.at("later")).sees("Scheduled for 2 November 2026, 10:00 UTC. Readers don't see it yet.").lacks("Updated")
	history := "/kb/help/history/" + made.ID
	me.get(history).says(200, "Scheduled", "no number is lost").lacks("Readers see it")
	s.Clock.Advance(time.Hour)
	s.asksAs(me, s.at("later")).sees("Updated").lacks("Scheduled for")
	me.get(history).says(200, "Readers see it").lacks("Scheduled")
	me.get("/kb/help/edit/"+made.ID).says(200, "Whoever reads the article finds a new file below it at once")
}

// TestEmptyCategories: what a reader finds nothing in is no card.
func TestEmptyCategories(t *testing.T) {
	s := newKBWorld(t)
	_, err := s.Bases.AddCategory(t.Context(), s.Admin, "help", "", kb.CategoryInput{Name: "Empty", Visibility: gate.ForAnybody})
	s.Must(err)
	if page := s.asks(s.at("")).Body.String(); strings.Contains(page, "<strong>Empty</strong>") || !strings.Contains(page, "<strong>Open</strong>") {
		t.Error(page)
	}
	s.asksAs(s.surfer(t).signIn(ada), s.at("")).holds("<strong>Empty</strong>")
}

// TestAroundArticles: signing in leads back to the article, and paper says whose
// it is.
func TestAroundArticles(t *testing.T) {
	s := newKBWorld(t)
	page := answer{s.asks(s.at("for-all")), t}
	page.holds(`/o/`+s.slug+`?next=%2Fo%2F`+s.slug+`%2Fkb%2Fhelp%2Ffor-all"`, `<p class="kb-printed" aria-hidden="true">Northwind IT · Help &amp; more</p>`)
	if got := bytesText(1) + ", " + bytesText(2); got != "1 byte, 2 bytes" {
		t.Error(got)
	}
}

// TestNoTraceOfPerspectives: who looks at the product as somebody else leaves
// nothing, also not what he looks for.
func TestNoTraceOfPerspectives(t *testing.T) {
	s := newKBWorld(t)
	tim := s.Enrol("tim", perm.LevelTechnicianDefault)
	me := s.surfer(t).signIn(ada)
	me.post("/users/" + tim + "/perspective")
	me.get("/").says(200, "tim", "Exit")
	s.asksAs(me, s.at("search?q=wombat")).sees("Nothing was found for wombat")
	s.Must(s.Sweep())
	missed, err := s.Bases.Misses(t.Context(), s.Admin, "help")
	if s.Must(err); len(missed) != 0 {
		t.Errorf("counted %v", missed)
	}
}

// TestRolesOfGuests: a guest has no default role to be given.
func TestRolesOfGuests(t *testing.T) {
	s := newKBWorld(t)
	gus := s.Enrol("gus", "")
	page := s.surfer(t).signIn(ada).get("/kb/help/people?show=all&q=gus").Body.String()
	for _, link := range []string{`href="/users/` + gus + `"`, `href="/users/` + gus + `/add-as-member"`} {
		if !strings.Contains(page, link) {
			t.Errorf("without %s", link)
		}
	}
	_, menu, _ := strings.Cut(page, `aria-label="Role of gus`)
	menu, _, _ = strings.Cut(menu, "</select>")
	if menu == "" || strings.Contains(menu, "Default") || !strings.Contains(menu, `<option value="none" selected>None</option>`) {
		t.Errorf("%q", menu)
	}
}
