package web

import (
	"strings"
	"testing"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
)

// keptFor counts the answers that are kept.
func (s kbWorld) keptFor() int { return len(s.server.answers.of) }

// Passers-by get kept answers, and each of these changes them at once: what an
// editor writes, who may read, what the organization says, and time alone.
func TestKeptAnswers(t *testing.T) {
	s := newKBWorld(t)
	home, page := s.at(""), s.at("for-all")
	get := func(path string) string {
		t.Helper()
		first, again := s.asks(path), s.asks(path)
		if first.Body.String() != again.Body.String() || first.Header().Get("ETag") != again.Header().Get("ETag") {
			t.Errorf("%s: asked again, another answer", path)
		}
		return first.Body.String()
	}
	get(home)
	get(page)
	if n := s.keptFor(); n != 2 {
		t.Fatalf("%d answers are kept", n)
	}
	passer, _, err := s.Sessions.PasserBy(t.Context(), s.slug, "192.0.2.1", nil)
	s.Must(err)
	s.Must(s.Bases.Say(t.Context(), passer, s.article.ID, true, "x"))
	stamp, err := s.Bases.Stamp(t.Context(), passer, "help")
	s.Must(err)
	for _, a := range s.server.answers.of {
		if a.stamp != stamp {
			t.Error("what anybody may write makes every answer anew")
		}
	}

	d, err := s.Bases.Draft(t.Context(), s.Admin, s.article.ID)
	s.Must(err)
	saved, err := s.Bases.Edit(t.Context(), s.Admin, s.article.ID, d.Version, kb.Input{Category: d.Category, Title: "For everybody", Markdown: "New words.", Tags: d.Tags})
	s.Must(err)
	if strings.Contains(get(page), "New words") {
		t.Error("what is not published yet is shown")
	}
	version, err := s.Bases.Publish(t.Context(), s.Admin, s.article.ID, saved.Version, 0)
	s.Must(err)
	if !strings.Contains(get(page), "New words") || !strings.Contains(get(home), "For everybody") {
		t.Error("what was published is not shown")
	}

	later, err := s.Bases.Write(t.Context(), s.Admin, "help", kb.Input{Category: s.public.ID, Title: "In an hour", Markdown: "Words."})
	s.Must(err)
	_, err = s.Bases.Publish(t.Context(), s.Admin, later.ID, later.Version, s.Clock.Now().Add(time.Hour).UnixMilli())
	s.Must(err)
	if strings.Contains(get(home), "In an hour") {
		t.Error("what is scheduled is shown before its time")
	}
	s.Clock.Advance(time.Hour)
	if !strings.Contains(get(home), "In an hour") {
		t.Error("what is scheduled is not shown at its time")
	}

	_, err = s.Bases.Unpublish(t.Context(), s.Admin, s.article.ID, version)
	s.Must(err)
	if w := s.asks(page); w.Code != 404 {
		t.Errorf("taken back, it is answered %d", w.Code)
	}
	front, err := s.Bases.Open(t.Context(), s.Admin, "help")
	s.Must(err)
	for _, c := range front.Categories {
		if c.ID == s.public.ID {
			_, err = s.Bases.EditCategory(t.Context(), s.Admin, c.ID, c.Version, kb.CategoryInput{Name: c.Name, Visibility: gate.ForReaders})
			s.Must(err)
		}
	}
	if w := s.asks(home); w.Code != 404 {
		t.Errorf("nothing is public, and it is answered %d", w.Code)
	}
}

// Whoever is signed in is answered for himself, and what he is answered is kept
// for nobody.
func TestNothingIsKeptOfWhoIsSignedIn(t *testing.T) {
	s := newKBWorld(t)
	me := s.surfer(t)
	me.signIn(ada)
	var cookie []string
	for n, v := range me.cookies {
		cookie = append(cookie, n+"="+v)
	}
	mine := func() string { return s.asks(s.at(""), "Cookie", strings.Join(cookie, "; ")).Body.String() }
	if body := mine(); !strings.Contains(body, "For readers") {
		t.Error(body)
	}
	if s.keptFor() != 0 {
		t.Error("kept")
	}
	if body := s.asks(s.at("")).Body.String(); strings.Contains(body, "For readers") {
		t.Error(body)
	}
	if body := mine(); !strings.Contains(body, "For readers") {
		t.Error("a passer-by's answer is given to a reader")
	}
}

// However much is asked for, what is kept stays within its bounds.
func TestKeptAnswersAreBounded(t *testing.T) {
	var c keptPages
	for n := range 100 {
		c.put(pageOf{path: strings.Repeat("x", n)}, keptPage{body: make([]byte, mostOfThis)})
		sum := 0
		for _, a := range c.of {
			sum += len(a.body)
		}
		if sum > mostKept || sum != c.bytes || sum == 0 {
			t.Fatalf("%d bytes, counted %d", sum, c.bytes)
		}
	}
	c.put(pageOf{}, keptPage{body: make([]byte, mostOfThis+1)})
	if a := c.of[pageOf{}]; len(a.body) > mostOfThis {
		t.Error("one answer takes more than its part")
	}
}
