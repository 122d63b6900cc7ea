package cli

import (
	"fmt"
	"strings"

	"bailiwick/sdk"
)

// KBArticles lists articles.
type KBArticles struct {
	Format   `embed:""`
	kbOf     `embed:""`
	Category string `help:"Name or id: only those in it."`
	Tag      string `help:"Only those that have it."`
	State    string `enum:",draft,scheduled,published" default:"" help:"draft, scheduled or published."`
	Text     string `help:"In the title."`
}

// Run lists them.
func (c *KBArticles) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	f := sdk.ArticleFilter{Tag: c.Tag, State: c.State, Text: c.Text}
	if c.Category != "" {
		g, _, err := e.category(api, c.Base, c.Category)
		if err != nil {
			return err
		}
		f.Category = g.ID
	}
	var all []sdk.ArticleRow
	var rows [][]string
	for {
		page, err := api.Articles(e.Context, c.Base, f)
		if err != nil {
			return err
		}
		for _, a := range page.Articles {
			at := ""
			if a.PublishedAt != nil {
				at = shown(*a.PublishedAt)
			}
			rows = append(rows, []string{a.Slug, a.Title, a.State + yes(a.Changed, ", changed since"), at})
		}
		all = append(all, page.Articles...)
		if f.After = page.Next; f.After == "" {
			return c.show(e, all, "ARTICLE|TITLE|STATE|PUBLISHED", rows)
		}
	}
}

// KBSearch searches.
type KBSearch struct {
	Format `embed:""`
	kbOf   `embed:""`
	Words  []string `arg:"" help:"Words; the last one may be unfinished."`
}

// Run searches.
func (c *KBSearch) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	found, err := api.SearchArticles(e.Context, c.Base, strings.Join(c.Words, " "))
	if err != nil {
		return err
	}
	var rows [][]string
	for _, h := range found.Hits {
		var path []string
		for _, p := range h.Path {
			path = append(path, p.Name)
		}
		rows = append(rows, []string{h.Slug, h.Title, strings.Join(path, " / ")})
	}
	return c.show(e, found, "ARTICLE|TITLE|IN", rows)
}

// KBArticle is one article.
type KBArticle struct {
	Show      KBArticleShow      `cmd:"" help:"Print an article's Markdown."`
	Add       KBArticleAdd       `cmd:"" help:"Write an article, as a draft."`
	Edit      KBArticleEdit      `cmd:"" help:"Change an article; its readers see the text when it is published."`
	Publish   KBArticlePublish   `cmd:"" help:"Publish an article, now or at a time."`
	Unpublish KBArticleUnpublish `cmd:"" help:"Take an article back from its readers."`
	Delete    KBArticleDelete    `cmd:"" help:"Delete an article with its history and files."`
	History   KBArticleHistory   `cmd:"" help:"List the versions of an article, or print one."`
	Restore   KBArticleRestore   `cmd:"" help:"Make an earlier version the latest."`
	Attach    KBArticleAttach    `cmd:"" help:"Add a picture or attachment to an article."`
	Detach    KBArticleDetach    `cmd:"" help:"Delete a picture or attachment of an article."`
	Diff      KBArticleDiff      `cmd:"" help:"Show what changed between two versions of an article."`
	Helped    KBArticleHelped    `cmd:"" help:"Say whether an article helped."`
}

// articleAt is an article, by knowledge base and address.
type articleAt struct {
	kbOf `embed:""`
	Slug string `arg:"" name:"article" help:"The article's part of its address."`
}

// draft is the article as its editors see it.
func (c articleAt) draft(e *Env) (*sdk.API, sdk.Article, error) {
	api, _, err := e.connect()
	if err != nil {
		return nil, sdk.Article{}, err
	}
	a, err := api.ArticleAt(e.Context, c.Base, c.Slug, true)
	return api, a, err
}

// KBArticleShow prints one.
type KBArticleShow struct {
	Format    `embed:""`
	articleAt `embed:""`
	Draft     bool `help:"The latest text, as its editors see it."`
}

// Run prints it.
func (c *KBArticleShow) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	a, err := api.ArticleAt(e.Context, c.Base, c.Slug, c.Draft)
	if err != nil || c.JSON {
		if err == nil {
			err = c.show(e, a, "", nil)
		}
		return err
	}
	_, err = fmt.Fprintf(e.Out, "# %s\n\n%s\n", clean(a.Title), cleanLines(strings.TrimRight(a.Markdown, "\n")))
	return err
}

// KBArticleHelped says whether it helped.
type KBArticleHelped struct {
	articleAt `embed:""`
	Answer    string `arg:"" enum:"yes,no" help:"yes or no."`
}

// Run says it.
func (c *KBArticleHelped) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	a, err := api.ArticleAt(e.Context, c.Base, c.Slug, false)
	if err != nil {
		return err
	}
	if err := api.SayHelped(e.Context, a.ID, c.Answer == "yes"); err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.Err, "Thank you. One answer a day counts.")
	return err
}
