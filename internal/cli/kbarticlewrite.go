package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"bailiwick/sdk"
)

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
	sureOpen  `embed:""`
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
	var made sdk.ArticleSaved
	if err := c.opening(e, "changed", func(sure bool) (err error) {
		in.Sure = sure
		made, err = api.EditArticle(e.Context, a.ID, in)
		return err
	}); err != nil {
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
