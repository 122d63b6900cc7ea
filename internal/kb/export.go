package kb

import (
	"context"
	"io"
	"net/url"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb/bundle"
	"bailiwick/internal/kb/page"
)

var (
	// OpExport lists what is taken out; each article is then decided on by itself.
	OpExport  = gate.Define(gate.Op{Name: "knowledge-base.export", Sentence: "Export a knowledge base's articles as an archive of Markdown files", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true})
	sqlExport = gate.SQL(`SELECT id, slug, category_id FROM kb_articles WHERE org_id = $1 AND base_id = $2 ORDER BY title_folded, id`)
)

// Export writes all articles of a knowledge base, with their latest texts and
// files, as an archive that Import takes.
func (s *Store) Export(ctx context.Context, who gate.Actor, base string, to io.Writer) error {
	var ids []string
	var at time.Time
	places, err := gate.Do(ctx, s.gate, who, OpExport, gate.Base(base), func(tx *gate.Tx) (all []bundle.Place, err error) {
		at, ids = tx.Now(), nil
		var in []string
		err = tx.Each(sqlExport, func(r *gate.Rows) error {
			var id, slug, category string
			err := r.Scan(&id, &slug, &category)
			ids, in = append(ids, id), append(in, category)
			all = append(all, bundle.Place{Slug: slug})
			return err
		}, tx.BaseID())
		paths := map[string][]string{}
		for i, c := range in {
			if _, known := paths[c]; !known && err == nil {
				var path []Named
				path, err = pathTo(tx, tx.BaseID(), c)
				paths[c] = namesOf(path)
			}
			all[i].Category = paths[c]
		}
		return all, err
	})
	if err != nil {
		return err
	}
	w := bundle.NewWriter(to, places, at)
	for i, id := range ids {
		if err := s.exportOne(ctx, who, w, id, places[i]); err != nil {
			return err
		}
	}
	return w.Close()
}

func namesOf(path []Named) (names []string) {
	for _, c := range path {
		names = append(names, c.Name)
	}
	return names
}

func (s *Store) exportOne(ctx context.Context, who gate.Actor, w *bundle.Writer, id string, p bundle.Place) error {
	a, err := s.Draft(ctx, who, id)
	if err != nil {
		return err
	}
	out := bundle.Article{Title: a.Title, Slug: p.Slug, Category: p.Category, Tags: a.Tags, State: bundle.Draft, Markdown: a.Markdown}
	if a.PublishedAt != 0 {
		out.State, out.Published = bundle.Published, time.UnixMilli(a.PublishedAt)
	}
	if err := w.Article(out); err != nil {
		return err
	}
	for _, f := range a.Files {
		file, err := w.File(page.FilesFolder + f.ID + "/" + url.PathEscape(f.Name))
		if err != nil {
			return err
		}
		if err := s.WriteFile(ctx, who, f, file); err != nil {
			return err
		}
	}
	return nil
}
