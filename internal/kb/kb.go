// Package kb is the knowledge bases of an organization: small web sites of
// articles in categories, for staff, guests and anybody, and who has which role
// in them.
//
// It decides nothing: the gate does, by role, category and publication. It
// seals nothing: readers have no keys, so no secret belongs here. It knows no
// HTTP, and makes no HTML (kb/page does).
package kb

import (
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Store is what the front doors call.
type Store struct {
	gate   *gate.Gate
	mail   *mail.Store
	voices seal.Key // what visitors are told apart by comes from it
	misses misses
}

// New makes the store.
func New(g *gate.Gate, m *mail.Store, voices seal.Key) *Store {
	return &Store{gate: g, mail: m, voices: voices}
}

// Operations. Administrators make and delete knowledge bases; in one, the role
// decides.
var (
	OpList     = gate.Define(gate.Op{Name: "knowledge-base.list", Sentence: "List the knowledge bases that one may read", Scope: gate.Shelf, Role: gate.Public, View: true})
	OpOpen     = gate.Define(gate.Op{Name: "knowledge-base.view", Sentence: "See a knowledge base, and the categories in it that one reads", Scope: gate.Shelf, Role: gate.Public, View: true})
	OpAdd      = gate.Define(gate.Op{Name: "knowledge-base.add", Sentence: "Add a knowledge base", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})
	OpRename   = gate.Define(gate.Op{Name: "knowledge-base.rename", Sentence: "Change a knowledge base's name and address", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})
	OpDelete   = gate.Define(gate.Op{Name: "knowledge-base.delete", Sentence: "Delete a knowledge base with everything in it", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})
	OpWeigh    = gate.Define(gate.Op{Name: "knowledge-base.weigh", Sentence: "See what deleting a knowledge base would delete", Scope: gate.Whole, Needs: perm.OrganizationAdmin, View: true})
	OpSettings = gate.Define(gate.Op{Name: "knowledge-base.settings", Sentence: "Change a knowledge base's settings", Scope: gate.Shelf, Role: gate.Admin, Write: true, Audit: true, Once: true})

	OpCategoryAdd    = gate.Define(gate.Op{Name: "category.add", Sentence: "Add a category to a knowledge base", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})
	OpCategoryEdit   = gate.Define(gate.Op{Name: "category.edit", Sentence: "Change a category's name and who reads it", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})
	OpCategoryMove   = gate.Define(gate.Op{Name: "category.move", Sentence: "Move a category to another place in the tree", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})
	OpCategoryDelete = gate.Define(gate.Op{Name: "category.delete", Sentence: "Delete an empty category, or one whose articles go to another", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})

	OpArticles  = gate.Define(gate.Op{Name: "article.list", Sentence: "List the articles of a knowledge base that one reads", Scope: gate.Shelf, Role: gate.Public, View: true})
	OpRead      = gate.Define(gate.Op{Name: "article.read", Sentence: "Read an article", Scope: gate.Shelf, Role: gate.Public, View: true})
	OpDraft     = gate.Define(gate.Op{Name: "article.view", Sentence: "See an article as its editors do, with its latest text", Scope: gate.Shelf, Role: gate.Editor, View: true})
	OpWrite     = gate.Define(gate.Op{Name: "article.add", Sentence: "Write an article", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})
	OpEdit      = gate.Define(gate.Op{Name: "article.edit", Sentence: "Change an article", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})
	OpPublish   = gate.Define(gate.Op{Name: "article.publish", Sentence: "Publish an article, now or at a time", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})
	OpUnpublish = gate.Define(gate.Op{Name: "article.unpublish", Sentence: "Take an article back from its readers", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})
	OpErase     = gate.Define(gate.Op{Name: "article.delete", Sentence: "Delete an article with its history and files", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})
	OpHistory   = gate.Define(gate.Op{Name: "article.history", Sentence: "See the versions of an article", Scope: gate.Shelf, Role: gate.Editor, View: true})
	OpRestore   = gate.Define(gate.Op{Name: "article.restore", Sentence: "Make an earlier version of an article its latest", Scope: gate.Shelf, Role: gate.Editor, Write: true, Audit: true, Once: true})

	OpRoles   = gate.Define(gate.Op{Name: "knowledge-base.people", Sentence: "See who has which role in a knowledge base", Scope: gate.Shelf, Role: gate.Admin, View: true})
	OpSetRole = gate.Define(gate.Op{Name: "knowledge-base.role", Sentence: "Give or take a role in a knowledge base, within one's own (rank applies)", Scope: gate.Shelf, Role: gate.Admin, Or: perm.UserEdit, Write: true, Audit: true, Once: true})
)

// text checks a line of text that has to be there.
func text(field, value string, most int) (string, error) {
	value = strings.TrimSpace(value)
	switch {
	case value == "":
		return "", fault.Bad(field, "Fill this in.")
	case len([]rune(value)) > most:
		return "", fault.Bad(field, "Use at most %d characters.", most)
	case strings.ContainsAny(value, "\n\r"):
		return "", fault.Bad(field, "Use one line.")
	}
	return value, nil
}
