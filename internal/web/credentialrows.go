package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bailiwick/internal/vault"
	"bailiwick/internal/web/ui"
)

// fill makes the form ready to be drawn: its choice of types, and rows where
// there were none. chosen: a type was just chosen, so that its fields come in.
func (f *credentialForm) fill(kinds vault.Kinds, chosen bool) {
	begins := f.id == "" && f.in.Type == ""
	if begins {
		f.in.Type = kinds.Usual().ID
	}
	for _, t := range kinds.Offered() {
		f.types = append(f.types, ui.Option{Value: t.ID, Label: t.Name})
	}
	if !slices.ContainsFunc(f.types, func(o ui.Option) bool { return o.Value == f.in.Type }) && f.id != "" { // a hidden one is kept
		t := kinds.Of(f.in.Type)
		f.types = append([]ui.Option{{Value: t.ID, Label: t.Name}}, f.types...)
	}
	if f.rows == nil {
		f.rows = f.in.Fields
	}
	if f.revealed && (begins || chosen) {
		f.rows = defaulted(f.rows, kinds, f.in.Type)
	}
	if f.urls == nil {
		f.urls = f.in.URLs
	}
	if len(f.urls) == 0 {
		f.urls = []string{""}
	}
}

// defaulted adds a type's own fields to those that are there. Empty ones that
// came with another type go.
func defaulted(rows []vault.Field, kinds vault.Kinds, typ string) []vault.Field {
	named := func(fields []vault.Field, name string) bool {
		return slices.ContainsFunc(fields, func(f vault.Field) bool { return strings.EqualFold(f.Name, name) })
	}
	own := kinds.Of(typ).Fields
	var all []vault.Field
	for _, r := range rows {
		others := slices.ContainsFunc(kinds.All, func(t vault.Type) bool { return named(t.Fields, r.Name) })
		if r.Value != "" || r.Name != "" && (named(own, r.Name) || !others) {
			all = append(all, r)
		}
	}
	for _, d := range own {
		if !named(all, d.Name) {
			all = append(all, d)
		}
	}
	return all
}

// arranged answers what changes the rows of the form and saves nothing.
func (v *visit) arrangedForm(f credentialForm) (bool, error) {
	act := v.text("act")
	urls, at, isURL := arrange(f.urls, "url", act)
	rows, on, isField := arrange(f.rows, "field", act)
	switch {
	case isURL:
		f.urls, f.focus = urls, "url-"+strconv.Itoa(max(at, 0))
	case isField:
		f.rows, f.focus = rows, "field-name-"+strconv.Itoa(on)
	case act != "type" && act != "picture":
		return false, nil
	}
	if f.rows == nil {
		f.rows = []vault.Field{}
	}
	problem := f.errors["picture"]
	f.errors, f.once = nil, once()
	if problem != "" {
		f.errors = map[string]string{"picture": problem}
		return true, v.showCredentialForm(http.StatusUnprocessableEntity, f)
	}
	return true, v.showCredentialForm(http.StatusOK, f)
}

// valueField is the input for the value of a custom field.
func valueField(n int, row vault.Field) ui.FieldParams {
	p := ui.FieldParams{Name: "field-value-" + strconv.Itoa(n), Label: "Value", Value: row.Value, Autocomplete: "new-password"}
	switch row.Kind() {
	case vault.FieldDate:
		p.Type = "date"
	case vault.FieldText:
		p.Mono, p.Autocomplete = true, "off"
	}
	return p
}

// typeParams: where the custom fields are in the form, choosing a type brings
// its own in.
func (f credentialForm) typeParams() ui.SelectParams {
	p := ui.SelectParams{Name: "type", Label: "Type", Value: f.in.Type, Error: f.errors["type"], Options: f.types}
	if f.revealed {
		p.Attrs = swappedOnChange("custom-fields", "type")
	}
	return p
}

// suggestTags answers what is typed into the field of tags with the whole text
// that it could become.
func suggestTags(v *visit) error {
	typed := v.r.PostFormValue("tags")
	head, last := "", typed
	if i := strings.LastIndex(typed, ","); i >= 0 {
		head, last = typed[:i+1]+" ", typed[i+1:]
	}
	tags, err := v.app.Vault.Tags(v.ctx(), v.who, last)
	if err != nil {
		return err
	}
	for i := range tags {
		tags[i] = head + tags[i]
	}
	return v.render(tagOptions(tags))
}

func (f credentialForm) tagsField() ui.FieldParams {
	return ui.FieldParams{Name: "tags", Label: "Tags", Value: strings.Join(f.in.Tags, ", "), Error: f.errors["tags"], Optional: true, Hint: "Separate them with commas.",
		Attrs: map[string]any{"list": "tag-options", "hx-post": "/tags", "hx-trigger": "input changed delay:200ms", "hx-target": "#tag-options", "hx-swap": "innerHTML", "hx-params": "tags", "hx-sync": "this:replace"}}
}
