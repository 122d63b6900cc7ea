package web

import (
	"bailiwick/internal/perm"
	"strconv"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/web/ui"
)

// clientForm is the form of a client, new or edited.
type clientForm struct {
	id      string // "" for a new one
	version int64
	sealed  bool // the notes can't be opened in this session
	once    string
	in, was client.Input // was: as they were read, to tell who changed what
	errors  map[string]string
}

// clientFields are the fields of the form in order.
var clientFields = []struct {
	name, label string
	of          func(*client.Input) *string
}{
	{"name", "Name", func(in *client.Input) *string { return &in.Name }},
	{"short_code", "Short code", func(in *client.Input) *string { return &in.ShortCode }},
	{"phone", "Phone", func(in *client.Input) *string { return &in.Phone }},
	{"website", "Website", func(in *client.Input) *string { return &in.Website }},
	{"address", "Address", func(in *client.Input) *string { return &in.Address }},
	{"notes", "Notes", func(in *client.Input) *string { return &in.Notes }},
}

func inputOf(c client.Client) client.Input {
	return client.Input{Name: c.Name, ShortCode: c.ShortCode, Phone: c.Phone, Address: c.Address, Website: c.Website, Notes: c.Notes}
}

func (v *visit) clientForm(id string) clientForm {
	f := clientForm{id: id, once: once()}
	for _, field := range clientFields {
		*field.of(&f.in) = v.lines(field.name)
		*field.of(&f.was) = v.lines("was-" + field.name)
	}
	f.version, _ = strconv.ParseInt(v.text("version"), 10, 64)
	f.sealed = v.text("sealed") != ""
	return f
}

func (f clientForm) value(name string) string {
	for _, field := range clientFields {
		if field.name == name {
			return *field.of(&f.in)
		}
	}
	return ""
}

func (f clientForm) before(name string) string {
	for _, field := range clientFields {
		if field.name == name {
			return *field.of(&f.was)
		}
	}
	return ""
}

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
		title = "Edit client"
		crumbs = append(crumbs, ui.Crumb{Label: name, Href: "/clients/" + f.id})
	}
	frame, err := v.frame(title, crumbs...)
	if err != nil {
		return err
	}
	return v.renderAs(status, clientFormPage(frame, f, title))
}

func showNewClient(v *visit) error {
	if !v.me.Has(perm.ClientAdd) {
		return fault.NotFound()
	}
	return v.showClientForm(200, clientForm{once: once()}, "")
}

func addClient(v *visit) error {
	f := v.clientForm("")
	id, err := v.app.Clients.Add(v.ctx(), v.who, f.in)
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
	return v.showClientForm(200, clientForm{id: c.ID, version: c.Version, sealed: c.Sealed, once: once(), in: inputOf(c), was: inputOf(c)}, c.Name)
}

func editClient(v *visit) error {
	f := v.clientForm(v.r.PathValue("id"))
	if v.keeping() { // a choice after a conflict: theirs comes from the present state
		now, err := v.app.Clients.Get(v.ctx(), v.who, f.id)
		if err != nil {
			return err
		}
		theirs := inputOf(now)
		for _, field := range clientFields {
			if v.text("keep-"+field.name) == "theirs" {
				*field.of(&f.in) = *field.of(&theirs)
			}
		}
	}
	_, err := v.app.Clients.Edit(v.ctx(), v.who, f.id, f.version, f.in)
	by, invalid := fieldErrors(err)
	switch {
	case invalid:
		f.errors = by
		return v.showClientForm(422, f, f.was.Name)
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
	theirs := inputOf(now)
	var differ []ui.Difference
	for _, field := range clientFields {
		mine, other, was := *field.of(&f.in), *field.of(&theirs), *field.of(&f.was)
		if mine != other {
			differ = append(differ, ui.Difference{Name: field.name, Label: field.label, Theirs: other, Yours: mine, KeepTheirs: mine == was})
		}
	}
	f.version, f.was = now.Version, theirs
	frame, err := v.frame("Two edits", ui.Crumb{Label: "Clients", Href: "/clients"}, ui.Crumb{Label: now.Name, Href: "/clients/" + f.id})
	if err != nil {
		return err
	}
	return v.renderAs(409, clientConflictPage(frame, f, differ, ago(now.Changed, v.app.Clock.Now())))
}

// keeping reports whether a form chooses between two edits.
func (v *visit) keeping() bool { return v.text("choosing") != "" }
