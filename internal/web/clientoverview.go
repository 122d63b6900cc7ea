package web

import (
	"slices"

	"bailiwick/internal/audit"
	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

// overview is the overview page of a client.
type overview struct {
	*visit
	client   client.Client
	of       client.Overview
	titles   map[string]string // of the credentials that are named
	activity []audit.Event
	types    []string // names of the credential types that are forced
	mayAudit bool
	site     client.Site
}

// mostNamed is how many credentials a box of the overview names.
const mostNamed = 8

func (v *visit) overviewOf(id string) (c client.Client, o client.Overview, err error) {
	if c, err = v.app.Clients.Get(v.ctx(), v.who, id); err == nil {
		o, err = v.app.Clients.Overview(v.ctx(), v.who, id)
	}
	return c, o, err
}

func showOverview(v *visit) error {
	p := overview{visit: v, mayAudit: v.me.Has(perm.ReportClientAuditLog)}
	var err error
	if p.client, p.of, err = v.overviewOf(v.r.PathValue("id")); err != nil {
		return err
	}
	if p.site, err = v.siteOf(p.client.ID); err != nil {
		return err
	}
	var named []string
	for _, d := range p.due() {
		named = append(named, d.Credential)
	}
	for _, f := range p.flags() {
		named = append(named, f.Credential)
	}
	if len(named) > 0 && v.who.Open() {
		if p.titles, err = v.app.Vault.Titles(v.ctx(), v.who, slices.Compact(named)); err != nil {
			return err
		}
	}
	if len(p.client.Types) > 0 {
		kinds, err := v.app.Vault.KindsAt(v.ctx(), v.who, vault.Place{Client: p.client.ID})
		if err != nil {
			return err
		}
		for _, t := range kinds.Offered() {
			p.types = append(p.types, t.Name)
		}
	}
	if p.mayAudit {
		if p.activity, _, err = v.app.Audit.List(v.ctx(), v.who, audit.Filter{Client: p.client.ID, Limit: 10}); err != nil {
			return err
		}
	}
	var crumbs []ui.Crumb
	if !p.client.Company {
		crumbs = append(crumbs, ui.Crumb{Label: "Clients", Href: "/clients"})
	}
	f, err := v.frame("Overview", append(crumbs, ui.Crumb{Label: p.client.Name, Href: "/clients/" + p.client.ID})...)
	if err != nil {
		return err
	}
	return v.render(overviewPage(f, p))
}

func (p overview) due() []client.Due { return p.of.Due[:min(mostNamed, len(p.of.Due))] }

func (p overview) flags() []client.Flag { return p.of.Flags[:min(mostNamed, len(p.of.Flags))] }

func (p overview) base() string { return "/clients/" + p.client.ID }

// title is a credential's title, or what stands for it where it can't be opened.
func (p overview) title(credential string) string {
	if t := p.titles[credential]; t != "" {
		return t
	}
	if !p.who.Open() {
		return "Sealed in this session"
	}
	return "A credential"
}

func (p overview) heading() ui.HeadingParams {
	if p.client.Company {
		return ui.HeadingParams{Title: p.client.Name, Icon: icon.CompanyVault, Sub: "What belongs to your own company"}
	}
	return ui.HeadingParams{Title: p.client.Name, Avatar: true, Sub: p.client.ShortCode, Badges: disabledBadge(p.client.Enabled)}
}

// clientTabs are the parts of a client; present is the number of credentials.
func (v *visit) clientTabs(c client.Client, current, archived string) []ui.Tab {
	base := "/clients/" + c.ID
	tabs := []ui.Tab{
		{Label: "Credentials", Href: base, Icon: icon.Key, Count: number(c.Credentials), Current: current == "credentials"},
		{Label: "Archive", Href: vaultView{base: base, archived: true}.link(), Icon: icon.Archive, Count: archived, Current: current == "archive"},
		{Label: "Overview", Href: base + "/overview", Icon: icon.Info, Current: current == "overview"},
	}
	if v.me.Has(perm.ReportClientAuditLog) {
		tabs = append(tabs, ui.Tab{Label: "Activity", Href: "/audit?client=" + c.ID, Icon: icon.Activity})
	}
	return tabs
}

// editClient is how its change is called; a site has one, its company vault.
func (v *visit) editClient() string { return ui.Said(v.wording(), "Edit client", "Edit company vault") }

// clientMenu is what can be done with a client.
func (v *visit) clientMenu(c client.Client) []ui.MenuItem {
	base := "/clients/" + c.ID
	var items []ui.MenuItem
	if c.MayEdit {
		items = append(items, ui.MenuItem{Label: v.editClient(), Icon: icon.Edit, Href: base + "/edit"},
			ui.MenuItem{Label: "Arrange overview", Icon: icon.Note, Href: base + "/overview/edit"})
	}
	if c.MayBanner {
		items = append(items, ui.MenuItem{Label: "Banner", Icon: icon.Bell, Href: base + "/banner"})
	}
	if v.me.Has(perm.ImportData) && c.Enabled {
		items = append(items, ui.MenuItem{Label: "Import credentials", Icon: icon.Import, Href: "/import?client=" + c.ID})
	}
	if v.me.Has(perm.EditAccessAssignments) {
		items = append(items, ui.MenuItem{Label: "Access assignments", Icon: icon.Users, Href: base + "/access"})
	}
	if v.mayWho() {
		items = append(items, ui.MenuItem{Label: "Who can see this?", Icon: icon.Reveal, Href: base + "/who"})
	}
	if c.MayDisable && c.Enabled {
		items = append(items, ui.MenuItem{Label: "Disable client", Icon: icon.Ban, Href: base + "/disable", Danger: true})
	}
	if c.MayDelete {
		items = append(items, ui.MenuItem{Label: "Delete for good", Icon: icon.Delete, Href: base + "/delete", Danger: true})
	}
	return items
}

// mayPanel keeps the form from who could not send it.
func (v *visit) mayPanel() (client.Client, client.Overview, error) {
	c, o, err := v.overviewOf(v.r.PathValue("id"))
	switch {
	case err == nil && !c.MayEdit:
		err = fault.NotFound()
	case err == nil && !v.who.Open():
		err = fault.Closed()
	}
	return c, o, err
}
