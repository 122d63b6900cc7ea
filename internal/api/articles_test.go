package api_test

import (
	"testing"

	"bailiwick/sdk"
)

// Of two people who change the same article or knowledge base the second is
// told the version that is there; and what becomes public is asked about.
func TestArticleConflicts(t *testing.T) {
	s := start(t)
	ctx, a := t.Context(), s.admin
	base, err := a.AddKnowledgeBase(ctx, sdk.NewKnowledgeBase{Path: "help", Name: "Help"})
	s.Must(err)
	front, err := a.KnowledgeBase(ctx, "help")
	s.Must(err)
	general := front.Categories[0]
	in := sdk.ArticleChange{Category: general.ID, Title: "One", Markdown: "x"}
	made, err := a.AddArticle(ctx, "help", in)
	s.Must(err)
	in.Version, in.Title = 1, "Two"
	_, err = a.EditArticle(ctx, made.ID, in)
	s.Must(err)
	old := sdk.ArticleVersion{Version: 1}
	_, edited := a.EditArticle(ctx, made.ID, in)
	_, published := a.PublishArticle(ctx, made.ID, old)
	_, taken := a.UnpublishArticle(ctx, made.ID, 1)
	_, restored := a.RestoreArticle(ctx, made.ID, 1, 1)
	for name, err := range map[string]error{"edit": edited, "publish": published, "unpublish": taken, "restore": restored, "delete": a.DeleteArticle(ctx, made.ID, 1)} {
		if c := want(t, err, sdk.Conflict); c.PresentVersion != 2 {
			t.Errorf("%s: present version %d", name, c.PresentVersion)
		}
	}
	_, err = a.SetKnowledgeBase(ctx, base.ID, sdk.KnowledgeBaseSettings{Version: 7})
	if c := want(t, err, sdk.Conflict); c.PresentVersion != 1 {
		t.Errorf("settings: present version %d", c.PresentVersion)
	}

	open := sdk.CategoryChange{Version: general.Version, Name: "General", Visibility: "public"}
	_, err = a.EditCategory(ctx, general.ID, open)
	if asked := want(t, err, sdk.Invalid).Field("sure"); asked != "1 article (0 published) becomes readable by anybody, without signing in. Confirm that." {
		t.Errorf("asked %q", asked)
	}
	open.Sure = true
	_, err = a.EditCategory(ctx, general.ID, open)
	s.Must(err)
	_, err = a.EditCategory(ctx, general.ID, sdk.CategoryChange{Version: general.Version, Name: "Mine", Visibility: "readers"})
	if c := want(t, err, sdk.Conflict); c.PresentVersion != general.Version+1 || c.Field("visibility") != "It is now: public" {
		t.Errorf("category: %+v", c)
	}

	// What goes to where anybody reads it, by another way.
	shut, err := a.AddCategory(ctx, "help", sdk.CategoryChange{Name: "Shut", Visibility: "readers"})
	s.Must(err)
	within, err := a.AddCategory(ctx, "help", sdk.CategoryChange{Parent: shut.ID, Name: "Within", Visibility: "public"})
	s.Must(err)
	kept, err := a.AddArticle(ctx, "help", sdk.ArticleChange{Category: within.ID, Title: "Kept", Markdown: "x"})
	s.Must(err)
	_, err = a.PublishArticle(ctx, kept.ID, sdk.ArticleVersion{Version: 1})
	s.Must(err)
	put := sdk.ArticleChange{Version: 2, Category: general.ID, Title: "Kept", Markdown: "x"}
	_, edited = a.EditArticle(ctx, kept.ID, put)
	for name, err := range map[string]error{"move": a.MoveCategory(ctx, within.ID, sdk.CategoryMove{}), "delete": a.DeleteCategory(ctx, within.ID, sdk.CategoryDelete{To: general.ID}), "edit": edited} {
		if want(t, err, sdk.Invalid).Field("sure") != "1 article (1 published) becomes readable by anybody, without signing in. Confirm that." {
			t.Errorf("%s: %v", name, err)
		}
	}
	put.Sure = true
	_, err = a.EditArticle(ctx, kept.ID, put)
	s.Must(err)
	put.Version, put.Category, put.Sure = 3, within.ID, false
	_, err = a.EditArticle(ctx, kept.ID, put)
	s.Must(err)
	s.Must(a.MoveCategory(ctx, within.ID, sdk.CategoryMove{Sure: true}))
	s.Must(a.MoveCategory(ctx, within.ID, sdk.CategoryMove{Parent: shut.ID}))
	s.Must(a.DeleteCategory(ctx, within.ID, sdk.CategoryDelete{To: general.ID, Sure: true}))
}
