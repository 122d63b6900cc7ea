package showcase

import (
	"github.com/a-h/templ"

	"bailiwick/internal/web/ui"
	"bailiwick/internal/web/ui/icon"
)

// frame is what stands around every page of the showcase.
func frame(title, theme, current string, crumbs ...ui.Crumb) ui.FrameParams {
	work := []ui.NavItem{
		{Label: "Dashboard", Href: "/dashboard", Icon: icon.Dashboard, Go: "d"},
		{Label: "Clients", Href: "/clients", Icon: icon.Clients, Go: "c"},
		{Label: "Company vault", Href: "/client-list", Icon: icon.CompanyVault, Go: "v"},
		{Label: "My passwords", Href: "/empty", Icon: icon.MyPasswords, Go: "m"},
	}
	rule := []ui.NavItem{
		{Label: "Users", Href: "/users", Icon: icon.Users, Count: 2},
		{Label: "Import", Href: "/import", Icon: icon.Import},
		{Label: "Audit log", Href: "/audit", Icon: icon.AuditLog},
		{Label: "Settings", Href: "/settings", Icon: icon.Settings},
	}
	var marked []ui.NavItem
	for _, c := range clients {
		if c.bookmark {
			marked = append(marked, ui.NavItem{Label: c.name, Href: "/client", Client: true, Count: c.flags, Current: current == c.name})
		}
	}
	for _, items := range [][]ui.NavItem{work, rule} {
		for i := range items {
			items[i].Current = items[i].Label == current
		}
	}
	return ui.FrameParams{
		Page:   ui.Page{Title: title, Theme: theme},
		Nav:    []ui.NavSection{{Items: work}, {Label: "Bookmarks", Items: marked}, {Label: "Administration", Items: rule}},
		Crumbs: append(crumbs, ui.Crumb{Label: title}),
		Me: ui.Me{
			Name: "Miriam Hofstetter", Email: "miriam.hofstetter@nordlicht-it.de",
			Items:    []ui.MenuItem{{Label: "Profile", Icon: icon.User, Href: "/profile"}, {Label: "Sessions", Icon: icon.Sessions, Href: "/sessions"}},
			ThemeURL: "/theme", SignOutURL: "/sign-out",
		},
		Search: "/search",
		New: []ui.MenuItem{
			{Label: "Credential", Icon: icon.Key, Href: "/edit", Key: "n"},
			{Label: "Client", Icon: icon.Clients, Href: "/clients/new"},
			{Label: "Folder", Icon: icon.FolderAdd, Href: "/folders/new"},
			{Label: "Import", Icon: icon.Import, Href: "/import"},
		},
	}
}

func withPanel(p ui.FrameParams, panel templ.Component) ui.FrameParams {
	p.Panel = panel
	return p
}

func withToast(p ui.FrameParams, t ui.Toast) ui.FrameParams {
	p.Toast = &t
	return p
}

func sealed(p ui.FrameParams) ui.FrameParams {
	p.Sealed, p.Unseal = true, "/unseal"
	return p
}

// Pages are all pages of the showcase in the theme "light", "dark" or "".
func Pages(theme string) map[string]templ.Component {
	return map[string]templ.Component{
		"sign-in":     signIn(theme),
		"wizard":      wizard(theme),
		"dashboard":   dashboard(theme),
		"clients":     clientsPage(theme),
		"client":      clientPage(theme, true),
		"client-list": clientPage(theme, false),
		"edit":        editPage(theme),
		"conflict":    conflictPage(theme),
		"import":      importMapping(theme),
		"preview":     importPreview(theme),
		"progress":    importProgress(theme),
		"sessions":    sessionsPage(theme),
		"audit":       auditPage(theme),
		"empty":       emptyPage(theme),
		"search-page": searchPage(theme),
	}
}
