package kb

import (
	"context"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// Category is a category that the actor reads, with how many articles of it he
// does.
type Category struct {
	ID, Parent, Name string
	Depth            int // 0 at the top
	Visibility       string
	Groups           []Named // for editors only
	Articles         int     // that are published; of editors, all
	Out              int     // that are published
	Version          int64
}

// Named is a thing with its name.
type Named struct{ ID, Name string }

// Front is a knowledge base's own page.
type Front struct {
	Base
	Categories []Category // in the order of the tree, each after the one that it is in
	MayEdit    bool
	MayAdmin   bool
}

var (
	sqlCategories = gate.SQL(`SELECT id, COALESCE(parent_id, ''), name, visibility, version FROM kb_categories WHERE org_id = $1 AND base_id = $2 ORDER BY place, id`)
	sqlCounts     = gate.SQL(`SELECT category_id, COUNT(*) FROM kb_articles WHERE org_id = $1 AND base_id = $2 AND ($3 OR published_at <> 0 AND published_at <= $4) GROUP BY category_id`)
	sqlOfGroups   = gate.SQL(`SELECT g.category_id, s.id, s.name FROM kb_category_groups g JOIN kb_categories c ON c.org_id = g.org_id AND c.id = g.category_id JOIN security_groups s ON s.org_id = g.org_id AND s.id = g.group_id
		WHERE g.org_id = $1 AND c.base_id = $2 ORDER BY s.name, s.id`)
)

// Open shows a knowledge base, by id or path.
func (s *Store) Open(ctx context.Context, who gate.Actor, base string) (Front, error) {
	return gate.Do(ctx, s.gate, who, OpOpen, gate.Base(base), func(tx *gate.Tx) (f Front, err error) {
		if f.Base, err = the(tx); err != nil {
			return f, err
		}
		f.MayEdit, f.MayAdmin = f.Role >= gate.Editor, f.Role >= gate.Admin
		f.Categories, err = categories(tx, f.Base)
		return f, err
	})
}

// categories gives those that the actor reads, as a tree. What he does not read
// hides what lies in it.
func categories(tx *gate.Tx, b Base) ([]Category, error) {
	by := map[string][]Category{} // by parent, in their order
	err := tx.Each(sqlCategories, func(r *gate.Rows) error {
		var c Category
		err := r.Scan(&c.ID, &c.Parent, &c.Name, &c.Visibility, &c.Version)
		if tx.ReadsCategory(c.ID) {
			by[c.Parent] = append(by[c.Parent], c)
		}
		return err
	}, b.ID)
	if err != nil {
		return nil, err
	}
	counts, err := countArticles(tx, b.ID, b.Role >= gate.Editor)
	if err != nil {
		return nil, err
	}
	out := counts
	if b.Role >= gate.Editor {
		if out, err = countArticles(tx, b.ID, false); err != nil {
			return nil, err
		}
	}
	groups, err := groupsOf(tx, b)
	if err != nil {
		return nil, err
	}
	var all []Category
	var walk func(parent string, depth int)
	walk = func(parent string, depth int) {
		for _, c := range by[parent] {
			c.Depth, c.Articles, c.Out, c.Groups = depth, counts[c.ID], out[c.ID], groups[c.ID]
			all = append(all, c)
			walk(c.ID, depth+1)
		}
	}
	walk("", 0)
	return all, nil
}

// countArticles gives the numbers of articles by category: all of them, or
// those that are out.
func countArticles(tx *gate.Tx, base string, all bool) (map[string]int, error) {
	counts := map[string]int{}
	return counts, tx.Each(sqlCounts, func(r *gate.Rows) error {
		var id string
		n := 0
		err := r.Scan(&id, &n)
		counts[id] = n
		return err
	}, base, all, tx.Millis())
}

// groupsOf names the security groups of the categories, to editors.
func groupsOf(tx *gate.Tx, b Base) (map[string][]Named, error) {
	by := map[string][]Named{}
	if b.Role < gate.Editor {
		return by, nil
	}
	return by, tx.Each(sqlOfGroups, func(r *gate.Rows) error {
		var category string
		var g Named
		err := r.Scan(&category, &g.ID, &g.Name)
		by[category] = append(by[category], g)
		return err
	}, b.ID)
}

// Groups lists the security groups that an editor can limit a category to.
func (s *Store) Groups(ctx context.Context, who gate.Actor, base string) ([]Named, error) {
	return gate.Do(ctx, s.gate, who, OpGroups, gate.Base(base), func(tx *gate.Tx) (all []Named, err error) {
		return all, tx.Each(sqlAllGroups, func(r *gate.Rows) error {
			var g Named
			err := r.Scan(&g.ID, &g.Name)
			all = append(all, g)
			return err
		})
	})
}

var (
	// OpGroups names the organization's security groups to those who can limit a category to one.
	OpGroups     = gate.Define(gate.Op{Name: "category.groups", Sentence: "List by name the security groups that a category can be limited to", Scope: gate.Shelf, Role: gate.Editor, View: true})
	sqlAllGroups = gate.SQL(`SELECT id, name FROM security_groups WHERE org_id = $1 ORDER BY name, id`)
)

// Category shows one of a knowledge base.
func (s *Store) Category(ctx context.Context, who gate.Actor, category string) (Category, error) {
	return gate.Do(ctx, s.gate, who, OpOpen, gate.Category(category), func(tx *gate.Tx) (Category, error) {
		b, err := the(tx)
		if err != nil {
			return Category{}, err
		}
		all, err := categories(tx, b)
		for _, c := range all {
			if c.ID == category {
				return c, err
			}
		}
		if err == nil {
			err = fault.NotFound()
		}
		return Category{}, err
	})
}

// staleCategory is a conflict that says what is there now.
func staleCategory(tx *gate.Tx, was Category) error {
	b, err := the(tx)
	if err != nil {
		return err
	}
	groups, err := groupsOf(tx, b)
	if err != nil {
		return err
	}
	was.Groups = groups[was.ID]
	e, _ := fault.As(fault.Stale("category"))
	e.Fields = []fault.Field{{Name: "name", Text: "It is now: " + was.Name}, {Name: "visibility", Text: "It is now: " + was.ReadBy()}}
	return e
}

// ReadBy says who reads a category, as far as it itself says so.
func (c Category) ReadBy() string {
	switch c.Visibility {
	case gate.ForAnybody:
		return "public"
	case gate.ForGroups:
		var names []string
		for _, g := range c.Groups {
			names = append(names, g.Name)
		}
		return "readers in " + strings.Join(names, ", ")
	}
	return "all readers"
}
