package web

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
)

// kbWorld is a knowledge base with a public article, one for readers, and a draft.
type kbWorld struct {
	*site
	slug            string
	public, private kb.Category
	file            kb.File
	article         kb.Saved
}

func newKBWorld(t *testing.T) kbWorld {
	t.Helper()
	s := kbWorld{site: newSite(t)}
	me, err := s.People.Me(t.Context(), s.Admin)
	s.Must(err)
	s.slug = me.Slug
	_, err = s.Bases.Add(t.Context(), s.Admin, kb.NewBase{Path: "help", Name: "Help & more", Description: "What we are asked"})
	s.Must(err)
	front, err := s.Bases.Open(t.Context(), s.Admin, "help")
	s.Must(err)
	s.private = front.Categories[0]
	id, err := s.Bases.AddCategory(t.Context(), s.Admin, "help", "", kb.CategoryInput{Name: "Open", Visibility: gate.ForAnybody})
	s.Must(err)
	s.public = kb.Category{ID: id}
	for _, a := range []struct {
		category, title string
		out             bool
	}{{id, "For all", true}, {s.private.ID, "For readers", true}, {id, "Not yet", false}} {
		made, err := s.Bases.Write(t.Context(), s.Admin, "help", kb.Input{Category: a.category, Title: a.title, Markdown: "One two *three* CANARYWORD.\n", Tags: []string{"tag"}})
		s.Must(err)
		if a.title == "For all" {
			s.article = made
			var b bytes.Buffer
			s.Must(png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))))
			s.file, err = s.Bases.Attach(t.Context(), s.Admin, made.ID, "a b.png", b.Bytes())
			s.Must(err)
		}
		if a.out {
			_, err = s.Bases.Publish(t.Context(), s.Admin, made.ID, made.Version, 0)
			s.Must(err)
		}
	}
	return s
}

// asks is a request of somebody without a session.
func (s kbWorld) asks(path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.RemoteAddr = "192.0.2.9:4711"
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.table.ServeHTTP(w, r)
	return w
}

func (s kbWorld) at(path string) string { return "/o/" + s.slug + "/kb/help/" + path }

// TestReading: what is public is read by anybody, is asked for again by its tag,
// and runs no script; what is not reads like what is not there.
func TestReading(t *testing.T) {
	s := newKBWorld(t)
	for _, path := range []string{"", "for-all", "c/" + s.public.ID, "tags/tag"} {
		w := s.asks(s.at(path))
		body := w.Body.String()
		if w.Code != 200 || !strings.Contains(body, "For all") || strings.Contains(body, "For readers") || strings.Contains(body, "Not yet") || strings.Contains(body, "<script") {
			t.Errorf("%s: %d %s", path, w.Code, body)
		}
		if w.Header().Get("Content-Security-Policy") != ReadPolicy || !strings.HasPrefix(w.Header().Get("Cache-Control"), "public, no-cache") || strings.Contains(body, `content="noindex"`) != (path == "tags/tag") {
			t.Errorf("%s: %v", path, w.Header())
		}
		again := s.asks(s.at(path), "If-None-Match", `"x", `+w.Header().Get("ETag"))
		if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s: %d again", path, again.Code)
		}
	}
	absent := s.asks(s.at("nothing"))
	for _, path := range []string{s.at("for-readers"), s.at("not-yet"), s.at("c/" + s.private.ID), s.at("files/" + s.file.ID + "/other.png"), "/o/" + s.slug + "/kb/none/", "/o/nobody/kb/help/"} {
		w := s.asks(path)
		if w.Code != 404 || len(w.Body.String()) != len(strings.Replace(absent.Body.String(), strings.ReplaceAll(s.at("nothing"), "/", "%2F"), strings.ReplaceAll(path, "/", "%2F"), 1)) && !strings.Contains(path, "nobody") {
			t.Errorf("%s: %d\n%s\n%s", path, w.Code, w.Body, absent.Body)
		}
	}
	found := s.asks(s.at("search?q=canaryw")).Body.String()
	if !strings.Contains(found, "<mark>CANARYWORD</mark>") || strings.Contains(found, "For readers") {
		t.Error(found)
	}
}

func TestFeedAndSiteMap(t *testing.T) {
	s := newKBWorld(t)
	me := s.surfer(t)
	me.signIn(ada)
	for _, path := range []string{"feed.atom", "sitemap.xml"} {
		r := httptest.NewRequest("GET", s.at(path), nil)
		for n, v := range me.cookies {
			r.AddCookie(&http.Cookie{Name: n, Value: v})
		}
		w := httptest.NewRecorder()
		s.table.ServeHTTP(w, r)
		body := w.Body.String()
		if w.Code != 200 || xml.Unmarshal(w.Body.Bytes(), new(struct{})) != nil || !strings.Contains(body, s.at("for-all")) || strings.Contains(body, "for-readers") || strings.Contains(body, "not-yet") {
			t.Errorf("%s: %d %s", path, w.Code, body)
		}
		if plain := s.asks(s.at(path)).Body.String(); plain != body {
			t.Errorf("%s is another one without a session", path)
		}
	}
}

// TestFiles: pictures are shown, anything else is a download that can do nothing.
func TestFiles(t *testing.T) {
	s := newKBWorld(t)
	w := s.asks(s.at("files/" + s.file.ID + "/" + "a%20b.png"))
	if w.Code != 200 || w.Header().Get("Content-Type") != "image/png" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "inline") || w.Header().Get("Content-Security-Policy") != filePolicy {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if again := s.asks(s.at("files/"+s.file.ID+"/a%20b.png"), "If-None-Match", w.Header().Get("ETag")); again.Code != http.StatusNotModified {
		t.Error(again.Code)
	}
	for name, data := range map[string]string{"x.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "x.html": "<script>alert(1)</script>", "x.png": "<html><script>alert(1)</script>", "x.js": "alert(1)"} {
		f, err := s.Bases.Attach(t.Context(), s.Admin, s.article.ID, name, []byte(data))
		s.Must(err)
		w := s.asks(s.at("files/" + f.ID + "/" + name))
		if w.Code != 200 || w.Header().Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
}

// TestArticlePages: the editor's ways that a browser story does not go.
func TestArticlePages(t *testing.T) {
	s := newKBWorld(t)
	me := s.surfer(t)
	me.signIn(ada)
	edit := "/kb/help/edit/" + s.article.ID
	me.get("/kb/help/").says(200, "For all", "Not yet", "Draft")
	me.get("/kb/help/?state=draft").says(200, "Not yet")
	me.get(edit).says(200, "CANARYWORD", "a b.png")
	me.post(edit, "version", "1", "title", "Mine", "markdown", "other text", "category", s.public.ID, "act", "save").says(409, "changed this article in the meantime", "other text")
	me.post(edit, "version", "2", "title", "", "markdown", "other text", "category", s.public.ID, "act", "save").says(422, "Not saved yet.", "other text")
	me.post(edit, "version", "2", "title", "Mine", "markdown", "password: hunter2", "category", s.public.ID, "act", "publish").says(422, "looks as if it held a secret")
	me.post(edit, "version", "2", "title", "Mine", "markdown", "x", "category", s.public.ID, "act", "publish", "at", "nonsense").says(422, "Write a date and a time")
	me.post(edit, "version", "2", "title", "Mine", "markdown", "x", "category", s.public.ID, "act", "publish", "at", "2999-01-01T08:00").leads(edit)
	if w := s.asks(s.at("for-all")); w.Code != 404 {
		t.Error("a scheduled article is read already")
	}
	me.get(edit).says(200, "Scheduled")
	me.post("/kb/help/preview", "markdown", "*x* <script>alert(1)</script>").says(200, "x <script>alert(1)</script>").holds("<em>x</em>", "&lt;script&gt;")
	for _, path := range []string{"/kb/help/history/" + s.article.ID, "/kb/help/categories", "/kb/help/people", "/kb/help/settings", "/kb/help/misses", "/kb/help/import", "/kb/help/export", "/kb/help/delete", "/kb/help/new", "/kb/new", edit + "/delete"} {
		me.get(path).says(200)
	}
	other := s.surfer(t)
	s.Enrol("mo", perm.LevelTechnicianDefault)
	other.signIn("mo@northwind.example")
	for _, path := range []string{"/kb/help/history/" + s.article.ID, "/kb/help/categories", "/kb/help/people", "/kb/help/settings", "/kb/help/misses", "/kb/help/import", "/kb/help/export", "/kb/help/delete", "/kb/help/new", "/kb/new", edit, edit + "/delete"} {
		other.get(path).says(404)
	}
	other.get("/kb").says(200, "Help & more", "Reader")
	other.get("/kb/help/").leads(s.at(""))
}

// TestImportAndExport: what was exported is imported as the same.
func TestImportAndExport(t *testing.T) {
	s := newKBWorld(t)
	me := s.surfer(t)
	me.signIn(ada)
	out := me.post("/kb/help/export").says(200)
	z, err := zip.NewReader(bytes.NewReader(out.Body.Bytes()), int64(out.Body.Len()))
	s.Must(err)
	if len(z.File) != 4 {
		t.Errorf("%d files", len(z.File))
	}
	_, err = s.Bases.Add(t.Context(), s.Admin, kb.NewBase{Path: "copy", Name: "Copy"})
	s.Must(err)
	send := func(data []byte, category string) answer {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		s.Must(m.WriteField("publish", "1"))
		s.Must(m.WriteField("category", category))
		f, err := m.CreateFormFile("file", "x.zip")
		s.Must(err)
		_, err = f.Write(data)
		s.Must(err)
		s.Must(m.Close())
		r := httptest.NewRequest("POST", "/kb/copy/import", &b)
		r.Header.Set("Content-Type", m.FormDataContentType())
		for n, v := range me.cookies {
			r.AddCookie(&http.Cookie{Name: n, Value: v})
		}
		w := httptest.NewRecorder()
		s.table.ServeHTTP(w, r)
		return answer{w, t}
	}
	send(out.Body.Bytes(), "").says(200, "3 articles were imported, with 1 file.")
	list, err := s.Bases.Articles(t.Context(), s.Admin, "copy", kb.Listing{})
	s.Must(err)
	var all []string
	for _, r := range list.Rows {
		state := "draft"
		if r.PublishedAt != 0 {
			state = "out"
		}
		all = append(all, r.Title+" "+r.Slug+" "+state)
	}
	if got := strings.Join(all, ", "); got != "For all for-all out, For readers for-readers out, Not yet not-yet draft" {
		t.Error(got)
	}
	if w := s.asks("/o/" + s.slug + "/kb/copy/for-all"); w.Code != 404 {
		t.Error("an import made something public")
	}
	send([]byte("no archive"), "").says(422, "This is no ZIP archive")
	copied, err := s.Bases.Open(t.Context(), s.Admin, "copy")
	s.Must(err)
	first := copied.Categories[0]
	me.get("/kb/copy/import").says(200, "Into", first.Name)
	send(out.Body.Bytes(), first.ID).says(200, "3 articles were imported").holds(`value="` + first.ID + `" selected`)
	send(out.Body.Bytes(), "cat_nowhere").says(422, "There is no such category here.")
}

// TestRegisteringHere: where organization and knowledge base let people register
// themselves, its pages say so, and whoever does is asked about that one.
func TestRegisteringHere(t *testing.T) {
	s := newKBWorld(t)
	set := func(on bool) {
		front, err := s.Bases.Open(t.Context(), s.Admin, "help")
		s.Must(err)
		_, err = s.Bases.Set(t.Context(), s.Admin, "help", front.Version, kb.Settings{SelfRegistration: on})
		s.Must(err)
	}
	set(true)
	if strings.Contains(s.asks(s.at("")).Body.String(), "/register") {
		t.Error("offered where the organization does not allow it")
	}
	me := s.surfer(t).signIn(ada)
	me.get("/settings/people").says(200, "are Reader of the knowledge base where they did, once they are approved", "reads public content only until then")
	me.get("/kb/help/settings").says(200, "self-registration is off for the whole organization")
	st, err := s.People.Settings(t.Context(), s.Admin)
	s.Must(err)
	next := st
	next.SelfRegistration = true
	s.Must(s.People.SaveSettings(t.Context(), s.Admin, st, next))
	me.get("/kb/help/settings").says(200, "People may register themselves here").lacks("for the whole organization")
	page := s.asks(s.at("")).Body.String()
	if !strings.Contains(page, `href="/register?at=`+s.slug+`&amp;base=help"`) {
		t.Error(page)
	}
	me.post(brandingPath, "colour", "#7c2d12").leads(brandingPath)
	b := s.surfer(t)
	if sheetOf(b.get("/register?at="+s.slug+"&base=help").Body.String()) == "" {
		t.Error("the page of registering has not the organization's colour")
	}
	b.get("/register?at="+s.slug+"&base=help").says(200, "Register", "You register to read Help & more.").holds(`name="base" value="help"`)
	b.post("/register", "at", s.slug, "base", "help", "email", "new@elsewhere.example").says(200, "Your registration is noted.").holds(`href="` + s.at("") + `"`)
	s.People.Settle()
	mails, _, err := s.Mail.Outbox(t.Context(), s.Admin, mail.Filter{State: mail.Waiting})
	s.Must(err)
	if len(mails) != 1 || mails[0].Kind != mail.Registration {
		t.Fatalf("mails %+v", mails)
	}
	letter, err := s.Mail.Show(t.Context(), s.Admin, mails[0].ID)
	s.Must(err)
	if !strings.Contains(letter.Text, "registered with this address at Northwind IT, to read the knowledge base Help & more.") {
		t.Error(letter.Text)
	}
	_, token, _ := strings.Cut(letter.Link, "token=")
	b.post("/invitation", "token", token, "name", "Nell New", "password", "a long pass phrase of nell")
	b.get("/").says(200, "waits until somebody of the organization approves it", "Until then you can read what is public.").holds(`href="/o/` + s.slug + `/kb"`)
	set(false)
	b.get("/register?at=" + s.slug + "&base=help").says(404)
}

// TestDefaultRole: an administrator sets what members are in every knowledge
// base; nobody else is offered it, or may.
func TestDefaultRole(t *testing.T) {
	s := newKBWorld(t)
	me := s.surfer(t)
	me.signIn(ada)
	if page := me.get("/kb").Body.String(); !strings.Contains(page, "Members by default") || !strings.Contains(page, `<option value="reader" selected`) {
		t.Error(page)
	}
	me.post("/kb/default-role", "role", "none")
	if page := me.get("/kb").Body.String(); !strings.Contains(page, `<option value="none" selected`) {
		t.Error(page)
	}
	if role, err := s.Bases.Default(t.Context(), s.Admin); err != nil || role != gate.Public {
		t.Errorf("%v %v", role, err)
	}
	for _, role := range []string{"admin", "king", ""} {
		if a := me.post("/kb/default-role", "role", role); a.Code < 400 {
			t.Errorf("%q: %d", role, a.Code)
		}
	}
	s.Enrol("mo", perm.LevelTechnicianDefault)
	other := s.surfer(t)
	other.signIn("mo@northwind.example")
	if strings.Contains(other.get("/kb").Body.String(), "default-role") {
		t.Error("a technician is offered it")
	}
	if a := other.post("/kb/default-role", "role", "editor"); a.Code != 404 {
		t.Errorf("a technician: %d", a.Code)
	}
}

// TestGroupThatLimitsCategories: whoever deletes a security group is told which
// categories it lets be read, as far as he reads them himself.
func TestGroupThatLimitsCategories(t *testing.T) {
	s := newKBWorld(t)
	group, err := s.Access.AddGroup(t.Context(), s.Admin, "Board", nil, nil)
	s.Must(err)
	_, err = s.Bases.AddCategory(t.Context(), s.Admin, "help", "", kb.CategoryInput{Name: "Minutes", Visibility: gate.ForGroups, Groups: []string{group}})
	s.Must(err)
	me := s.surfer(t)
	me.signIn(ada)
	if page := me.get(groupsPath + "/" + group + "/delete").Body.String(); !strings.Contains(page, "Help &amp; more: Minutes") {
		t.Error(page)
	}
	s.Enrol("mo", perm.LevelTechnicianDefault) // sees groups, and is in none
	mo, err := s.Access.Group(t.Context(), s.SignIn("mo"), group)
	if s.Must(err); len(mo.Limits) > 0 {
		t.Errorf("told of %v", mo.Limits)
	}
}
