package kb

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
)

// Row is an article in a list: to readers as they see it, to editors with its
// latest title.
type Row struct {
	ID, Slug, Title string
	Category        string // id
	PublishedAt     int64  // 0: a draft; to come: scheduled
	LiveAt          int64  // when what readers see was last changed
	ChangedAt       int64  // for editors
	ChangedBy       string // for editors
	Changed         bool   // for editors: the latest text is not the one that readers see
}

// Article states, as lists filter by them.
const (
	Drafts    = "draft"
	Scheduled = "scheduled"
	Published = "published"
)

// Listing is what a list shows of a knowledge base's articles.
type Listing struct {
	Category string // id; "": all that the actor reads
	Tag      string
	State    string // Drafts, Scheduled or Published; "": all that the actor reads
	Text     string // in the title
	After    string // Next of the page before
	Limit    int    // at most 200
}

// Page of a list. Next is "" at the end.
type Page struct {
	Rows []Row
	Next string
}

const rowColumns = `a.id, a.slug, a.title, a.live_title, a.category_id, a.published_at, a.live_at, a.changed_at, a.changed_by, a.live_number, a.text_number`

// A list is read in batches by title; which rows the actor reads, Tx.Reads says
// of each.
var (
	sqlListed = gate.SQL(`SELECT ` + rowColumns + `, a.title_folded FROM kb_articles a WHERE a.org_id = $1 AND a.base_id = $2 AND (a.title_folded > $3 OR a.title_folded = $3 AND a.id > $4)
		ORDER BY a.title_folded, a.id LIMIT $5`)
	sqlListedIn = gate.SQL(`SELECT ` + rowColumns + `, a.title_folded FROM kb_articles a WHERE a.org_id = $1 AND a.category_id = $2 AND (a.title_folded > $3 OR a.title_folded = $3 AND a.id > $4)
		ORDER BY a.title_folded, a.id LIMIT $5`)
	sqlTagged = gate.SQL(`SELECT ` + rowColumns + `, a.title_folded FROM kb_tags t JOIN kb_articles a ON a.org_id = t.org_id AND a.id = t.article_id WHERE t.org_id = $1 AND t.base_id = $2 AND t.folded = $6
		AND (a.title_folded > $3 OR a.title_folded = $3 AND a.id > $4) ORDER BY a.title_folded, a.id LIMIT $5`)
	sqlNewest = gate.SQL(`SELECT ` + rowColumns + ` FROM kb_articles a WHERE a.org_id = $1 AND a.base_id = $2 AND (a.published_at < $3 OR a.published_at = $3 AND a.id < $4) AND a.published_at <> 0
		ORDER BY a.published_at DESC, a.id DESC LIMIT $5`)
	sqlAfter = gate.SQL(`SELECT title_folded FROM kb_articles WHERE org_id = $1 AND base_id = $2 AND id = $3`)
)

// scanRow reads a row as an editor sees it.
func scanRow(r *gate.Rows, more ...any) (row Row, live string, err error) {
	var liveNumber, number int64
	err = r.Scan(append([]any{&row.ID, &row.Slug, &row.Title, &live, &row.Category, &row.PublishedAt, &row.LiveAt, &row.ChangedAt, &row.ChangedBy, &liveNumber, &number}, more...)...)
	row.Changed = liveNumber != 0 && liveNumber != number
	return row, live, err
}

// shown is the one place that says which articles of a list the actor reads,
// and as what.
func shown(tx *gate.Tx, row Row, live string) (Row, bool) {
	if !tx.Reads(row.Category, row.PublishedAt) {
		return row, false
	}
	if tx.RoleIn(tx.BaseID()) < gate.Editor {
		row.Title, row.Changed, row.ChangedAt, row.ChangedBy = live, false, 0, ""
	}
	return row, true
}

// batch is how many rows are read at once.
const batch = 500

// Articles lists articles by title, those that the actor reads.
func (s *Store) Articles(ctx context.Context, who gate.Actor, base string, l Listing) (Page, error) {
	if l.Limit <= 0 || l.Limit > 200 {
		l.Limit = 200
	}
	return gate.Do(ctx, s.gate, who, OpArticles, gate.Base(base), func(tx *gate.Tx) (p Page, err error) {
		stmt, args := sqlListed, []any{tx.BaseID()}
		switch {
		case l.Category != "":
			if !tx.ReadsCategory(l.Category) || !tx.InBase(l.Category, tx.BaseID()) {
				return p, fault.NotFound()
			}
			stmt, args = sqlListedIn, []any{l.Category}
		case l.Tag != "":
			stmt = sqlTagged
		}
		title, id := "", l.After
		if id != "" {
			if err := tx.Row(sqlAfter, tx.BaseID(), id).Scan(&title); err != nil {
				return p, err
			}
		}
		for {
			n := 0
			more := append(args[:1:1], title, id, batch)
			if l.Category == "" && l.Tag != "" {
				more = append(more, find.Plain(l.Tag))
			}
			err := tx.Each(stmt, func(r *gate.Rows) error {
				row, live, err := scanRow(r, &title)
				n++
				id = row.ID
				if row, ok := shown(tx, row, live); ok && l.takes(tx, row) && len(p.Rows) <= l.Limit {
					p.Rows = append(p.Rows, row)
				}
				return err
			}, more...)
			if err != nil || n < batch || len(p.Rows) > l.Limit {
				if len(p.Rows) > l.Limit {
					p.Rows = p.Rows[:l.Limit]
					p.Next = p.Rows[l.Limit-1].ID
				}
				return p, err
			}
		}
	})
}

// takes reports whether a list shows a row that the actor reads.
func (l Listing) takes(tx *gate.Tx, row Row) bool {
	if l.Text != "" && !contains(row.Title, l.Text) {
		return false
	}
	switch l.State {
	case Drafts:
		return row.PublishedAt == 0
	case Scheduled:
		return row.PublishedAt > tx.Millis()
	case Published:
		return row.PublishedAt != 0 && row.PublishedAt <= tx.Millis()
	}
	return true
}

// Newest lists published articles, those that were published last first, for
// feeds; after the last one of the page before, or from the beginning.
func (s *Store) Newest(ctx context.Context, who gate.Actor, base string, limit int) ([]Row, error) {
	return gate.Do(ctx, s.gate, who, OpArticles, gate.Base(base), func(tx *gate.Tx) (all []Row, err error) {
		at, id := tx.Millis()+1, ""
		for {
			n := 0
			err := tx.Each(sqlNewest, func(r *gate.Rows) error {
				row, live, err := scanRow(r)
				n++
				at, id = row.PublishedAt, row.ID
				if row, ok := shown(tx, row, live); ok && len(all) < limit {
					row.Title = live
					all = append(all, row)
				}
				return err
			}, tx.BaseID(), at, id, batch)
			if err != nil || n < batch || len(all) >= limit {
				return all, err
			}
		}
	})
}
