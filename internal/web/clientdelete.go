package web

import (
	"strings"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/web/ui"
)

func showDeleteClient(v *visit) error { return v.showDelete(200, "", "") }

// showDelete says what goes before it asks for the name.
func (v *visit) showDelete(status int, typed, wrong string) error {
	c, o, err := v.overviewOf(v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !c.MayDelete {
		return fault.NotFound()
	}
	f, err := v.frame("Delete for good", ui.Crumb{Label: "Clients", Href: "/clients"}, ui.Crumb{Label: c.Name, Href: "/clients/" + c.ID})
	if err != nil {
		return err
	}
	return v.renderAs(status, deletePage(f, c, o.Counts, typed, wrong))
}

func deleteClient(v *visit) error {
	typed := v.text("name")
	err := v.app.Clients.Delete(v.ctx(), v.who, v.r.PathValue("id"), typed)
	if by, ok := fieldErrors(err); ok {
		return v.showDelete(422, typed, by["name"])
	}
	if err != nil {
		return err
	}
	v.flash("Client deleted for good, with all in it.", "")
	return v.goTo("/clients?disabled=1")
}

// holds writes what lies in a client: "12 credentials, 3 archived ones and 4
// folders".
func holds(c client.Counts) string {
	var parts []string
	for _, p := range []struct {
		n         int
		one, many string
	}{{c.Credentials, "credential", "credentials"}, {c.Archived, "archived credential", "archived credentials"}, {c.Folders, "folder", "folders"}} {
		if p.n > 0 {
			parts = append(parts, counted(p.n, p.one, p.many))
		}
	}
	switch len(parts) {
	case 0:
		return "no credentials and no folders"
	case 1:
		return parts[0]
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}
