package kb

import (
	"fmt"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// opensNothing asks to be sure, where a category's new visibility makes
// articles readable by anybody: its own, and those of public categories in it.
func opensNothing(tx *gate.Tx, t tree, category, visibility string) error {
	all, err := countArticles(tx, tx.BaseID(), true)
	if err != nil {
		return err
	}
	out, err := countArticles(tx, tx.BaseID(), false)
	if err != nil {
		return err
	}
	articles, published := 0, 0
	for _, c := range t.all {
		if !t.public(c.ID, "", "") && t.public(c.ID, category, visibility) {
			articles, published = articles+all[c.ID], published+out[c.ID]
		}
	}
	if articles == 0 {
		return nil
	}
	return fault.Bad("sure", "%s", openedText(articles, published))
}

// public reports whether anybody reads a category, if one has a visibility.
func (t tree) public(id, one, visibility string) bool {
	for _, up := range t.above(id) {
		is := t.all[t.index[up]].Visibility
		if up == one {
			is = visibility
		}
		if is != gate.ForAnybody {
			return false
		}
	}
	return true
}

func openedText(articles, published int) string {
	if articles == 1 {
		return fmt.Sprintf("1 article (%d published) becomes readable by anybody, without signing in. Confirm that.", published)
	}
	return fmt.Sprintf("%d articles (%d published) become readable by anybody, without signing in. Confirm that.", articles, published)
}
