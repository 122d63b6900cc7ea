package web

import (
	"net/url"
	"strconv"
	"strings"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

// ownPlace stands for the viewer's personal vault where a client is chosen.
const ownPlace = "my"

// moving is the page that asks where credentials are to be put.
type moving struct {
	list     []vault.Credential
	to       string // client, or ownPlace
	folder   string
	filter   string // of the clients
	back     string
	once     string
	clients  []ui.Option
	folders  []ui.Option
	crossing bool // between a client and the personal vault
	lost     int  // that were selected and are not there any more
}

func showMoveCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	if !c.MayMove {
		return fault.NotFound()
	}
	return v.showMoving(moving{list: []vault.Credential{c}, to: destination(c), folder: c.FolderID, back: homeOf(c)})
}

func destination(c vault.Credential) string {
	if c.ClientID == "" {
		return ownPlace
	}
	return c.ClientID
}

func (v *visit) showMoving(m moving) error {
	if m.to == "" && len(m.list) > 0 {
		m.to = destination(m.list[0])
	}
	all, _, err := v.app.Clients.List(v.ctx(), v.who, client.Filter{Text: m.filter})
	if err != nil && !fault.Is(err, fault.Absent) {
		return err
	}
	found := false
	for _, c := range all {
		m.clients = append(m.clients, ui.Option{Value: c.ID, Label: c.Name})
		found = found || c.ID == m.to
	}
	if v.me.Has(perm.VaultAccess) {
		m.clients = append(m.clients, ui.Option{Value: ownPlace, Label: "My passwords"})
		found = found || m.to == ownPlace
	}
	if !found && len(m.clients) > 0 {
		m.to, m.folder = m.clients[0].Value, ""
	}
	folders, err := v.app.Vault.Folders(v.ctx(), v.who, placeNamed(m.to, ""))
	if err != nil {
		return err
	}
	m.folders = folderOptions(folders, "No folder", nil)
	for _, c := range m.list {
		m.crossing = m.crossing || (c.ClientID == "") != (m.to == ownPlace)
	}
	m.once = once()
	var crumbs []ui.Crumb
	if len(m.list) > 0 {
		if crumbs, err = v.crumbsTo(placeOf(m.list[0])); err != nil {
			return err
		}
	}
	f, err := v.frame("Move", crumbs...)
	if err != nil {
		return err
	}
	return v.render(movePage(f, m))
}

func placeNamed(name, folder string) vault.Place {
	if name == ownPlace {
		return vault.Place{Own: true, Folder: folder}
	}
	return vault.Place{Client: name, Folder: folder}
}

// moveCredential moves one; the version is the present one where none is given.
func moveCredential(v *visit) error {
	c, err := v.credential()
	if err != nil {
		return err
	}
	if n, err := strconv.ParseInt(v.text("version"), 10, 64); err == nil {
		c.Version = n
	}
	to := placeNamed(v.text("to"), v.text("folder"))
	made, err := v.app.Vault.MoveAll(v.ctx(), v.who, []vault.Moving{{Chosen: vault.Chosen{ID: c.ID, Version: c.Version}, To: to}})
	if err != nil {
		return err
	}
	v.undoMove(made)
	return v.finish(vaultView{base: baseOf(to), selected: made[0].ID}.link())
}

// backTo is where a form came from, a page of a vault only.
func (v *visit) backTo() string {
	back := v.text("back")
	u, err := url.Parse(back)
	if err != nil || u.IsAbs() || u.Host != "" || (u.Path != "/my" && !strings.HasPrefix(u.Path, "/clients/")) || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n") {
		return "/clients"
	}
	return back
}
