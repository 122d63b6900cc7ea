package web

import (
	"net/url"
	"strings"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/web/ui"
)

// notice is the banner of the client whose page this is. The frame asks for it
// by the page's address, so no page has to think of it.
func (v *visit) notice() (*ui.Notice, error) {
	of, ok := v.subject()
	if !ok || v.failing || !v.me.Has(perm.ClientViewList) {
		return nil, nil
	}
	b, err := v.app.Clients.Banner(v.ctx(), v.who, of)
	if fault.Is(err, fault.Absent) { // the page itself says so, where it should
		return nil, nil
	}
	if err != nil || !b.Shown() {
		return nil, err
	}
	n := &ui.Notice{Kind: bannerKind(b.Level), Label: "Banner of " + b.ClientName, Text: b.Text}
	if b.Sealed {
		n.Text = "There is a banner for this client, but it is sealed in this session. Open the vault to read it."
	} else if b.MayEdit {
		n.EditURL = "/clients/" + b.Client + "/banner"
	}
	return n, nil
}

func bannerKind(level string) ui.Kind {
	switch level {
	case client.Levels[1]:
		return ui.Warning
	case client.Levels[2]:
		return ui.Danger
	}
	return ui.Info
}

// subject is the client, or the thing in one, that the page is about.
func (v *visit) subject() (gate.Target, bool) {
	path := v.r.URL.Path
	switch path {
	case "/credentials/selected":
		path = v.backTo()
	case "/folders/new", "/folders", "/audit":
		path = "/clients/" + v.text("client")
	}
	if u, err := url.Parse(path); err == nil {
		path = u.Path
	}
	for start, kind := range map[string]struct {
		of     func(string) gate.Target
		prefix string
	}{"/clients/": {gate.Client, "client_"}, "/folders/": {gate.Folder, "folder_"}, "/credentials/": {gate.Credential, "cred_"}} {
		rest, under := strings.CutPrefix(path, start)
		id, _, _ := strings.Cut(rest, "/")
		if under && strings.HasPrefix(id, kind.prefix) {
			return kind.of(id), true
		}
	}
	return gate.Target{}, false
}
