package kb

import (
	"context"
	"io"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb/bundle"
)

var (
	OpExport    = gate.Define(gate.Op{Name: "knowledge-base.export", Sentence: "Export a knowledge base with its drafts as a ZIP archive of Markdown files", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true})
	opExportOne = gate.Define(gate.Op{Name: "article.export", Sentence: "Read one article for an archive, with its files", Scope: gate.Shelf, Role: gate.Editor})

	sqlExported = gate.SQL(`SELECT a.id, a.slug, a.category_id FROM kb_articles a WHERE a.org_id = $1 AND a.base_id = $2 ORDER BY a.category_id, a.title_folded, a.id`)
)

// Exporting is an archive that is about to be written.
type Exporting struct {
	Name     string // of the file
	store    *Store
	who      gate.Actor
	articles []string
	places   []bundle.Place
}

// Export begins an archive of a knowledge base. What comes of it is written
// article by article, each decided on anew.
func (s *Store) Export(ctx context.Context, who gate.Actor, base string) (*Exporting, error) {
	return gate.Do(ctx, s.gate, who, OpExport, gate.Base(base), func(tx *gate.Tx) (*Exporting, error) {
		b, err := the(tx)
		if err != nil {
			return nil, err
		}
		tx.Event().Name = b.Name
		out := &Exporting{Name: b.Path + ".zip", store: s, who: who}
		var in []string
		err = tx.Each(sqlExported, func(r *gate.Rows) error {
			var id, slug, category string
			err := r.Scan(&id, &slug, &category)
			out.articles, in = append(out.articles, id), append(in, category)
			out.places = append(out.places, bundle.Place{Slug: slug})
			return err
		}, b.ID)
		paths := map[string][]string{}
		for i, c := range in {
			if err != nil {
				break
			}
			if _, known := paths[c]; !known {
				var path []Named
				path, err = pathTo(tx, b.ID, c)
				paths[c] = namesOf(path)
			}
			out.places[i].Category = paths[c]
		}
		return out, err
	})
}

func namesOf(path []Named) (names []string) {
	for _, p := range path {
		names = append(names, p.Name)
	}
	return names
}

// WriteTo writes the archive. What was written before an error is none.
func (x *Exporting) WriteTo(ctx context.Context, w io.Writer) error {
	zip := bundle.NewWriter(w, x.places, x.store.gate.Now())
	for _, id := range x.articles {
		a, err := gate.Do(ctx, x.store.gate, x.who, opExportOne, gate.Article(id), func(tx *gate.Tx) (Article, error) { return readArticle(tx, id, true) })
		if err != nil {
			return err
		}
		out := bundle.Article{Category: namesOf(a.Path), Title: a.Title, Slug: a.Slug, Tags: a.Tags, State: bundle.Draft, Markdown: a.Markdown}
		if a.PublishedAt != 0 {
			out.State, out.Published = bundle.Published, time.UnixMilli(a.PublishedAt)
			if out.Published.After(x.store.gate.Now()) {
				out.State = bundle.Scheduled
			}
		}
		for _, f := range a.Files {
			out.Files = append(out.Files, f.Address())
		}
		if err := zip.Article(out); err != nil {
			return err
		}
		for _, f := range a.Files {
			r, to := io.Pipe()
			go func() { to.CloseWithError(x.store.WriteFile(ctx, x.who, f, to)) }()
			err := zip.File(f.Address(), r)
			r.Close()
			if err != nil {
				return err
			}
		}
	}
	return zip.Close()
}
