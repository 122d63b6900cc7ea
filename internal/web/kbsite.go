package web

import (
	"fmt"
	"slices"
	"strings"

	"bailiwick/internal/kb"
)

// origin is this server's own address.
func (s kbSite) origin() string {
	if i := strings.Index(s.absolute, "/o/"); i > 0 {
		return s.absolute[:i]
	}
	return ""
}

// printed is what stands above a page on paper, where the top of it is left out.
func (s kbSite) printed() string {
	if s.base.Name == "" {
		return s.at.Name
	}
	return s.at.Name + " · " + s.base.Name
}

// below lists categories by what they lie in.
func (s kbSite) below(parent string) (all []kb.Category) {
	for _, c := range s.base.Categories {
		if c.Parent == parent {
			all = append(all, c)
		}
	}
	return all
}

// cards are the categories in one that are worth a card: to those who only
// read, those with something in them.
func (s kbSite) cards(parent string) []kb.Category {
	return slices.DeleteFunc(s.below(parent), func(c kb.Category) bool { return !s.base.MayEdit && s.within(c.ID) == 0 })
}

// within counts the articles to be read in a category and all below it.
func (s kbSite) within(id string) int {
	n := s.of(id).Out
	for _, c := range s.below(id) {
		n += s.within(c.ID)
	}
	return n
}

// path is the categories above one.
func (s kbSite) path(id string) (all []kb.Named) {
	for id = s.of(id).Parent; id != ""; id = s.of(id).Parent {
		all = append([]kb.Named{{ID: id, Name: s.of(id).Name}}, all...)
	}
	return all
}

func attached(a kb.Article) (all []kb.File) {
	for _, f := range a.Files {
		if !f.Picture {
			all = append(all, f)
		}
	}
	return all
}

func pathText(path []kb.Named) string {
	var names []string
	for _, c := range path {
		names = append(names, c.Name)
	}
	return strings.Join(names, " / ")
}

// bytesText writes a size for people.
func bytesText(n int64) string {
	switch {
	case n < 1000:
		return counted(int(n), "byte", "bytes")
	case n < 1_000_000:
		return fmt.Sprintf("%.0f kB", float64(n)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1_000_000)
}
