package browser

import (
	"testing"
)

const (
	firstVisit = 150_000 // bytes over the network with everything a page needs
	laterVisit = 30_000  // once style, script and fonts are there
)

// A first visit is quick on a hotel's network, and every later one at once.
func TestWeights(t *testing.T) {
	t.Parallel()
	p := chromium.Profile(t, demo.Address)
	p.Go("/sign-in").Still()
	if n := p.Transferred(); n > firstVisit || n < 10_000 {
		t.Errorf("the first page took %d bytes", n)
	} else {
		t.Logf("the first page took %d bytes", n)
	}
	signIn(p, demo.person("Ada"))
	openVault(p, demo.OrganizationKey)
	p.Go("/clients").Still()
	client := p.Follow("Harborlight Insurance").Path()
	p.PressOne(`document.querySelector(".row-link")`).In("#panel").Sees("Password")
	credential := p.Path()
	p.Still().Transferred()
	for _, path := range []string{"/", "/clients", client, credential, "/my", "/audit", "/users", "/users/lockouts", "/import", "/me", "/me/sessions", "/organization/keys", "/clients/new", "/search?q=admin", "/nowhere"} {
		p.Go(path).Still()
		if n := p.Transferred(); n > laterVisit || n == 0 {
			t.Errorf("%s took %d bytes", path, n)
		} else {
			t.Logf("%s took %d bytes", shape(path), n)
		}
	}
}
