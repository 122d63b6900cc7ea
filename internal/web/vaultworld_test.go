package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"bailiwick/internal/client"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

// Canaries: no page may hold them unless they were asked for.
const (
	canaryPassword = "canary-PASSWORD-7f3a"
	canaryNotes    = "canary-NOTES-91bc"
	canaryField    = "canary-FIELD-55de"
	hostile        = `<script>alert("x")</script>`
)

// office is a site with two clients, a folder and a few credentials.
type office struct {
	*site
	contoso, fabrikam string
	folder            string
	firewall, hostile string
	ada               *surfer
}

func newOffice(t *testing.T) *office {
	t.Helper()
	ctx := context.Background()
	s := newSite(t)
	o := &office{site: s}
	var err error
	o.contoso, err = s.Clients.Add(ctx, s.Admin, client.Input{Name: "Contoso", ShortCode: "CTS", Phone: "+49 30 555", Notes: "Ring twice"})
	s.Must(err)
	o.fabrikam, err = s.Clients.Add(ctx, s.Admin, client.Input{Name: "Fabrikam " + hostile})
	s.Must(err)
	o.folder, err = s.Vault.AddFolder(ctx, s.Admin, vault.Place{Client: o.contoso}, "Network")
	s.Must(err)
	o.firewall, err = s.Vault.Add(ctx, s.Admin, vault.Place{Client: o.contoso, Folder: o.folder}, vault.Input{Type: "Firewall",
		Overview: vault.Overview{Title: "Edge firewall", Username: "fw-root", URLs: []string{"https://fw.contoso.example:8443/login", "javascript:alert(1)"}, Tags: []string{"perimeter"}},
		Secret:   vault.Secret{Password: canaryPassword, Notes: canaryNotes, TOTP: "JBSWY3DPEHPK3PXP", Fields: []vault.Field{{Name: "Console PIN", Value: canaryField, Hidden: true}}}})
	s.Must(err)
	o.hostile, err = s.Vault.Add(ctx, s.Admin, vault.Place{Client: o.contoso}, vault.Input{Type: "Other",
		Overview: vault.Overview{Title: hostile, Username: hostile, URLs: []string{"javascript:alert(document.domain)", "data:text/html,x"}, Tags: []string{hostile}}, Secret: vault.Secret{Password: canaryPassword}})
	s.Must(err)
	s.secrets = append(s.secrets, canaryPassword, canaryNotes, canaryField)
	o.ada = s.surfer(t).signIn(ada)
	return o
}

// enter enrols somebody and signs him in.
func (o *office) enter(t *testing.T, name, level string) *surfer {
	t.Helper()
	o.Enrol(name, level)
	return o.surfer(t).signIn(name + "@northwind.example")
}

// script is the same browser, asking as our script does.
func (b *surfer) script() *surfer { return b.with("X-Requested-With", "bailiwick") }

func (b *surfer) with(name, value string) *surfer {
	c := *b
	c.header = b.header.Clone()
	c.header.Set(name, value)
	return &c
}

// twice sends a form two times with one idempotency key.
func (b *surfer) twice(path string, pairs ...string) (first, second answer) {
	b.t.Helper()
	form := url.Values{"once": {"the same key"}}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do("POST", path, form), b.do("POST", path, form)
}

// hidden demands that an answer holds no secret.
func (a answer) hidden() answer {
	a.t.Helper()
	return a.lacks(canaryPassword, canaryNotes, canaryField, "JBSWY3DPEHPK3PXP")
}

var requestID = regexp.MustCompile(`req_[a-z0-9]+`)

// sameAs demands that two refusals can't be told apart.
func (a answer) sameAs(other answer) answer {
	a.t.Helper()
	strip := func(x answer) string { return requestID.ReplaceAllString(x.Body.String(), "req") }
	if a.Code != other.Code || strip(a) != strip(other) {
		a.t.Errorf("refused (%d) differs from absent (%d):\n%s\n%s", a.Code, other.Code, strip(a), strip(other))
	}
	return a
}

// Every page that can be read at all: none holds a secret, none lets a title be
// markup, and no javascript: address is a link.
func TestPagesHoldNoSecret(t *testing.T) {
	o := newOffice(t)
	link := regexp.MustCompile(`(?i)(href|hx-get|data-url|action)="\s*(javascript|data):`)
	for _, path := range []string{"/", "/clients", "/clients?filter=con", "/clients/new", "/clients/" + o.contoso, "/clients/" + o.contoso + "?c=" + o.firewall, "/clients/" + o.contoso + "?c=" + o.hostile,
		"/clients/" + o.contoso + "?folder=" + o.folder, "/clients/" + o.contoso + "?filter=fire", "/clients/" + o.contoso + "?archived=1", "/clients/" + o.contoso + "/overview",
		"/clients/" + o.contoso + "/edit", "/clients/" + o.contoso + "/disable", "/clients/" + o.contoso + "/credentials/new", "/clients/" + o.fabrikam, "/my", "/my/credentials/new",
		"/folders/new?client=" + o.contoso, "/folders/" + o.folder + "?client=" + o.contoso, "/credentials/" + o.firewall + "/edit", "/credentials/" + o.hostile + "/edit",
		"/credentials/" + o.firewall + "/move", "/credentials/" + o.firewall + "/history", "/search", "/search?q=edge", "/search?q=script", "/search?q=go", "/audit", "/audit?text=credential", "/import", "/clients/" + o.Company} {
		a := o.ada.get(path).says(http.StatusOK).hidden()
		if strings.Contains(a.Body.String(), hostile) {
			t.Errorf("%s: a title is markup", path)
		}
		if m := link.FindString(a.Body.String()); m != "" {
			t.Errorf("%s holds the link %s", path, m)
		}
	}
	for _, path := range []string{"/clients/" + o.contoso, "/clients/" + o.contoso + "?c=" + o.hostile, "/credentials/" + o.hostile + "/history"} {
		if !strings.Contains(o.ada.get(path).Body.String(), "&lt;script&gt;") {
			t.Errorf("%s does not show the hostile title at all", path)
		}
	}
}

// What is refused looks like what is not there.
func TestRefusedLooksAbsent(t *testing.T) {
	o := newOffice(t)
	ann := o.enter(t, "ann", perm.LevelTechnicianAssigned)
	absent := func(path, id, none string) string { return strings.ReplaceAll(path, id, none) }
	for _, path := range []string{"/clients/" + o.contoso, "/clients/" + o.contoso + "/edit", "/clients/" + o.contoso + "/disable", "/clients/" + o.contoso + "/credentials/new",
		"/credentials/" + o.firewall, "/credentials/" + o.firewall + "/edit", "/credentials/" + o.firewall + "/move", "/credentials/" + o.firewall + "/history", "/folders/" + o.folder + "?client=" + o.contoso} {
		none := absent(absent(absent(path, o.contoso, "client_nothing"), o.firewall, "cred_nothing"), o.folder, "folder_nothing")
		ann.get(path).says(http.StatusNotFound).hidden().lacks("Contoso", "Edge").sameAs(ann.get(none))
	}
	for _, path := range []string{"/credentials/" + o.firewall + "/reveal", "/credentials/" + o.firewall + "/copy", "/credentials/" + o.firewall + "/archive", "/credentials/" + o.firewall + "/restore",
		"/credentials/" + o.firewall + "/edit", "/credentials/" + o.firewall + "/move", "/credentials/" + o.firewall + "/history/1/reveal", "/credentials/" + o.firewall + "/history/1/restore",
		"/clients/" + o.contoso + "/edit", "/clients/" + o.contoso + "/disable", "/clients/" + o.contoso + "/enable", "/clients/" + o.contoso + "/bookmark", "/folders/" + o.folder + "/delete"} {
		none := absent(absent(absent(path, o.contoso, "client_nothing"), o.firewall, "cred_nothing"), o.folder, "folder_nothing")
		for _, b := range []*surfer{ann, ann.script()} {
			b.post(path, "title", "x", "name", "x", "version", "1").says(http.StatusNotFound).hidden().sameAs(b.post(none, "title", "x", "name", "x", "version", "1"))
		}
	}
	if a := ann.get("/search?q=edge"); strings.Contains(a.text(), "Edge firewall") {
		t.Error("search betrays a credential that is not reached")
	}
	ann.get("/clients").says(http.StatusOK).lacks("Contoso")
	ann.get("/audit").says(http.StatusNotFound)
	ann.get("/import").says(http.StatusNotFound)
	ann.get("/import/template.csv").says(http.StatusNotFound)
}
