package web

import (
	"fmt"
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

// here is where a sign-in leads back to.
func (s kbSite) here() string {
	if s.url == "" {
		return "/o/" + s.at.Slug + "/kb"
	}
	return s.url
}

// top and below list categories by what they lie in.
func (s kbSite) top() []kb.Category { return s.below("") }

func (s kbSite) below(parent string) (all []kb.Category) {
	for _, c := range s.base.Categories {
		if c.Parent == parent {
			all = append(all, c)
		}
	}
	return all
}

// within counts the articles of a category and of all below it.
func (s kbSite) within(id string) int {
	n := s.of(id).Articles
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
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.0f kB", float64(n)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1_000_000)
}
