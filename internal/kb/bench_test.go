package kb_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
)

// A search among 100,000 articles in ten categories, half of which the reader
// does not read: for a word that three have, one that most have, and the
// beginning of it. The rows are put in beside the product, as it would take
// them from 100,000 editors.
func BenchmarkSearch(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) { benchmarkSearch(b, open(b)) })
	}
}

func benchmarkSearch(b *testing.B, d *db.DB) {
	ctx := context.Background()
	w := apptest.New(b, d)
	base, err := w.Bases.Add(ctx, w.Admin, kb.NewBase{Path: "help", Name: "Help"})
	w.Must(err)
	var categories []string
	for n := range 10 {
		visibility := []string{gate.ForAnybody, gate.ForReaders}[n%2]
		id, err := w.Bases.AddCategory(ctx, w.Admin, base, "", kb.CategoryInput{Name: fmt.Sprint("C", n), Visibility: visibility})
		w.Must(err)
		categories = append(categories, id)
	}
	w.Must(fill(ctx, d, w.OrgID, base, categories, w.Clock.Now().UnixMilli()))
	passer, _, err := w.Sessions.PasserBy(ctx, "northwind-it", "192.0.2.1", nil)
	w.Must(err)
	for name, text := range map[string]string{"rare": "seldom7001", "common": "printer office", "beginning": "pri", "title": "guide 4242", "none": "nowhere"} {
		for who, actor := range map[string]gate.Actor{"passer-by": passer, "admin": w.Admin} {
			b.Run(name+" "+who, func(b *testing.B) {
				for b.Loop() {
					if _, err := w.Bases.Search(ctx, actor, "help", text); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func fill(ctx context.Context, d *db.DB, org, base string, categories []string, now int64) error {
	word := func(id string) string { return strings.ReplaceAll(id, "_", "") }
	return d.Write(ctx, "", func(tx *db.Tx) error {
		for n := range 100_000 {
			id, category := fmt.Sprintf("article_%06d", n), categories[n%len(categories)]
			var words []string
			for i := range 60 {
				words = append(words, fmt.Sprintf("w%d", (n*7919+i*104729)%20_011))
			}
			words = append(words, fmt.Sprintf("seldom%d", n/3), "printer")
			if n%3 != 0 {
				words = append(words, "office")
			}
			title := fmt.Sprintf("guide %d", n)
			for _, s := range []struct {
				text string
				args []any
			}{
				{`INSERT INTO kb_articles (org_id, id, base_id, category_id, slug, title, title_folded, text_number, live_number, live_title, published_at, created_at, changed_at, changed_by) VALUES ($1, $2, $3, $4, $2, $5, $5, 1, 1, $5, $6, $6, $6, 'x')`, []any{org, id, base, category, title, now - int64(n)}},
				{`INSERT INTO kb_versions (org_id, article_id, number, title, markdown, saved_at, user_id, user_name) VALUES ($1, $2, 1, $3, $4, 1, 'x', 'x')`, []any{org, id, title, strings.Join(words, " ")}},
				{`INSERT INTO kb_texts (org_id, article_id, category_id, published_at, scope, title, words) VALUES ($1, $2, $3, $4, $5, $6, $7)`, []any{org, id, category, now - int64(n), word(base) + " " + word(category), title, title + " " + strings.Join(words, " ")}},
			} {
				if _, err := tx.Exec(ctx, s.text, s.args...); err != nil {
					return err
				}
			}
		}
		return tx.Grown(ctx, "kb_texts")
	})
}
