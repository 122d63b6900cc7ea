package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

func (s *Server) folderRoutes() {
	s.signed("GET /folders/new", showNewFolder)
	s.signed("POST /folders", addFolder)
	s.signed("GET /folders/{id}", showFolder)
	s.signed("POST /folders/{id}/rename", renameFolder)
	s.signed("POST /folders/{id}/move", moveFolder)
	s.signed("POST /folders/{id}/delete", deleteFolder)
}

// folderPage is the form of a folder, new or there already.
type folderPage struct {
	place   vault.Place // whose it is
	folder  vault.Folder
	name    string // as typed
	parents []ui.Option
	parent  string
	inside  int // credentials in it and below
	below   int // folders below it
	content string
	stale   string // what somebody else did to it meanwhile
	onceFor [3]string
	errors  map[string]string
}

// folderPlace is whose folder a form is about.
func (v *visit) folderPlace() vault.Place {
	if v.text("own") != "" {
		return vault.Place{Own: true}
	}
	return vault.Place{Client: v.text("client")}
}

func (v *visit) showFolderPage(status int, p folderPage, title string, crumbs ...ui.Crumb) error {
	to, err := v.crumbsTo(p.place)
	if err != nil {
		return err
	}
	p.onceFor = [3]string{once(), once(), once()}
	f, err := v.frame(title, append(to, crumbs...)...)
	if err != nil {
		return err
	}
	if p.folder.ID == "" {
		return v.renderAs(status, newFolderPage(f, p))
	}
	return v.renderAs(status, folderPageOf(f, p))
}

func showNewFolder(v *visit) error {
	if err := v.offers(v.folderPlace().Own, perm.FolderAddEdit); err != nil {
		return err
	}
	return v.newFolder(http.StatusOK, folderPage{place: v.folderPlace(), parent: v.text("parent")})
}

func (v *visit) newFolder(status int, p folderPage) error {
	all, err := v.app.Vault.Folders(v.ctx(), v.who, p.place)
	if err != nil {
		return err
	}
	p.parents = folderOptions(all, "Top level", func(f vault.Folder) bool { return f.Depth >= vault.Deepest })
	return v.showFolderPage(status, p, "New folder")
}

func addFolder(v *visit) error {
	p := folderPage{place: v.folderPlace(), name: v.text("name"), parent: v.text("parent")}
	to := p.place
	to.Folder = p.parent
	id, err := v.app.Vault.AddFolder(v.ctx(), v.who, to, p.name)
	if by, ok := fieldErrors(err); ok {
		p.errors = by
		return v.newFolder(http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	v.flash("Folder added.", "")
	return v.goTo(vaultView{base: baseOf(p.place), folder: id}.link())
}

func showFolder(v *visit) error { return v.changeFolder(http.StatusOK, folderPage{}) }

// changeFolder shows the page of a folder; p has what was typed and refused.
func (v *visit) changeFolder(status int, p folderPage) error {
	p.place = v.folderPlace()
	all, err := v.app.Vault.Folders(v.ctx(), v.who, p.place)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(f vault.Folder) bool { return f.ID == v.r.PathValue("id") })
	if i < 0 || !all[i].MayEdit {
		return fault.NotFound()
	}
	p.folder = all[i]
	if p.name == "" && p.errors["name"] == "" {
		p.name = p.folder.Name
	}
	if p.parent == "" && p.errors["parent"] == "" && status != http.StatusConflict {
		p.parent = p.folder.ParentID
	}
	under := map[string]bool{p.folder.ID: true}
	for _, f := range all {
		if under[f.ParentID] {
			under[f.ID] = true
			p.below++
		}
	}
	p.parents = folderOptions(all, "Top level", func(f vault.Folder) bool { return under[f.ID] || f.Depth >= vault.Deepest })
	place := p.place
	place.Folder = p.folder.ID
	_, err = v.app.Vault.Browse(v.ctx(), v.who, vault.Listing{Place: place}, func(lines []vault.Line) []vault.Line {
		p.inside = len(lines)
		return nil
	})
	if err != nil && !fault.Is(err, fault.Sealed) { // a sealed session changes folders too
		return err
	}
	if status == http.StatusConflict {
		p.stale = p.changedBy(all, v)
	}
	return v.showFolderPage(status, p, "Change folder", ui.Crumb{Label: p.folder.Name, Href: vaultView{base: baseOf(place), folder: p.folder.ID}.link()})
}

func (v *visit) folderVersion() int64 {
	n, _ := strconv.ParseInt(v.text("version"), 10, 64)
	return n
}

func renameFolder(v *visit) error {
	id, name, was := v.r.PathValue("id"), v.text("name"), v.text("was")
	version := v.folderVersion()
	err := v.app.Vault.RenameFolder(v.ctx(), v.who, id, version, name)
	if by, ok := fieldErrors(err); ok {
		return v.changeFolder(http.StatusUnprocessableEntity, folderPage{name: name, errors: by})
	}
	if fault.Is(err, fault.Conflict) {
		return v.changeFolder(http.StatusConflict, folderPage{name: name})
	}
	if err != nil {
		return err
	}
	back := vaultView{base: baseOf(v.folderPlace()), folder: id}.link()
	if was == "" || was == name {
		v.flash("Folder renamed.", "")
	} else {
		v.undoable("Folder renamed.", back, func(ctx context.Context, who gate.Actor) error {
			return v.app.Vault.RenameFolder(ctx, who, id, version+1, was)
		})
	}
	return v.goTo(back)
}

func moveFolder(v *visit) error {
	id, parent, was := v.r.PathValue("id"), v.text("parent"), v.text("was")
	version := v.folderVersion()
	err := v.app.Vault.MoveFolder(v.ctx(), v.who, id, version, parent)
	if by, ok := fieldErrors(err); ok {
		return v.changeFolder(http.StatusUnprocessableEntity, folderPage{parent: parent, errors: map[string]string{"parent": by["folder"]}})
	}
	if fault.Is(err, fault.Conflict) {
		return v.changeFolder(http.StatusConflict, folderPage{parent: parent})
	}
	if err != nil {
		return err
	}
	back := vaultView{base: baseOf(v.folderPlace()), folder: id}.link()
	if v.text("stay") != "" {
		back = v.backTo()
	}
	v.undoable("Folder moved.", back, func(ctx context.Context, who gate.Actor) error {
		return v.app.Vault.MoveFolder(ctx, who, id, version+1, was)
	})
	return v.finish(back)
}

// changedBy says what somebody else made of a folder that is being changed.
func (p folderPage) changedBy(all []vault.Folder, v *visit) string {
	words := "Its name is now " + p.folder.Name
	if i := slices.IndexFunc(all, func(f vault.Folder) bool { return f.ID == p.folder.ParentID }); i >= 0 {
		words += ", and it lies in " + all[i].Name
	} else {
		words += ", and it lies at the top level"
	}
	if !p.folder.Changed.IsZero() && p.folder.ChangedByName != "" {
		words = p.folder.ChangedByName + " changed it " + ago(p.folder.Changed, v.app.Clock.Now()) + ". " + words
	}
	return words + ". What you chose stands below and is not saved yet."
}

func deleteFolder(v *visit) error {
	content := vault.Content(v.text("content"))
	gone, err := v.app.Vault.DeleteFolder(v.ctx(), v.who, v.r.PathValue("id"), v.folderVersion(), content)
	if by, ok := fieldErrors(err); ok {
		return v.changeFolder(http.StatusUnprocessableEntity, folderPage{content: string(content), errors: by})
	}
	if fault.Is(err, fault.Conflict) {
		return v.changeFolder(http.StatusConflict, folderPage{content: string(content)})
	}
	if err != nil {
		return err
	}
	words := "Folder deleted."
	switch content {
	case vault.ContentArchive:
		words += " " + counted(gone.Archived, "credential is", "credentials are") + " in the archive."
	case vault.ContentUp:
		words += " What was in it moved up."
	}
	v.flash(words, "")
	return v.goTo(vaultView{base: baseOf(v.folderPlace()), folder: v.text("was")}.link())
}
