package web

import (
	"net/http"
	"strconv"

	"bailiwick/internal/access"
	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

const levelsPath = "/levels"

var levelsCrumb = ui.Crumb{Label: "Permission levels", Href: levelsPath}

func (s *Server) accessRoutes() {
	s.signed("GET "+levelsPath, showLevels)
	s.signed("GET "+levelsPath+"/new", showNewLevel)
	s.signed("POST "+levelsPath+"/new", addLevel)
	s.signed("GET "+levelsPath+"/{id}", showLevel)
	s.signed("POST "+levelsPath+"/{id}", saveLevel)
	s.signed("POST "+levelsPath+"/{id}/effect", levelEffectPart)
	s.signed("GET "+levelsPath+"/{id}/delete", showDeleteLevel)
	s.signed("POST "+levelsPath+"/{id}/delete", deleteLevel)
	s.groupRoutes()
	s.assignRoutes()
	s.whoRoutes()
	s.requestRoutes()
}

func showLevels(v *visit) error {
	all, err := v.app.Access.Levels(v.ctx(), v.who)
	if err != nil {
		return err
	}
	f, err := v.frame("Permission levels")
	if err != nil {
		return err
	}
	return v.render(levelsPage(f, v.me.Has(perm.PermissionsAdd), all))
}

// levelForm is the page of a level: a form where the viewer may change it.
type levelForm struct {
	frame   ui.FrameParams
	level   access.Level // without an id: a new one
	edits   bool
	copies  bool
	name    ui.FieldParams
	groups  []permGroup
	holders []gate.Person // one page of them
	found   finder
	chosen  perm.Set
	own     perm.Set
	bad     map[string]string
	effect  []access.LevelEffect
	shown   bool // the effect was asked for
	differs []string
}

func (f levelForm) wrong() []ui.FieldParams {
	return wrong(f.name, ui.FieldParams{Name: "permissions", Label: "Permissions", Error: f.bad["permissions"]})
}

func (f levelForm) path() string {
	if f.level.ID == "" {
		return levelsPath + "/new"
	}
	return levelsPath + "/" + f.level.ID
}

func (v *visit) levelForm(l access.Level, name string, chosen perm.Set, bad map[string]string) (levelForm, error) {
	title := l.Name
	if l.ID == "" {
		title = "New level"
	}
	frame, err := v.frame(title, levelsCrumb)
	f := levelForm{frame: frame, level: l, edits: l.ID == "" || l.MayEdit, copies: v.me.Has(perm.PermissionsAdd), chosen: chosen, own: v.me.Permissions, bad: bad}
	f.name = ui.FieldParams{Name: "name", Label: "Name", Value: name, Required: true, MaxLength: 100, Autofocus: l.ID == "", Error: bad["name"]}
	f.holders, f.found = narrow(v, f.path(), l.Holders, itself)
	f.groups = permGroups(func(i perm.Info) bool { return f.edits && i.P.Custom() || l.Set.Has(i.P) })
	return f, err
}

// permGroups is the catalogue by group.
func permGroups(with func(perm.Info) bool) (groups []permGroup) {
	for _, i := range perm.All() {
		if !with(i) {
			continue
		}
		if n := len(groups); n == 0 || groups[n-1].Name != i.Group {
			groups = append(groups, permGroup{Name: i.Group})
		}
		g := &groups[len(groups)-1]
		g.Permissions = append(g.Permissions, i)
	}
	return groups
}

// chosenSet is the permissions that the form has checked. Who may not act is
// not told what is wrong with it.
func (v *visit) chosenSet(needs perm.P) (perm.Set, error) {
	set, unknown := perm.Parse(v.r.PostForm["permission"])
	if len(unknown) == 0 {
		return set, nil
	}
	if err := v.offers(false, needs); err != nil {
		return set, err
	}
	return set, fault.Bad("permission", "Nothing was saved: there is no permission %q.", unknown[0])
}

func showNewLevel(v *visit) error {
	if err := v.offers(false, perm.PermissionsAdd); err != nil {
		return err
	}
	var chosen perm.Set
	name := ""
	if from := v.text("from"); from != "" {
		l, err := v.app.Access.Level(v.ctx(), v.who, from)
		if err != nil {
			return err
		}
		name = "Copy of " + l.Name
		for _, i := range perm.All() {
			if l.Set.Has(i.P) && i.P.Custom() && v.me.Has(i.P) {
				chosen = chosen.With(i.P)
			}
		}
	}
	f, err := v.levelForm(access.Level{}, name, chosen, nil)
	if err != nil {
		return err
	}
	return v.render(levelPage(f))
}

func addLevel(v *visit) error {
	name := v.text("name")
	set, err := v.chosenSet(perm.PermissionsAdd)
	if err != nil {
		return err
	}
	id, err := v.app.Access.AddLevel(v.ctx(), v.who, name, set)
	if bad, ok := fieldErrors(err); ok {
		f, failed := v.levelForm(access.Level{}, name, set, bad)
		if failed != nil {
			return failed
		}
		return v.renderAs(door.Status(err), levelPage(f))
	}
	if err != nil {
		return err
	}
	v.flash("Level added.", "")
	if !v.me.Has(perm.PermissionsView) {
		return v.goTo("/")
	}
	return v.goTo(levelsPath + "/" + id)
}

func showLevel(v *visit) error {
	l, err := v.app.Access.Level(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := v.levelForm(l, l.Name, l.Set, nil)
	if err != nil {
		return err
	}
	return v.render(levelPage(f))
}

// versionRead is the version that the form was made from.
func (v *visit) versionRead() int64 {
	n, _ := strconv.ParseInt(v.text("version"), 10, 64)
	return n
}

func saveLevel(v *visit) error {
	id, name := v.r.PathValue("id"), v.text("name")
	set, err := v.chosenSet(perm.PermissionsEdit)
	if err != nil {
		return err
	}
	if v.text("preview") != "" {
		return v.previewLevel(id, name, set)
	}
	err = v.app.Access.EditLevel(v.ctx(), v.who, id, v.versionRead(), name, set)
	bad, invalid := fieldErrors(err)
	if !invalid && !fault.Is(err, fault.Conflict) {
		if err == nil {
			v.flash("Level saved.", "")
			return v.goTo(levelsPath + "/" + id)
		}
		return err
	}
	l, failed := v.app.Access.Level(v.ctx(), v.who, id)
	if failed != nil {
		return failed
	}
	f, failed := v.levelForm(l, name, set, bad)
	if failed != nil {
		return failed
	}
	if !invalid { // saving again is to the version that is shown now
		f.differs = differsFrom(l, name, set)
	} else {
		f.level.Version = v.versionRead()
	}
	return v.renderAs(door.Status(err), levelPage(f))
}

// differsFrom says how the saved level differs from what was typed.
func differsFrom(l access.Level, name string, set perm.Set) (all []string) {
	if l.Name != name {
		all = append(all, "It is called “"+l.Name+"”.")
	}
	set = set.Effective()
	for _, i := range perm.All() {
		switch {
		case l.Set.Has(i.P) && !set.Has(i.P):
			all = append(all, "It has "+i.Name+".")
		case !l.Set.Has(i.P) && set.Has(i.P):
			all = append(all, "It does not have "+i.Name+".")
		}
	}
	return all
}

func (v *visit) previewLevel(id, name string, set perm.Set) error {
	l, err := v.app.Access.Level(v.ctx(), v.who, id)
	if err != nil {
		return err
	}
	f, err := v.levelForm(l, name, set, nil)
	if err != nil {
		return err
	}
	f.level.Version, f.shown = v.versionRead(), true
	if f.effect, err = v.app.Access.PreviewLevel(v.ctx(), v.who, id, set); err != nil {
		return err
	}
	return v.render(levelPage(f))
}

// levelEffectPart answers the script: what would the change do, while it is
// being made?
func levelEffectPart(v *visit) error {
	set, err := v.chosenSet(perm.PermissionsEdit)
	if err != nil {
		return err
	}
	e, err := v.app.Access.PreviewLevel(v.ctx(), v.who, v.r.PathValue("id"), set)
	if err != nil {
		return err
	}
	return v.render(levelEffect(e, true))
}

// levelDelete is the page that asks for a replacement.
type levelDelete struct {
	frame    ui.FrameParams
	level    access.Level
	instead  ui.SelectParams
	effect   []access.LevelEffect
	shown    bool
	mustGive bool
}

func (v *visit) levelDelete(chosen, bad string) (levelDelete, error) {
	d := levelDelete{}
	all, err := v.app.Access.Levels(v.ctx(), v.who)
	if err != nil {
		return d, err
	}
	d.instead = ui.SelectParams{Name: "replacement", Label: "They get", Value: chosen, Error: bad, Options: []ui.Option{{Value: "", Label: "Choose a level"}}}
	for _, l := range all {
		switch {
		case l.ID == v.r.PathValue("id"):
			d.level = l
		case l.MayGive:
			d.instead.Options = append(d.instead.Options, ui.Option{Value: l.ID, Label: l.Name})
		}
	}
	if !d.level.MayDelete {
		return d, fault.NotFound()
	}
	d.mustGive = len(d.level.Holders) > 0 || d.level.Default
	d.frame, err = v.frame("Delete", levelsCrumb, ui.Crumb{Label: d.level.Name, Href: levelsPath + "/" + d.level.ID})
	return d, err
}

func showDeleteLevel(v *visit) error {
	d, err := v.levelDelete("", "")
	if err != nil {
		return err
	}
	return v.render(deleteLevelPage(d))
}

func deleteLevel(v *visit) error {
	id, next := v.r.PathValue("id"), v.text("replacement")
	if v.text("preview") != "" && next != "" {
		d, err := v.levelDelete(next, "")
		if err != nil {
			return err
		}
		d.shown = true
		if d.effect, err = v.app.Access.PreviewReplacement(v.ctx(), v.who, id, next); err != nil {
			return err
		}
		return v.render(deleteLevelPage(d))
	}
	err := v.app.Access.DeleteLevel(v.ctx(), v.who, id, v.versionRead(), next)
	if bad, ok := fieldErrors(err); ok {
		d, failed := v.levelDelete(next, bad["replacement"])
		if failed != nil {
			return failed
		}
		return v.renderAs(http.StatusUnprocessableEntity, deleteLevelPage(d))
	}
	if err != nil {
		return err
	}
	v.flash("Level deleted.", "")
	return v.goTo(levelsPath)
}
