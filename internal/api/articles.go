package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/kb"
	"bailiwick/internal/kb/leak"
	"bailiwick/sdk"
)

func (s *Server) articleRoutes() {
	mount(s, route{method: "GET", path: "/knowledge-bases/{id}/articles", id: "list-articles", summary: "List the articles that one reads, by title", op: kb.OpArticles}, s.listArticles)
	mount(s, route{method: "GET", path: "/knowledge-bases/{id}/search", id: "search-articles", summary: "Search the articles that one reads", op: kb.OpSearch}, s.searchArticles)
	mount(s, route{method: "POST", path: "/knowledge-bases/{id}/articles", id: "add-article", summary: "Write an article, as a draft", op: kb.OpWrite, status: http.StatusCreated,
		note: "Articles are not sealed: the answer names what looks like a secret."}, s.addArticle)
	mount(s, route{method: "GET", path: "/articles/{id}", id: "get-article", summary: "Read an article as its readers see it", op: kb.OpRead}, s.readArticle)
	mount(s, route{method: "GET", path: "/articles/{id}/draft", id: "get-draft", summary: "See an article with its latest text", op: kb.OpDraft}, s.draftArticle)
	mount(s, route{method: "GET", path: "/knowledge-bases/{id}/articles/{slug}", id: "get-article-at", summary: "Read an article by its address", op: kb.OpRead}, s.readArticleAt)
	mount(s, route{method: "GET", path: "/knowledge-bases/{id}/drafts/{slug}", id: "get-draft-at", summary: "See an article with its latest text, by its address", op: kb.OpDraft}, s.draftArticleAt)
	mount(s, route{method: "PUT", path: "/articles/{id}", id: "edit-article", summary: "Change an article", op: kb.OpEdit,
		note: "Readers see the text when it is published. Where another category has anybody read what is published, the answer is 422 for the field sure, until sure says so."}, s.editArticle)
	mount(s, route{method: "POST", path: "/articles/{id}/publish", id: "publish-article", summary: "Publish an article, now or at a time", op: kb.OpPublish}, s.publishArticle)
	mount(s, route{method: "POST", path: "/articles/{id}/unpublish", id: "unpublish-article", summary: "Take an article back from its readers", op: kb.OpUnpublish}, s.unpublishArticle)
	mountEmpty(s, route{method: "POST", path: "/articles/{id}/delete", id: "delete-article", summary: "Delete an article with its history and files", op: kb.OpErase}, s.deleteArticle)
	mount(s, route{method: "GET", path: "/articles/{id}/versions", id: "list-article-versions", summary: "List the versions of an article", op: kb.OpHistory}, s.articleVersions)
	mount(s, route{method: "GET", path: "/articles/{id}/versions/{number}", id: "get-article-version", summary: "See a version of an article", op: kb.OpHistory}, s.articleVersion)
	mount(s, route{method: "GET", path: "/articles/{id}/versions/{number}/difference", id: "compare-article-versions", summary: "See what a version of an article changed", op: kb.OpHistory}, s.articleDifference)
	mount(s, route{method: "POST", path: "/articles/{id}/versions/{number}/restore", id: "restore-article", summary: "Make an earlier version the latest", op: kb.OpRestore}, s.restoreArticle)
	mountEmpty(s, route{method: "POST", path: "/articles/{id}/helpful", id: "say-helpful", summary: "Say whether an article helped", op: kb.OpHelpful, note: "One voice a day."}, s.sayHelpful)
	mount(s, route{method: "GET", path: "/knowledge-bases/{id}/judged", id: "list-judged-articles", summary: "See which articles were said to help", op: kb.OpJudged}, s.judgedArticles)
	mount(s, route{method: "GET", path: "/knowledge-bases/{id}/misses", id: "list-misses", summary: "See what was looked for and not found", op: kb.OpMisses}, s.misses)
	mountEmpty(s, route{method: "POST", path: "/knowledge-bases/{id}/misses/clear", id: "clear-misses", summary: "Clear that list", op: kb.OpForget},
		func(ctx context.Context, c call, in *ByID) error { return s.app.Bases.ClearMisses(ctx, c.who, in.ID) })
}

func (s *Server) articleRow(r kb.Row) sdk.ArticleRow {
	out := sdk.ArticleRow{ID: r.ID, Slug: r.Slug, Title: r.Title, Category: r.Category, State: kb.Published, PublishedAt: moment(r.PublishedAt), UpdatedAt: moment(r.LiveAt),
		ChangedAt: moment(r.ChangedAt), ChangedBy: r.ChangedBy, Changed: r.Changed}
	if r.PublishedAt == 0 {
		out.State = kb.Drafts
	} else if r.PublishedAt > s.app.Clock.Now().UnixMilli() {
		out.State = kb.Scheduled
	}
	return out
}

func (s *Server) listArticles(ctx context.Context, c call, in *struct {
	ByID
	Page
	Category string `query:"category" maxLength:"64" doc:"Id: only those in it itself"`
	Tag      string `query:"tag" maxLength:"50" doc:"Only those that have it"`
	State    string `query:"state" enum:",draft,scheduled,published" doc:"For editors"`
	Text     string `query:"text" maxLength:"200" doc:"In the title"`
}) (sdk.ArticleRows, error) {
	p, err := s.app.Bases.Articles(ctx, c.who, in.ID, kb.Listing{Category: in.Category, Tag: in.Tag, State: in.State, Text: in.Text, After: in.After, Limit: in.Limit})
	out := sdk.ArticleRows{Articles: []sdk.ArticleRow{}, Next: p.Next}
	for _, r := range p.Rows {
		out.Articles = append(out.Articles, s.articleRow(r))
	}
	return out, err
}

func (s *Server) searchArticles(ctx context.Context, c call, in *struct {
	ByID
	Text string `query:"text" maxLength:"200" doc:"Words; the last one may be unfinished"`
}) (sdk.ArticleHits, error) {
	f, err := s.app.Bases.Search(ctx, c.who, in.ID, in.Text)
	out := sdk.ArticleHits{Hits: []sdk.ArticleHit{}, More: f.More}
	for _, h := range f.Hits {
		hit := sdk.ArticleHit{ArticleRow: s.articleRow(h.Row), Path: namedOf(h.Path), Excerpt: []sdk.TextPart{}}
		for _, p := range h.Excerpt {
			hit.Excerpt = append(hit.Excerpt, sdk.TextPart(p))
		}
		out.Hits = append(out.Hits, hit)
	}
	return out, err
}

func (s *Server) articleOf(a kb.Article) sdk.Article {
	out := sdk.Article{ArticleRow: s.articleRow(a.Row), KnowledgeBase: a.Base, Markdown: a.Markdown, Number: a.Number, Version: a.Version, Tags: append([]string{}, a.Tags...),
		Path: namedOf(a.Path), Files: []sdk.ArticleFile{}, MayEdit: a.MayEdit}
	for _, f := range a.Files {
		out.Files = append(out.Files, fileOf(f))
	}
	return out
}

func fileOf(f kb.File) sdk.ArticleFile {
	return sdk.ArticleFile{ID: f.ID, Name: f.Name, Type: f.Type, Picture: f.Picture, Size: f.Size, Address: f.Address(), AddedAt: time.UnixMilli(f.AddedAt).UTC(), AddedBy: f.AddedBy}
}

func articleInput(b sdk.ArticleChange) kb.Input {
	return kb.Input{Category: b.Category, Title: b.Title, Slug: b.Slug, Markdown: b.Markdown, Tags: b.Tags, Sure: b.Sure}
}

func savedOf(made kb.Saved, text string) sdk.ArticleSaved {
	out := sdk.ArticleSaved{ID: made.ID, Slug: made.Slug, Version: made.Version}
	for _, f := range leak.Look(text) {
		out.Secrets = append(out.Secrets, fmt.Sprintf("Line %d: %s", f.Line, f.Why))
	}
	return out
}

func (s *Server) addArticle(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.ArticleChange
}) (sdk.ArticleSaved, error) {
	made, err := s.app.Bases.Write(ctx, c.who, in.ID, articleInput(in.Body))
	return savedOf(made, in.Body.Markdown), err
}

func (s *Server) readArticle(ctx context.Context, c call, in *ByID) (sdk.Article, error) {
	a, err := s.app.Bases.Read(ctx, c.who, "", in.ID)
	return s.articleOf(a), err
}

func (s *Server) draftArticle(ctx context.Context, c call, in *ByID) (sdk.Article, error) {
	a, err := s.app.Bases.Draft(ctx, c.who, in.ID)
	return s.articleOf(a), err
}

// ByAddress names an article by its knowledge base and address there.
type ByAddress struct {
	ByID
	Slug string `path:"slug" doc:"The article's in its address"`
}

func (s *Server) readArticleAt(ctx context.Context, c call, in *ByAddress) (sdk.Article, error) {
	a, err := s.app.Bases.Read(ctx, c.who, in.ID, in.Slug)
	return s.articleOf(a), err
}

func (s *Server) draftArticleAt(ctx context.Context, c call, in *ByAddress) (sdk.Article, error) {
	a, err := s.app.Bases.DraftAt(ctx, c.who, in.ID, in.Slug)
	return s.articleOf(a), err
}

func (s *Server) editArticle(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.ArticleChange
}) (sdk.ArticleSaved, error) {
	made, err := s.app.Bases.Edit(ctx, c.who, in.ID, in.Body.Version, articleInput(in.Body))
	return savedOf(made, in.Body.Markdown), s.articleConflict(ctx, c, in.ID, err)
}

// articleConflict adds the version that an article has now.
func (s *Server) articleConflict(ctx context.Context, c call, id string, err error) error {
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	a, failed := s.app.Bases.Draft(ctx, c.who, id)
	if failed != nil {
		return failed
	}
	return s.conflict(ctx, err, a.Version)
}

func (s *Server) publishArticle(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.ArticleVersion
}) (sdk.Done, error) {
	var from int64
	if in.Body.At != nil {
		from = in.Body.At.UnixMilli()
	}
	v, err := s.app.Bases.Publish(ctx, c.who, in.ID, in.Body.Version, from)
	return sdk.Done{ID: in.ID, Version: v}, s.articleConflict(ctx, c, in.ID, err)
}

func (s *Server) unpublishArticle(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.ArticleVersion
}) (sdk.Done, error) {
	v, err := s.app.Bases.Unpublish(ctx, c.who, in.ID, in.Body.Version)
	return sdk.Done{ID: in.ID, Version: v}, s.articleConflict(ctx, c, in.ID, err)
}

func (s *Server) deleteArticle(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.ArticleVersion
}) error {
	return s.articleConflict(ctx, c, in.ID, s.app.Bases.Erase(ctx, c.who, in.ID, in.Body.Version))
}

func editionOf(e kb.Edition) sdk.ArticleEdition {
	return sdk.ArticleEdition{Number: e.Number, Title: e.Title, Markdown: e.Markdown, SavedAt: time.UnixMilli(e.SavedAt).UTC(), By: e.By, Live: e.Live, Latest: e.Latest}
}

func (s *Server) articleVersions(ctx context.Context, c call, in *ByID) (sdk.ArticleEditions, error) {
	all, err := s.app.Bases.History(ctx, c.who, in.ID)
	out := sdk.ArticleEditions{Versions: []sdk.ArticleEdition{}}
	for _, e := range all {
		out.Versions = append(out.Versions, editionOf(e))
	}
	return out, err
}

// ByEdition names a version of an article.
type ByEdition struct {
	ByID
	Number int64 `path:"number" doc:"Of the version"`
}

func (s *Server) articleVersion(ctx context.Context, c call, in *ByEdition) (sdk.ArticleEdition, error) {
	e, err := s.app.Bases.Edition(ctx, c.who, in.ID, in.Number)
	return editionOf(e), err
}

func (s *Server) restoreArticle(ctx context.Context, c call, in *struct {
	ByEdition
	Body sdk.ArticleVersion
}) (sdk.ArticleSaved, error) {
	made, err := s.app.Bases.Restore(ctx, c.who, in.ID, in.Body.Version, in.Number)
	return savedOf(made, ""), s.articleConflict(ctx, c, in.ID, err)
}

func (s *Server) sayHelpful(ctx context.Context, c call, in *struct {
	ByID
	Body sdk.Helped
}) error {
	return s.app.Bases.Say(ctx, c.who, in.ID, in.Body.Helped, c.agent)
}

func (s *Server) judgedArticles(ctx context.Context, c call, in *ByID) (sdk.ArticleVerdicts, error) {
	all, err := s.app.Bases.Judged(ctx, c.who, in.ID)
	out := sdk.ArticleVerdicts{Articles: []sdk.ArticleVerdict{}}
	for _, v := range all {
		out.Articles = append(out.Articles, sdk.ArticleVerdict{ArticleRow: s.articleRow(v.Row), Yes: v.Yes, No: v.No})
	}
	return out, err
}

func (s *Server) misses(ctx context.Context, c call, in *ByID) (sdk.Misses, error) {
	all, err := s.app.Bases.Misses(ctx, c.who, in.ID)
	out := sdk.Misses{Searches: []sdk.Miss{}}
	for _, m := range all {
		out.Searches = append(out.Searches, sdk.Miss{Words: m.Words, Times: m.Times, LastAt: time.UnixMilli(m.LastAt).UTC()})
	}
	return out, err
}
