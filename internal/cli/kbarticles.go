package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

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

// body is an article's text: of a file, or of the standard input.
type body struct {
	File string   `help:"The Markdown file; - is the standard input." placeholder:"FILE"`
	Tag  []string `help:"A tag; may be given several times."`
}

func (b body) read(e *Env) (string, error) {
	if b.File == "-" {
		text, err := io.ReadAll(e.In)
		return string(text), err
	}
	text, err := os.ReadFile(b.File)
	if err != nil {
		return "", fail(ExitUsage, "%s", err)
	}
	return string(text), nil
}

// saved says what was saved, and warns of what looks like a secret.
func (f Format) saved(e *Env, made sdk.ArticleSaved, text string) error {
	for _, s := range made.Secrets {
		fmt.Fprintln(e.Err, "Warning: "+clean(s)+" Articles are not sealed: no secret belongs into one.")
	}
	return f.done(e, made, text, made.Slug)
}

// KBArticleAdd writes one.
type KBArticleAdd struct {
	Format   `embed:""`
	kbOf     `embed:""`
	Category string `arg:"" help:"Name or id of the category."`
	Title    string `arg:"" help:"Its title."`
	Slug     string `help:"In its address; made of the title otherwise."`
	Publish  bool   `help:"Publish it at once."`
	body     `embed:""`
}

// Run writes it.
func (c *KBArticleAdd) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	g, _, err := e.category(api, c.Base, c.Category)
	if err != nil {
		return err
	}
	in := sdk.ArticleChange{Category: g.ID, Title: c.Title, Slug: c.Slug, Tags: c.Tag}
	if c.File != "" {
		if in.Markdown, err = c.read(e); err != nil {
			return err
		}
	}
	made, err := api.AddArticle(e.Context, c.Base, in)
	if err != nil {
		return err
	}
	if !c.Publish {
		return c.saved(e, made, "Saved as a draft: %s.")
	}
	if _, err := api.PublishArticle(e.Context, made.ID, sdk.ArticleVersion{Version: made.Version}); err != nil {
		return err
	}
	return c.saved(e, made, "Published: %s.")
}

// KBArticleEdit changes one.
type KBArticleEdit struct {
	Format    `embed:""`
	articleAt `embed:""`
	Title     string `help:"New title."`
	Category  string `help:"Name or id of another category."`
	NewSlug   string `help:"Another address; the earlier one leads nowhere."`
	body      `embed:""`
}

// Run changes it.
func (c *KBArticleEdit) Run(e *Env) error {
	api, a, err := c.draft(e)
	if err != nil {
		return err
	}
	in := sdk.ArticleChange{Version: a.Version, Category: a.Category, Title: given(c.Title, a.Title), Slug: given(c.NewSlug, a.Slug), Markdown: a.Markdown, Tags: a.Tags}
	if c.Category != "" {
		g, _, err := e.category(api, c.Base, c.Category)
		if err != nil {
			return err
		}
		in.Category = g.ID
	}
	if c.File != "" {
		if in.Markdown, err = c.read(e); err != nil {
			return err
		}
	}
	if len(c.Tag) > 0 {
		in.Tags = c.Tag
	}
	made, err := api.EditArticle(e.Context, a.ID, in)
	if err != nil {
		return err
	}
	return c.saved(e, made, "Saved: %s. Its readers see the text when it is published.")
}

// KBArticlePublish publishes one.
type KBArticlePublish struct {
	Format    `embed:""`
	articleAt `embed:""`
	At        string `help:"From when on: 2026-12-24 or 2026-12-24T09:00:00Z." placeholder:"TIME"`
}

// Run publishes it.
func (c *KBArticlePublish) Run(e *Env) error {
	in := sdk.ArticleVersion{}
	if c.At != "" {
		at, err := time.Parse(time.RFC3339, c.At)
		if err != nil {
			at, err = time.ParseInLocation(time.DateOnly, c.At, time.Local)
		}
		if err != nil {
			return fail(ExitUsage, "This is no time: %q. Such as 2026-12-24 or 2026-12-24T09:00:00Z.", c.At)
		}
		in.At = &at
	}
	api, a, err := c.draft(e)
	if err != nil {
		return err
	}
	in.Version = a.Version
	made, err := api.PublishArticle(e.Context, a.ID, in)
	if err != nil {
		return err
	}
	if in.At != nil {
		return c.done(e, made, "%s is out from %s on.", a.Title, shown(*in.At))
	}
	return c.done(e, made, "Published: %s.", a.Title)
}

// KBArticleUnpublish takes one back.
type KBArticleUnpublish struct {
	Format    `embed:""`
	articleAt `embed:""`
}

// Run takes it back.
func (c *KBArticleUnpublish) Run(e *Env) error {
	api, a, err := c.draft(e)
	if err != nil {
		return err
	}
	made, err := api.UnpublishArticle(e.Context, a.ID, a.Version)
	if err != nil {
		return err
	}
	return c.done(e, made, "%s is a draft again.", a.Title)
}

// KBArticleDelete deletes one.
type KBArticleDelete struct {
	articleAt `embed:""`
	Yes       bool `short:"y" help:"Do not ask."`
}

// Run deletes it.
func (c *KBArticleDelete) Run(e *Env) error {
	api, a, err := c.draft(e)
	if err != nil {
		return err
	}
	if !c.Yes {
		if !e.terminal() {
			return fail(ExitUsage, "Nothing was deleted. Without a terminal it takes --yes.")
		}
		if !e.Sure("Delete " + clean(a.Title) + " with its history and files for good?") {
			return fail(ExitError, "Nothing was deleted.")
		}
	}
	if err := api.DeleteArticle(e.Context, a.ID, a.Version); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.Err, "Deleted: %s.\n", clean(a.Title))
	return err
}

// KBArticleHistory lists versions.
type KBArticleHistory struct {
	Format    `embed:""`
	articleAt `embed:""`
	Number    int64 `help:"Print the text of this version."`
}

// Run lists them, or prints one.
func (c *KBArticleHistory) Run(e *Env) error {
	api, a, err := c.draft(e)
	if err != nil {
		return err
	}
	if c.Number != 0 {
		v, err := api.ArticleVersion(e.Context, a.ID, c.Number)
		if err != nil || c.JSON {
			if err == nil {
				err = c.show(e, v, "", nil)
			}
			return err
		}
		_, err = fmt.Fprintf(e.Out, "# %s\n\n%s\n", clean(v.Title), cleanLines(strings.TrimRight(v.Markdown, "\n")))
		return err
	}
	all, err := api.ArticleVersions(e.Context, a.ID)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, v := range all.Versions {
		rows = append(rows, []string{strconv.FormatInt(v.Number, 10), shown(v.SavedAt), v.By, v.Title, yes(v.Live, "readers see it")})
	}
	return c.show(e, all.Versions, "NUMBER|SAVED|BY|TITLE|", rows)
}

// KBArticleRestore restores a version.
type KBArticleRestore struct {
	Format    `embed:""`
	articleAt `embed:""`
	Number    int64 `arg:"" help:"Of the version."`
}

// Run restores it.
func (c *KBArticleRestore) Run(e *Env) error {
	api, a, err := c.draft(e)
	if err != nil {
		return err
	}
	made, err := api.RestoreArticle(e.Context, a.ID, a.Version, c.Number)
	if err != nil {
		return err
	}
	return c.saved(e, made, "Restored as the latest text of %s. Its readers see it when it is published.")
}

// KBArticleAttach adds a file.
type KBArticleAttach struct {
	Format    `embed:""`
	articleAt `embed:""`
	File      string `arg:"" type:"existingfile" help:"The picture or attachment."`
}

// Run adds it.
func (c *KBArticleAttach) Run(e *Env) error {
	api, a, err := c.draft(e)
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return fail(ExitUsage, "%s", err)
	}
	defer file.Close()
	f, err := api.AttachFile(e.Context, a.ID, filepath.Base(c.File), file)
	if err != nil {
		return err
	}
	sign := "["
	if f.Picture {
		sign = "!["
	}
	return c.done(e, f, "Added. In the Markdown: %s%s](%s)", sign, f.Name, f.Address)
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
