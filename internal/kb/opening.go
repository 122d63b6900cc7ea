package kb

import (
	"fmt"
	"slices"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// What was for some and becomes readable by anybody is asked about first,
// whichever way it does: a category is opened, or moved to where nothing above
// it narrows it any more, or articles go to one that is public.

// opens asks to be sure, where a change of the tree makes articles readable by
// anybody: those of a category itself, and of public ones in it.
func opens(tx *gate.Tx, was, then tree) error {
	all, err := countArticles(tx, tx.BaseID(), true)
	if err != nil {
		return err
	}
	out, err := countArticles(tx, tx.BaseID(), false)
	if err != nil {
		return err
	}
	articles, published := 0, 0
	for _, c := range was.all {
		if !was.public(c.ID) && then.public(c.ID) {
			articles, published = articles+all[c.ID], published+out[c.ID]
		}
	}
	return askOpening(articles, published)
}

// opensByGoing asks it of the articles of a category that go to another one.
func (t tree) opensByGoing(tx *gate.Tx, from, to string) error {
	if t.public(from) || !t.public(to) {
		return nil
	}
	all, err := countArticles(tx, tx.BaseID(), true)
	if err != nil {
		return err
	}
	out, err := countArticles(tx, tx.BaseID(), false)
	if err != nil {
		return err
	}
	return askOpening(all[from], out[from])
}

// opensArticle asks it of an article that is out, or scheduled, and goes to
// another category. A draft is opened by who publishes it.
func opensArticle(tx *gate.Tx, was Article, to string) error {
	if was.PublishedAt == 0 || was.Category == to {
		return nil
	}
	t, err := readTree(tx)
	if err != nil || t.public(was.Category) || !t.public(to) {
		return err
	}
	published := 0
	if was.PublishedAt <= tx.Millis() {
		published = 1
	}
	return askOpening(1, published)
}

// with is the tree after a change of one category.
func (t tree) with(category string, change func(*Category)) tree {
	then := tree{slices.Clone(t.all), t.index}
	change(&then.all[t.index[category]])
	return then
}

// public reports whether anybody reads a category.
func (t tree) public(id string) bool {
	for _, up := range t.above(id) {
		if t.all[t.index[up]].Visibility != gate.ForAnybody {
			return false
		}
	}
	return true
}

func askOpening(articles, published int) error {
	switch articles {
	case 0:
		return nil
	case 1:
		return fault.Bad("sure", "%s", fmt.Sprintf("1 article (%d published) becomes readable by anybody, without signing in. Confirm that.", published))
	}
	return fault.Bad("sure", "%s", fmt.Sprintf("%d articles (%d published) become readable by anybody, without signing in. Confirm that.", articles, published))
}
