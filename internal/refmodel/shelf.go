package refmodel

import (
	"slices"
	"strings"
)

// Knowledge bases (B1-B7), from knowledge-base.md and people.md.

// Base is a knowledge base; Roles are explicit ones, by user: none, reader,
// editor, admin.
type Base struct {
	Default string // of members; "" is the organization's
	Roles   map[string]string
}

// Category is one of a knowledge base; Visibility is public, readers or groups.
type Category struct {
	Base, Parent, Visibility string
	Groups                   []string
}

// Article is out since a time; 0 is a draft.
type Article struct {
	Category    string
	PublishedAt int64
}

// ladder is the roles in their order.
var ladder = []string{"none", "reader", "editor", "admin"}

// onShelves are the operations in a knowledge base, with the least role.
var onShelves = map[string]string{
	"knowledge-base.list": "none", "knowledge-base.view": "none", "article.list": "none", "article.read": "none",
	"category.add": "editor", "category.edit": "editor", "category.move": "editor", "category.delete": "editor", "category.groups": "editor",
	"article.view": "editor", "article.add": "editor", "article.edit": "editor", "article.publish": "editor", "article.unpublish": "editor",
	"article.delete": "editor", "article.history": "editor", "article.restore": "editor",
	"knowledge-base.settings": "admin", "knowledge-base.people": "admin", "knowledge-base.role": "admin", "knowledge-base.share": "admin",
	"article.search": "none", "article.helpful": "none", "file.read": "none", "file.add": "editor", "file.delete": "editor",
	"article.misses": "editor", "article.misses.clear": "editor", "article.judged": "editor", "knowledge-base.import": "editor", "knowledge-base.export": "editor",
}

func init() {
	views := strings.Fields(`knowledge-base.list knowledge-base.view article.list article.read article.view article.history category.groups knowledge-base.people
		article.search file.read article.misses article.judged`)
	for name, least := range onShelves {
		o := operation{who: "U", on: "base category article", rank: name == "knowledge-base.role" || name == "knowledge-base.share"}
		if slices.Contains(views, name) {
			o.who += "P"
		}
		if least == "none" {
			o.who += "A"
		}
		if name == "knowledge-base.list" {
			o.on = "none"
		}
		operations[name] = o
	}
	for name, who := range map[string]string{"knowledge-base.add": "U", "knowledge-base.rename": "U", "knowledge-base.delete": "U", "knowledge-base.weigh": "UP",
		"knowledge-base.default": "UP", "knowledge-base.default.set": "U"} {
		on := "base"
		if name == "knowledge-base.add" || strings.HasPrefix(name, "knowledge-base.default") {
			on = "none"
		}
		operations[name] = operation{who: who, needs: "Organization: Admin", on: on}
	}
}

// passing turns whoever has nothing of his own in a knowledge base into a
// passer-by, where the operation is one in a knowledge base (B1).
func (w *World) passing(a Attempt) Actor {
	if o := w.Orgs[a.Actor.Org]; o != nil && onShelves[a.Operation] != "" && a.Actor.Kind == "user" {
		if u := o.Users[a.Actor.User]; u != nil && (!u.Enabled || u.Invited || !u.Approved) {
			return Actor{Kind: "passer-by", Org: a.Actor.Org}
		}
	}
	return a.Actor
}

// role is the subject's in a knowledge base (B2-B4).
func (s *subject) role(base string) int {
	b := s.org.Bases[base]
	if s.kind == "A" || b == nil {
		return 0
	}
	if s.override() {
		return 3
	}
	role, explicit := b.Roles[s.id]
	if !explicit {
		role = b.Default
		if role == "" {
			role = s.org.Settings.DefaultRole
		}
		if s.level == "" || s.level == SiteUserLimited {
			role = "none"
		}
	}
	return max(0, slices.Index(ladder, role))
}

// reads: every category from this one up lets the subject in (B5).
func (s *subject) reads(category string) bool {
	c := s.org.Categories[category]
	if c == nil {
		return false
	}
	role := s.role(c.Base)
	if role >= 2 {
		return true
	}
	for ; c != nil; c = s.org.Categories[c.Parent] {
		member := slices.ContainsFunc(c.Groups, func(g string) bool {
			group := s.org.Groups[g]
			return group != nil && group.Enabled && group.Users[s.id]
		})
		if c.Visibility != "public" && role == 0 || c.Visibility == "groups" && !member {
			return false
		}
		if c.Parent == "" {
			return true
		}
	}
	return false
}

// knows: may the subject know that there is this knowledge base (B6)?
func (s *subject) knows(base string) bool {
	if s.role(base) > 0 {
		return true
	}
	for id, c := range s.org.Categories {
		if c.Base == base && s.reads(id) {
			return true
		}
	}
	return false
}

// readsArticle is B5 with publication.
func (s *subject) readsArticle(id string) bool {
	a := s.org.Articles[id]
	if a == nil || !s.reads(a.Category) {
		return false
	}
	out := a.PublishedAt != 0 && a.PublishedAt <= s.w.Now
	return out || s.role(s.org.Categories[a.Category].Base) >= 2
}

// onShelf resolves a target in a knowledge base: there is one such.
func (o *Org) onShelf(t Target) (base string, ok bool) {
	category := t.ID
	switch t.Kind {
	case "base":
		return t.ID, o.Bases[t.ID] != nil
	case "article":
		a := o.Articles[t.ID]
		if a == nil {
			return "", false
		}
		category = a.Category
	}
	c := o.Categories[category]
	if c == nil {
		return "", false
	}
	return c.Base, true
}

// shelf says why an operation in a knowledge base is refused.
func (s *subject) shelf(a Attempt) string {
	least, is := onShelves[a.Operation]
	if !is || a.Target.Kind == "" {
		return ""
	}
	base, _ := s.org.onShelf(a.Target)
	if s.role(base) < slices.Index(ladder, least) && !(a.Operation == "knowledge-base.role" && s.has("User: Edit")) {
		return "lacks the role"
	}
	if a.Second.Kind == "user" { // whoever is to be made a Reader
		return s.service(a, "reader")
	}
	if a.Operation == "knowledge-base.share" && a.Second.Kind == "permission" && !s.has(a.Second.ID) {
		return "only whoever may add people makes guests"
	}
	if least != "none" {
		return ""
	}
	switch a.Target.Kind {
	case "article":
		return refuse(!s.readsArticle(a.Target.ID), "not for him to read")
	case "category":
		return refuse(!s.reads(a.Target.ID), "not for him to read")
	}
	return refuse(!s.knows(base), "nothing of it is for him")
}

// service is what a role given or taken may be: within one's own, and never an
// administrator's (B7). The new role is named by the operation's second target.
func (s *subject) service(a Attempt, role string) string {
	base := a.Target.ID
	u := s.org.Users[a.Second.ID]
	if u == nil {
		return "nobody"
	}
	them := s.w.as(s.org, a.Second.ID, "P", false)
	if them.override() {
		return "an administrator is Admin everywhere"
	}
	return refuse(them.role(base) > s.role(base) || slices.Index(ladder, role) > s.role(base), "beyond one's own role")
}

// shelvesWithin: every role and category of s is b's too (P2).
func (s *subject) shelvesWithin(b *subject) bool {
	for id := range s.org.Bases {
		if s.role(id) > b.role(id) {
			return false
		}
	}
	for id := range s.org.Categories {
		if s.reads(id) && !b.reads(id) {
			return false
		}
	}
	return true
}

// Shelved lists the ids of knowledge bases, categories or articles that the
// actor's lists show. A base limits articles and categories to its own.
func (w *World) Shelved(a Actor, kind, base string) (ids []string) {
	s, why := w.subject(w.passing(Attempt{Actor: a, Operation: "knowledge-base.list"}))
	if s == nil || why != "" || s.kind != "U" && s.kind != "P" && s.kind != "A" {
		return nil
	}
	switch kind {
	case "base":
		for id := range s.org.Bases {
			if s.knows(id) {
				ids = append(ids, id)
			}
		}
	case "category":
		for id, c := range s.org.Categories {
			if c.Base == base && s.reads(id) {
				ids = append(ids, id)
			}
		}
	case "article":
		for id, art := range s.org.Articles {
			if s.org.Categories[art.Category].Base == base && s.readsArticle(id) {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}
