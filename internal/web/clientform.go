package web

import (
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

// clientForm is the form of a client, new or edited. Its values are what is
// typed, by the fields' names.
type clientForm struct {
	id      string // "" for a new one
	version int64
	sealed  bool // notes and tags can't be opened in this session
	once    string
	in, was map[string]string // was: as they were read, to tell who changed what
	errors  map[string]string
	types   []vault.Type // all that there are
	address string       // of its site
}

// clientFields are the fields of the form in order.
var clientFields = []struct {
	name, label string
	of          func(client.Client) string
}{
	{"name", "Name", func(c client.Client) string { return c.Name }},
	{"short_code", "Short code", func(c client.Client) string { return c.ShortCode }},
	{"phone", "Phone", func(c client.Client) string { return c.Phone }},
	{"website", "Website", func(c client.Client) string { return c.Website }},
	{"address", "Address", func(c client.Client) string { return c.Address }},
	{"rotation_days", "Rotation policy", func(c client.Client) string { return rotationTyped(c.RotationDays) }},
	{"types", "Credential types", func(c client.Client) string { return strings.Join(c.Types, ",") }},
	{"tags", "Tags", func(c client.Client) string { return strings.Join(c.Tags, ", ") }},
	{"notes", "Notes", func(c client.Client) string { return c.Notes }},
}

func rotationTyped(days int) string {
	if days == 0 {
		return ""
	}
	return strconv.Itoa(days)
}

func valuesOf(c client.Client) map[string]string {
	values := map[string]string{}
	for _, field := range clientFields {
		values[field.name] = field.of(c)
	}
	return values
}

func (v *visit) clientForm(id string) clientForm {
	f := clientForm{id: id, once: once(), in: map[string]string{}, was: map[string]string{}}
	for _, field := range clientFields {
		f.in[field.name] = v.lines(field.name)
		f.was[field.name] = v.lines("was-" + field.name)
	}
	f.in["types"] = strings.Join(v.r.Form["types"], ",") // a box each
	f.version, _ = strconv.ParseInt(v.text("version"), 10, 64)
	f.sealed = v.text("sealed") != ""
	return f
}

// input is what was typed. A number that is none is said to be wrong by the
// feature, as one that is too large is.
func (f clientForm) input() client.Input {
	days := 0
	if typed := f.in["rotation_days"]; typed != "" {
		var err error
		if days, err = strconv.Atoi(typed); err != nil || days == 0 {
			days = -1
		}
	}
	return client.Input{Name: f.in["name"], ShortCode: f.in["short_code"], Phone: f.in["phone"], Address: f.in["address"], Website: f.in["website"],
		Notes: f.in["notes"], Tags: list(f.in["tags"], ","), RotationDays: days, Types: list(f.in["types"], ",")}
}

// forces reports whether a type is one of those that the client forces.
func (f clientForm) forces(id string) bool { return slices.Contains(list(f.in["types"], ","), id) }

// wrong lists the fields that were refused, for the summary.
func (f clientForm) wrong() []ui.FieldParams {
	var out []ui.FieldParams
	for _, field := range clientFields {
		if text := f.errors[field.name]; text != "" {
			out = append(out, ui.FieldParams{Name: field.name, Label: field.label, Error: text})
		}
	}
	return out
}

func (v *visit) showClientForm(status int, f clientForm, name string) error {
	crumbs := []ui.Crumb{{Label: "Clients", Href: "/clients"}}
	title := "New client"
	if f.id != "" {
		title = v.editClient()
		crumbs = append(crumbs, ui.Crumb{Label: name, Href: "/clients/" + f.id})
	}
	kinds, err := v.app.Vault.Kinds(v.ctx(), v.who)
	if err != nil {
		return err
	}
	f.types = kinds.All
	frame, err := v.frame(title, crumbs...)
	if err != nil {
		return err
	}
	var site client.Site
	if f.id != "" {
		if site, err = v.siteOf(f.id); err != nil {
			return err
		}
		f.address = v.siteAddress(site)
	}
	return v.renderAs(status, clientFormPage(frame, f, title, site))
}

func showNewClient(v *visit) error {
	if !v.me.Has(perm.ClientAdd) {
		return fault.NotFound()
	}
	return v.showClientForm(200, clientForm{once: once()}, "")
}

func addClient(v *visit) error {
	f := v.clientForm("")
	id, err := v.app.Clients.Add(v.ctx(), v.who, f.input())
	if by, ok := fieldErrors(err); ok {
		f.errors = by
		return v.showClientForm(422, f, "")
	}
	if err != nil {
		return err
	}
	v.flash("Client added.", "")
	return v.goTo("/clients/" + id)
}

func showEditClient(v *visit) error {
	c, err := v.app.Clients.Get(v.ctx(), v.who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !c.MayEdit {
		return fault.NotFound()
	}
	return v.showClientForm(200, clientForm{id: c.ID, version: c.Version, sealed: c.Sealed, once: once(), in: valuesOf(c), was: valuesOf(c)}, c.Name)
}

func editClient(v *visit) error {
	f := v.clientForm(v.r.PathValue("id"))
	if v.keeping() { // a choice after a conflict: theirs comes from the present state
		now, err := v.app.Clients.Get(v.ctx(), v.who, f.id)
		if err != nil {
			return err
		}
		theirs := valuesOf(now)
		for _, field := range clientFields {
			if v.text("keep-"+field.name) == "theirs" {
				f.in[field.name] = theirs[field.name]
			}
		}
	}
	_, err := v.app.Clients.Edit(v.ctx(), v.who, f.id, f.version, f.input())
	by, invalid := fieldErrors(err)
	switch {
	case invalid:
		f.errors = by
		return v.showClientForm(422, f, f.was["name"])
	case fault.Is(err, fault.Conflict):
		return v.showClientConflict(f)
	case err != nil:
		return err
	}
	v.flash("Client saved.", "")
	return v.goTo("/clients/" + f.id)
}

// showClientConflict lets the second of two people choose field by field. What
// only the first one changed is preselected to stay as it is.
func (v *visit) showClientConflict(f clientForm) error {
	now, err := v.app.Clients.Get(v.ctx(), v.who, f.id)
	if err != nil {
		return err
	}
	theirs := valuesOf(now)
	var differ []ui.Difference
	for _, field := range clientFields {
		mine, other, was := f.in[field.name], theirs[field.name], f.was[field.name]
		if mine != other {
			differ = append(differ, ui.Difference{Name: field.name, Label: field.label, Theirs: other, Yours: mine, KeepTheirs: mine == was})
		}
	}
	f.version, f.was = now.Version, theirs
	frame, err := v.frame("Two edits", ui.Crumb{Label: "Clients", Href: "/clients"}, ui.Crumb{Label: now.Name, Href: "/clients/" + f.id})
	if err != nil {
		return err
	}
	keep := map[string]string{}
	for _, field := range clientFields {
		keep["was-"+field.name], keep[field.name] = theirs[field.name], f.in[field.name]
	}
	return v.renderAs(409, twoEdits(frame, conflictPage{what: "client", back: "/clients/" + f.id, version: f.version, keep: keep, differ: differ, when: ago(now.Changed, v.app.Clock.Now())}))
}

// conflictPage is the choice between two edits of something of a client.
type conflictPage struct {
	what, back string
	version    int64
	keep       map[string]string // hidden fields
	differ     []ui.Difference
	when       string
}

// keeping reports whether a form chooses between two edits.
func (v *visit) keeping() bool { return v.text("choosing") != "" }
