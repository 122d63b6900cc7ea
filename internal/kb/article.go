package kb

import (
	"context"
	"errors"

	"bailiwick/internal/gate"
)

// Article is an article with a text: to readers the one that was published, in
// an editor's view the latest.
type Article struct {
	Row
	Base     string // id
	BasePath string
	Markdown string
	Number   int64 // of the text
	Live     int64 // of the text that readers see; 0: none
	Version  int64 // of the row
	Tags     []string
	Path     []Named // categories from the top to its own
	Files    []File
	Helped   Helpful // in an editor's view
	MayEdit  bool
}

var (
	sqlArticle = gate.SQL(`SELECT ` + rowColumns + `, a.base_id, b.path, a.version FROM kb_articles a JOIN kb_bases b ON b.org_id = a.org_id AND b.id = a.base_id WHERE a.org_id = $1 AND a.id = $2`)
	sqlText    = gate.SQL(`SELECT title, markdown FROM kb_versions WHERE org_id = $1 AND article_id = $2 AND number = $3`)
	sqlTags    = gate.SQL(`SELECT tag FROM kb_tags WHERE org_id = $1 AND article_id = $2 ORDER BY folded`)
	sqlNames   = gate.SQL(`SELECT id, COALESCE(parent_id, ''), name FROM kb_categories WHERE org_id = $1 AND base_id = $2`)
	sqlFiles   = gate.SQL(`SELECT id, name, type, picture, size, added_at, added_by FROM kb_files WHERE org_id = $1 AND article_id = $2 ORDER BY id`)
)

// Read gives a published article as its readers see it: by its address, or by
// id where base is "".
func (s *Store) Read(ctx context.Context, who gate.Actor, base, article string) (Article, error) {
	target := gate.Page(base, article)
	if base == "" {
		target = gate.Article(article)
	}
	return gate.Do(ctx, s.gate, who, OpRead, target, func(tx *gate.Tx) (Article, error) {
		return readArticle(tx, tx.ArticleID(), false)
	})
}

// Draft gives an article as its editors see it, with the latest text.
func (s *Store) Draft(ctx context.Context, who gate.Actor, article string) (Article, error) {
	return s.draft(ctx, who, gate.Article(article))
}

// DraftAt is Draft of an article that is named by its address.
func (s *Store) DraftAt(ctx context.Context, who gate.Actor, base, slug string) (Article, error) {
	return s.draft(ctx, who, gate.Page(base, slug))
}

func (s *Store) draft(ctx context.Context, who gate.Actor, target gate.Target) (Article, error) {
	return gate.Do(ctx, s.gate, who, OpDraft, target, func(tx *gate.Tx) (Article, error) {
		return readArticle(tx, tx.ArticleID(), true)
	})
}

func readArticle(tx *gate.Tx, id string, latest bool) (a Article, err error) {
	found := false
	err = tx.Each(sqlArticle, func(r *gate.Rows) error {
		var live int64
		found = true
		err := r.Scan(&a.ID, &a.Slug, &a.Title, new(string), &a.Category, &a.PublishedAt, &a.LiveAt, &a.ChangedAt, &a.ChangedBy, &live, &a.Number, &a.Base, &a.BasePath, &a.Version)
		a.Live, a.Changed = live, live != 0 && live != a.Number
		return err
	}, id)
	if err == nil && !found {
		err = gate.ErrNoRows
	}
	if err != nil {
		return a, err
	}
	if !latest {
		a.Number, a.Changed = a.Live, false
	}
	a.MayEdit = tx.RoleIn(a.Base) >= gate.Editor
	err = tx.Row(sqlText, a.ID, a.Number).Scan(&a.Title, &a.Markdown)
	if errors.Is(err, gate.ErrNoRows) && !latest { // an editor reads what was never published
		return a, err
	}
	if err != nil {
		return a, err
	}
	if a.Path, err = pathTo(tx, a.Base, a.Category); err != nil {
		return a, err
	}
	err = tx.Each(sqlTags, func(r *gate.Rows) error {
		var tag string
		err := r.Scan(&tag)
		a.Tags = append(a.Tags, tag)
		return err
	}, a.ID)
	if err != nil {
		return a, err
	}
	if latest {
		err := tx.Each(sqlHelpful, func(r *gate.Rows) error { return r.Scan(&a.Helped.Yes, &a.Helped.No) }, a.ID)
		if err != nil {
			return a, err
		}
	}
	return a, tx.Each(sqlFiles, func(r *gate.Rows) error {
		var f File
		err := r.Scan(&f.ID, &f.Name, &f.Type, &f.Picture, &f.Size, &f.AddedAt, &f.AddedBy)
		a.Files = append(a.Files, f)
		return err
	}, a.ID)
}

// pathTo names the categories from the top to one.
func pathTo(tx *gate.Tx, base, category string) (path []Named, err error) {
	names, parents := map[string]string{}, map[string]string{}
	err = tx.Each(sqlNames, func(r *gate.Rows) error {
		var id, parent, name string
		err := r.Scan(&id, &parent, &name)
		names[id], parents[id] = name, parent
		return err
	}, base)
	for id := category; id != "" && len(path) <= deepest; id = parents[id] {
		path = append([]Named{{id, names[id]}}, path...)
	}
	return path, err
}
