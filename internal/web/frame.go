package web

import (
	"strings"

	"bailiwick/internal/client"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

// frame is what stands around a page of the viewer: links to what he may use,
// the state of his session, and what the last request did.
func (v *visit) frame(title string, crumbs ...ui.Crumb) (ui.FrameParams, error) {
	if v.around == nil {
		v.around = v.surround
	}
	around, err := v.around()
	if err != nil {
		return ui.FrameParams{}, err
	}
	if v.me.Site && len(crumbs) > 0 && crumbs[0].Href == "/clients" { // a site has one client
		crumbs = crumbs[1:]
	}
	return ui.FrameParams{
		Page:    ui.Page{Title: title, Theme: v.me.Theme, Brand: v.brand(), Colours: v.colours()},
		Nav:     v.nav(around),
		Crumbs:  append(crumbs, ui.Crumb{Label: title}),
		Me:      ui.Me{Name: v.me.Name, Email: v.me.Email, Items: v.meItems(), ThemeURL: "/me/theme", SignOutURL: "/sign-out"},
		NoVault: !v.me.Keys(),
		Sealed:  !v.who.Open() && v.me.Keys(),
		Unseal:  "/open?next=" + query(v.here()),
		Search:  "/search",
		New:     v.newItems(around.marked),
		Toast:   v.flashed(),
		Notice:  around.notice,

		Looking: v.looking(),
	}, nil
}

func (v *visit) nav(around surroundings) []ui.NavSection {
	main := []ui.NavItem{{Label: "Dashboard", Href: "/", Icon: icon.Dashboard, Go: "d"}}
	var stars []ui.NavItem
	if v.me.Has(perm.ClientViewList) && !v.me.Site { // a site has one client
		main = append(main, ui.NavItem{Label: "Clients", Href: "/clients", Icon: icon.Clients, Go: "c"})
	}
	for _, c := range around.marked {
		if c.Company {
			main = append(main, ui.NavItem{Label: "Company vault", Href: "/clients/" + c.ID, Icon: icon.CompanyVault, Go: "v"})
		} else {
			stars = append(stars, ui.NavItem{Label: c.Name, Href: "/clients/" + c.ID, Client: true})
		}
	}
	if v.me.Has(perm.VaultAccess) {
		main = append(main, ui.NavItem{Label: "My passwords", Href: "/my", Icon: icon.MyPasswords, Go: "m"})
	}
	if v.seesShares() {
		main = append(main, ui.NavItem{Label: "Shared", Href: sharesPath, Icon: icon.Share})
	}
	if around.bases {
		main = append(main, ui.NavItem{Label: "Knowledge bases", Href: kbPath, Icon: icon.Book, Go: "k"})
	}
	var rule []ui.NavItem
	if v.me.Has(perm.ImportData) {
		rule = append(rule, ui.NavItem{Label: "Import", Href: "/import", Icon: icon.Import})
	}
	if v.me.Has(perm.AdminExportData) {
		rule = append(rule, ui.NavItem{Label: "Export", Href: exportPath, Icon: icon.Export})
	}
	if v.me.SeesUsers() {
		rule = append(rule, ui.NavItem{Label: "Users", Href: usersPath, Icon: icon.Users, Go: "u"})
	}
	if v.me.Has(perm.PermissionsView) {
		rule = append(rule, ui.NavItem{Label: "Permission levels", Href: levelsPath, Icon: icon.Lock})
	}
	if v.me.Has(perm.SecurityGroupsView) {
		rule = append(rule, ui.NavItem{Label: "Security groups", Href: groupsPath, Icon: icon.Group})
	}
	if v.me.Has(perm.ReportClientAuditLog) {
		rule = append(rule, ui.NavItem{Label: "Audit log", Href: "/audit", Icon: icon.AuditLog})
	}
	if v.me.Has(perm.CredentialTypesAddEdit) {
		rule = append(rule, ui.NavItem{Label: "Credential types", Href: typesPath, Icon: icon.Tag})
	}
	if v.me.Has(perm.AdminOrganizationBranding) {
		rule = append(rule, ui.NavItem{Label: "Branding", Href: brandingPath, Icon: icon.Brand})
	}
	if v.me.Has(perm.OrganizationAdmin) {
		rule = append(rule, ui.NavItem{Label: "Organization keys", Href: "/organization/keys", Icon: icon.Key})
		rule = append(rule, ui.NavItem{Label: "People settings", Href: peopleSettingsPath, Icon: icon.Settings})
		rule = append(rule, ui.NavItem{Label: "Credential settings", Href: credentialSettingsPath, Icon: icon.Settings})
		rule = append(rule, ui.NavItem{Label: "Passwords", Href: passwordSettingsPath, Icon: icon.Weak})
		rule = append(rule, ui.NavItem{Label: "Mail", Href: mailPath, Icon: icon.Mail})
	}
	var sections []ui.NavSection
	for _, s := range []ui.NavSection{{Items: main}, {Label: "Bookmarks", Items: stars}, {Label: "Administration", Items: rule}} {
		if len(s.Items) > 0 {
			v.mark(s.Items)
			sections = append(sections, s)
		}
	}
	return sections
}

// mark marks the item whose page this is, or is below. A client that has an
// item of its own is not below "Clients".
func (v *visit) mark(items []ui.NavItem) {
	best := -1
	path := v.r.URL.Path
	for i, item := range items {
		here := path == item.Href || (item.Href != "/" && strings.HasPrefix(path, item.Href+"/"))
		if here && (best < 0 || len(item.Href) > len(items[best].Href)) {
			best = i
		}
	}
	if best >= 0 {
		items[best].Current = true
	}
}

func (v *visit) meItems() []ui.MenuItem {
	items := []ui.MenuItem{
		{Label: "Profile and password", Icon: icon.User, Href: "/me"},
		{Label: "Second factor", Icon: icon.Factor, Href: factorsPath},
		{Label: "Sessions and devices", Icon: icon.Sessions, Href: "/me/sessions"},
	}
	if v.me.Has(perm.PluginAccess) && v.me.Has(perm.PasswordAdd) {
		items = append(items, ui.MenuItem{Label: "API tokens", Icon: icon.Command, Href: "/me/tokens"})
	}
	if v.me.Kind == "guest" {
		return items
	}
	if v.me.Has(perm.PasswordExternalLinkShare) {
		items = append(items, ui.MenuItem{Label: "External links", Icon: icon.Link, Href: extLinksPath})
	}
	items = append(items, ui.MenuItem{Label: "Access requests", Icon: icon.Bell, Href: requestsPath})
	items = append(items, ui.MenuItem{Label: "Recovery code", Icon: icon.Restore, Href: "/me/recovery-code"})
	if v.who.Open() {
		return append(items, ui.MenuItem{Label: "Seal the vault now", Icon: icon.Sealed, Post: "/close"})
	}
	return append(items, ui.MenuItem{Label: "Open the vault", Icon: icon.Open, Href: "/open"})
}

func (v *visit) newItems(marked []client.Client) []ui.MenuItem {
	var items []ui.MenuItem
	company := ""
	for _, c := range marked {
		if c.Company {
			company = c.ID
		}
	}
	if in, ok := v.client(); ok && in != company && v.me.Has(perm.PasswordAdd) {
		items = append(items, ui.MenuItem{Label: "Credential of this client", Icon: icon.Key, Href: "/clients/" + in + "/credentials/new"})
	}
	if company != "" && v.me.Has(perm.PasswordAdd) {
		items = append(items, ui.MenuItem{Label: "Credential in the company vault", Icon: icon.CompanyVault, Href: "/clients/" + company + "/credentials/new"})
	}
	if v.me.Has(perm.VaultAccess) {
		items = append(items, ui.MenuItem{Label: "Credential in My passwords", Icon: icon.MyPasswords, Href: "/my/credentials/new"})
	}
	if v.me.Has(perm.ClientAdd) {
		items = append(items, ui.MenuItem{Label: "Client", Icon: icon.Clients, Href: "/clients/new"})
	}
	if v.me.Has(perm.UserAdd) {
		items = append(items, ui.MenuItem{Label: "People", Icon: icon.Users, Href: addPeoplePath})
	}
	if v.me.Has(perm.ImportData) {
		items = append(items, ui.MenuItem{Label: "Import", Icon: icon.Import, Href: "/import"})
	}
	return items
}

// client is the id in the address of a client's page.
func (v *visit) client() (string, bool) {
	rest, ok := strings.CutPrefix(v.r.URL.Path, "/clients/")
	id, _, _ := strings.Cut(rest, "/")
	return id, ok && id != "" && id != "new"
}
