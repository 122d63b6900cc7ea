package kb

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/kb/bundle"
	"bailiwick/internal/kb/leak"
	"bailiwick/internal/kb/page"
)

// Importing is what an archive is imported as.
type Importing struct {
	Category string // id: where what lies in no folder goes, and folders become categories of it; "": the top, and a category of its own for what lies in none
	Publish  bool   // articles that the archive does not call drafts
}

// Imported is what came of it.
type Imported struct {
	Articles, Published, Files, Categories int
	Unused                                 int // files that no article mentions
	Problems                               []bundle.Problem
}

var (
	OpImport    = gate.Define(gate.Op{Name: "knowledge-base.import", Sentence: "Import a ZIP archive of Markdown or HTML files into a knowledge base", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})
	opImportOne = gate.Define(gate.Op{Name: "article.import", Sentence: "Add one article of an archive", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true})
)

// planned is where the articles of an archive will lie.
type planned struct {
	Categories []string          // ids, of each article
	Slugs      map[string]string // of the archive -> of the knowledge base
	Made       int
	Deep       []string // articles whose folders go deeper than categories
}

// Import reads an archive and adds its articles, each with the files that it
// mentions, in a transaction of its own: what was added before an error stays.
// Pictures and files are checked as every other one is.
func (s *Store) Import(ctx context.Context, who gate.Actor, base string, r io.ReaderAt, size int64, in Importing) (out Imported, err error) {
	if err := s.MayImport(ctx, who, base); err != nil { // before anything is unpacked
		return out, err
	}
	all, err := bundle.Read(ctx, r, size)
	if err != nil {
		return out, err
	}
	out.Problems, out.Unused = all.Problems, all.Unused
	plan, err := gate.Do(ctx, s.gate, who, OpImport, gate.Base(base), func(tx *gate.Tx) (planned, error) { return s.plan(tx, all, in) })
	if err != nil {
		return out, err
	}
	out.Categories = plan.Made
	for _, file := range plan.Deep {
		out.Problems = append(out.Problems, bundle.Problem{File: file, Text: fmt.Sprintf("Categories go %d levels deep, so it was put into the last one that could be made.", deepest)})
	}
	for i, a := range all.Articles {
		if err := s.importOne(ctx, who, base, all, a, plan, plan.Categories[i], in, &out); err != nil {
			return out, err
		}
	}
	return out, nil
}

// MayImport refuses whoever may not import, before an archive is read.
func (s *Store) MayImport(ctx context.Context, who gate.Actor, base string) error {
	_, err := gate.Do(ctx, s.gate, who, opMayImport, gate.Base(base), func(*gate.Tx) (bool, error) { return true, nil })
	return err
}

var opMayImport = gate.Define(gate.Op{Name: "knowledge-base.import.begin", Sentence: "Begin to import an archive", Scope: gate.Shelf, Role: gate.Editor})

// plan makes the categories that are missing, and finds an address for each
// article.
func (s *Store) plan(tx *gate.Tx, archive *bundle.Bundle, in Importing) (p planned, err error) {
	all := archive.Articles
	p.Slugs = map[string]string{}
	b, err := the(tx)
	if err != nil {
		return p, err
	}
	tx.Event().Name, tx.Event().Fields = b.Name, []string{fmt.Sprintf("%d articles", len(all))}
	t, err := readTree(tx)
	if err != nil {
		return p, err
	}
	if in.Category != "" && !t.has(in.Category) {
		return p, fault.Bad("category", "There is no such category here.")
	}
	taken := map[string]bool{}
	err = tx.Each(sqlAllSlugs, func(r *gate.Rows) error {
		var slug string
		err := r.Scan(&slug)
		taken[slug] = true
		return err
	}, b.ID)
	if err != nil {
		return p, err
	}
	for _, a := range all {
		slug := a.Slug
		for n := 2; taken[slug] || slices.Contains(kept, slug) || !pathForm.MatchString(slug) || len(slug) > 100; n++ {
			first := slugOf(a.Slug)
			if first == "" {
				first = "article"
			}
			slug = fmt.Sprintf("%s-%d", first, n)
		}
		taken[slug] = true
		p.Slugs[a.Slug] = slug
		at, folders := in.Category, a.Category
		if at == "" && len(folders) == 0 { // one that is there may be public
			folders = []string{cmp.Or(archive.Root, "Imported")}
		}
		for _, name := range folders {
			if len(t.above(at)) >= deepest {
				p.Deep = append(p.Deep, a.Source)
				break
			}
			if at, err = s.within(tx, &t, at, name, &p.Made); err != nil {
				return p, err
			}
		}
		p.Categories = append(p.Categories, at)
	}
	return p, tx.BumpAccess()
}

var sqlAllSlugs = gate.SQL(`SELECT slug FROM kb_articles WHERE org_id = $1 AND base_id = $2`)

// within finds a category by its name in another one, or makes it.
func (s *Store) within(tx *gate.Tx, t *tree, parent, name string, made *int) (string, error) {
	for _, c := range t.all {
		if c.Parent == parent && strings.EqualFold(c.Name, name) {
			return c.ID, nil
		}
	}
	if len(t.all) >= widest {
		return "", fault.Cannot("A knowledge base has at most %d categories; the archive has more folders. Nothing was imported.", widest)
	}
	c := Category{ID: id.New("cat"), Parent: parent, Name: name}
	if _, err := tx.Exec(sqlAddCategory, c.ID, tx.BaseID(), orNull(parent), name, len(t.all)+1, gate.ForReaders); err != nil {
		return "", err
	}
	t.index[c.ID] = len(t.all)
	t.all = append(t.all, c)
	*made++
	return c.ID, nil
}

// importOne adds an article with its own copies of the files that it mentions or has,
// so that they are read by whoever reads it.
func (s *Store) importOne(ctx context.Context, who gate.Actor, base string, all *bundle.Bundle, a bundle.Article, plan planned, category string, in Importing, out *Imported) error {
	problem := func(text string) { out.Problems = append(out.Problems, bundle.Problem{File: a.Source, Text: text}) }
	var files []File
	var data [][]byte
	copies := map[string]string{}
	var failed error
	take := func(address string) string {
		rest := strings.TrimPrefix(address, page.FilesFolder)
		if to, done := copies[rest]; done {
			return to
		}
		number, _, _ := strings.Cut(rest, "/")
		n := -1
		if _, err := fmt.Sscanf(number, "%d", &n); err != nil || n < 0 || n >= len(all.Files) || failed != nil {
			return address
		}
		bytes, err := all.Files[n].Read(ctx)
		switch {
		case bundle.TooLarge(err), err == nil && (len(bytes) == 0 || len(bytes) > LargestFile || len(files) >= mostFiles):
			problem(all.Files[n].Source + " is empty, too large, or one too many, so it was left out.")
			return address
		case err != nil:
			failed = err
			return address
		}
		f := File{ID: id.New("file"), Name: fileName(all.Files[n].Name), Size: int64(len(bytes))}
		f.Type, f.Picture = kindOf(bytes)
		files, data = append(files, f), append(data, bytes)
		copies[rest] = f.Address()
		return copies[rest]
	}
	markdown := page.Rewrite(a.Markdown, func(address string) string {
		if strings.HasPrefix(address, page.FilesFolder) {
			return take(address)
		}
		slug, fragment, cut := strings.Cut(address, "#")
		if to, ok := plan.Slugs[slug]; ok && cut {
			return to + "#" + fragment
		} else if ok {
			return to
		}
		return address
	})
	for _, address := range a.Files {
		take(address)
	}
	if failed != nil {
		return failed
	}
	input := Input{Category: category, Title: a.Title, Slug: plan.Slugs[a.Slug], Markdown: markdown, Tags: a.Tags}
	if err := input.check(); err != nil {
		problem("It was left out: " + whatIsWrong(err))
		return nil
	}
	publishes := in.Publish && a.State != bundle.Draft
	if found := leak.Look(markdown); len(found) > 0 {
		publishes = false
		problem(secretText(found, in.Publish))
	}
	_, err := gate.Do(ctx, s.gate, who, opImportOne, gate.Base(base), func(tx *gate.Tx) (bool, error) {
		made, err := s.write(tx, input)
		if err != nil {
			return false, err
		}
		e := tx.Event()
		e.Kind, e.ID = string(gate.KindArticle), made.ID
		e.Name = input.Title
		for i := range files {
			if err := keep(tx, made.ID, &files[i], data[i]); err != nil {
				return false, err
			}
		}
		if !publishes {
			return true, nil
		}
		out, from := outSince(a, tx.Millis())
		return true, publish(tx, Article{Row: Row{ID: made.ID, Title: input.Title, PublishedAt: out}, Number: 1}, from)
	})
	if fault.Is(err, fault.Invalid) {
		problem("It was left out: " + whatIsWrong(err))
		return nil
	}
	if err == nil {
		out.Articles++
		out.Files += len(files)
		if publishes {
			out.Published++
		}
	}
	return err
}

// outSince is the time at which an article of an archive came out or will come
// out. Only what the archive calls scheduled has a time to come.
func outSince(a bundle.Article, now int64) (out, from int64) {
	at := a.Published.UnixMilli()
	switch {
	case at > 0 && at <= now:
		return at, 0
	case at > now && a.State == bundle.Scheduled:
		return 0, at
	}
	return 0, 0
}

// secretText says where an article looks as if it held a secret, and what
// became of it for that.
func secretText(found []leak.Found, publish bool) string {
	text := fmt.Sprintf("It looks as if it held a secret, in line %d: %s", found[0].Line, found[0].Why)
	if len(found) > 1 {
		text += fmt.Sprintf(" There are %d such lines.", len(found))
	}
	if publish {
		return text + " It is a draft, and was not published."
	}
	return text + " Knowledge bases are not sealed: no secret belongs into one."
}

// Address is a file's within its knowledge base, for Markdown.
func (f File) Address() string {
	return page.FilesFolder + f.ID + "/" + url.PathEscape(f.Name)
}

// whatIsWrong are the sentences of an error about input.
func whatIsWrong(err error) string {
	f, _ := fault.As(err)
	var all []string
	for _, field := range f.Fields {
		all = append(all, field.Text)
	}
	return strings.Join(all, " ")
}
