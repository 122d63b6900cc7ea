package web

import (
	"net/http"
	"slices"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/kb"
	"bailiwick/internal/web/ui"
)

func (s *Server) kbCategoryRoutes() {
	all := kbPath + "/{base}/categories"
	s.signed("GET "+all, showCategories)
	s.signed("POST "+all, addCategory)
	s.signed("GET "+all+"/{category}", showEditCategory)
	s.signed("POST "+all+"/{category}", saveCategory)
	s.signed("POST "+all+"/{category}/move", moveCategory)
	s.signed("GET "+all+"/{category}/delete", showDeleteCategory)
	s.signed("POST "+all+"/{category}/delete", deleteCategory)
}

// kbCategories is the page of the tree, or of one category.
type kbCategories struct {
	kbFrame
	one    kb.Category // that is edited; none for a new one
	in     kb.CategoryInput
	parent string
	groups []kb.Named
	bad    map[string]string
	stale  bool
	from   *categoryRead // nil: what is there now
	met    []met         // what somebody else has changed meanwhile
	moved  string        // id of the one that was just moved, by act
	act    string
}

func (c kbCategories) name() ui.FieldParams {
	return ui.FieldParams{Name: "name", Label: "Name", Value: c.in.Name, Error: c.bad["name"], Required: true, MaxLength: 100}
}

// find gives a category of the tree.
func (k kbFrame) find(id string) (kb.Category, bool) {
	i := slices.IndexFunc(k.base.Categories, func(c kb.Category) bool { return c.ID == id })
	if i < 0 {
		return kb.Category{}, false
	}
	return k.base.Categories[i], true
}

// siblings are the ids of those in the same parent, in their order.
func (k kbFrame) siblings(parent string) (ids []string) {
	for _, c := range k.base.Categories {
		if c.Parent == parent {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func (v *visit) categoriesPage(status int, c kbCategories) (err error) {
	if c.kbFrame, err = v.kbFrame("Categories", "Categories", gate.Editor); err != nil {
		return err
	}
	if c.in.Visibility == "" {
		c.in.Visibility = gate.ForReaders
	}
	if c.groups, err = v.app.Bases.Groups(v.ctx(), v.who, c.base.ID); err != nil {
		return err
	}
	return v.renderAs(status, kbCategoriesPage(c))
}

func showCategories(v *visit) error {
	return v.categoriesPage(http.StatusOK, kbCategories{moved: v.text("moved"), act: v.text("act")})
}

func (v *visit) categoryInput() kb.CategoryInput {
	in := kb.CategoryInput{Name: v.text("name"), Visibility: v.text("visibility"), Sure: v.text("sure") != ""}
	if in.Visibility == gate.ForGroups {
		in.Groups = v.r.PostForm["group"]
	}
	return in
}

func addCategory(v *visit) error {
	c := kbCategories{in: v.categoryInput(), parent: v.text("parent")}
	_, err := v.app.Bases.AddCategory(v.ctx(), v.who, v.r.PathValue("base"), c.parent, c.in)
	if bad, ok := fieldErrors(err); ok {
		c.bad = bad
		return v.categoriesPage(door.Status(err), c)
	}
	if err != nil {
		return err
	}
	v.flash("Category added.", "")
	return v.goTo(v.categoriesPath())
}

func (v *visit) categoriesPath() string { return kbPath + "/" + v.r.PathValue("base") + "/categories" }

func (v *visit) oneCategory(status int, c kbCategories) (err error) {
	if c.kbFrame, err = v.kbFrame("Edit category", "Categories", gate.Editor); err != nil {
		return err
	}
	var ok bool
	if c.one, ok = c.find(v.r.PathValue("category")); !ok {
		return fault.NotFound()
	}
	if c.bad == nil && !c.stale {
		c.in = kb.CategoryInput{Name: c.one.Name, Visibility: c.one.Visibility}
		for _, g := range c.one.Groups {
			c.in.Groups = append(c.in.Groups, g.ID)
		}
	}
	if c.groups, err = v.app.Bases.Groups(v.ctx(), v.who, c.base.ID); err != nil {
		return err
	}
	if c.stale {
		c.meet()
	}
	if c.from == nil || c.stale { // a mistake in the form doesn't make it one of the present version
		c.from = readCategory(c.one)
	}
	return v.renderAs(status, kbCategoryPage(c))
}

func showEditCategory(v *visit) error { return v.oneCategory(http.StatusOK, kbCategories{}) }

func saveCategory(v *visit) error {
	c := kbCategories{in: v.categoryInput(), from: v.categoryRead()}
	_, err := v.app.Bases.EditCategory(v.ctx(), v.who, v.r.PathValue("category"), c.from.version, c.in)
	bad, invalid := fieldErrors(err)
	switch {
	case err == nil:
		v.flash("Category saved.", "")
		return v.goTo(v.categoriesPath())
	case invalid:
		c.bad = bad
	case fault.Is(err, fault.Conflict):
		c.stale = true
	default:
		return err
	}
	return v.oneCategory(door.Status(err), c)
}

// moveCategory puts a category elsewhere: by a button one step up, down, into
// the one before it or out of its own; by dragging, before another one or to
// the end of one.
func moveCategory(v *visit) error {
	k, err := v.kbFrame("Categories", "Categories", gate.Editor)
	if err != nil {
		return err
	}
	c, ok := k.find(v.r.PathValue("category"))
	if !ok {
		return fault.NotFound()
	}
	act := v.text("act")
	parent, before, ok := k.step(c, act)
	if act == "put" {
		parent, before, ok = v.text("parent"), v.text("before"), true
	}
	if !ok {
		return v.goTo(v.categoriesPath())
	}
	err = v.app.Bases.MoveCategory(v.ctx(), v.who, c.ID, parent, before, v.text("sure") != "")
	if bad, is := fieldErrors(err); is && bad["sure"] != "" {
		return v.renderAs(door.Status(err), moveCategoryPage(k, c, bad["sure"], parent, before))
	} else if is {
		return fault.Cannot("%s Nothing was moved.", bad["parent"])
	}
	if err != nil {
		return err
	}
	v.flash(k.movedText(c, act, parent), "")
	if act == "put" {
		return v.goTo(v.categoriesPath() + "#" + c.ID)
	}
	// No fragment: a browser that follows one heeds no autofocus.
	return v.goTo(v.categoriesPath() + "?moved=" + c.ID + "&act=" + act)
}

// step finds where a button leads.
func (k kbFrame) step(c kb.Category, act string) (parent, before string, ok bool) {
	all := k.siblings(c.Parent)
	i := slices.Index(all, c.ID)
	switch {
	case act == "up" && i > 0:
		return c.Parent, all[i-1], true
	case act == "down" && i+2 < len(all):
		return c.Parent, all[i+2], true
	case act == "down" && i+1 < len(all):
		return c.Parent, "", true
	case act == "in" && i > 0:
		return all[i-1], "", true
	case act == "out" && c.Parent != "":
		up, _ := k.find(c.Parent)
		around := k.siblings(up.Parent)
		if at := slices.Index(around, up.ID); at+1 < len(around) {
			return up.Parent, around[at+1], true
		}
		return up.Parent, "", true
	}
	return "", "", false
}

func showDeleteCategory(v *visit) error { return v.categoryDelete(http.StatusOK, nil) }

func (v *visit) categoryDelete(status int, bad map[string]string) error {
	k, err := v.kbFrame("Delete category", "Categories", gate.Editor)
	if err != nil {
		return err
	}
	c, ok := k.find(v.r.PathValue("category"))
	if !ok {
		return fault.NotFound()
	}
	return v.renderAs(status, deleteCategoryPage(k, c, v.text("to"), bad))
}

func deleteCategory(v *visit) error {
	err := v.app.Bases.DeleteCategory(v.ctx(), v.who, v.r.PathValue("category"), v.text("to"), v.text("sure") != "")
	if bad, ok := fieldErrors(err); ok {
		return v.categoryDelete(door.Status(err), bad)
	}
	if err != nil {
		return err
	}
	v.flash("Category deleted.", "")
	return v.goTo(v.categoriesPath())
}
