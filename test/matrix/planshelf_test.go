package matrix

import (
	"strings"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/refmodel"
)

// The knowledge bases of the plan: one with the organization's default role,
// and one that members don't read by default.
var shelves = []struct {
	name, org string
	byDefault gate.Role
	roles     map[string]gate.Role
}{
	{"handbook", "one", 0, map[string]gate.Role{"guest": gate.Reader, "technicianA": gate.Public, "userManager": gate.Public, "managerA": gate.Editor, "technicianD": gate.Admin}},
	{"closed", "one", gate.Public, map[string]gate.Role{"technicianA": gate.Reader, "managerD": gate.Editor, "siteUser": gate.Admin}},
	{"foreign", "two", 0, nil},
}

// sections are their categories. Everybody is in the groups "in" and "off",
// nobody in "out"; "off" is disabled.
var sections = []struct{ name, base, parent, visibility, group string }{
	{"general-handbook", "handbook", "", gate.ForReaders, ""}, // made with it, as the next two
	{"general-closed", "closed", "", gate.ForReaders, ""},
	{"general-foreign", "foreign", "", gate.ForReaders, ""},
	{"pub", "handbook", "", gate.ForAnybody, ""},
	{"staff", "handbook", "", gate.ForReaders, ""},
	{"grp-in", "handbook", "", gate.ForGroups, "in"},
	{"grp-out", "handbook", "", gate.ForGroups, "out"},
	{"grp-off", "handbook", "", gate.ForGroups, "off"},
	{"pub-staff", "handbook", "staff", gate.ForAnybody, ""},
	{"staff-out", "handbook", "grp-out", gate.ForReaders, ""},
	{"shut", "closed", "", gate.ForReaders, ""},
	{"abroad", "foreign", "", gate.ForAnybody, ""},
}

// writings are their articles: out at once, but for those of "pub" that say
// otherwise. Each has a file.
var writings = []struct{ name, section string }{
	{"a-pub", "pub"}, {"a-draft", "pub"}, {"a-later", "pub"}, {"a-now", "pub"}, {"a-staff", "staff"}, {"a-in", "grp-in"}, {"a-out", "grp-out"}, {"a-off", "grp-off"},
	{"a-pubstaff", "pub-staff"}, {"a-staffout", "staff-out"}, {"a-shut", "shut"}, {"a-abroad", "abroad"},
}

// outAt is since when an article is out; 0 is never.
func outAt(name string) int64 {
	switch name {
	case "a-draft":
		return 0
	case "a-later":
		return start.UnixMilli() + 1
	case "a-now":
		return start.UnixMilli()
	}
	return start.Add(-time.Hour).UnixMilli()
}

// shelf makes the knowledge bases of the builder's organization.
func (b *builder) shelf(org string) {
	canary := canaryOf[org]
	b.clock.Set(start.Add(-time.Hour))
	defer b.clock.Set(start)
	for _, s := range shelves {
		if s.org != org || b.err != nil {
			continue
		}
		id, err := b.Bases.Add(b.ctx, b.admin, kb.NewBase{Path: s.name, Name: canary + " " + s.name})
		b.name("base", s.name, id, err)
		_, err = b.Bases.Set(b.ctx, b.admin, s.name, 1, kb.Settings{DefaultRole: s.byDefault, AsksHelpful: true})
		b.check(err)
		for who, role := range s.roles {
			b.check(b.Bases.SetRole(b.ctx, b.admin, id, b.ids["user:"+who], role))
		}
		front, err := b.Bases.Open(b.ctx, b.admin, id)
		b.check(err)
		if b.err == nil {
			b.name("category", "general-"+s.name, front.Categories[0].ID, nil)
		}
	}
	for _, s := range sections {
		if strings.HasPrefix(s.name, "general-") || orgOfBase(s.base) != org || b.err != nil {
			continue
		}
		in := kb.CategoryInput{Name: canary + " " + s.name, Visibility: s.visibility}
		if s.group != "" {
			in.Groups = []string{b.ids["group:"+s.group]}
		}
		id, err := b.Bases.AddCategory(b.ctx, b.admin, s.base, b.ids["category:"+s.parent], in)
		b.name("category", s.name, id, err)
	}
	for _, a := range writings {
		base := baseOf(a.section)
		if orgOfBase(base) != org || b.err != nil {
			continue
		}
		made, err := b.Bases.Write(b.ctx, b.admin, base, kb.Input{Category: b.ids["category:"+a.section], Title: canary + " " + a.name, Markdown: canary + " text"})
		b.name("article", a.name, made.ID, err)
		f, err := b.Bases.Attach(b.ctx, b.admin, made.ID, canary+".txt", []byte(canary))
		b.name("file", a.name, f.ID, err)
		switch at := outAt(a.name); {
		case at == 0:
		case at > b.clock.Now().UnixMilli():
			_, err = b.Bases.Publish(b.ctx, b.admin, made.ID, 1, at)
		default:
			_, err = b.Bases.Publish(b.ctx, b.admin, made.ID, 1, 0)
		}
		b.check(err)
	}
}

func orgOfBase(base string) string {
	for _, s := range shelves {
		if s.name == base {
			return s.org
		}
	}
	return ""
}

func baseOf(section string) string {
	for _, s := range sections {
		if s.name == section {
			return s.base
		}
	}
	return "handbook"
}

// shelvesOf are the same in the reference model.
func shelvesOf(w *refmodel.World) {
	for name, o := range w.Orgs {
		o.Settings.DefaultRole = "reader"
		o.Bases, o.Categories, o.Articles = map[string]*refmodel.Base{}, map[string]*refmodel.Category{}, map[string]*refmodel.Article{}
		for _, s := range shelves {
			if s.org != name {
				continue
			}
			m := &refmodel.Base{Roles: map[string]string{}}
			if s.byDefault != 0 {
				m.Default = s.byDefault.String()
			}
			for who, role := range s.roles {
				m.Roles[who] = role.String()
			}
			o.Bases[s.name] = m
		}
		for _, s := range sections {
			if orgOfBase(s.base) == name {
				c := &refmodel.Category{Base: s.base, Parent: s.parent, Visibility: s.visibility}
				if s.group != "" {
					c.Groups = []string{s.group}
				}
				o.Categories[s.name] = c
			}
		}
		for _, a := range writings {
			if orgOfBase(baseOf(a.section)) == name {
				o.Articles[a.name] = &refmodel.Article{Category: a.section, PublishedAt: outAt(a.name)}
			}
		}
	}
}
