package web

import (
	"net/url"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
)

// kbArticles is the list of articles for those who write them.
type kbArticles struct {
	kbFrame
	l    kb.Listing
	page kb.Page
	now  time.Time
}

// keep is what of the list's address stays when something else of it changes.
func (a kbArticles) keep() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"category": a.l.Category, "state": a.l.State} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// next is the address of the following part.
func (a kbArticles) next() string {
	if a.page.Next == "" {
		return ""
	}
	q := a.keep()
	if a.l.Text != "" {
		q.Set("q", a.l.Text)
	}
	q.Set("after", a.page.Next)
	return "?" + q.Encode()
}

func showArticles(v *visit) error {
	k, err := v.kbFrame("", "Articles", gate.Public)
	if err != nil {
		return err
	}
	if !k.base.MayEdit { // who only reads, reads where everybody does
		return v.goTo(k.read)
	}
	a := kbArticles{kbFrame: k, now: v.app.Clock.Now(), l: kb.Listing{Category: v.text("category"), State: v.text("state"), Text: v.text("q"), After: v.text("after"), Limit: 100}}
	if _, ok := k.find(a.l.Category); a.l.Category != "" && !ok {
		return fault.NotFound()
	}
	if a.page, err = v.app.Bases.Articles(v.ctx(), v.who, k.base.ID, a.l); err != nil {
		return err
	}
	return v.render(kbArticlesPage(a))
}

func (k kbFrame) categoryName(id string) string {
	c, _ := k.find(id)
	return c.Name
}
