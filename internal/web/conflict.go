package web

import (
	"net/http"
	"slices"
	"strings"

	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

// showCredentialConflict lets the second of two people choose field by field.
// The history knows what the first one changed since the second one read; of
// secrets it says only that, and shows neither value.
func (v *visit) showCredentialConflict(now vault.Credential, f credentialForm) error {
	history, err := v.app.Vault.History(v.ctx(), v.who, now.ID)
	if err != nil {
		return err
	}
	// Without the history of what another organization shares, it tells nothing.
	blind := received(now) && !now.Shared.History
	now.ChangedByName = somebody(now.ChangedByName)
	touched := map[string]bool{}
	kinds, err := v.app.Vault.Kinds(v.ctx(), v.who)
	if err != nil {
		return err
	}
	base := now.Overview
	baseType, known := now.TypeName, false
	for _, h := range history {
		if h.Version == f.version {
			base, baseType, known = h.Overview, h.TypeName, true
		}
		if h.Version > f.version {
			for _, field := range h.Fields {
				touched[field] = true
			}
		}
	}
	d := differing{known: known}
	d.add("title", "Title", now.Title, f.in.Title, base.Title)
	d.add("type", "Type", now.TypeName, kinds.Of(f.in.Type).Name, baseType)
	d.add("username", "Username", now.Username, f.in.Username, base.Username)
	d.add("urls", "Addresses", strings.Join(now.URLs, "\n"), strings.Join(f.in.URLs, "\n"), strings.Join(base.URLs, "\n"))
	d.add("tags", "Tags", strings.Join(now.Tags, ", "), strings.Join(f.in.Tags, ", "), strings.Join(base.Tags, ", "))
	if !now.Expires.Equal(f.in.Expires) {
		d.fields = append(d.fields, ui.Difference{Name: "expires", Label: "Expiry date", Theirs: dateOrNone(now), Yours: f.expiryText(), KeepTheirs: touched["expires"]})
	}
	for _, s := range []struct {
		name, label string
		sent        bool
	}{{"password", "Password", f.revealed || f.in.Password != ""}, {"notes", "Notes", f.revealed}, {"fields", "Custom fields", f.revealed}} {
		if s.sent && (touched[s.name] || blind) {
			d.fields = append(d.fields, ui.Difference{Name: s.name, Label: s.label, Secret: true, KeepTheirs: true})
		}
	}
	f.version, f.once = now.Version, once()
	crumbs, err := v.crumbsTo(f.place)
	if err != nil {
		return err
	}
	frame, err := v.frame("Two edits", append(crumbs, ui.Crumb{Label: now.Title, Href: "/credentials/" + now.ID})...)
	if err != nil {
		return err
	}
	return v.renderAs(http.StatusConflict, credentialConflictPage(frame, f, now, d.fields, ago(now.Changed, v.app.Clock.Now())))
}

// somebody is who changed what another organization shares, where that is not
// this side's to know.
func somebody(name string) string {
	if name == "" {
		return "Somebody"
	}
	return name
}

// differing collects the fields on which two edits differ.
type differing struct {
	known  bool // the state that the second one began with is in the history
	fields []ui.Difference
}

func (d *differing) add(name, label, theirs, yours, base string) {
	if theirs != yours {
		d.fields = append(d.fields, ui.Difference{Name: name, Label: label, Theirs: theirs, Yours: yours, KeepTheirs: d.known && yours == base})
	}
}

func dateOrNone(c vault.Credential) string {
	if c.Expires.IsZero() {
		return ""
	}
	return c.Expires.Format("2006-01-02")
}

// secretsAmong reports whether a choice is about something that is not shown.
func secretsAmong(fields []ui.Difference) bool {
	return slices.ContainsFunc(fields, func(d ui.Difference) bool { return d.Secret })
}
