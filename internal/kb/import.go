package kb

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/kb/bundle"
	"bailiwick/internal/kb/page"
)

// Publishing says what becomes of imported articles.
type Publishing string

// Articles are published where their file says so, or none, or all of them.
const (
	AsSaid     Publishing = ""
	AllDrafts  Publishing = "drafts"
	AllPublish Publishing = "publish"
)

// Imported is what an import added.
type Imported struct {
	Articles, Files, Categories int
	Left                        []bundle.Problem // what was left out, and why
}

// OpImport adds articles from an archive.
var OpImport = gate.Define(gate.Op{Name: "knowledge-base.import", Sentence: "Import articles from an archive of Markdown or HTML files", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true})

// planned is an article of the archive with what it gets here.
type planned struct {
	from     bundle.Article
	category string
	slug     string
}

// Import adds the articles of an archive to a knowledge base. Categories are
// found by name and added where there is none. Each article is added by itself:
// what was added before an error stays, and the error says how many.
func (s *Store) Import(ctx context.Context, who gate.Actor, base string, b *bundle.Bundle, as Publishing) (done Imported, err error) {
	if as != AsSaid && as != AllDrafts && as != AllPublish {
		return done, fault.Bad("publish", "Choose what becomes of the articles.")
	}
	done.Left = b.Problems
	plans, err := gate.Do(ctx, s.gate, who, OpImport, gate.Base(base), func(tx *gate.Tx) ([]planned, error) {
		tx.Event().Fields = []string{strconv.Itoa(len(b.Articles)) + " articles"}
		return s.plan(tx, b, &done)
	})
	if err != nil {
		return done, err
	}
	slugs := map[string]string{}
	for _, p := range plans {
		slugs[p.from.Slug] = p.slug
	}
	for _, p := range plans {
		if err := s.importOne(ctx, who, b, p, slugs, as, &done); err != nil {
			if bad, ok := fault.As(err); ok && bad.Kind == fault.Invalid {
				done.Left = append(done.Left, bundle.Problem{File: p.from.Source, Text: bad.Fields[0].Text})
				continue
			}
			return done, err
		}
	}
	return done, nil
}

// plan adds the categories that are missing and chooses each article's address.
func (s *Store) plan(tx *gate.Tx, b *bundle.Bundle, done *Imported) (plans []planned, err error) {
	t, err := readTree(tx)
	if err != nil {
		return nil, err
	}
	if len(t.all) == 0 {
		return nil, fault.Cannot("Add a category first.")
	}
	taken := map[string]bool{}
	for _, a := range b.Articles {
		p := planned{from: a, category: t.in("")[0]}
		parent := ""
		for _, name := range a.Category {
			next, added, err := s.child(tx, &t, parent, name)
			if err != nil {
				return nil, err
			}
			if next == "" { // as deep as categories go
				break
			}
			done.Categories += added
			parent, p.category = next, next
		}
		if p.slug, err = planSlug(tx, a, taken); err != nil {
			return nil, err
		}
		taken[p.slug] = true
		plans = append(plans, p)
	}
	return plans, tx.BumpAccess()
}

// child finds a category by its name in another, or adds it, for all readers.
func (s *Store) child(tx *gate.Tx, t *tree, parent, name string) (string, int, error) {
	for _, c := range t.in(parent) {
		if find.Plain(t.all[t.index[c]].Name) == find.Plain(name) {
			return c, 0, nil
		}
	}
	if len(t.above(parent)) >= deepest {
		return "", 0, nil
	}
	if len(t.all) >= widest {
		return "", 0, fault.Cannot("A knowledge base has at most %d categories. Nothing was imported.", widest)
	}
	c := Category{ID: id.New("cat"), Parent: parent, Name: name, Visibility: gate.ForReaders}
	if _, err := tx.Exec(sqlAddCategory, c.ID, tx.BaseID(), orNull(parent), name, len(t.all)+1, c.Visibility); err != nil {
		return "", 0, err
	}
	t.index[c.ID] = len(t.all)
	t.all = append(t.all, c)
	return c.ID, 1, nil
}

func planSlug(tx *gate.Tx, a bundle.Article, taken map[string]bool) (string, error) {
	first := slugOf(a.Slug)
	if first == "" {
		first = slugOf(a.Title)
	}
	if first == "" {
		first = "article"
	}
	for n := 1; ; n++ {
		slug := first
		if n > 1 || slices.Contains(kept, first) {
			slug += "-" + strconv.Itoa(n)
		}
		if taken[slug] {
			continue
		}
		count := 0
		if err := tx.Row(sqlSlugs, tx.BaseID(), slug, "").Scan(&count); err != nil || count == 0 {
			return slug, err
		}
	}
}

// copied is a file of the archive that an article gets.
type copied struct {
	File
	data []byte
}

// importOne adds one article with its own copy of each file that it mentions:
// a file is read by whoever reads its article.
func (s *Store) importOne(ctx context.Context, who gate.Actor, b *bundle.Bundle, p planned, slugs map[string]string, as Publishing, done *Imported) error {
	files, left, err := filesOf(ctx, b, p.from)
	if err != nil {
		return err
	}
	done.Left = append(done.Left, left...)
	markdown := b.Place(p.from, func(slug string) string { return slugs[slug] }, func(n int) string {
		if f, ok := files[n]; ok {
			return page.FilesFolder + f.ID + "/" + url.PathEscape(f.Name)
		}
		return ""
	})
	in := Input{Category: p.category, Title: p.from.Title, Slug: p.slug, Markdown: markdown}
	for _, tag := range p.from.Tags {
		in.Tags = append(in.Tags, strings.ReplaceAll(tag, ",", " "))
	}
	if err := in.check(); err != nil {
		return err
	}
	_, err = gate.Do(ctx, s.gate, who, OpWrite, gate.Category(p.category), func(tx *gate.Tx) (bool, error) {
		made, err := s.write(tx, in)
		if err != nil {
			return false, err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name, e.Fields = string(gate.KindArticle), made.ID, in.Title, []string{"imported"}
		for _, f := range files {
			if err := keep(tx, made.ID, &f.File, f.data); err != nil {
				return false, err
			}
		}
		if as == AllPublish || as == AsSaid && p.from.State == bundle.Published {
			at := tx.Millis()
			if as == AsSaid && !p.from.Published.IsZero() {
				at = p.from.Published.UnixMilli()
			}
			if err := tx.One(sqlRepublish, made.ID, 1, in.Title, at, max(at, tx.Millis())); err != nil {
				return false, err
			}
			return true, index(tx, made.ID)
		}
		return true, nil
	})
	if err == nil {
		done.Articles++
		done.Files += len(files)
	}
	return err
}

// filesOf reads the files that an article mentions, by their numbers.
func filesOf(ctx context.Context, b *bundle.Bundle, a bundle.Article) (files map[int]*copied, left []bundle.Problem, err error) {
	files = map[int]*copied{}
	for _, n := range b.Mentioned(a) {
		f := b.Files[n]
		if len(files) >= mostFiles {
			left = append(left, bundle.Problem{File: f.Source, Text: "An article has at most " + strconv.Itoa(mostFiles) + " files, so this one was left out."})
			continue
		}
		data, err := f.Read(ctx)
		if bundle.TooLarge(err) || err == nil && (len(data) == 0 || len(data) > LargestFile) {
			left = append(left, bundle.Problem{File: f.Source, Text: "This file is empty or too large, so it was left out."})
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		c := &copied{File: File{ID: id.New("file"), Name: fileName(f.Name), Size: int64(len(data))}, data: data}
		c.Type, c.Picture = kindOf(data)
		files[n] = c
	}
	return files, left, nil
}
