package kb

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"bailiwick/internal/find"
	"bailiwick/internal/gate"
)

// Hit is an article that a search found, and where in it.
type Hit struct {
	Row
	Path    []Named // categories from the top to its own
	Excerpt []Part  // around the first words found
	Marked  []Part  // the title
}

// Part of a text; Found says that it is what was looked for.
type Part struct {
	Text  string
	Found bool
}

// Found is what a search gives.
type Found struct {
	Hits []Hit
	More bool // there are others
}

// OpSearch looks in what the actor reads, and in nothing else.
var OpSearch = gate.Define(gate.Op{Name: "article.search", Sentence: "Search the articles of a knowledge base that one reads", Scope: gate.Shelf, Role: gate.Public, View: true})

// Candidates are the newest articles that have every word, the last one as a
// beginning: by title, headings and tags, and by all their words. Base and
// categories are words too, so that the index alone leaves out what is not the
// actor's. (The plus keeps SQLite from reading all rows of the organization
// beside that index.) No text is for both engines: each has its own full-text index.
var (
	sqlInTitle = gate.SQLEach(`SELECT x.article_id, x.category_id, x.published_at, x.title FROM kb_texts x WHERE +x.org_id = $1 AND x.published_at <= $3
			AND x.rowid IN (SELECT -w.rowid FROM kb_words w WHERE w.kb_words MATCH $2 ORDER BY w.rowid LIMIT 200) ORDER BY x.rowid DESC`,
		`SELECT x.article_id, x.category_id, x.published_at, x.title FROM (SELECT article_id, category_id, published_at, title FROM kb_texts WHERE org_id = $1 AND published_at <= $3
			AND array_to_tsvector(string_to_array(scope || ' ' || title, ' ')) @@ CAST($2 AS tsquery) LIMIT 5000) x ORDER BY x.published_at DESC, x.article_id DESC LIMIT 200`)
	sqlInText = gate.SQLEach(`SELECT x.article_id, x.category_id, x.published_at, x.title FROM kb_texts x WHERE +x.org_id = $1 AND x.published_at <= $3
			AND x.rowid IN (SELECT -w.rowid FROM kb_words w WHERE w.kb_words MATCH $2 ORDER BY w.rowid LIMIT 200) ORDER BY x.rowid DESC`,
		`SELECT x.article_id, x.category_id, x.published_at, x.title FROM (SELECT article_id, category_id, published_at, title FROM kb_texts WHERE org_id = $1 AND published_at <= $3
			AND array_to_tsvector(string_to_array(scope || ' ' || words, ' ')) @@ CAST($2 AS tsquery) LIMIT 5000) x ORDER BY x.published_at DESC, x.article_id DESC LIMIT 200`)
	sqlHit = gate.SQL(`SELECT ` + rowColumns + `, v.markdown FROM kb_articles a JOIN kb_versions v ON v.org_id = a.org_id AND v.article_id = a.id AND v.number = a.live_number WHERE a.org_id = $1 AND a.id = $2`)
)

// shownHits is how many articles a search shows.
const shownHits = 20

// candidate is an article that has the words.
type candidate struct {
	id          string
	category    string
	publishedAt int64
	score       int
}

// Search looks for articles that have every word, the last one perhaps
// unfinished: first those that have them in title, headings or tags, then the
// newest.
func (s *Store) Search(ctx context.Context, who gate.Actor, base, text string) (Found, error) {
	words := query(text)
	found, err := gate.Do(ctx, s.gate, who, OpSearch, gate.Base(base), func(tx *gate.Tx) (f Found, err error) {
		if len(words) == 0 {
			return f, nil
		}
		all, err := candidates(tx, words)
		if err != nil {
			return f, err
		}
		f.More = len(all) > shownHits
		for _, c := range all[:min(len(all), shownHits)] {
			h, err := hit(tx, c.id, words)
			if err != nil {
				return f, err
			}
			f.Hits = append(f.Hits, h)
		}
		if len(f.Hits) == 0 && who.Kind() != gate.Perspective { // which leaves no trace
			s.misses.note(who.Org(), tx.BaseID(), words)
		}
		return f, nil
	})
	return found, err
}

// query cuts what was typed into words, at most ten of them.
func query(text string) []string {
	words := find.Words(text)
	if len(words) > 10 {
		words = append(words[:9:9], words[len(words)-1])
	}
	return words
}

func candidates(tx *gate.Tx, words []string) ([]candidate, error) {
	scope := scopes(tx)
	if len(scope) == 0 {
		return nil, nil
	}
	var all []candidate
	seen := map[string]bool{}
	for _, tier := range []struct {
		stmt   gate.Stmt
		column string
		score  int
	}{{sqlInTitle, "title", 1000}, {sqlInText, "words", 0}} {
		expr := liteExpr(scope, tier.column, words)
		if tx.Postgres() {
			expr = postgresExpr(scope, words)
		}
		err := tx.Each(tier.stmt, func(r *gate.Rows) error {
			var c candidate
			var title string
			err := r.Scan(&c.id, &c.category, &c.publishedAt, &title)
			if !seen[c.id] && tx.Reads(c.category, c.publishedAt) {
				seen[c.id] = true
				c.score = tier.score + among(title, words)
				all = append(all, c)
			}
			return err
		}, expr, tx.Millis())
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.publishedAt, a.publishedAt))
	})
	return all, nil
}

// among counts the words that a title has whole: an exact title comes first.
func among(title string, words []string) (n int) {
	has := strings.Fields(title)
	for _, w := range words {
		if i := slices.Index(has, w); i >= 0 {
			n += 10 + max(0, 5-i)
		}
	}
	return n
}

// scopes are the words for what the actor reads of the knowledge base: itself,
// or each category.
func scopes(tx *gate.Tx) (all []string) {
	ids, whole := tx.Categories(tx.BaseID())
	if whole {
		return []string{asWord(tx.BaseID())}
	}
	for _, id := range ids {
		all = append(all, asWord(id))
	}
	return all
}

// liteExpr and postgresExpr write what is looked for in each engine's own way.
// Words are letters and digits alone, so nothing that was typed is ever a part
// of the expression but a word.
func liteExpr(scope []string, column string, words []string) string {
	var b strings.Builder
	b.WriteString(`(scope : ("` + strings.Join(scope, `" OR "`) + `"))`)
	for i, w := range words {
		b.WriteString(` AND ` + column + ` : "` + w + `"`)
		if i == len(words)-1 {
			b.WriteString(` *`)
		}
	}
	return b.String()
}

func postgresExpr(scope, words []string) string {
	var b strings.Builder
	b.WriteString(`('` + strings.Join(scope, `' | '`) + `')`)
	for i, w := range words {
		b.WriteString(` & '` + w + `'`)
		if i == len(words)-1 {
			b.WriteString(`:*`)
		}
	}
	return b.String()
}

func hit(tx *gate.Tx, id string, words []string) (h Hit, err error) {
	var live, markdown string
	err = tx.Each(sqlHit, func(r *gate.Rows) error {
		var err error
		h.Row, live, err = scanRow(r, &markdown)
		return err
	}, id)
	if err != nil {
		return h, err
	}
	h.Title, h.Changed, h.ChangedAt, h.ChangedBy = live, false, 0, ""
	text, _ := plainOf(markdown)
	h.Marked, h.Excerpt = mark(live, words), excerpt(text, words)
	h.Path, err = pathTo(tx, tx.BaseID(), h.Category)
	return h, err
}
