package kb

import (
	"context"

	"bailiwick/internal/gate"
)

// Edition is a version of an article's text.
type Edition struct {
	Number          int64
	Title, Markdown string // Markdown of one, not in lists
	SavedAt         int64
	By              string
	Live            bool // readers see it
	Latest          bool
}

var (
	sqlEditions = gate.SQL(`SELECT v.number, v.title, v.saved_at, v.user_name, v.number = a.live_number AND a.published_at <= $3, v.number = a.text_number FROM kb_versions v JOIN kb_articles a ON a.org_id = v.org_id AND a.id = v.article_id
		WHERE v.org_id = $1 AND v.article_id = $2 ORDER BY v.number DESC`)
	sqlEdition = gate.SQL(`SELECT v.number, v.title, v.markdown, v.saved_at, v.user_name, v.number = a.live_number AND a.published_at <= $4, v.number = a.text_number FROM kb_versions v JOIN kb_articles a ON a.org_id = v.org_id AND a.id = v.article_id
		WHERE v.org_id = $1 AND v.article_id = $2 AND v.number = $3`)
)

// History lists the versions of an article, the latest first.
func (s *Store) History(ctx context.Context, who gate.Actor, article string) ([]Edition, error) {
	return gate.Do(ctx, s.gate, who, OpHistory, gate.Article(article), func(tx *gate.Tx) (all []Edition, err error) {
		return all, tx.Each(sqlEditions, func(r *gate.Rows) error {
			var e Edition
			err := r.Scan(&e.Number, &e.Title, &e.SavedAt, &e.By, &e.Live, &e.Latest)
			all = append(all, e)
			return err
		}, article, tx.Millis())
	})
}

// Edition gives one version of an article with its text.
func (s *Store) Edition(ctx context.Context, who gate.Actor, article string, number int64) (Edition, error) {
	return gate.Do(ctx, s.gate, who, OpHistory, gate.Article(article), func(tx *gate.Tx) (Edition, error) {
		return edition(tx, article, number)
	})
}

func edition(tx *gate.Tx, article string, number int64) (e Edition, err error) {
	return e, tx.Row(sqlEdition, article, number, tx.Millis()).Scan(&e.Number, &e.Title, &e.Markdown, &e.SavedAt, &e.By, &e.Live, &e.Latest)
}

// Restore makes an earlier version the latest, as a new one. Readers see it
// when it is published.
func (s *Store) Restore(ctx context.Context, who gate.Actor, article string, version, number int64) (Saved, error) {
	return gate.Do(ctx, s.gate, who, OpRestore, gate.Article(article), func(tx *gate.Tx) (Saved, error) {
		e, err := edition(tx, article, number)
		if err != nil {
			return Saved{}, err
		}
		a, err := current(tx, version)
		if err != nil {
			return Saved{}, err
		}
		return s.edit(tx, version, Input{Category: a.Category, Title: e.Title, Markdown: e.Markdown, Tags: a.Tags})
	})
}
