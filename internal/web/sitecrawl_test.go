package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

var (
	hrefs = regexp.MustCompile(` href="(/[^"#]*)`)
	ids   = regexp.MustCompile(`_[0-9a-z]{26}`)
	// many is what pages about clients in the plural are called.
	many = regexp.MustCompile(`^/clients(\?|/new|/import|$)|of=clients`)
)

// crawl follows every link of a page of this server, and gives what each page
// links to. Of pages that differ in ids only a few are read.
func (b *surfer) crawl(from ...string) map[string]answer {
	b.t.Helper()
	pages, alike, queue := map[string]answer{}, map[string]int{}, from
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		u, err := url.Parse(path)
		if err != nil {
			b.t.Fatal(err)
		}
		kind := ids.ReplaceAllString(u.Path, "")
		if _, done := pages[path]; done || alike[kind] > 6 || strings.HasPrefix(path, "/static/") || strings.Contains(path, "/ID") {
			continue
		}
		alike[kind]++
		a := b.get(path)
		pages[path] = a
		if to := a.Header().Get("Location"); to != "" {
			queue = append(queue, to)
		}
		for _, m := range hrefs.FindAllStringSubmatch(a.Body.String(), -1) {
			queue = append(queue, html.UnescapeString(m[1]))
		}
	}
	return pages
}

// A site has one client: none of its pages leads to a list of clients, or asks
// for one.
func TestNoPageOfASiteLeadsToClients(t *testing.T) {
	l := newLinked(t)
	desk, err := l.Vault.AddFolder(t.Context(), l.there.Admin, vault.Place{Client: l.there.Company}, "Desk")
	l.Must(err)
	till, err := l.Vault.Add(t.Context(), l.there.Admin, vault.Place{Client: l.there.Company, Folder: desk}, vault.Input{Overview: vault.Overview{Title: "Till"}, Secret: vault.Secret{Password: canaryPassword}})
	l.Must(err)
	l.Must(l.Vault.Share(t.Context(), l.there.Admin, till, vault.Sharing{Everyone: true}))
	l.Must(l.Vault.Share(t.Context(), l.Admin, l.firewall, vault.Sharing{Everyone: true}))
	_, err = l.Access.AddGroup(t.Context(), l.there.Admin, "Inner circle", nil, nil)
	l.Must(err)
	for name, level := range map[string]string{"lim": perm.LevelSiteUserLimited, "una": perm.LevelSiteUser} {
		l.there.Enrol(name, level)
	}
	page := l.sue.upload("more.csv", "Title,Username,Password\nFax,fax,"+canaryPassword+"\n").Header().Get("Location")
	for name, b := range map[string]*surfer{"sue": l.sue, "una": l.enterSite(t, "una"), "lim": l.enterSite(t, "lim")} {
		from := []string{"/", "/search?q=till", "/me"}
		if name == "sue" {
			from = append(from, page, "/import", l.company()+"?c="+till, "/requests", "/export", "/me/tokens/new")
		}
		pages := b.crawl(from...)
		if len(pages) < 15 || name == "sue" && len(pages) < 60 {
			t.Errorf("%s finds %d pages only", name, len(pages))
		}
		for path, a := range pages {
			if a.Code >= http.StatusBadRequest {
				t.Errorf("%s: a page leads to %s, which is %d", name, path, a.Code)
			}
			for _, m := range hrefs.FindAllStringSubmatch(a.Body.String(), -1) {
				if many.MatchString(html.UnescapeString(m[1])) {
					t.Errorf("%s: %s leads to %s", name, path, m[1])
				}
			}
		}
	}
}
