package kb

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/kb/page"
)

// Input is what an editor sets of an article.
type Input struct {
	Category string // id
	Title    string
	Slug     string // in its address; "": made of the title, and then kept
	Markdown string
	Tags     []string
	Sure     bool // also if it goes to where anybody reads it
}

// kept are the addresses that a knowledge base's own pages have.
var kept = []string{"search", "feed", "sitemap", "files", "c", "tags", "new", "register", "helpful", "edit", "drafts", "categories", "people", "settings", "misses", "import", "export", "history"}

func (in *Input) check() (err error) {
	if in.Title, err = text("title", in.Title, 200); err != nil {
		return err
	}
	in.Markdown = strings.ReplaceAll(in.Markdown, "\r\n", "\n")
	if len(in.Markdown) > page.MaxBytes {
		return fault.Bad("markdown", "An article has at most %d bytes. Make two of it.", page.MaxBytes)
	}
	if in.Slug != "" && (len(in.Slug) > 100 || !pathForm.MatchString(in.Slug) || slices.Contains(kept, in.Slug)) {
		return fault.Bad("slug", "Use lower-case letters, digits and single hyphens, at most 100 characters, and not the name of a page that is there.")
	}
	var tags []string
	for _, t := range in.Tags {
		if t = strings.Join(strings.Fields(t), " "); t == "" {
			continue
		}
		if len([]rune(t)) > 50 || strings.Contains(t, ",") || t == "." || t == ".." { // dots alone lead elsewhere in an address
			return fault.Bad("tags", "A tag has at most 50 characters, no comma, and more than dots.")
		}
		if !slices.ContainsFunc(tags, func(o string) bool { return find.Plain(o) == find.Plain(t) }) {
			tags = append(tags, t)
		}
	}
	if len(tags) > 20 {
		return fault.Bad("tags", "An article has at most 20 tags.")
	}
	in.Tags = tags
	return nil
}

var (
	sqlAddArticle = gate.SQL(`INSERT INTO kb_articles (org_id, id, base_id, category_id, slug, title, title_folded, text_number, created_at, changed_at, changed_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8, $9)`)
	sqlAddText   = gate.SQL(`INSERT INTO kb_versions (org_id, article_id, number, title, markdown, saved_at, user_id, user_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	sqlSlugs     = gate.SQL(`SELECT COUNT(*) FROM kb_articles WHERE org_id = $1 AND base_id = $2 AND slug = $3 AND id <> $4`)
	sqlAddTag    = gate.SQL(`INSERT INTO kb_tags (org_id, article_id, folded, tag, base_id) VALUES ($1, $2, $3, $4, $5)`)
	sqlDropTags  = gate.SQL(`DELETE FROM kb_tags WHERE org_id = $1 AND article_id = $2`)
	sqlChange    = gate.SQL(`UPDATE kb_articles SET category_id = $3, slug = $4, title = $5, title_folded = $6, text_number = $7, changed_at = $8, changed_by = $9, version = version + 1 WHERE org_id = $1 AND id = $2`)
	sqlErase     = gate.SQL(`DELETE FROM kb_articles WHERE org_id = $1 AND id = $2 AND version = $3`)
	sqlUntext    = gate.SQL(`DELETE FROM kb_texts WHERE org_id = $1 AND article_id = $2`)
	sqlRepublish = gate.SQL(`UPDATE kb_articles SET live_number = $3, live_title = $4, published_at = $5, live_at = $6, version = version + 1 WHERE org_id = $1 AND id = $2`)
)

// Saved is an article after a change.
type Saved struct {
	ID, Slug string
	Version  int64
}

// Write adds an article as a draft.
func (s *Store) Write(ctx context.Context, who gate.Actor, base string, in Input) (Saved, error) {
	if err := in.check(); err != nil {
		return Saved{}, err
	}
	return gate.Do(ctx, s.gate, who, OpWrite, gate.Base(base), func(tx *gate.Tx) (Saved, error) {
		made, err := s.write(tx, in)
		e := tx.Event()
		e.Kind, e.ID, e.Name = string(gate.KindArticle), made.ID, in.Title
		return made, err
	})
}

// write adds an article to the operation's knowledge base.
func (s *Store) write(tx *gate.Tx, in Input) (made Saved, err error) {
	if !tx.InBase(in.Category, tx.BaseID()) {
		return made, fault.Bad("category", "Choose a category.")
	}
	made = Saved{ID: id.New("article"), Version: 1}
	if made.Slug, err = freeSlug(tx, tx.BaseID(), made.ID, in.Slug, in.Title); err != nil {
		return made, err
	}
	if _, err := tx.Exec(sqlAddArticle, made.ID, tx.BaseID(), in.Category, made.Slug, in.Title, find.Plain(in.Title), tx.Millis(), tx.Name()); err != nil {
		return made, err
	}
	if err := addText(tx, made.ID, 1, in.Title, in.Markdown); err != nil {
		return made, err
	}
	return made, setTags(tx, tx.BaseID(), made.ID, in.Tags)
}

func addText(tx *gate.Tx, article string, number int64, title, markdown string) error {
	_, err := tx.Exec(sqlAddText, article, number, title, markdown, tx.Millis(), tx.Who().User(), tx.Name())
	return err
}

func setTags(tx *gate.Tx, base, article string, tags []string) error {
	if _, err := tx.Exec(sqlDropTags, article); err != nil {
		return err
	}
	for _, t := range tags {
		if _, err := tx.Exec(sqlAddTag, article, find.Plain(t), t, base); err != nil {
			return err
		}
	}
	return nil
}

// freeSlug gives the address that was asked for, or one that is made of the
// title and is nobody's yet.
func freeSlug(tx *gate.Tx, base, article, slug, title string) (string, error) {
	asked, first := slug != "", slug
	if !asked {
		if first = slugOf(title); first == "" {
			first = "article"
		}
	}
	for n := 1; ; n++ {
		try := first
		if n > 1 || !asked && slices.Contains(kept, first) {
			try += "-" + strconv.Itoa(n)
		}
		taken := 0
		if err := tx.Row(sqlSlugs, base, try, article).Scan(&taken); err != nil || taken == 0 {
			return try, err
		}
		if asked {
			return "", fault.Bad("slug", "There is an article at this address already.")
		}
	}
}

// Edit changes an article that was read at a version. Readers see a change of
// category and tags at once, and of the text when it is published.
func (s *Store) Edit(ctx context.Context, who gate.Actor, article string, version int64, in Input) (Saved, error) {
	if err := in.check(); err != nil {
		return Saved{}, err
	}
	return gate.Do(ctx, s.gate, who, OpEdit, gate.Article(article), func(tx *gate.Tx) (Saved, error) {
		return s.edit(tx, version, in)
	})
}

func (s *Store) edit(tx *gate.Tx, version int64, in Input) (made Saved, err error) {
	was, err := current(tx, version)
	if err != nil {
		return made, err
	}
	if !tx.InBase(in.Category, was.Base) {
		return made, fault.Bad("category", "Choose a category.")
	}
	if !in.Sure {
		if err := opensArticle(tx, was, in.Category); err != nil {
			return made, err
		}
	}
	made = Saved{ID: was.ID, Slug: was.Slug, Version: version + 1}
	if in.Slug != "" && in.Slug != was.Slug {
		if made.Slug, err = freeSlug(tx, was.Base, was.ID, in.Slug, ""); err != nil {
			return made, err
		}
	}
	e, number := tx.Event(), was.Number
	e.Name, e.Fields = in.Title, differences(was, in, made.Slug)
	if was.Title != in.Title || was.Markdown != in.Markdown {
		number = version + 1
		if err := addText(tx, was.ID, number, in.Title, in.Markdown); err != nil {
			return made, err
		}
	}
	if err := tx.One(sqlChange, was.ID, in.Category, made.Slug, in.Title, find.Plain(in.Title), number, tx.Millis(), tx.Name()); err != nil {
		return made, err
	}
	if err := setTags(tx, was.Base, was.ID, in.Tags); err != nil {
		return made, err
	}
	return made, index(tx, was.ID)
}

func differences(was Article, in Input, slug string) (fields []string) {
	for _, f := range []struct {
		name    string
		differs bool
	}{{"title", was.Title != in.Title}, {"text", was.Markdown != in.Markdown}, {"category", was.Category != in.Category}, {"address", was.Slug != slug},
		{"tags", !slices.Equal(was.Tags, in.Tags)}} {
		if f.differs {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// current is the operation's article with its latest text, unless somebody has
// changed it since.
func current(tx *gate.Tx, version int64) (Article, error) {
	a, err := readArticle(tx, tx.ArticleID(), true)
	if err == nil && a.Version != version {
		err = fault.Stale("article")
	}
	return a, err
}

// Publish shows the latest text of an article to its readers, now or from a
// time on (milliseconds; 0: now). What readers see already stays until a later
// time has come only where nothing was published before: a published article
// that is scheduled is taken back until then.
func (s *Store) Publish(ctx context.Context, who gate.Actor, article string, version, from int64) (int64, error) {
	return gate.Do(ctx, s.gate, who, OpPublish, gate.Article(article), func(tx *gate.Tx) (int64, error) {
		a, err := current(tx, version)
		if err != nil {
			return 0, err
		}
		if from != 0 && from <= tx.Millis() {
			return 0, fault.Bad("at", "This time has passed.")
		}
		return version + 1, publish(tx, a, from)
	})
}

func publish(tx *gate.Tx, a Article, from int64) error {
	at, e := from, tx.Event()
	e.Name = a.Title
	switch {
	case from != 0:
		e.Fields = []string{"scheduled"}
	case a.PublishedAt != 0 && a.PublishedAt <= tx.Millis():
		at = a.PublishedAt // since when it is out
	default:
		at = tx.Millis()
	}
	if err := tx.One(sqlRepublish, a.ID, a.Number, a.Title, at, max(at, tx.Millis())); err != nil {
		return err
	}
	return index(tx, a.ID)
}

// Unpublish makes an article a draft again. Its readers find nothing any more.
func (s *Store) Unpublish(ctx context.Context, who gate.Actor, article string, version int64) (int64, error) {
	return gate.Do(ctx, s.gate, who, OpUnpublish, gate.Article(article), func(tx *gate.Tx) (int64, error) {
		a, err := current(tx, version)
		if err != nil {
			return 0, err
		}
		if a.PublishedAt == 0 {
			return 0, fault.Cannot("This article is not published.")
		}
		tx.Event().Name = a.Title
		if err := tx.One(sqlRepublish, a.ID, 0, "", 0, 0); err != nil {
			return 0, err
		}
		return version + 1, index(tx, a.ID)
	})
}

// Erase deletes an article with its history and files, for good.
func (s *Store) Erase(ctx context.Context, who gate.Actor, article string, version int64) error {
	_, err := gate.Do(ctx, s.gate, who, OpErase, gate.Article(article), func(tx *gate.Tx) (bool, error) {
		a, err := current(tx, version)
		if err != nil {
			return false, err
		}
		tx.Event().Name = a.Title
		if _, err := tx.Exec(sqlUntext, a.ID); err != nil {
			return false, err
		}
		return true, tx.One(sqlErase, a.ID, version)
	})
	return err
}
