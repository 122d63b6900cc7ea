package web

import (
	"net/http"
	"strconv"

	"bailiwick/internal/door"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

const typesPath = "/settings/types"

var typesCrumb = ui.Crumb{Label: "Credential types", Href: typesPath}

func (s *Server) typeRoutes() {
	s.signed("GET "+typesPath, showTypes)
	s.signed("GET "+typesPath+"/new", showNewType)
	s.signed("POST "+typesPath+"/new", addType)
	s.signed("GET "+typesPath+"/{id}", showType)
	s.signed("POST "+typesPath+"/{id}", saveType)
	s.signed("GET "+typesPath+"/{id}/delete", showDeleteType)
	s.signed("POST "+typesPath+"/{id}/delete", deleteType)
	s.credentialSettingsRoutes()
}

func showTypes(v *visit) error {
	kinds, err := v.app.Vault.Kinds(v.ctx(), v.who)
	if err != nil {
		return err
	}
	f, err := v.frame("Credential types")
	if err != nil {
		return err
	}
	return v.render(typesPage(f, kinds, v.me.Has(perm.CredentialTypesAddEdit), v.me.Has(perm.OrganizationAdmin)))
}

// typeForm is the page of a custom type, or of a new one.
type typeForm struct {
	frame   ui.FrameParams
	id      string // "" for a new one
	version int64
	in      vault.TypeInput
	bad     map[string]string
	stale   bool
	focus   int // number of the field that has the focus
}

func (f typeForm) path() string {
	if f.id == "" {
		return typesPath + "/new"
	}
	return typesPath + "/" + f.id
}

func (f typeForm) name() ui.FieldParams {
	return ui.FieldParams{Name: "name", Label: "Name", Value: f.in.Name, Error: f.bad["name"], Required: true, MaxLength: 100, Autofocus: f.id == "" && f.focus < 0, Hint: "Everybody in the organization can read it: names of types are not encrypted."}
}

func (f typeForm) wrong() []ui.FieldParams {
	return wrong(f.name(), ui.FieldParams{Name: "icon", ID: "icon-" + vault.Icons[0], Label: "Icon", Error: f.bad["icon"]},
		ui.FieldParams{Name: "fields", ID: "fields", Label: "Custom fields", Error: f.bad["fields"]})
}

func (v *visit) showTypeForm(status int, f typeForm) error {
	title := "New credential type"
	if f.id != "" {
		title = "Edit credential type"
	}
	var err error
	if f.frame, err = v.frame(title, typesCrumb); err != nil {
		return err
	}
	return v.renderAs(status, typePage(f, title))
}

// typeForm reads what was sent.
func (v *visit) typeForm() typeForm {
	f := typeForm{id: v.r.PathValue("id"), version: v.versionRead(), focus: -1, in: vault.TypeInput{Name: v.text("name"), Icon: v.text("icon")}}
	for i := range mostFields {
		n := strconv.Itoa(i)
		if _, sent := v.r.PostForm["field-name-"+n]; !sent {
			break
		}
		f.in.Fields = append(f.in.Fields, fieldOfKind(v.text("field-name-"+n), "", v.text("field-kind-"+n)))
	}
	return f
}

func fieldOfKind(name, value, kind string) vault.Field {
	return vault.Field{Name: name, Value: value, Hidden: kind == vault.FieldHidden, Date: kind == vault.FieldDate}
}

func showNewType(v *visit) error {
	if err := v.offers(false, perm.CredentialTypesAddEdit); err != nil {
		return err
	}
	return v.showTypeForm(http.StatusOK, typeForm{focus: -1, in: vault.TypeInput{Icon: "key-square"}})
}

// arranged answers a button of the rows.
func (v *visit) arranged(f typeForm) (bool, error) {
	fields, focus, is := arrange(f.in.Fields, "field", v.text("act"))
	if !is {
		return false, nil
	}
	if err := v.offers(false, perm.CredentialTypesAddEdit); err != nil {
		return true, err
	}
	f.in.Fields, f.focus = fields, focus
	return true, v.showTypeForm(http.StatusOK, f)
}

func addType(v *visit) error {
	f := v.typeForm()
	if is, err := v.arranged(f); is {
		return err
	}
	_, err := v.app.Vault.AddType(v.ctx(), v.who, f.in)
	if bad, ok := fieldErrors(err); ok {
		f.bad = bad
		return v.showTypeForm(http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	v.flash("Credential type added.", "")
	return v.goTo(typesPath)
}

// customType finds the type of the address among those that may be changed.
func (v *visit) customType() (vault.Type, vault.Kinds, error) {
	if err := v.offers(false, perm.CredentialTypesAddEdit); err != nil {
		return vault.Type{}, vault.Kinds{}, err
	}
	kinds, err := v.app.Vault.Kinds(v.ctx(), v.who)
	if err != nil {
		return vault.Type{}, kinds, err
	}
	t := kinds.Of(v.r.PathValue("id"))
	if !t.Custom {
		return t, kinds, fault.NotFound()
	}
	return t, kinds, nil
}

func showType(v *visit) error {
	t, _, err := v.customType()
	if err != nil {
		return err
	}
	return v.showTypeForm(http.StatusOK, typeForm{id: t.ID, version: t.Version, focus: -1, in: vault.TypeInput{Name: t.Name, Icon: t.Icon, Fields: t.Fields}})
}

func saveType(v *visit) error {
	f := v.typeForm()
	if is, err := v.arranged(f); is {
		return err
	}
	err := v.app.Vault.EditType(v.ctx(), v.who, f.id, f.version, f.in)
	bad, invalid := fieldErrors(err)
	switch {
	case err == nil:
		v.flash("Credential type saved.", "")
		return v.goTo(typesPath)
	case invalid:
		f.bad = bad
		return v.showTypeForm(http.StatusUnprocessableEntity, f)
	case fault.Is(err, fault.Conflict):
		t, _, failed := v.customType()
		if failed != nil {
			return failed
		}
		f.version, f.stale, f.bad = t.Version, true, map[string]string{}
		if t.Name != f.in.Name {
			f.bad["name"] = "It is now: " + t.Name
		}
		if t.Icon != f.in.Icon {
			f.bad["icon"] = "It is now: " + iconWords(t.Icon)
		}
		if now := fieldsText(t.Fields); now != fieldsText(f.in.Fields) {
			f.bad["fields"] = "They are now: " + now
		}
		return v.showTypeForm(door.Status(err), f)
	}
	return err
}

// fieldsText names default fields with their kinds.
func fieldsText(fields []vault.Field) string {
	text := ""
	for _, f := range fields {
		if text != "" {
			text += ", "
		}
		text += f.Name
		if f.Kind() != vault.FieldText {
			text += " (" + f.Kind() + ")"
		}
	}
	if text == "" {
		return "none"
	}
	return text
}

// typeDelete is the page that asks for a replacement.
type typeDelete struct {
	frame   ui.FrameParams
	typ     vault.Type
	instead ui.SelectParams
	site    bool
}

func (v *visit) showTypeDelete(status int, chosen, bad string) error {
	t, kinds, err := v.customType()
	if err != nil {
		return err
	}
	d := typeDelete{typ: t, site: v.me.Site, instead: ui.SelectParams{Name: "replacement", Label: "They get", Value: chosen, Error: bad, Options: []ui.Option{{Value: "", Label: "Choose a type"}}}}
	for _, o := range kinds.Offered() {
		if o.ID != t.ID {
			d.instead.Options = append(d.instead.Options, ui.Option{Value: o.ID, Label: o.Name})
		}
	}
	if d.frame, err = v.frame("Delete", typesCrumb, ui.Crumb{Label: t.Name, Href: typesPath + "/" + t.ID}); err != nil {
		return err
	}
	return v.renderAs(status, deleteTypePage(d))
}

func showDeleteType(v *visit) error { return v.showTypeDelete(http.StatusOK, "", "") }

func deleteType(v *visit) error {
	next := v.text("replacement")
	err := v.app.Vault.DeleteType(v.ctx(), v.who, v.r.PathValue("id"), v.versionRead(), next)
	if bad, ok := fieldErrors(err); ok {
		return v.showTypeDelete(http.StatusUnprocessableEntity, next, bad["replacement"])
	}
	if err != nil {
		return err
	}
	v.flash("Credential type deleted.", "")
	return v.goTo(typesPath)
}
