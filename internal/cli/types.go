package cli

import (
	"slices"
	"strconv"
	"strings"

	"bailiwick/sdk"
)

// Types is the credential types.
type Types struct {
	List   TypeList   `cmd:"" default:"withargs" help:"List the credential types."`
	Add    TypeAdd    `cmd:"" help:"Add a custom type."`
	Edit   TypeEdit   `cmd:"" help:"Change a custom type."`
	Delete TypeDelete `cmd:"" help:"Delete a custom type."`
	Hide   TypeHide   `cmd:"" help:"Hide the built-in types, or show them again."`
}

// TypeList lists them.
type TypeList struct {
	Format `embed:""`
	Client string `help:"As they are offered in this client: its name, short code or id."`
}

// Run lists them.
func (c *TypeList) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	of := ""
	if c.Client != "" {
		found, err := e.client(api, c.Client)
		if err != nil {
			return err
		}
		of = found.ID
	}
	all, err := api.TypesOf(e.Context, of)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, t := range all.Types {
		kind := "custom"
		switch {
		case t.BuiltIn && !t.Offered:
			kind = "built in, hidden"
		case t.OfProvider:
			kind = "of the provider"
		case !t.Offered:
			kind = "custom, not offered"
		case t.BuiltIn:
			kind = "built in"
		}
		var fields []string
		for _, f := range t.Fields {
			fields = append(fields, f.Name+":"+f.Kind)
		}
		used := ""
		if !t.BuiltIn && !t.OfProvider {
			used = strconv.FormatInt(t.Used, 10)
		}
		rows = append(rows, []string{t.Name, kind, t.Icon, strings.Join(fields, ", "), used, t.ID})
	}
	return c.show(e, all.Types, "NAME|KIND|ICON|FIELDS|USED|ID", rows)
}

// credentialType finds a type by name or id.
func (e *Env) credentialType(api *sdk.API, name string) (sdk.Type, error) {
	all, err := api.Types(e.Context)
	if err != nil {
		return sdk.Type{}, err
	}
	i := slices.IndexFunc(all.Types, func(t sdk.Type) bool { return t.ID == name || strings.EqualFold(t.Name, name) })
	if i < 0 {
		return sdk.Type{}, fail(ExitAbsent, "There is no credential type %q. See: bailiwick types", name)
	}
	return all.Types[i], nil
}

// fieldKinds reads NAME, NAME:hidden or NAME:date.
func fieldKinds(texts []string) (fields []sdk.FieldKind) {
	for _, text := range texts {
		f := sdk.FieldKind{Name: text, Kind: "text"}
		if i := strings.LastIndex(text, ":"); i >= 0 && slices.Contains([]string{"text", "hidden", "date"}, text[i+1:]) {
			f.Name, f.Kind = text[:i], text[i+1:]
		}
		fields = append(fields, f)
	}
	return fields
}

// TypeAdd adds one.
type TypeAdd struct {
	Format `embed:""`
	Name   string   `arg:"" help:"Name of the new type."`
	Icon   string   `default:"key-square" help:"Its icon; bailiwick types lists those of other types, the API's GET /types all."`
	Field  []string `sep:"none" help:"A custom field that its credentials begin with: NAME, NAME:hidden or NAME:date; may be given several times."`
}

// Run adds it.
func (c *TypeAdd) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	made, err := api.AddType(e.Context, sdk.NewType{Name: c.Name, Icon: c.Icon, Fields: fieldKinds(c.Field)})
	if err != nil {
		return err
	}
	return c.done(e, made, "Added the credential type %s.", c.Name)
}

// TypeEdit changes one.
type TypeEdit struct {
	Format   `embed:""`
	Type     string   `arg:"" help:"Name or id of the type."`
	Name     string   `help:"Its new name."`
	Icon     string   `help:"Its new icon."`
	Field    []string `sep:"none" help:"Its custom fields, instead of all present ones; as for add."`
	NoFields bool     `help:"It has no custom fields any more."`
}

// Run changes it.
func (c *TypeEdit) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	t, err := e.credentialType(api, c.Type)
	if err != nil {
		return err
	}
	in := sdk.TypeChange{Version: max(t.Version, 1), Name: t.Name, Icon: t.Icon, Fields: t.Fields}
	if c.Name != "" {
		in.Name = c.Name
	}
	if c.Icon != "" {
		in.Icon = c.Icon
	}
	if len(c.Field) > 0 || c.NoFields {
		in.Fields = fieldKinds(c.Field)
	}
	done, err := api.EditType(e.Context, t.ID, in)
	if err != nil {
		return err
	}
	return c.done(e, done, "Changed the credential type %s.", in.Name)
}

// TypeDelete deletes one.
type TypeDelete struct {
	Format      `embed:""`
	Type        string `arg:"" help:"Name or id of the type."`
	Replacement string `help:"Name or id of the type that its credentials get."`
}

// Run deletes it.
func (c *TypeDelete) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	t, err := e.credentialType(api, c.Type)
	if err != nil {
		return err
	}
	if err := api.DeleteType(e.Context, t.ID, max(t.Version, 1), c.Replacement); err != nil {
		return err
	}
	return c.done(e, sdk.Done{ID: t.ID}, "Deleted the credential type %s.", t.Name)
}

// TypeHide hides the built-in types.
type TypeHide struct {
	Format `embed:""`
	Show   bool `help:"Show them again."`
}

// Run hides them.
func (c *TypeHide) Run(e *Env) error {
	api, _, err := e.connect()
	if err != nil {
		return err
	}
	now, err := api.CredentialSettings(e.Context)
	if err != nil {
		return err
	}
	next := now
	next.HideBuiltInTypes = !c.Show
	if err := api.SetCredentialSettings(e.Context, sdk.CredentialSettingsChange{Read: now, Next: next}); err != nil {
		return err
	}
	if c.Show {
		return c.done(e, next, "The built-in credential types are offered again.")
	}
	return c.done(e, next, "The built-in credential types are hidden. Credentials that have one keep it.")
}
