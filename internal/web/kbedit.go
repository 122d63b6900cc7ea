package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/kb/change"
	"bailiwick/internal/kb/leak"
	kbpage "bailiwick/internal/kb/page"
	"bailiwick/internal/web/ui"
)

const articleBody = kb.LargestFile + 1<<20 // of an upload

func (s *Server) kbEditRoutes() {
	article := kbPath + "/{base}/edit/{article}"
	s.signed("GET "+kbPath+"/{base}/new", showNewArticle)
	s.signed("POST "+kbPath+"/{base}/new", addArticle)
	s.signed("GET "+article, showEditor)
	s.signed("POST "+article, saveArticle)
	s.signed("POST "+kbPath+"/{base}/preview", previewArticle)
	s.signed("POST "+article+"/unpublish", unpublishArticle)
	s.signed("GET "+article+"/delete", showDeleteArticle)
	s.signed("POST "+article+"/delete", deleteArticle)
	s.upload("POST "+article+"/files", articleBody, attachFile)
	s.signed("POST "+article+"/files/{file}/delete", detachFile)
	s.signed("GET "+kbPath+"/{base}/history/{article}", showArticleHistory)
	s.signed("POST "+kbPath+"/{base}/history/{article}", restoreArticle)
}

func articlePath(base, article string) string { return kbPath + "/" + base + "/edit/" + article }

// newArticle is the page on which an article begins: its text, pictures and
// files come when it is there, as a draft.
type newArticle struct {
	kbFrame
	title, category string
	bad             map[string]string
}

func (v *visit) newArticle(status int, n newArticle) (err error) {
	if n.kbFrame, err = v.kbFrame("New article", "Articles", gate.Editor); err != nil {
		return err
	}
	if n.category == "" {
		n.category = v.text("category")
	}
	return v.renderAs(status, newArticlePage(n))
}

func showNewArticle(v *visit) error { return v.newArticle(http.StatusOK, newArticle{}) }

func addArticle(v *visit) error {
	n := newArticle{title: v.text("title"), category: v.text("category")}
	made, err := v.app.Bases.Write(v.ctx(), v.who, v.r.PathValue("base"), kb.Input{Title: n.title, Category: n.category})
	if bad, ok := fieldErrors(err); ok {
		n.bad = bad
		return v.newArticle(door.Status(err), n)
	}
	if err != nil {
		return err
	}
	return v.goTo(articlePath(v.r.PathValue("base"), made.ID))
}

// editor is the page on which an article is written.
type editor struct {
	kbFrame
	a       kb.Article
	in      kb.Input
	tags    string
	at      string // when it is to be published
	bad     map[string]string
	from    *wasRead      // nil: what is there now
	changed bool          // somebody else has changed it meanwhile
	met     []met         // the fields that he changed
	stale   []change.Hunk // what is different in the text
	textMet bool          // both changed it
	asks    bool          // whether to publish what looks like a secret
	sure    bool          // it is none
	preview preview
	now     time.Time
}

// preview is an article as its readers will see it, and what looks like a
// secret in it.
type preview struct {
	page  kbpage.Page
	leaks []leak.Found
}

func previewOf(markdown, url string) preview {
	return preview{kbpage.Render(markdown, url), leak.Look(markdown)}
}

func (v *visit) editor(status int, e editor) (err error) {
	if e.kbFrame, err = v.kbFrame("Edit", "Articles", gate.Editor); err != nil {
		return err
	}
	if e.a, err = v.app.Bases.Draft(v.ctx(), v.who, v.r.PathValue("article")); err != nil {
		return err
	}
	if e.a.Base != e.base.ID {
		return fault.NotFound()
	}
	e.Crumbs[len(e.Crumbs)-1].Label = e.a.Title
	e.Page.Title = e.a.Title
	if e.bad == nil && !e.changed && !e.asks {
		e.in = kb.Input{Category: e.a.Category, Title: e.a.Title, Slug: e.a.Slug, Markdown: e.a.Markdown}
		e.tags = articleTags(e.a.Tags)
	}
	if e.changed {
		if err := v.meet(&e); err != nil {
			return err
		}
	}
	if e.from == nil || e.changed {
		e.from = readFrom(e.a)
	}
	e.preview, e.now = previewOf(e.in.Markdown, e.read), v.app.Clock.Now()
	return v.renderAs(status, editorPage(e))
}

func showEditor(v *visit) error { return v.editor(http.StatusOK, editor{}) }

// typed reads the editor's form.
func (v *visit) typed() editor {
	e := editor{tags: v.text("tags"), at: v.text("at"), in: kb.Input{Category: v.text("category"), Title: v.text("title"), Slug: v.text("slug"), Markdown: v.r.PostForm.Get("markdown")}}
	e.in.Tags = strings.Split(e.tags, ",")
	e.in.Sure, e.sure = v.text("open") != "", v.text("sure") != ""
	e.from = &wasRead{version: v.versionRead(), title: v.text("was_title"), category: v.text("was_category"), slug: v.text("was_slug"), tags: v.text("was_tags")}
	e.from.number, _ = strconv.ParseInt(v.text("was_number"), 10, 64)
	return e
}

func saveArticle(v *visit) error {
	e, act := v.typed(), v.text("act")
	base, article := v.r.PathValue("base"), v.r.PathValue("article")
	if act == "publish" && !e.sure && len(leak.Look(e.in.Markdown)) > 0 {
		e.asks = true
		return v.editor(http.StatusUnprocessableEntity, e)
	}
	from := int64(0)
	if act == "publish" && e.at != "" {
		at, err := time.ParseInLocation("2006-01-02T15:04", e.at, time.UTC)
		if err != nil {
			e.bad = map[string]string{"at": "Write a date and a time, such as 2026-05-01T08:00."}
			return v.editor(http.StatusUnprocessableEntity, e)
		}
		from = at.UnixMilli()
	}
	saved, err := v.app.Bases.Edit(v.ctx(), v.who, article, e.from.version, e.in)
	said := "Saved. Readers see it when it is published."
	if err == nil && act == "publish" {
		e.from = &wasRead{version: saved.Version, title: e.in.Title, category: e.in.Category, slug: saved.Slug, tags: e.tags}
		said = "Published."
		if from != 0 {
			said = "Saved, and scheduled."
		}
		who := v.who
		if key, request := v.onceKey("publish"); key != "" {
			who = who.Once(key, request)
		}
		_, err = v.app.Bases.Publish(v.ctx(), who, article, saved.Version, from)
	}
	bad, invalid := fieldErrors(err)
	switch {
	case err == nil:
		v.flash(said, "")
		return v.goTo(articlePath(base, article))
	case invalid:
		e.bad = bad
	case fault.Is(err, fault.Conflict):
		e.changed = true
	default:
		return err
	}
	return v.editor(door.Status(err), e)
}

func previewArticle(v *visit) error {
	k, err := v.kbFrame("Preview", "Articles", gate.Editor)
	if err != nil {
		return err
	}
	return v.render(previewPart(previewOf(v.r.PostForm.Get("markdown"), k.read)))
}

func unpublishArticle(v *visit) error {
	if _, err := v.app.Bases.Unpublish(v.ctx(), v.who, v.r.PathValue("article"), v.versionRead()); err != nil {
		return err
	}
	v.flash("Taken back. Readers find it no more.", "")
	return v.goTo(articlePath(v.r.PathValue("base"), v.r.PathValue("article")))
}

func showDeleteArticle(v *visit) error {
	k, err := v.kbFrame("Delete", "Articles", gate.Editor)
	if err != nil {
		return err
	}
	a, err := v.app.Bases.Draft(v.ctx(), v.who, v.r.PathValue("article"))
	if err != nil {
		return err
	}
	return v.render(deleteArticlePage(k, a))
}

func deleteArticle(v *visit) error {
	if err := v.app.Bases.Erase(v.ctx(), v.who, v.r.PathValue("article"), v.versionRead()); err != nil {
		return err
	}
	v.flash("Article deleted.", "")
	return v.goTo(kbPath + "/" + v.r.PathValue("base") + "/")
}

// categoryOptions are the categories to choose among, indented as they lie.
func categoryOptions(all []kb.Category) (options []ui.Option) {
	for _, c := range all {
		options = append(options, ui.Option{Value: c.ID, Label: strings.Repeat("\u2003", c.Depth) + c.Name})
	}
	return options
}

func (e editor) titleField() ui.FieldParams {
	return ui.FieldParams{Name: "title", Label: "Title", Value: e.in.Title, Error: e.bad["title"], Required: true, MaxLength: 200}
}

func (e editor) wrong() []ui.FieldParams {
	return wrong(e.titleField(), ui.FieldParams{Name: "markdown", Label: "Text", Error: e.bad["markdown"]}, ui.FieldParams{Name: "category", Label: "Category", Error: e.bad["category"]},
		ui.FieldParams{Name: "tags", Label: "Tags", Error: e.bad["tags"]}, ui.FieldParams{Name: "slug", Label: "Address", Error: e.bad["slug"]}, ui.FieldParams{Name: "at", Label: "Publish at", Error: e.bad["at"]})
}

// whenText says when an article is, or will be, out.
func (e editor) whenText() string {
	at := momentOf(time.UnixMilli(e.a.PublishedAt))
	switch {
	case e.a.PublishedAt == 0:
		return "UTC. Empty is now."
	case published(e.a.Row, e.now):
		return "UTC. Published since " + at + "; a later time takes it back until then."
	}
	return "UTC. It will be published on " + at + "; empty is now."
}

func (e editor) publishText() string {
	if published(e.a.Row, e.now) {
		return "Save and publish the change"
	}
	return "Save and publish"
}
