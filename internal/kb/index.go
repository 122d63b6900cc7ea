package kb

import (
	"strings"

	"bailiwick/internal/find"
	"bailiwick/internal/gate"
)

var (
	sqlLive     = gate.SQL(`SELECT a.base_id, a.category_id, a.published_at, v.title, v.markdown FROM kb_articles a JOIN kb_versions v ON v.org_id = a.org_id AND v.article_id = a.id AND v.number = a.live_number WHERE a.org_id = $1 AND a.id = $2`)
	sqlAddWords = gate.SQL(`INSERT INTO kb_texts (org_id, article_id, category_id, published_at, scope, title, words) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	sqlReindex  = gate.SQL(`UPDATE kb_texts SET category_id = $2, scope = $3 WHERE org_id = $1 AND article_id IN (SELECT id FROM kb_articles WHERE org_id = $1 AND category_id = $2)`)
)

// index tells search what readers see of an article, or that they see nothing.
func index(tx *gate.Tx, article string) error {
	if _, err := tx.Exec(sqlUntext, article); err != nil {
		return err
	}
	var base, category, title, markdown string
	var at int64
	live := false
	err := tx.Each(sqlLive, func(r *gate.Rows) error {
		live = true
		return r.Scan(&base, &category, &at, &title, &markdown)
	}, article)
	if err != nil || !live {
		return err
	}
	head := title
	err = tx.Each(sqlTags, func(r *gate.Rows) error {
		var tag string
		err := r.Scan(&tag)
		head += " " + tag
		return err
	}, article)
	if err != nil {
		return err
	}
	text, headings := plainOf(markdown)
	head += headings
	_, err = tx.Exec(sqlAddWords, article, category, at, scopeOf(base, category), wordsOf(head), wordsOf(head+" "+text))
	return err
}

// reindexed tells search that articles lie in another category now.
func reindexed(tx *gate.Tx, category string) error {
	_, err := tx.Exec(sqlReindex, category, scopeOf(tx.BaseID(), category))
	return err
}

// scopeOf is where an article lies, as words that search can ask for.
func scopeOf(base, category string) string { return asWord(base) + " " + asWord(category) }

// asWord is an id as one word.
func asWord(id string) string { return strings.ReplaceAll(id, "_", "") }

// mostWords is how many bytes the different words of an article come to, those
// that can be found: PostgreSQL's index takes less than a megabyte of one row.
const mostWords = 500_000

// wordsOf gives each word of a text once.
func wordsOf(text string) string {
	seen := map[string]bool{}
	var all []string
	size := 0
	for _, w := range find.Words(text) {
		if !seen[w] && size < mostWords {
			seen[w], size = true, size+len(w)+1
			all = append(all, w)
		}
	}
	return strings.Join(all, " ")
}
