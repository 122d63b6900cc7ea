package cli

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"bailiwick/sdk"
)

// KB is the knowledge bases. They hold no secrets and need no open vault.
type KB struct {
	List       KBList       `cmd:"" default:"withargs" help:"List the knowledge bases."`
	Show       KBShow       `cmd:"" help:"Show a knowledge base with its categories."`
	Add        KBAdd        `cmd:"" help:"Add a knowledge base."`
	Rename     KBRename     `cmd:"" help:"Change a knowledge base's name or address."`
	Edit       KBEdit       `cmd:"" help:"Change a knowledge base's settings."`
	Delete     KBDelete     `cmd:"" help:"Delete a knowledge base with everything in it."`
	Default    KBDefault    `cmd:"" help:"Show or change the role that members have by default."`
	People     KBPeople     `cmd:"" help:"List who has which role."`
	Role       KBRole       `cmd:"" help:"Give a user a role, or take it."`
	Share      KBShare      `cmd:"" help:"Give people a role by their addresses; who is no user yet becomes a guest."`
	Categories KBCategories `cmd:"" help:"Categories: add, edit, move, delete."`
	Articles   KBArticles   `cmd:"" help:"List articles."`
	Search     KBSearch     `cmd:"" help:"Search articles."`
	Article    KBArticle    `cmd:"" help:"Articles: show, add, edit, publish, history."`
	Misses     KBMisses     `cmd:"" help:"List what was looked for and not found."`
	Judged     KBJudged     `cmd:"" help:"List which articles were said to help."`
	Import     KBImport     `cmd:"" help:"Import a ZIP archive of Markdown or HTML files."`
	Export     KBExport     `cmd:"" help:"Export a knowledge base as a ZIP archive of Markdown files."`
}

// kbOf is a knowledge base, by path or id.
type kbOf struct {
	Base string `arg:"" name:"base" help:"Path (as in its address) or id of the knowledge base."`
}

// KBList lists them.
type KBList struct {
	Format `embed:""`
}

// Run lists them.
func (c *KBList) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	all, err := api.KnowledgeBases(e.Context)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, b := range all.KnowledgeBases {
		rows = append(rows, []string{b.Path, b.Name, b.Role, yes(b.Public, "public"), b.ID})
	}
	return c.show(e, all.KnowledgeBases, "PATH|NAME|YOUR ROLE|PUBLIC|ID", rows)
}

// KBShow shows one.
type KBShow struct {
	Format `embed:""`
	kbOf   `embed:""`
}

// Run shows it.
func (c *KBShow) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	b, err := api.KnowledgeBase(e.Context, c.Base)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, g := range b.Categories {
		rows = append(rows, []string{strings.Repeat("  ", g.Depth) + g.Name, g.Visibility, strconv.Itoa(g.Articles), g.ID})
	}
	if !c.JSON {
		fmt.Fprintf(e.Out, "%s\nYour role: %s\n\n", clean(b.Name), clean(b.Role))
	}
	return c.show(e, b, "CATEGORY|FOR|ARTICLES|ID", rows)
}

// KBAdd adds one.
type KBAdd struct {
	Format      `embed:""`
	Path        string `arg:"" help:"In its address: lower-case letters, digits, single hyphens."`
	Name        string `arg:"" help:"Its name."`
	Description string `help:"What it is for."`
}

// Run adds it.
func (c *KBAdd) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	made, err := api.AddKnowledgeBase(e.Context, sdk.NewKnowledgeBase{Path: c.Path, Name: c.Name, Description: c.Description})
	if err != nil {
		return err
	}
	return c.done(e, made, "Added the knowledge base %s. All its readers read its first category; nothing in it is public yet.", c.Name)
}

// KBRename renames one.
type KBRename struct {
	Format `embed:""`
	kbOf   `embed:""`
	Name   string `help:"New name."`
	Path   string `help:"New path; the earlier address leads nowhere."`
}

// Run renames it.
func (c *KBRename) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	b, err := api.KnowledgeBase(e.Context, c.Base)
	if err != nil {
		return err
	}
	in := sdk.KnowledgeBaseName{Version: b.Version, Name: given(c.Name, b.Name), Path: given(c.Path, b.Path)}
	made, err := api.RenameKnowledgeBase(e.Context, b.ID, in)
	if err != nil {
		return err
	}
	return c.done(e, made, "The knowledge base is called %s now, at the path %s.", in.Name, in.Path)
}

// given is what was given, or what is there.
func given(text, is string) string {
	if text != "" {
		return text
	}
	return is
}

// KBEdit changes settings.
type KBEdit struct {
	Format           `embed:""`
	kbOf             `embed:""`
	Description      *string `help:"What it is for."`
	DefaultRole      string  `enum:",organization,none,reader,editor" default:"" help:"Of members: none, reader, editor, or organization for its default."`
	SelfRegistration string  `enum:",on,off" default:"" help:"Whether people may register themselves here: on or off."`
	AsksHelpful      string  `enum:",on,off" default:"" help:"Whether articles ask if they helped: on or off."`
}

// Run changes them.
func (c *KBEdit) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	b, err := api.KnowledgeBase(e.Context, c.Base)
	if err != nil {
		return err
	}
	in := sdk.KnowledgeBaseSettings{Version: b.Version, Description: b.Description, DefaultRole: b.DefaultRole, SelfRegistration: switched(c.SelfRegistration, b.SelfRegistration), AsksHelpful: switched(c.AsksHelpful, b.AsksHelpful)}
	if c.Description != nil {
		in.Description = *c.Description
	}
	if c.DefaultRole != "" {
		in.DefaultRole = strings.TrimPrefix(c.DefaultRole, "organization")
	}
	made, err := api.SetKnowledgeBase(e.Context, b.ID, in)
	if err != nil {
		return err
	}
	return c.done(e, made, "The settings of %s are saved.", b.Name)
}

func switched(word string, is bool) bool {
	if word == "" {
		return is
	}
	return word == "on"
}

// KBDelete deletes one.
type KBDelete struct {
	kbOf `embed:""`
	Name string `help:"Its name, typed to be sure; asked for otherwise."`
}

// Run says what goes, asks, and deletes.
func (c *KBDelete) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	w, err := api.WeighKnowledgeBase(e.Context, c.Base)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Err, "%s: %d articles (%d published) in %d categories and %d files go for good. Guests who have no other knowledge base: %d.\n", clean(w.Name), w.Articles, w.Published, w.Categories, w.Files, w.Guests)
	if c.Name == "" {
		if !e.terminal() {
			return fail(ExitUsage, "Nothing was deleted. Without a terminal it takes --name with the knowledge base's name.")
		}
		if c.Name, err = e.ask("Type its name to delete it", ""); err != nil {
			return err
		}
	}
	if err := api.DeleteKnowledgeBase(e.Context, c.Base, c.Name); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.Err, "Deleted the knowledge base %s.\n", clean(w.Name))
	return err
}

// KBDefault is the default role of members.
type KBDefault struct {
	Format `embed:""`
	Role   string `arg:"" optional:"" enum:",none,reader,editor" default:"" help:"none, reader or editor; it holds at once for everybody without a role of their own."`
}

// Run shows or changes it.
func (c *KBDefault) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	if c.Role != "" {
		if err := api.SetDefaultRole(e.Context, c.Role); err != nil {
			return err
		}
		return c.done(e, sdk.DefaultRole{Role: c.Role}, "Members have the role %s by default.", c.Role)
	}
	is, err := api.DefaultRole(e.Context)
	if err != nil {
		return err
	}
	return c.show(e, is, "DEFAULT ROLE OF MEMBERS", [][]string{{is.Role}})
}

// KBMisses lists searches without hits.
type KBMisses struct {
	Format `embed:""`
	kbOf   `embed:""`
	Clear  bool `help:"Clear the list."`
}

// Run lists or clears them.
func (c *KBMisses) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	if c.Clear {
		if err := api.ClearMisses(e.Context, c.Base); err != nil {
			return err
		}
		return c.done(e, struct{}{}, "The list is cleared.")
	}
	all, err := api.Misses(e.Context, c.Base)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, m := range all.Searches {
		rows = append(rows, []string{m.Words, strconv.Itoa(m.Times), shown(m.LastAt)})
	}
	return c.show(e, all.Searches, "WORDS|TIMES|LAST", rows)
}

// KBJudged lists what readers said.
type KBJudged struct {
	Format `embed:""`
	kbOf   `embed:""`
}

// Run lists it.
func (c *KBJudged) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	all, err := api.JudgedArticles(e.Context, c.Base)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, v := range all.Articles {
		rows = append(rows, []string{v.Slug, v.Title, strconv.Itoa(v.Yes), strconv.Itoa(v.No)})
	}
	return c.show(e, all.Articles, "ARTICLE|TITLE|HELPED|DID NOT", rows)
}

// KBImport imports an archive.
type KBImport struct {
	Format   `embed:""`
	kbOf     `embed:""`
	File     string `arg:"" type:"existingfile" help:"A ZIP archive of Markdown or HTML files with their pictures."`
	Category string `help:"Name or id of the category that it goes into; the top otherwise."`
	Publish  bool   `help:"Publish what the archive does not call drafts."`
}

// Run imports it.
func (c *KBImport) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	into := ""
	if c.Category != "" {
		g, _, err := e.category(api, c.Base, c.Category)
		if err != nil {
			return err
		}
		into = g.ID
	}
	file, err := os.Open(c.File)
	if err != nil {
		return fail(ExitUsage, "%s", err)
	}
	defer file.Close()
	got, err := api.ImportArchive(e.Context, c.Base, into, c.Publish, file)
	if err != nil {
		return err
	}
	for _, p := range got.Problems {
		fmt.Fprintln(e.Err, clean(p.File+": "+p.Text))
	}
	return c.done(e, got, "Imported %d articles (%d published) with %d files; new categories: %d.", got.Articles, got.Published, got.Files, got.Categories)
}

// KBExport exports a knowledge base.
type KBExport struct {
	kbOf `embed:""`
	To   string `arg:"" type:"path" help:"The file to write; it must not be there yet."`
}

// Run exports it.
func (c *KBExport) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	file, err := os.OpenFile(c.To, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fail(ExitUsage, "%s can't be written: %v", c.To, err)
	}
	err = api.ExportKnowledgeBase(e.Context, c.Base, file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil { // half a file must not be taken for a whole one
		_ = os.Remove(c.To)
		return err
	}
	_, err = fmt.Fprintf(e.Err, "Written: %s\n", clean(c.To))
	return err
}
