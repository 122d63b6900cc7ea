package vault

import (
	"context"
	"errors"
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
)

// Type is a credential type: a built-in one, whose id is its name, or a custom
// one. Nobody but this file knows how the two differ in a row.
type Type struct {
	ID, Name, Icon string
	Custom         bool
	Provider       bool    // a custom one of a site's provider: not the site's to change
	Fields         []Field // default custom fields, without values
	Version        int64
	Used           int64 // credentials, archived ones too; of custom types only
}

// builtin are the built-in types with their drawings.
var builtin = []Type{{Name: "Router", Icon: "router"}, {Name: "Firewall", Icon: "brick-wall-fire"}, {Name: "Switch", Icon: "ethernet-port"}, {Name: "Wi-Fi", Icon: "wifi"},
	{Name: "Domain administrator", Icon: "crown"}, {Name: "Local administrator", Icon: "user-cog"}, {Name: "Server", Icon: "server"}, {Name: "SQL server", Icon: "database"},
	{Name: "Email", Icon: "at-sign"}, {Name: "Microsoft 365", Icon: "layout-grid"}, {Name: "Website", Icon: "globe"}, {Name: "VPN", Icon: "globe-lock"}, {Name: "SNMP", Icon: "radio-tower"},
	{Name: "SSH key", Icon: "square-terminal"}, {Name: "API key", Icon: "braces"}, {Name: "Bank", Icon: "landmark"}, {Name: "Alarm code", Icon: "siren"},
	{Name: "Software licence", Icon: "ticket-check"}, {Name: other, Icon: "key-square"}}

const other = "Other"

// Types are the names of the built-in credential types.
var Types = func() (names []string) {
	for i := range builtin {
		builtin[i].ID = builtin[i].Name
		names = append(names, builtin[i].Name)
	}
	return names
}()

// Icons are the drawings that a custom type may have: those of the built-in
// types, and these.
var Icons = func() (names []string) {
	for _, t := range builtin {
		names = append(names, t.Icon)
	}
	return append(names, "camera", "car", "cloud", "credit-card", "door-closed", "factory", "hard-drive", "network", "package", "plug", "shopping-cart", "wrench")
}()

// Kinds is the credential types of an organization.
type Kinds struct {
	All    []Type   // built-in ones first, custom ones by name
	Hidden bool     // the built-in ones are not offered
	forced []string // where not empty, only these are offered

	theirs  []Type // custom ones of what is received; never offered
	foreign bool   // for what is received: custom ones are not offered
}

var sqlTypes = gate.SQL(`SELECT id, name, icon, fields, version FROM credential_types WHERE org_id = $1 ORDER BY name_folded`)

// KindsIn reads the credential types within a transaction.
func KindsIn(tx *gate.Tx) (Kinds, error) {
	k := Kinds{All: slices.Clone(builtin)}
	if err := k.received(tx); err != nil {
		return k, err
	}
	err := tx.Each(sqlTypes, func(r *gate.Rows) error {
		t := Type{Custom: true}
		var fields string
		err := r.Scan(&t.ID, &t.Name, &t.Icon, &fields, &t.Version)
		t.Fields = defaultsOf(fields)
		k.All = append(k.All, t)
		return err
	})
	if err != nil {
		return k, err
	}
	s, err := SettingsIn(tx)
	if k.Hidden = s.HideBuiltin; err != nil {
		return k, err
	}
	return k, k.providers(tx)
}

var (
	sqlByProvider = gate.SQL(`SELECT COALESCE(provider_id, '') FROM organizations WHERE id = $1 AND provider_types`)
	sqlFormer     = gate.SQLShared("types that a provider forced once", `SELECT t.id, t.name, t.icon FROM organizations me JOIN credential_types t ON t.org_id = me.provider_id WHERE me.id = $1
		AND EXISTS (SELECT 1 FROM credentials c WHERE c.org_id = me.id AND c.type = t.id AND length(c.type) > 30 UNION ALL SELECT 1 FROM credential_versions v WHERE v.org_id = me.id AND v.type = t.id AND length(v.type) > 30)`)
)

// providers takes the types of a site's provider in the place of its own, where
// that forces them. Either's stay on credentials that have them.
func (k *Kinds) providers(tx *gate.Tx) error {
	if !tx.Site() {
		return nil
	}
	var provider string
	err := tx.Row(sqlByProvider).Scan(&provider)
	if errors.Is(err, gate.ErrNoRows) {
		return tx.Each(sqlFormer, k.scanTheirs)
	}
	if err != nil {
		return err
	}
	return tx.Beside(provider, func(b *gate.Tx) error {
		theirs, err := KindsIn(b)
		if err != nil {
			return err
		}
		k.Hidden = theirs.Hidden
		for _, t := range theirs.Offered() {
			k.forced = append(k.forced, t.ID)
			if t.Custom {
				t.Custom, t.Provider, t.Version = false, true, 0
				k.All = append(k.All, t)
			}
		}
		return nil
	})
}

var sqlForced = gate.SQL(`SELECT types FROM clients WHERE org_id = $1 AND id = $2`)

// KindsAt reads the credential types as they are offered at a place: a client
// may force some of them.
func KindsAt(tx *gate.Tx, at Place) (Kinds, error) {
	k, err := KindsIn(tx)
	if err != nil || at.Client == "" {
		return k, err
	}
	var ids string
	if err := tx.Row(sqlForced, at.Client).Scan(&ids); err != nil {
		return k, err
	}
	if tx.Site() && len(k.forced) > 0 { // the provider has chosen
		return k, nil
	}
	for _, id := range split(ids) {
		if k.has(id) { // it may have been deleted since
			k.forced = append(k.forced, id)
		}
	}
	return k, nil
}

func (k Kinds) has(id string) bool {
	return slices.ContainsFunc(k.All, func(t Type) bool { return t.ID == id })
}

// Forced turns ids or names of types into ids, in the order of All; unknown is
// one that there is not.
func (k Kinds) Forced(texts []string) (ids []string, unknown string) {
	wanted := map[string]bool{}
	for _, text := range texts {
		folded := org.Fold(strings.TrimSpace(text))
		i := slices.IndexFunc(k.All, func(t Type) bool { return t.ID == text || org.Fold(t.Name) == folded })
		if i < 0 {
			return nil, text
		}
		wanted[k.All[i].ID] = true
	}
	for _, t := range k.All {
		if wanted[t.ID] {
			ids = append(ids, t.ID)
		}
	}
	return ids, ""
}

// Of gives the type that a row names.
func (k Kinds) Of(stored string) Type {
	for _, all := range [][]Type{k.All, k.theirs} {
		for _, t := range all {
			if t.ID == stored {
				return t
			}
		}
	}
	return Type{ID: stored, Name: other, Icon: "key-square"}
}

// iconOf gives the drawing of a type by its name.
func (k Kinds) iconOf(name string) string {
	for _, all := range [][]Type{k.All, k.theirs} {
		for _, t := range all {
			if t.Name == name {
				return t.Icon
			}
		}
	}
	return ""
}

// Narrowed reports whether only some types are offered: those of a site's
// provider, or those that a client forces.
func (k Kinds) Narrowed() bool { return len(k.forced) > 0 }

// Offered are the types that a credential can be given.
func (k Kinds) Offered() []Type {
	return slices.DeleteFunc(slices.Clone(k.All), func(t Type) bool {
		switch {
		case k.foreign && t.Custom:
			return true
		case len(k.forced) > 0:
			return !slices.Contains(k.forced, t.ID)
		}
		return k.Hidden && !k.foreign && !t.Custom
	})
}

// Usual is the type of a credential for which nobody chose one.
func (k Kinds) Usual() Type {
	offered := k.Offered()
	if len(offered) > 0 && !slices.ContainsFunc(offered, func(t Type) bool { return t.ID == other }) {
		return offered[0]
	}
	return k.Of(other)
}

// Find gives the offered type of an id or a name, in any case.
func (k Kinds) Find(text string) (Type, bool) {
	folded := org.Fold(strings.TrimSpace(text))
	for _, t := range k.Offered() {
		if t.ID == text || org.Fold(t.Name) == folded {
			return t, true
		}
	}
	return Type{}, false
}

// settle makes of what was chosen what is stored. A credential may keep the
// type that it has, also when that is not offered any more.
func (k Kinds) settle(in *Input, was string) error {
	chosen, ok := k.Find(in.Type)
	switch {
	case was != "" && (in.Type == was || org.Fold(k.Of(was).Name) == org.Fold(in.Type)):
		in.Type = was
	case in.Type == "":
		in.Type = k.Usual().ID
	case ok:
		in.Type = chosen.ID
	default:
		return fault.Bad("type", "There is no credential type of this name, or it is hidden. Choose one of those that are offered.")
	}
	return nil
}

// label puts the type's name and drawing to a credential that was read.
func (k Kinds) label(c *Credential) {
	t := k.Of(c.Type)
	c.TypeName, c.TypeIcon = t.Name, t.Icon
}

// Operations on credential types.
var (
	OpTypes      = gate.Define(gate.Op{Name: "type.list", Sentence: "List the credential types", Scope: gate.Listed, Tokens: true, View: true})
	OpAddType    = gate.Define(gate.Op{Name: "type.add", Sentence: "Add a custom credential type", Scope: gate.Whole, Needs: perm.CredentialTypesAddEdit, Write: true, Audit: true, Once: true})
	OpEditType   = gate.Define(gate.Op{Name: "type.edit", Sentence: "Change a custom credential type", Scope: gate.Whole, Needs: perm.CredentialTypesAddEdit, Write: true, Audit: true, Once: true})
	OpDeleteType = gate.Define(gate.Op{Name: "type.delete", Sentence: "Delete a custom credential type (one in use needs a replacement)", Scope: gate.Whole, Needs: perm.CredentialTypesAddEdit, Write: true, Audit: true, Once: true})
)

var sqlTypesUsed = gate.SQL(`SELECT type, COUNT(*) FROM credentials WHERE org_id = $1 AND length(type) > 30 GROUP BY type`)

// Kinds lists the credential types. How many credentials have a type is told
// to those only who may delete it, for it counts what they may not reach.
func (s *Store) Kinds(ctx context.Context, who gate.Actor) (Kinds, error) {
	return gate.Do(ctx, s.gate, who, OpTypes, gate.Nothing(), func(tx *gate.Tx) (Kinds, error) {
		k, err := KindsIn(tx)
		if err != nil || !tx.Has(perm.CredentialTypesAddEdit) {
			return k, err
		}
		return k, tx.Each(sqlTypesUsed, func(r *gate.Rows) error {
			var id string
			var n int64
			err := r.Scan(&id, &n)
			for i := range k.All {
				if k.All[i].ID == id {
					k.All[i].Used = n
				}
			}
			return err
		})
	})
}

// KindsAt lists the credential types as they are offered at a place that the
// actor reaches.
func (s *Store) KindsAt(ctx context.Context, who gate.Actor, at Place) (Kinds, error) {
	return gate.Do(ctx, s.gate, who, OpTypes, gate.Nothing(), func(tx *gate.Tx) (Kinds, error) {
		if at.Client != "" && !tx.SeesClient(at.Client) {
			return Kinds{}, fault.NotFound()
		}
		return KindsAt(tx, at)
	})
}

// Default custom fields of a type are kept as lines: kind, space, name.

func defaultsOf(lines string) (fields []Field) {
	for _, l := range strings.Split(lines, "\n") {
		if kind, name, ok := strings.Cut(l, " "); ok {
			fields = append(fields, Field{Name: name, Hidden: kind == FieldHidden, Date: kind == FieldDate})
		}
	}
	return fields
}

func linesOf(fields []Field) string {
	var lines []string
	for _, f := range fields {
		lines = append(lines, f.Kind()+" "+f.Name)
	}
	return strings.Join(lines, "\n")
}
