package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/kb"
)

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(version|was_[a-z]+)" value="([^"]*)"`)

// opened gives the hidden fields of the editor's form.
func opened(a answer) (fields []string) {
	form := a.Body.String()
	form = form[strings.Index(form, `id="article"`):]
	form = form[:strings.Index(form, "</form>")]
	for _, m := range hiddenField.FindAllStringSubmatch(form, -1) {
		fields = append(fields, m[1], m[2])
	}
	return fields
}

// TestTwoEditors: of two people who change the same article neither undoes what
// only the other one changed, and each is told what that was.
func TestTwoEditors(t *testing.T) {
	s := newKBWorld(t)
	me := s.surfer(t)
	me.signIn(ada)
	edit := "/kb/help/edit/" + s.article.ID
	now := func() kb.Article {
		a, err := s.Bases.Draft(t.Context(), s.Admin, s.article.ID)
		s.Must(err)
		return a
	}
	mine := func(was []string, title, text string) answer {
		return me.post(edit, append(was, "title", title, "category", s.public.ID, "slug", "for-all", "tags", "tag", "markdown", text, "act", "save")...)
	}
	read := now()
	first := opened(me.get(edit))
	_, err := s.Bases.Edit(t.Context(), s.Admin, read.ID, read.Version, kb.Input{Category: s.private.ID, Title: read.Title, Slug: "elsewhere", Markdown: read.Markdown, Tags: []string{"other"}})
	s.Must(err)
	page := mine(first, "Mine", "My text").says(409, "Category: Open → General. Taken over below.", "Address: for-all → elsewhere.", "Tags: tag → other.", "My text").lacks("Title:", "Both of you")
	page.holds(`<option value="`+s.private.ID+`" selected`, `value="elsewhere"`)
	me.post(edit, append(opened(page), "title", "Mine", "category", s.private.ID, "slug", "elsewhere", "tags", "other", "markdown", "My text", "act", "save")...).leads(edit)
	if a := now(); a.Category != s.private.ID || a.Title != "Mine" || a.Slug != "elsewhere" || a.Markdown != "My text" || len(a.Tags) != 1 || a.Tags[0] != "other" {
		t.Errorf("saved %+v", a)
	}

	// Both changed title and text: each keeps his own, and sees the other's.
	read = now()
	second := opened(me.get(edit))
	_, err = s.Bases.Edit(t.Context(), s.Admin, read.ID, read.Version, kb.Input{Category: s.private.ID, Title: "Theirs", Markdown: "Their text"})
	s.Must(err)
	page = me.post(edit, append(second, "title", "Ours", "category", s.private.ID, "slug", "elsewhere", "tags", "other", "markdown", "Our text", "act", "save")...)
	page.says(409, "Title: Mine → Theirs. You changed it too", "Tags: other → nothing.", "Both of you changed the text").holds(`value="Ours"`)

	// What only the other one wrote is in the form.
	page = me.post(edit, append(second, "title", "Mine", "category", s.private.ID, "slug", "elsewhere", "tags", "other", "markdown", "My text", "act", "save")...)
	page.says(409, "you had not changed it").holds(`value="Theirs"`, ">Their text</textarea>")

	// What was saved before its time of publishing was refused is saved once.
	late := opened(me.get(edit))
	page = me.post(edit, append(late, "title", "Late", "category", s.private.ID, "slug", "elsewhere", "tags", "", "markdown", "Late text", "act", "publish", "at", "2020-01-01T08:00")...).says(422, "This time has passed.")
	me.post(edit, append(opened(page), "title", "Late", "category", s.private.ID, "slug", "elsewhere", "tags", "", "markdown", "Late text", "act", "save")...).leads(edit)

	// A mistake in the form doesn't make it one of the saved version.
	page = me.post(edit, append(second, "title", "", "category", s.private.ID, "markdown", "x", "act", "save")...)
	if was := opened(page.says(422)); url.Values(map[string][]string{"v": was}).Encode() != url.Values(map[string][]string{"v": second}).Encode() {
		t.Errorf("the form forgot what was read: %v, %v", was, second)
	}
}
