package web

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

var wordTags = regexp.MustCompile(`(?s)<script.*?</script>|<style.*?</style>|<code>.*?</code>|<[^>]*>`)

// A site's users have a company vault, and know of no clients: no page speaks of
// them but those that explain permissions, which have their names in every
// organization, and those on which a column of a file is given a meaning.
func TestNoPageOfASiteSpeaksOfClients(t *testing.T) {
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
	allowed := regexp.MustCompile(`^/levels/|^/me/tokens/new$|^/import/job`)
	for name, b := range map[string]*surfer{"sue": l.sue, "una": l.enterSite(t, "una"), "lim": l.enterSite(t, "lim")} {
		from := []string{"/", "/search?q=till", "/me", "/credentials/" + till + "/sharing"}
		if name == "sue" {
			from = append(from, page, "/import", l.company()+"?c="+till, "/requests", "/export", "/me/tokens/new", "/keys", "/groups", "/levels", "/settings/passwords", "/settings/credentials", "/settings/people")
		}
		for path, a := range b.crawl(from...) {
			if allowed.MatchString(path) || a.Code != http.StatusOK || !strings.Contains(a.Header().Get("Content-Type"), "html") {
				continue
			}
			body := a.Body.String()
			for _, part := range strings.Split(wordTags.ReplaceAllString(body, "\x00"), "\x00") {
				if p := strings.TrimSpace(html.UnescapeString(part)); strings.Contains(strings.ToLower(p), "client") {
					t.Errorf("%s: %s says %q", name, path, p)
				}
			}
			for _, m := range regexp.MustCompile(`(title|aria-label|placeholder)="([^"]*[Cc]lient[^"]*)"`).FindAllStringSubmatch(body, -1) {
				t.Errorf("%s: %s says %q", name, path, m[2])
			}
		}
	}
}
