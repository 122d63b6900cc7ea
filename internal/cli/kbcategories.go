package cli

import (
	"errors"
	"fmt"
	"strings"

	"bailiwick/sdk"
)

// KBCategories is the categories.
type KBCategories struct {
	Add    KBCategoryAdd    `cmd:"" help:"Add a category."`
	Edit   KBCategoryEdit   `cmd:"" help:"Change a category's name or who reads it."`
	Move   KBCategoryMove   `cmd:"" help:"Move a category in the tree."`
	Delete KBCategoryDelete `cmd:"" help:"Delete a category; its articles go to another."`
}

// forWhom is who reads a category.
type forWhom struct {
	For   string   `enum:",public,readers,groups" default:"" help:"Who reads it: public, readers, or groups (with --group)."`
	Group []string `help:"Name or id of a security group that it is limited to; may be given several times."`
}

// groupIDs finds the groups among those that a category can be limited to.
func (w forWhom) groupIDs(e *Env, api *sdk.API, base string) (ids []string, err error) {
	if len(w.Group) == 0 {
		return nil, nil
	}
	all, err := api.CategoryGroups(e.Context, base)
	if err != nil {
		return nil, err
	}
	for _, name := range w.Group {
		found := ""
		for _, g := range all.Things {
			if g.ID == name || strings.EqualFold(g.Name, name) {
				found = g.ID
			}
		}
		if found == "" {
			return nil, fail(ExitAbsent, "There is no security group %q.", name)
		}
		ids = append(ids, found)
	}
	return ids, nil
}

// KBCategoryAdd adds one.
type KBCategoryAdd struct {
	Format  `embed:""`
	kbOf    `embed:""`
	Name    string `arg:"" help:"Its name."`
	In      string `help:"Name or id of the category that it is in; the top otherwise."`
	forWhom `embed:""`
}

// category finds a category of a knowledge base by name or id.
func (e *Env) category(api *sdk.API, base, name string) (sdk.Category, string, error) {
	b, err := api.KnowledgeBase(e.Context, base)
	if err != nil {
		return sdk.Category{}, "", err
	}
	var found []sdk.Category
	for _, g := range b.Categories {
		if g.ID == name {
			return g, b.ID, nil
		}
		if strings.EqualFold(g.Name, name) {
			found = append(found, g)
		}
	}
	switch len(found) {
	case 0:
		return sdk.Category{}, "", fail(ExitAbsent, "There is no category %q in %s. See: bailiwick kb show %s", name, base, base)
	case 1:
		return found[0], b.ID, nil
	}
	return sdk.Category{}, "", fail(ExitUsage, "Several categories are called %q. Give the id: bailiwick kb show %s", name, base)
}

// Run adds it.
func (c *KBCategoryAdd) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	in := sdk.CategoryChange{Name: c.Name, Visibility: given(c.For, "readers")}
	if c.In != "" {
		parent, _, err := e.category(api, c.Base, c.In)
		if err != nil {
			return err
		}
		in.Parent = parent.ID
	}
	if in.Groups, err = c.groupIDs(e, api, c.Base); err != nil {
		return err
	}
	made, err := api.AddCategory(e.Context, c.Base, in)
	if err != nil {
		return err
	}
	return c.done(e, made, "Added the category %s, for: %s.", c.Name, in.Visibility)
}

// sureOpen is of what can make articles readable by anybody.
type sureOpen struct {
	Yes bool `short:"y" help:"Do not ask if articles become readable by anybody."`
}

// opening does it, and where the server asks to be sure asks at the terminal.
func (s sureOpen) opening(e *Env, done string, do func(sure bool) error) error {
	err := do(s.Yes)
	asked := (*sdk.Error)(nil)
	if !errors.As(err, &asked) || asked.Field("sure") == "" {
		return err
	}
	if !e.terminal() {
		return fail(ExitUsage, "Nothing was %s. %s Without a terminal it takes --yes.", done, asked.Field("sure"))
	}
	if !e.Sure(clean(asked.Field("sure"))) {
		return fail(ExitError, "Nothing was %s.", done)
	}
	return do(true)
}

// KBCategoryEdit changes one.
type KBCategoryEdit struct {
	Format   `embed:""`
	kbOf     `embed:""`
	Category string `arg:"" help:"Name or id of the category."`
	Name     string `help:"New name."`
	sureOpen `embed:""`
	forWhom  `embed:""`
}

// Run changes it.
func (c *KBCategoryEdit) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	was, _, err := e.category(api, c.Base, c.Category)
	if err != nil {
		return err
	}
	in := sdk.CategoryChange{Version: was.Version, Name: given(c.Name, was.Name), Visibility: given(c.For, was.Visibility)}
	if in.Groups, err = c.groupIDs(e, api, c.Base); err != nil {
		return err
	}
	if in.Visibility == "groups" && len(in.Groups) == 0 {
		for _, g := range was.Groups {
			in.Groups = append(in.Groups, g.ID)
		}
	}
	var made sdk.Done
	if err := c.opening(e, "changed", func(sure bool) (err error) {
		in.Sure = sure
		made, err = api.EditCategory(e.Context, was.ID, in)
		return err
	}); err != nil {
		return err
	}
	return c.done(e, made, "The category %s is for: %s.", in.Name, in.Visibility)
}

// KBCategoryMove moves one.
type KBCategoryMove struct {
	kbOf     `embed:""`
	Category string `arg:"" help:"Name or id of the category."`
	In       string `help:"Name or id of the category that it goes into; the top otherwise."`
	Before   string `help:"Name or id of the one there that it comes before; the end otherwise."`
	sureOpen `embed:""`
}

// Run moves it.
func (c *KBCategoryMove) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	var ids [3]string
	for i, name := range []string{c.Category, c.In, c.Before} {
		if name == "" {
			continue
		}
		g, _, err := e.category(api, c.Base, name)
		if err != nil {
			return err
		}
		ids[i] = g.ID
	}
	if err := c.opening(e, "moved", func(sure bool) error {
		return api.MoveCategory(e.Context, ids[0], sdk.CategoryMove{Parent: ids[1], Before: ids[2], Sure: sure})
	}); err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.Err, "The category is moved.")
	return err
}

// KBCategoryDelete deletes one.
type KBCategoryDelete struct {
	kbOf     `embed:""`
	Category string `arg:"" help:"Name or id of the category."`
	To       string `help:"Name or id of the category that its articles go to."`
	sureOpen `embed:""`
}

// Run deletes it.
func (c *KBCategoryDelete) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	was, _, err := e.category(api, c.Base, c.Category)
	if err != nil {
		return err
	}
	to := ""
	if c.To != "" {
		g, _, err := e.category(api, c.Base, c.To)
		if err != nil {
			return err
		}
		to = g.ID
	}
	if err := c.opening(e, "deleted", func(sure bool) error {
		return api.DeleteCategory(e.Context, was.ID, sdk.CategoryDelete{To: to, Sure: sure})
	}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.Err, "Deleted the category %s.\n", clean(was.Name))
	return err
}
