package cli

import (
	"fmt"
	"strconv"
	"strings"
)

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
