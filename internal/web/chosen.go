package web

import (
	"net/http"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

func (s *Server) chosenRoutes() {
	s.signed("GET /users/{id}/chosen", vaultOnly(showChosen))
	s.signed("POST /users/{id}/chosen", vaultOnly(saveChosen))
	s.signed("POST /users/{id}/chosen/lists", vaultOnly(chosenPart))
	s.choosingRoutes()
}

// chooses reports whether the viewer chooses what a user sees.
func (v *visit) chooses(e people.Editing) bool {
	return !v.visits() && e.Level == perm.LevelSiteUserLimited && v.me.Has(perm.OrganizationAdmin)
}

// chosenPage chooses folders and credentials for a Site User - Limited.
type chosenPage struct {
	frame       ui.FrameParams
	user, name  string
	folders     longPair
	credentials longPair
}

func (p chosenPage) path() string { return "/users/" + p.user + "/chosen" }

// company is the place of a site's one vault.
func (v *visit) company() (vault.Place, error) {
	marked, _, err := v.app.Clients.List(v.ctx(), v.who, client.Filter{Marked: true})
	for _, c := range marked {
		if c.Company {
			return vault.Place{Client: c.ID}, err
		}
	}
	if err == nil {
		err = fault.NotFound()
	}
	return vault.Place{}, err
}

func (v *visit) chosenPage() (p chosenPage, was vault.Limited, err error) {
	p.user = v.r.PathValue("id")
	if was, err = v.app.Vault.Chosen(v.ctx(), v.who, p.user); err != nil {
		return p, was, err
	}
	at, err := v.company()
	if err != nil {
		return p, was, err
	}
	folders, err := v.app.Vault.Folders(v.ctx(), v.who, at)
	if err != nil {
		return p, was, err
	}
	list, _, err := v.app.Vault.List(v.ctx(), v.who, vault.Listing{Place: at})
	if err != nil {
		return p, was, err
	}
	p.name = was.Name
	folder, credential := v.picks("folder", was.Folders), v.picks("credential", was.Credentials)
	p.folders = longPair{title: "Folders", name: "folder", in: "Chosen", path: p.path() + "/lists", words: v.text("find-folder")}
	p.credentials = longPair{title: "Credentials", name: "credential", in: "Chosen", path: p.path() + "/lists", words: v.text("find-credential")}
	paths := map[string]string{}
	for _, o := range folderOptions(folders, "", nil)[1:] {
		paths[o.Value] = o.Label
		p.folders.items = append(p.folders.items, folder.item(o.Value, o.Label))
	}
	for _, c := range list {
		item := credential.item(c.ID, c.Title)
		for _, text := range []string{c.Username, paths[c.FolderID]} {
			if item.Sub != "" && text != "" {
				item.Sub += " · "
			}
			item.Sub += text
		}
		p.credentials.items = append(p.credentials.items, item)
	}
	return p, was, nil
}

// picks is a set as it is saved, with what the form moves.
type picks struct{ was, put, taken map[string]bool }

func (v *visit) picks(name string, was []string) picks {
	put, taken := v.moved(name)
	return picks{setOfAll(was), setOfAll(put), setOfAll(taken)}
}

func (p picks) item(id, label string) pairItem {
	return pairItem{ID: id, Label: label, Was: p.was[id], In: p.put[id] || p.was[id] && !p.taken[id]}
}

func showChosen(v *visit) error {
	p, _, err := v.chosenPage()
	if err != nil {
		return err
	}
	if p.frame, err = v.frame("What "+p.name+" sees", ui.Crumb{Label: "Users", Href: "/users"}, ui.Crumb{Label: p.name, Href: "/users/" + p.user}); err != nil {
		return err
	}
	return v.renderAs(http.StatusOK, choosePage(p))
}

func saveChosen(v *visit) error {
	if v.text("preview") != "" { // without script: what is typed above long lists
		return showChosen(v)
	}
	p, _, err := v.chosenPage()
	if err != nil {
		return err
	}
	folders, credentials := p.folders.chosen(), p.credentials.chosen()
	if err := v.app.Vault.Choose(v.ctx(), v.who, p.user, folders, credentials); err != nil {
		return err
	}
	v.flash("Saved: "+p.name+" sees "+counted(len(folders), "folder", "folders")+" and "+counted(len(credentials), "credential", "credentials")+", and what is shared with him by name.", "")
	return v.goTo("/users/" + p.user)
}

// chosen are the ids of a pair that are in.
func (p longPair) chosen() (ids []string) {
	for _, i := range p.items {
		if i.In {
			ids = append(ids, i.ID)
		}
	}
	return ids
}

// chosenPart answers the script while a filter above long lists is typed.
func chosenPart(v *visit) error {
	p, _, err := v.chosenPage()
	if err != nil {
		return err
	}
	if v.text("lists") == "folder" {
		return v.render(pairLists(p.folders))
	}
	return v.render(pairLists(p.credentials))
}
