package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"bailiwick/sdk"
)

// KBArticleDetach deletes a file.
type KBArticleDetach struct {
	articleAt `embed:""`
	File      string `arg:"" help:"Name or id of the picture or attachment."`
}

// Run deletes it.
func (c *KBArticleDetach) Run(e *Env) error {
	api, a, err := c.draft(e)
	if err != nil {
		return err
	}
	var found []sdk.ArticleFile
	for _, f := range a.Files {
		if f.ID == c.File || f.Name == c.File {
			found = append(found, f)
		}
	}
	switch {
	case len(found) == 0:
		return fail(ExitAbsent, "%s has no file %q.", a.Slug, c.File)
	case len(found) > 1:
		var ids []string
		for _, f := range found {
			ids = append(ids, f.ID)
		}
		return fail(ExitUsage, "%s has several files %q. Give one's id: %s", a.Slug, c.File, strings.Join(ids, ", "))
	}
	if err := api.DeleteFile(e.Context, found[0].ID); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.Err, "Deleted: %s.\n", clean(found[0].Name))
	return err
}

// KBArticleDiff compares two versions.
type KBArticleDiff struct {
	Format    `embed:""`
	articleAt `embed:""`
	To        int64 `arg:"" optional:"" help:"Number of the later version; the latest otherwise."`
	From      int64 `help:"Number of the earlier version; the one before otherwise."`
}

// Run prints the lines that differ, with a few around them.
func (c *KBArticleDiff) Run(e *Env) error {
	api, a, err := c.draft(e)
	if err != nil {
		return err
	}
	if c.To == 0 {
		c.To = a.Number
	}
	d, err := api.ArticleDifference(e.Context, a.ID, c.To, c.From)
	if err != nil || c.JSON {
		if err == nil {
			err = c.show(e, d, "", nil)
		}
		return err
	}
	fmt.Fprintf(e.Out, "Version %d to %d: %d lines added, %d taken away.\n", d.From, d.To, d.Added, d.Gone)
	if d.TitleBefore != d.TitleAfter && d.From != 0 {
		fmt.Fprintf(e.Out, "The title was %s and became %s.\n", clean(d.TitleBefore), clean(d.TitleAfter))
	}
	for _, l := range d.Lines {
		if l.Skipped > 0 {
			fmt.Fprintf(e.Out, "@@ %d unchanged\n", l.Skipped)
		}
		fmt.Fprintf(e.Out, "%s %s\n", map[string]string{"added": "+", "gone": "-", "same": " "}[l.Kind], clean(l.Text))
	}
	return nil
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
