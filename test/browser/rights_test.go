package browser

import (
	"slices"
	"testing"

	"bailiwick/test/browser/chrome"
)

// What one may not do is not there, and what is there works.
func TestRights(t *testing.T) {
	for _, who := range []struct {
		first          string
		archives       bool
		offered, never []string // on a client's page with a credential's panel open
		nav, noNav     []string
		clients        []string // whom he reaches
		foreign        []string
	}{
		{first: "Jonas", // technician, assigned to the north
			offered: []string{"New credential", "New folder", "Reveal Password", "Edit"},
			never:   []string{"Edit client", "Disable client", "Import credentials", "Client", "Import"},
			nav:     []string{"Clients", "My passwords"}, noNav: []string{"Import", "Organization keys"},
			clients: []string{"Alder & Finch Attorneys"}, foreign: []string{"Cedar Grove School District"}},
		{first: "Quinn", // help desk, reads
			offered: []string{"Reveal Password", "Copy Password"},
			never:   []string{"New credential", "New folder", "Edit", "Move to", "Restore", "Edit client", "Disable client"},
			nav:     []string{"Clients", "My passwords", "Audit log"}, noNav: []string{"Import", "Organization keys"},
			clients: []string{"Alder & Finch Attorneys"}, foreign: []string{"Cedar Grove School District"}},
		{first: "Elena", archives: true, // manager, assigned to the north
			offered: []string{"New credential", "New folder", "Reveal Password", "Edit", "Edit client", "Disable client", "Import credentials"},
			nav:     []string{"Clients", "My passwords", "Import", "Audit log"}, noNav: []string{"Organization keys"},
			clients: []string{"Alder & Finch Attorneys"}, foreign: []string{"Cedar Grove School District"}},
	} {
		t.Run(who.first, func(t *testing.T) {
			t.Parallel()
			p := enter(t, who.first)
			nav := chrome.Ask[[]string](p.In("#nav"), "page.names()")
			for _, name := range who.nav {
				if !slices.Contains(nav, name) {
					t.Errorf("the navigation lacks %q: %v", name, nav)
				}
			}
			for _, name := range who.noNav {
				if slices.Contains(nav, name) {
					t.Errorf("the navigation has %q", name)
				}
			}
			p.Go("/clients").Sees(who.clients...).SeesNot(who.foreign...)
			p.Follow(who.clients[0]).PressOne(`document.querySelector(".row-link")`).In("#panel").Sees("Password")
			// All menus at once, as nobody sees them: only what they hold matters.
			chrome.Ask[bool](p, `(document.querySelectorAll("details.menu").forEach(m => { m.removeAttribute("name"); m.open = true }), true)`)
			names := chrome.Ask[[]string](p, "page.names()")
			for _, name := range who.offered {
				if !slices.Contains(names, name) {
					t.Errorf("%q is not offered: %v", name, names)
				}
			}
			for _, name := range who.never {
				if slices.Contains(names, name) {
					t.Errorf("%q is offered", name)
				}
			}
			if archives := slices.Contains(chrome.Ask[[]string](p.In("#panel"), "page.names()"), "Archive"); archives != who.archives {
				t.Errorf("archiving is offered: %v", archives)
			}
			everyLinkWorks(t, p)
		})
	}
}

// everyLinkWorks follows all that the page links to on this server: what is
// shown is never refused.
func everyLinkWorks(t *testing.T, p *chrome.Tab) {
	t.Helper()
	refused := chrome.Ask[[]string](p, `(async () => {
		const to = [...new Set([...document.querySelectorAll("a[href^='/']")].map(a => a.getAttribute("href")))];
		const bad = [];
		for (const href of to) { const r = await fetch(href); if (!r.ok) bad.push(r.status + " " + href); }
		return bad;
	})()`)
	for _, link := range refused {
		t.Errorf("a link that is shown is refused: %s", link)
	}
}
