package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

// tree is the folders as the tree beside the list shows them. Its numbers
// count what lies in a folder and below.
func (p *vaultPage) tree() []ui.Folder {
	counts := map[string]int{}
	parents := map[string]string{}
	for _, f := range p.folders {
		parents[f.ID] = f.ParentID
	}
	for folder, n := range p.counts {
		for f := folder; f != ""; f = parents[f] {
			counts[f] += n
		}
	}
	open := map[string]bool{} // those above the chosen one, and itself
	for f := p.view.folder; f != ""; f = parents[f] {
		open[f] = true
	}
	children := map[string][]vault.Folder{}
	for _, f := range p.folders {
		children[f.ParentID] = append(children[f.ParentID], f)
	}
	flagged := p.flaggedBelow()
	var branch func(parent string) []ui.Folder
	branch = func(parent string) []ui.Folder {
		var out []ui.Folder
		for _, f := range children[parent] {
			leaf := ui.Folder{Label: f.Name, Href: p.view.in(f.ID), Count: counts[f.ID], Current: f.ID == p.view.folder,
				Open: open[f.ID] || f.Depth == 1, Folders: branch(f.ID), Drop: f.ID}
			if f.MayEdit && !p.view.archived {
				leaf.Version = strconv.FormatInt(f.Version, 10)
			}
			if f.Guarded || flagged[f.ID].n > 0 {
				leaf.Flag = folderMarks(f.Guarded, flagged[f.ID])
			}
			out = append(out, leaf)
		}
		return out
	}
	return append([]ui.Folder{{Label: "All credentials", Href: p.view.in(""), Count: p.total, Current: p.view.folder == "", Drop: "root"}}, branch("")...)
}

// folderOptions is the folders for a select, the root first.
func folderOptions(folders []vault.Folder, root string, without func(vault.Folder) bool) []ui.Option {
	options := []ui.Option{{Value: "", Label: root}}
	names := map[string]string{}
	for _, f := range folders {
		names[f.ID] = f.Name
		if up := names[f.ParentID]; f.ParentID != "" && up != "" {
			names[f.ID] = up + " / " + f.Name
		}
		if without == nil || !without(f) {
			options = append(options, ui.Option{Value: f.ID, Label: names[f.ID]})
		}
	}
	return options
}

// showing says which part of a long list this is.
func (p *vaultPage) showing() string {
	n := 0
	for _, g := range p.groups {
		n += len(g.list)
	}
	if n == p.shown {
		return counted(n, "credential", "credentials")
	}
	return number(p.start+1) + " to " + number(p.start+n) + " of " + number(p.shown)
}

// flat is the credentials of the page in order.
func (p *vaultPage) flat() []vault.Credential {
	var all []vault.Credential
	for _, g := range p.groups {
		all = append(all, g.list...)
	}
	return all
}

func (p *vaultPage) next() string {
	list := p.flat()
	if len(list) == 0 || p.start+len(list) >= p.shown {
		return ""
	}
	return p.view.from(list[len(list)-1].ID)
}

// previous begins so much before; where that is the beginning, without a key.
func (p *vaultPage) previous() string {
	if p.start == 0 {
		return ""
	}
	return p.view.from(p.before)
}

// panel is the details of the selected credential, nil when there is none.
func (p *vaultPage) panel() templ.Component {
	if p.detail == nil {
		return nil
	}
	return credentialPanel(p, *p.detail)
}

// may tells what the viewer could do with something on the page, so that the
// bar for a selection holds no act that is refused for all of it.
func (p *vaultPage) may(what func(vault.Credential) bool) bool {
	for _, g := range p.groups {
		for _, c := range g.list {
			if what(c) {
				return true
			}
		}
	}
	return false
}

// mayFolder reports whether the viewer may add folders here.
func (p *vaultPage) mayFolder() bool {
	if p.place.Own {
		return p.me.Has(perm.VaultAccess)
	}
	return p.me.Has(perm.FolderAddEdit)
}

// filterAction is the page itself; folder and tab are kept beside it.
func (p *vaultPage) filterAction() string { return p.view.base }

// rowsLink is where the script asks for rows: "N" is put behind it.
func (p *vaultPage) rowsLink() string {
	w := p.view
	w.after, w.selected = "", ""
	link := w.link()
	if strings.Contains(link, "?") {
		return link + "&rows="
	}
	return link + "?rows="
}

// rowURL is the web page of a row, short where the row shows its host anyway.
func (p *vaultPage) rowURL(c vault.Credential) string {
	if link := shortLink(c.URLs); p.shows("address") {
		if link == "/" { // what the script takes where there is only a host
			return ""
		}
		return link
	}
	return firstLink(c.URLs)
}

// folderLink is a page about folders, which must know whose they are.
func (p *vaultPage) folderLink(path string) string {
	q := url.Values{}
	if p.place.Own {
		q.Set("own", "1")
	} else {
		q.Set("client", p.place.Client)
	}
	if p.view.folder != "" && path == "/folders/new" {
		q.Set("parent", p.view.folder)
	}
	return path + "?" + q.Encode()
}
