package web

import (
	"slices"
	"strings"

	"bailiwick/internal/kb"
)

// categoryRead is what a category was when its form was made, as wasRead is of
// an article.
type categoryRead struct {
	version          int64
	name, visibility string
	groups           string // ids
}

func readCategory(c kb.Category) *categoryRead {
	var ids []string
	for _, g := range c.Groups {
		ids = append(ids, g.ID)
	}
	return &categoryRead{c.Version, c.Name, c.Visibility, setOf(ids)}
}

func (v *visit) categoryRead() *categoryRead {
	return &categoryRead{v.versionRead(), v.text("was_name"), v.text("was_visibility"), setOf(strings.Fields(v.text("was_groups")))}
}

// meet puts what somebody else changed into the form, but for what was changed
// in it, and names what he changed.
func (c *kbCategories) meet() {
	was, now := c.from, readCategory(c.one)
	if was.name != now.name {
		yours := c.in.Name != was.name && c.in.Name != now.name
		c.met = append(c.met, met{"Name", was.name, now.name, yours})
		if !yours {
			c.in.Name = now.name
		}
	}
	before, after, typed := was.visibility+" "+was.groups, now.visibility+" "+now.groups, c.in.Visibility+" "+setOf(c.in.Groups)
	if before != after {
		yours := typed != before && typed != after
		c.met = append(c.met, met{"Read by", c.readBy(was), c.one.ReadBy(), yours})
		if !yours {
			c.in.Visibility, c.in.Groups = now.visibility, strings.Fields(now.groups)
		}
	}
}

// readBy says who read it when the form was made. Of its groups one may be gone.
func (c *kbCategories) readBy(r *categoryRead) string {
	was := kb.Category{Visibility: r.visibility}
	for _, id := range strings.Fields(r.groups) {
		i := slices.IndexFunc(c.groups, func(g kb.Named) bool { return g.ID == id })
		if i < 0 {
			was.Groups = append(was.Groups, kb.Named{ID: id, Name: "a group that is gone"})
		} else {
			was.Groups = append(was.Groups, c.groups[i])
		}
	}
	return was.ReadBy()
}
