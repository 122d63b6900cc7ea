package web

import (
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bailiwick/internal/access"
	"bailiwick/internal/client"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

// credentialsPerPage is more than a window shows. It is also how many rows the
// script asks for at a time while a longer list is scrolled.
const credentialsPerPage = 60

// vaultPage is the credentials of a client, of the company, or of the viewer's
// own vault.
type vaultPage struct {
	*visit
	place  vault.Place
	client client.Client // of a personal vault: only the name
	mayAdd bool          // credentials
	view   vaultView

	readFolders func() ([]vault.Folder, error)

	folders  []vault.Folder     // each after the one it lies in
	closed   []access.Folder    // guarded ones that the viewer knows by name only
	total    int                // credentials that the viewer reaches here
	counts   map[string]int     // of them by folder
	fitting  map[string]int     // of them what the filters let through, by folder
	flagged  map[string]flagSum // of them with a flag, by folder
	alike    []twin             // with the password of the detail
	groups   []vaultGroup
	shown    int // that the filter and the folder let through
	start    int
	before   string // key of the page before this one; "" for the first
	columns  []listColumn
	goesOn   bool     // the first group began on the page before
	all      []string // ids of all that is shown, where the script asks for them
	detail   *vault.Credential
	revealed *revealed // without script: the secret of the detail
	now      time.Time
}

// vaultView is what the address says.
type vaultView struct {
	base      string // "/clients/ID" or "/my"
	folder    string
	filter    string
	archived  bool
	flagged   bool   // only those with a flag
	due       string // only what has expired, or does so soon
	after     string
	selected  string
	selecting bool // checkboxes in the page itself, for browsers without script
	sort      string
	descends  bool
	rows      string // what the script asks for: from which row on, or "ids"
}

// vaultGroup is the credentials of one folder.
type vaultGroup struct {
	folder vault.Folder
	path   string
	list   []vault.Credential
}

func showClient(v *visit) error { return v.showVault(vault.Place{Client: v.r.PathValue("id")}, nil) }
func showMine(v *visit) error {
	if v.me.Looking {
		return v.noPersonalVault()
	}
	return v.showVault(vault.Place{Own: true}, nil)
}

// showVault renders the page, or only the part that the script asks for.
func (v *visit) showVault(place vault.Place, secret *revealed) error {
	q := v.r.URL.Query()
	p := &vaultPage{visit: v, place: place, revealed: secret, now: v.app.Clock.Now(), view: vaultView{base: baseOf(place), folder: q.Get("folder"), filter: strings.TrimSpace(q.Get("filter")),
		archived: q.Get("archived") != "", flagged: q.Get("flagged") != "", due: q.Get("due"), after: q.Get("after"), selected: q.Get("c"), selecting: q.Get("select") != "",
		sort: q.Get("sort"), descends: q.Get("descending") != "", rows: q.Get("rows")}}
	if !slices.Contains(vault.Sorts, p.view.sort) {
		p.view.sort = ""
	}
	if _, known := dueFilters[p.view.due]; !known {
		p.view.due = ""
	}
	if secret != nil {
		p.view.selected, p.view.archived = secret.credential, secret.archived
	}
	if v.r.Header.Get("HX-Target") != "panel" {
		ctx, who := v.ctx(), v.who
		p.readFolders = aside(func() ([]vault.Folder, error) { return v.app.Vault.Folders(ctx, who, place) })
	}
	if v.r.Header.Get("HX-Target") == "" && p.view.rows == "" {
		beside := *v // the page itself may go on to change what it knows
		v.around = aside(beside.surround)
	}
	if err := p.load(); err != nil {
		return err
	}
	if v.r.Header.Get("HX-Target") == "panel" {
		return v.render(ui.PanelSlot(p.panel()))
	}
	if err := p.loadList(); err != nil {
		return err
	}
	switch {
	case p.view.rows == "ids":
		v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err := io.WriteString(v.w, strings.Join(p.all, "\n"))
		return err
	case p.view.rows != "":
		v.w.Header().Set("X-Total", strconv.Itoa(p.shown))
		return v.render(credentialBodies(p))
	}
	if v.r.Header.Get("HX-Target") == "credentials" {
		return v.render(credentialTable(p))
	}
	var crumbs []ui.Crumb
	if !place.Own && !p.client.Company {
		crumbs = append(crumbs, ui.Crumb{Label: "Clients", Href: "/clients"})
	}
	f, err := v.frame(p.title(), crumbs...)
	if err != nil {
		return err
	}
	f.Panel = p.panel()
	return v.render(vaultPageOf(f, p))
}

func baseOf(p vault.Place) string {
	if p.Own {
		return "/my"
	}
	return "/clients/" + p.Client
}

// load reads whose page this is, and what the panel shows.
func (p *vaultPage) load() (err error) {
	if p.place.Own {
		p.client.Name, p.client.Enabled, p.mayAdd = "My passwords", true, p.me.Has(perm.VaultAccess)
	} else {
		if p.client, err = p.app.Clients.Get(p.ctx(), p.who, p.place.Client); err != nil {
			return err
		}
		p.mayAdd = p.client.MayAdd
	}
	if p.view.selected == "" {
		return nil
	}
	c, err := p.app.Vault.Get(p.ctx(), p.who, p.view.selected)
	if err == nil && (c.ClientID == p.place.Client) {
		p.detail = &c
		p.alike, err = p.twins(c)
	}
	return err
}

// loadList reads the folders and credentials and orders them: folder after
// folder, by title in each.
func (p *vaultPage) loadList() (err error) {
	if p.folders, err = p.readFolders(); err != nil {
		return err
	}
	if p.closed, err = p.closedFolders(); err != nil {
		return err
	}
	order := []string{""}
	for _, f := range p.folders {
		order = append(order, f.ID)
	}
	if err := p.readColumns(); err != nil {
		return err
	}
	flat, err := p.read(order)
	if err != nil {
		return err
	}
	for i, id := range order {
		n := 0
		for n < len(flat) && flat[n].FolderID == id {
			n++
		}
		if n > 0 {
			g := vaultGroup{list: flat[:n]}
			if i > 0 {
				g.folder, g.path = p.folders[i-1], p.pathOf(p.folders[i-1].ParentID)
			}
			p.groups = append(p.groups, g)
		}
		flat = flat[n:]
	}
	return nil
}

// read gives the credentials of the page. Only those are opened: filter, order
// and numbers come from what is remembered of the whole place.
func (p *vaultPage) read(order []string) ([]vault.Credential, error) {
	in := vault.Listing{Place: p.place, Archived: p.view.archived, Sort: p.view.sort}
	return p.app.Vault.Browse(p.ctx(), p.who, in, func(lines []vault.Line) []vault.Line { return p.onPage(order, lines) })
}

// onPage counts what is there, and gives the part of it that is on the page:
// folder after folder, each sorted.
func (p *vaultPage) onPage(order []string, all []vault.Line) []vault.Line {
	p.total, p.counts, p.flagged = len(all), map[string]int{}, map[string]flagSum{}
	fits, within, byFolder := vault.Filter(p.view.filter), p.within(), map[string][]vault.Line{}
	for _, l := range vault.SortLines(all, p.view.sort, p.view.descends) {
		p.counts[l.FolderID]++
		if len(l.Causes) > 0 {
			p.flagged[l.FolderID] = p.flagged[l.FolderID].add(1, causesOf(l.Causes))
		}
		if (p.view.folder == "" || within[l.FolderID]) && (len(l.Causes) > 0 || !p.view.flagged) && p.view.isDue(l, p.now) && fits(l) {
			byFolder[l.FolderID] = append(byFolder[l.FolderID], l)
		}
	}
	var flat []vault.Line
	p.fitting = map[string]int{}
	for _, f := range order {
		flat, p.fitting[f] = append(flat, byFolder[f]...), len(byFolder[f])
	}
	p.shown = len(flat)
	if p.view.rows == "ids" {
		p.all = make([]string, len(flat))
		for i, l := range flat {
			p.all[i] = l.ID
		}
		return nil
	}
	at := func(i int) string { return flat[i].ID }
	p.start = pageStart(len(flat), at, p.view, credentialsPerPage)
	if i := p.start - credentialsPerPage; i > 0 {
		p.before = at(i - 1)
	}
	p.goesOn = p.start > 0 && p.start < len(flat) && flat[p.start-1].FolderID == flat[p.start].FolderID
	return flat[p.start:min(p.start+credentialsPerPage, len(flat))]
}

// pageStart is where the page begins: at the row that the script asks for,
// after the last one of the page before, else where the selected one is.
func pageStart(n int, at func(int) string, view vaultView, size int) int {
	if from, err := strconv.Atoi(view.rows); err == nil {
		return min(max(from, 0), n)
	}
	find := func(id string) int {
		for i := range n {
			if id != "" && at(i) == id {
				return i
			}
		}
		return -1
	}
	if i := find(view.after); i >= 0 {
		return i + 1
	}
	if i := find(view.selected); i >= size {
		return i / size * size
	}
	return 0
}

// within is the chosen folder and all below it.
func (p *vaultPage) within() map[string]bool {
	in := map[string]bool{p.view.folder: true}
	for _, f := range p.folders {
		if in[f.ParentID] && p.view.folder != "" {
			in[f.ID] = true
		}
	}
	return in
}

func (p *vaultPage) title() string { return p.client.Name }

func (p *vaultPage) folder(id string) (vault.Folder, bool) {
	i := slices.IndexFunc(p.folders, func(f vault.Folder) bool { return f.ID == id })
	if i < 0 {
		return vault.Folder{}, false
	}
	return p.folders[i], true
}

// pathOf writes a folder with those above it: "Servers / ERP".
func (p *vaultPage) pathOf(id string) string {
	var names []string
	for f, ok := p.folder(id); ok; f, ok = p.folder(f.ParentID) {
		names = append([]string{f.Name}, names...)
	}
	return strings.Join(names, " / ")
}

// link is the address of a view.
func (w vaultView) link() string {
	q := url.Values{}
	for name, value := range map[string]string{"folder": w.folder, "filter": w.filter, "after": w.after, "c": w.selected, "sort": w.sort, "due": w.due} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if w.archived {
		q.Set("archived", "1")
	}
	if w.flagged {
		q.Set("flagged", "1")
	}
	if w.selecting {
		q.Set("select", "1")
	}
	if w.descends {
		q.Set("descending", "1")
	}
	if len(q) == 0 {
		return w.base
	}
	return w.base + "?" + q.Encode()
}

// choosing is the same view with checkboxes.
func (w vaultView) choosing() string { w.selecting = true; return w.link() }

func (w vaultView) at(credential string) string { w.selected = credential; return w.link() }
func (w vaultView) in(folder string) string {
	return vaultView{base: w.base, folder: folder, archived: w.archived, flagged: w.flagged, due: w.due, sort: w.sort, descends: w.descends}.link()
}
func (w vaultView) from(after string) string {
	w.after, w.selected = after, ""
	return w.link()
}

// rowLink is the link of a row, without what the page's own address has.
func (p *vaultPage) rowLink(credential string) string {
	link := p.view.at(credential)
	if p.r.URL.Path == p.view.base {
		return strings.TrimPrefix(link, p.view.base)
	}
	return link
}

const minutes = "2006-01-02T15:04Z" // of times in a row

// shortLink is firstLink relative to https and the host, which the row shows
// anyway. What would then lead to another host stays whole.
func shortLink(urls []string) string {
	link := firstLink(urls)
	if link == "https://"+hostOf(urls) {
		return "/"
	}
	rest, ok := strings.CutPrefix(link, "https://"+hostOf(urls)+"/")
	if !ok || strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, `\`) {
		return link
	}
	return "/" + rest
}

// newLink is where a credential is added to what is shown.
func (p *vaultPage) newLink() string {
	link := p.view.base + "/credentials/new"
	if p.view.folder != "" {
		link += "?folder=" + url.QueryEscape(p.view.folder)
	}
	return link
}
