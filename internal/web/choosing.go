package web

import (
	"slices"

	"bailiwick/internal/fault"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

func (s *Server) choosingRoutes() {
	s.signed("GET /credentials/{id}/chosen", vaultOnly(showChoosing))
	s.signed("GET /folders/{id}/chosen", vaultOnly(showChoosingFolder))
	s.signed("POST /folders/{id}/chosen", vaultOnly(saveChoosingFolder))
}

// choosing chooses credentials, or a folder, for the Site Users - Limited. What
// one of them sees in all is on a page of his own, see chosenPage.
type choosing struct {
	frame  ui.FrameParams
	list   []vault.Credential
	folder vault.Folder
	people []vault.ForWhom
	back   string
	once   string
	lost   int
}

func mayChoose(_ *vaultPage, c vault.Credential) bool { return c.MayChoose }

func (c choosing) action() string {
	if c.folder.ID != "" {
		return "/folders/" + c.folder.ID + "/chosen"
	}
	return "/credentials/selected"
}

func (c choosing) of() int { return max(1, len(c.list)) }

func (c choosing) what() string {
	switch {
	case c.folder.ID != "":
		return c.folder.Name
	case len(c.list) == 1:
		return c.list[0].Title
	}
	return counted(len(c.list), "credential", "credentials")
}

// items are the users; checked is for whom all of it is chosen.
func (c choosing) items() (items []pairItem) {
	for _, p := range c.people {
		in := p.Chosen == c.of()
		items = append(items, pairItem{ID: p.ID, Label: p.Name, Sub: joined(hintOf(p.Name, p.Email), c.seen(p)), In: in, Was: in})
	}
	return items
}

// seen says what somebody sees already of what is not chosen for him.
func (c choosing) seen(p vault.ForWhom) string {
	switch {
	case p.Chosen == c.of() || p.Sees == 0:
		return ""
	case p.Sees < c.of():
		return "sees " + number(p.Sees) + " of them"
	case p.Chosen > 0:
		return "sees them, in part by a folder or a share"
	case c.of() == 1:
		return "sees it by a folder or a share"
	}
	return "sees them by a folder or a share"
}

func joined(a, b string) string {
	if a != "" && b != "" {
		return a + " · " + b
	}
	return a + b
}

// choosingItem is the panel's way to the same page.
func (p *vaultPage) choosingItem(c vault.Credential) (items []ui.MenuItem) {
	if c.MayChoose && !p.me.Looking {
		items = append(items, ui.MenuItem{Label: "Choose for users", Icon: icon.Users, Href: "/credentials/" + c.ID + "/chosen"})
	}
	return items
}

func showChoosing(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	return v.showChoosing(choosing{back: homeOf(c)}, []vault.Chosen{{ID: c.ID}})
}

func askChoosing(v *visit, chosen []vault.Chosen) error {
	return v.showChoosing(choosing{back: v.backTo()}, chosen)
}

func (v *visit) showChoosing(c choosing, chosen []vault.Chosen) (err error) {
	if c.list, err = v.these(chosen, mayChoose); err != nil {
		return err
	}
	c.lost = len(chosen) - len(c.list)
	if c.people, err = v.app.Vault.ForWhom(v.ctx(), v.who, nil, idsOfList(c.list)); err != nil {
		return err
	}
	return v.renderChoosing(c, placeOf(c.list[0]))
}

func idsOfList(list []vault.Credential) []string {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	return ids
}

func (v *visit) renderChoosing(c choosing, at vault.Place) error {
	crumbs, err := v.crumbsTo(at)
	if err != nil {
		return err
	}
	c.once = once()
	if c.frame, err = v.frame("Choose for users", crumbs...); err != nil {
		return err
	}
	return v.render(choosingPage(c))
}

// choosingFolder is the folder that the address names, of a site's vault.
func (v *visit) choosingFolder() (c choosing, at vault.Place, err error) {
	if at, err = v.company(); err != nil {
		return c, at, err
	}
	all, err := v.app.Vault.Folders(v.ctx(), v.who, at)
	if err != nil {
		return c, at, err
	}
	i := slices.IndexFunc(all, func(f vault.Folder) bool { return f.ID == v.r.PathValue("id") })
	if i < 0 || !all[i].MayChoose {
		return c, at, fault.NotFound()
	}
	c.folder, c.back = all[i], vaultView{base: baseOf(at), folder: all[i].ID}.link()
	c.people, err = v.app.Vault.ForWhom(v.ctx(), v.who, []string{c.folder.ID}, nil)
	return c, at, err
}

func showChoosingFolder(v *visit) error {
	c, at, err := v.choosingFolder()
	if err != nil {
		return err
	}
	return v.renderChoosing(c, at)
}

func saveChoosingFolder(v *visit) error {
	c, _, err := v.choosingFolder()
	if err != nil {
		return err
	}
	return v.saveChoosing(vault.Given{Folders: []string{c.folder.ID}}, c.back)
}

func chooseSelected(v *visit, chosen []vault.Chosen) error {
	list, err := v.these(chosen, mayChoose)
	if err != nil {
		return err
	}
	if len(list) != len(chosen) {
		return fault.NotFound()
	}
	v.who = v.onceEach(chosen)
	return v.saveChoosing(vault.Given{Credentials: idsOfList(list)}, v.backTo())
}

// saveChoosing sends only what was changed: of what was chosen for somebody in
// part nothing is lost.
func (v *visit) saveChoosing(g vault.Given, back string) error {
	was := setOfAll(v.r.PostForm["user-in"])
	put, taken := v.moved("user")
	for _, u := range put {
		if !was[u] {
			g.To = append(g.To, u)
		}
	}
	if g.From = taken; len(g.To)+len(g.From) == 0 {
		v.flash("Nothing to change.", "")
		return v.finish(back)
	}
	if err := v.app.Vault.ChooseThese(v.ctx(), v.who, g); err != nil {
		return err
	}
	words := "Saved: chosen for " + counted(len(g.To), "user more", "users more") + "."
	switch {
	case len(g.To) == 0:
		words = "Saved: taken away from " + counted(len(g.From), "user", "users") + "."
	case len(g.From) > 0:
		words = "Saved: chosen for " + counted(len(g.To), "user more", "users more") + ", and taken away from " + counted(len(g.From), "user", "users") + "."
	}
	v.flash(words, "")
	return v.finish(back)
}
