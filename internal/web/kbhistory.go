package web

import (
	"strconv"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/kb/change"
	"bailiwick/internal/web/ui"
)

// kbHistory is the page of an article's versions: one of them, and what it
// changed against another.
type kbHistory struct {
	kbFrame
	a           kb.Article
	all         []kb.Edition
	from, to    kb.Edition
	hunks       []change.Hunk
	left        int // lines after the last hunk
	gone, added int
}

func showArticleHistory(v *visit) error {
	k, err := v.kbFrame("History", "Articles", gate.Editor)
	if err != nil {
		return err
	}
	h := kbHistory{kbFrame: k}
	if h.a, err = v.app.Bases.Draft(v.ctx(), v.who, v.r.PathValue("article")); err != nil {
		return err
	}
	if h.all, err = v.app.Bases.History(v.ctx(), v.who, h.a.ID); err != nil {
		return err
	}
	h.Crumbs = append(h.Crumbs[:len(h.Crumbs)-1], ui.Crumb{Label: h.a.Title, Href: articlePath(h.base.Path, h.a.ID)}, h.Crumbs[len(h.Crumbs)-1])
	to, from := v.chosenEditions(h.all)
	if to != 0 {
		if h.to, err = v.app.Bases.Edition(v.ctx(), v.who, h.a.ID, to); err != nil {
			return err
		}
	}
	if from != 0 {
		if h.from, err = v.app.Bases.Edition(v.ctx(), v.who, h.a.ID, from); err != nil {
			return err
		}
	}
	lines := change.Of(h.from.Markdown, h.to.Markdown)
	h.hunks, h.left = change.Hunks(lines, 3)
	h.gone, h.added = change.Count(lines)
	return v.render(kbHistoryPage(h))
}

// chosenEditions are those to compare: the latest with the one before it,
// unless others were chosen.
func (v *visit) chosenEditions(all []kb.Edition) (to, from int64) {
	to, _ = strconv.ParseInt(v.text("to"), 10, 64)
	from, err := strconv.ParseInt(v.text("from"), 10, 64)
	for i, e := range all {
		if to == 0 || e.Number == to {
			to = e.Number
			if err != nil && i+1 < len(all) {
				from = all[i+1].Number
			}
			break
		}
	}
	return to, from
}

func restoreArticle(v *visit) error {
	number, err := strconv.ParseInt(v.text("number"), 10, 64)
	if err != nil {
		return fault.NotFound()
	}
	if _, err := v.app.Bases.Restore(v.ctx(), v.who, v.r.PathValue("article"), v.versionRead(), number); err != nil {
		return err
	}
	v.flash("This version is the latest now. Readers see it when it is published.", "")
	return v.goTo(articlePath(v.r.PathValue("base"), v.r.PathValue("article")))
}
