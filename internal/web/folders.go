package web

import (
	"bailiwick/internal/perm"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"bailiwick/internal/fault"
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
	inside  int // credentials right in it
	below   int // folders right in it
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
	if p.errors == nil {
		p.name, p.parent = p.folder.Name, p.folder.ParentID
	}
	under := map[string]bool{p.folder.ID: true}
	for _, f := range all {
		if under[f.ParentID] {
			under[f.ID] = true
		}
		if f.ParentID == p.folder.ID {
			p.below++
		}
	}
	p.parents = folderOptions(all, "Top level", func(f vault.Folder) bool { return under[f.ID] || f.Depth >= vault.Deepest })
	place := p.place
	place.Folder = p.folder.ID
	list, _, err := v.app.Vault.List(v.ctx(), v.who, vault.Listing{Place: place})
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.FolderID == p.folder.ID {
			p.inside++
		}
	}
	return v.showFolderPage(status, p, "Change folder", ui.Crumb{Label: p.folder.Name, Href: vaultView{base: baseOf(place), folder: p.folder.ID}.link()})
}

func (v *visit) folderVersion() int64 {
	n, _ := strconv.ParseInt(v.text("version"), 10, 64)
	return n
}

func renameFolder(v *visit) error {
	id, name := v.r.PathValue("id"), v.text("name")
	err := v.app.Vault.RenameFolder(v.ctx(), v.who, id, v.folderVersion(), name)
	if by, ok := fieldErrors(err); ok {
		return v.changeFolder(http.StatusUnprocessableEntity, folderPage{name: name, errors: by})
	}
	if err != nil {
		return err
	}
	v.flash("Folder renamed.", "")
	return v.goTo(vaultView{base: baseOf(v.folderPlace()), folder: id}.link())
}

func moveFolder(v *visit) error {
	id, parent := v.r.PathValue("id"), v.text("parent")
	err := v.app.Vault.MoveFolder(v.ctx(), v.who, id, v.folderVersion(), parent)
	if by, ok := fieldErrors(err); ok {
		return v.changeFolder(http.StatusUnprocessableEntity, folderPage{parent: parent, errors: map[string]string{"parent": by["folder"]}})
	}
	if err != nil {
		return err
	}
	back := url.Values{"parent": {v.text("was")}, "version": {strconv.FormatInt(v.folderVersion()+1, 10)}}
	undo := ""
	if v.r.PostForm.Has("was") {
		undo = "/folders/" + url.PathEscape(id) + "/move?" + back.Encode()
	}
	v.flash("Folder moved.", undo)
	return v.finish(vaultView{base: baseOf(v.folderPlace()), folder: id}.link())
}

func deleteFolder(v *visit) error {
	if err := v.app.Vault.DeleteFolder(v.ctx(), v.who, v.r.PathValue("id")); err != nil {
		return err
	}
	v.flash("Folder deleted. What was in it moved up.", "")
	return v.goTo(vaultView{base: baseOf(v.folderPlace()), folder: v.text("was")}.link())
}
