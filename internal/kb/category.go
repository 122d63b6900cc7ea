package kb

import (
	"context"
	"slices"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
)

// CategoryInput is what is set of a category.
type CategoryInput struct {
	Name       string
	Visibility string
	Groups     []string // ids, where it is limited to some
	Sure       bool     // also if articles become readable by anybody
}

func (in *CategoryInput) check() (err error) {
	if in.Name, err = text("name", in.Name, 100); err != nil {
		return err
	}
	switch in.Visibility {
	case gate.ForAnybody, gate.ForReaders:
		if len(in.Groups) > 0 {
			return fault.Bad("groups", "Security groups belong to a category that is limited to them.")
		}
	case gate.ForGroups:
		if len(in.Groups) == 0 {
			return fault.Bad("groups", "Choose at least one security group.")
		}
	default:
		return fault.Bad("visibility", "Choose: public, readers, or groups.")
	}
	return nil
}

const (
	deepest = 6   // levels of categories
	widest  = 500 // categories of a knowledge base
)

// tree is the categories of a knowledge base as they stand.
type tree struct {
	all   []Category
	index map[string]int
}

func readTree(tx *gate.Tx) (t tree, err error) {
	t.index = map[string]int{}
	return t, tx.Each(sqlCategories, func(r *gate.Rows) error {
		var c Category
		err := r.Scan(&c.ID, &c.Parent, &c.Name, &c.Visibility, &c.Version)
		t.index[c.ID] = len(t.all)
		t.all = append(t.all, c)
		return err
	}, tx.BaseID())
}

func (t tree) has(id string) bool { _, ok := t.index[id]; return ok }

// above lists a category and those above it.
func (t tree) above(id string) (ids []string) {
	for id != "" && t.has(id) && len(ids) <= len(t.all) {
		ids = append(ids, id)
		id = t.all[t.index[id]].Parent
	}
	return ids
}

// height counts the levels from a category down, itself too.
func (t tree) height(id string) int {
	most := 0
	for _, c := range t.all {
		if c.Parent == id {
			most = max(most, t.height(c.ID))
		}
	}
	return most + 1
}

func (t tree) in(parent string) (ids []string) {
	for _, c := range t.all {
		if c.Parent == parent {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// AddCategory adds a category at the end of its parent ("" is the top).
func (s *Store) AddCategory(ctx context.Context, who gate.Actor, base, parent string, in CategoryInput) (string, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	return gate.Do(ctx, s.gate, who, OpCategoryAdd, gate.Base(base), func(tx *gate.Tx) (string, error) {
		t, err := readTree(tx)
		if err != nil {
			return "", err
		}
		switch {
		case parent != "" && !t.has(parent):
			return "", fault.Bad("parent", "There is no such category here.")
		case len(t.above(parent)) >= deepest:
			return "", fault.Bad("parent", "Categories go %d levels deep.", deepest)
		case len(t.all) >= widest:
			return "", fault.Cannot("A knowledge base has at most %d categories.", widest)
		}
		made := id.New("cat")
		if _, err := tx.Exec(sqlAddCategory, made, tx.BaseID(), orNull(parent), in.Name, len(t.all)+1, in.Visibility); err != nil {
			return "", err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name = string(gate.KindCategory), made, in.Name
		if err := setGroups(tx, made, in.Groups); err != nil {
			return "", err
		}
		return made, s.replace(tx, t, made, parent, "")
	})
}

func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

var (
	sqlAddCategory  = gate.SQL(`INSERT INTO kb_categories (org_id, id, base_id, parent_id, name, place, visibility) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	sqlEditCategory = gate.SQL(`UPDATE kb_categories SET name = $3, visibility = $4, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $5`)
	sqlDropGroups   = gate.SQL(`DELETE FROM kb_category_groups WHERE org_id = $1 AND category_id = $2`)
	sqlPutGroup     = gate.SQL(`INSERT INTO kb_category_groups (org_id, category_id, group_id) SELECT $1, $2, id FROM security_groups WHERE org_id = $1 AND id = $3 ON CONFLICT DO NOTHING`)
	sqlPlace        = gate.SQL(`UPDATE kb_categories SET parent_id = $3, place = $4 WHERE org_id = $1 AND id = $2`)
	sqlRefile       = gate.SQL(`UPDATE kb_articles SET category_id = $3, version = version + 1 WHERE org_id = $1 AND category_id = $2`)
	sqlFilled       = gate.SQL(`SELECT COUNT(*) FROM kb_articles WHERE org_id = $1 AND category_id = $2`)
	sqlNoCategory   = gate.SQL(`DELETE FROM kb_categories WHERE org_id = $1 AND id = $2`)
)

func setGroups(tx *gate.Tx, category string, groups []string) error {
	if _, err := tx.Exec(sqlDropGroups, category); err != nil {
		return err
	}
	slices.Sort(groups)
	for _, g := range slices.Compact(groups) {
		n, err := tx.Exec(sqlPutGroup, category, g)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Bad("groups", "There is no such security group.")
		}
	}
	return tx.BumpAccess()
}

// EditCategory changes a category that was read at a version.
func (s *Store) EditCategory(ctx context.Context, who gate.Actor, category string, version int64, in CategoryInput) (int64, error) {
	if err := in.check(); err != nil {
		return 0, err
	}
	return gate.Do(ctx, s.gate, who, OpCategoryEdit, gate.Category(category), func(tx *gate.Tx) (int64, error) {
		t, err := readTree(tx)
		if err != nil {
			return 0, err
		}
		was := t.all[t.index[category]]
		if was.Version != version {
			return 0, staleCategory(tx, was)
		}
		if !in.Sure {
			if err := opens(tx, t, t.with(category, func(c *Category) { c.Visibility = in.Visibility })); err != nil {
				return 0, err
			}
		}
		e := tx.Event()
		e.Name = in.Name
		if was.Name != in.Name {
			e.Fields = append(e.Fields, "name")
		}
		if was.Visibility != in.Visibility || in.Visibility == gate.ForGroups {
			e.Fields = append(e.Fields, "who reads it: "+in.Visibility)
		}
		if err := tx.One(sqlEditCategory, category, in.Name, in.Visibility, version); err != nil {
			return 0, err
		}
		return version + 1, setGroups(tx, category, in.Groups)
	})
}

// MoveCategory puts a category into a parent ("" is the top), before another
// one there ("" is the end). Sure also if articles become readable by anybody.
func (s *Store) MoveCategory(ctx context.Context, who gate.Actor, category, parent, before string, sure bool) error {
	_, err := gate.Do(ctx, s.gate, who, OpCategoryMove, gate.Category(category), func(tx *gate.Tx) (bool, error) {
		t, err := readTree(tx)
		if err != nil {
			return false, err
		}
		switch {
		case parent != "" && !t.has(parent), before != "" && (before == category || !slices.Contains(t.in(parent), before)):
			return false, fault.Bad("parent", "There is no such category here.")
		case slices.Contains(t.above(parent), category):
			return false, fault.Bad("parent", "A category can't be moved into itself.")
		case len(t.above(parent))+t.height(category) > deepest:
			return false, fault.Bad("parent", "Categories go %d levels deep.", deepest)
		}
		if !sure {
			if err := opens(tx, t, t.with(category, func(c *Category) { c.Parent = parent })); err != nil {
				return false, err
			}
		}
		tx.Event().Name = t.all[t.index[category]].Name
		return true, s.replace(tx, t, category, parent, before)
	})
	return err
}

// replace numbers the categories of a parent anew, with one among them.
func (s *Store) replace(tx *gate.Tx, t tree, category, parent, before string) error {
	ids := slices.DeleteFunc(t.in(parent), func(id string) bool { return id == category })
	at := len(ids)
	if i := slices.Index(ids, before); i >= 0 {
		at = i
	}
	for n, id := range slices.Insert(ids, at, category) {
		if err := tx.One(sqlPlace, id, orNull(parent), n+1); err != nil {
			return err
		}
	}
	return tx.BumpAccess()
}

// DeleteCategory deletes a category without categories in it. Its articles go
// to another one; where there is none, it has to be empty. Sure also if they
// become readable by anybody.
func (s *Store) DeleteCategory(ctx context.Context, who gate.Actor, category, to string, sure bool) error {
	_, err := gate.Do(ctx, s.gate, who, OpCategoryDelete, gate.Category(category), func(tx *gate.Tx) (bool, error) {
		t, err := readTree(tx)
		if err != nil {
			return false, err
		}
		n := 0
		if err := tx.Row(sqlFilled, category).Scan(&n); err != nil {
			return false, err
		}
		switch {
		case len(t.in(category)) > 0:
			return false, fault.Cannot("There are categories in this one. Move or delete them first.")
		case len(t.all) == 1:
			return false, fault.Cannot("A knowledge base has at least one category.")
		case n > 0 && (to == "" || to == category || !t.has(to)):
			return false, fault.Bad("to", "Choose the category that its articles go to.")
		}
		if n > 0 && !sure {
			if err := t.opensByGoing(tx, category, to); err != nil {
				return false, err
			}
		}
		e := tx.Event()
		e.Name = t.all[t.index[category]].Name
		if n > 0 {
			e.Fields = []string{"articles moved to " + to}
			if _, err := tx.Exec(sqlRefile, category, to); err != nil {
				return false, err
			}
			if err := reindexed(tx, to); err != nil {
				return false, err
			}
		}
		if _, err := tx.Exec(sqlNoCategory, category); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}
