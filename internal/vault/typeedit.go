package vault

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/org"
)

var (
	sqlAddType    = gate.SQL(`INSERT INTO credential_types (org_id, id, name, name_folded, icon, fields) VALUES ($1, $2, $3, $4, $5, $6)`)
	sqlEditType   = gate.SQL(`UPDATE credential_types SET name = $4, name_folded = $5, icon = $6, fields = $7, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $3`)
	sqlDeleteType = gate.SQL(`DELETE FROM credential_types WHERE org_id = $1 AND id = $2 AND version = $3`)
	sqlRetype     = gate.SQL(`UPDATE credentials SET type = $3, change_seq = $4, version = version + 1 WHERE org_id = $1 AND type = $2 AND length(type) > 30 AND from_org = ''`) // what is received follows its maker
	sqlRetypeOld  = gate.SQL(`UPDATE credential_versions SET type = $3 WHERE org_id = $1 AND type = $2 AND length(type) > 30`)
	sqlTouchType  = gate.SQL(`UPDATE credentials SET change_seq = $3 WHERE org_id = $1 AND type = $2 AND length(type) > 30`)
	sqlTypeInUse  = gate.SQL(`SELECT EXISTS (SELECT 1 FROM credentials WHERE org_id = $1 AND type = $2 AND length(type) > 30)
		OR EXISTS (SELECT 1 FROM credential_versions WHERE org_id = $1 AND type = $2 AND length(type) > 30)`)
)

const (
	mostTypes    = 200
	mostDefaults = 30
)

// TypeInput is what can be set in a custom type.
type TypeInput struct {
	Name, Icon string
	Fields     []Field // values are not kept
}

func (in *TypeInput) check(k Kinds, but string) error {
	var bad []fault.Field
	in.Name = strings.TrimSpace(in.Name)
	if in.Name == "" || utf8.RuneCountInString(in.Name) > 100 || strings.ContainsAny(in.Name, "\n\r\t") || !utf8.ValidString(in.Name) {
		bad = append(bad, fault.Field{Name: "name", Text: "Give the type a name of at most 100 characters, on one line."})
	}
	for _, t := range k.All {
		if t.ID != but && org.Fold(t.Name) == org.Fold(in.Name) {
			bad = append(bad, fault.Field{Name: "name", Text: "There is a credential type of this name already, also where the built-in ones are hidden."})
			break
		}
	}
	if !slices.Contains(Icons, in.Icon) {
		bad = append(bad, fault.Field{Name: "icon", Text: "Choose one of the icons."})
	}
	seen := map[string]bool{}
	if len(in.Fields) > mostDefaults {
		bad = append(bad, fault.Field{Name: "fields", Text: "A type has at most 30 fields of its own."})
	}
	for i := range in.Fields {
		f := &in.Fields[i]
		f.Name, f.Value = strings.TrimSpace(f.Name), ""
		folded := org.Fold(f.Name)
		if f.Name == "" || utf8.RuneCountInString(f.Name) > 200 || strings.ContainsAny(f.Name, "\n\r") || !utf8.ValidString(f.Name) || f.Hidden && f.Date || seen[folded] {
			bad = append(bad, fault.Field{Name: "fields", Text: "Give each field a name of its own, of at most 200 characters, on one line, and one kind."})
			break
		}
		seen[folded] = true
	}
	return fault.BadFields(bad)
}

// AddType adds a custom credential type.
func (s *Store) AddType(ctx context.Context, who gate.Actor, in TypeInput) (string, error) {
	return gate.Do(ctx, s.gate, who, OpAddType, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		k, err := KindsIn(tx)
		if err != nil {
			return "", err
		}
		if len(k.All)-len(builtin) >= mostTypes {
			return "", fault.Cannot("There are %d custom types already. Nothing was saved. Delete one that is not needed first.", mostTypes)
		}
		if err := in.check(k, ""); err != nil {
			return "", err
		}
		made := id.New("type")
		e := tx.Event()
		e.Kind, e.ID, e.Name = "type", made, in.Name
		_, err = tx.Exec(sqlAddType, made, in.Name, org.Fold(in.Name), in.Icon, linesOf(in.Fields))
		return made, err
	})
}

// custom finds a custom type that the actor read at a version.
func (k Kinds) custom(typ string, version int64) (Type, error) {
	t := k.Of(typ)
	if !t.Custom {
		return t, fault.NotFound()
	}
	if t.Version != version {
		return t, fault.Stale("credential type")
	}
	return t, nil
}

// EditType changes a custom type that the actor read at a version. Credentials
// keep the custom fields that they have.
func (s *Store) EditType(ctx context.Context, who gate.Actor, typ string, version int64, in TypeInput) error {
	_, err := gate.Do(ctx, s.gate, who, OpEditType, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		k, err := KindsIn(tx)
		if err != nil {
			return false, err
		}
		t, err := k.custom(typ, version)
		if err != nil {
			return false, err
		}
		if err := in.check(k, typ); err != nil {
			return false, err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name = "type", typ, in.Name
		for _, f := range []struct {
			name string
			same bool
		}{{"name", t.Name == in.Name}, {"icon", t.Icon == in.Icon}, {"fields", slices.Equal(t.Fields, in.Fields)}} {
			if !f.same {
				e.Fields = append(e.Fields, f.name)
			}
		}
		if t.Name != in.Name { // search finds credentials by it
			if err := touchType(tx, typ); err != nil {
				return false, err
			}
			if err := atSites(tx, typ, func(b *gate.Tx) error { return touchType(b, typ) }); err != nil {
				return false, err
			}
		}
		return true, tx.One(sqlEditType, typ, version, in.Name, org.Fold(in.Name), in.Icon, linesOf(in.Fields))
	})
	return err
}

func touchType(tx *gate.Tx, typ string) error {
	seq, err := tx.NextChange()
	if err == nil {
		_, err = tx.Exec(sqlTouchType, typ, seq)
	}
	return err
}

// DeleteType deletes a custom type that the actor read at a version. What has
// it, archived credentials and earlier versions too, gets the replacement in
// the same transaction, also in sites that were given the provider's types.
func (s *Store) DeleteType(ctx context.Context, who gate.Actor, typ string, version int64, replacement string) error {
	_, err := gate.Do(ctx, s.gate, who, OpDeleteType, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		k, err := KindsIn(tx)
		if err != nil {
			return false, err
		}
		t, err := k.custom(typ, version)
		if err != nil {
			return false, err
		}
		if k.Hidden && len(k.forced) == 0 && len(k.Offered()) == 1 {
			return false, fault.Cannot("This is the only credential type that is offered, because the built-in ones are hidden. Nothing was deleted. Show the built-in ones, or add another type first.")
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name = "type", typ, t.Name
		var used bool
		if err := tx.Row(sqlTypeInUse, typ).Scan(&used); err != nil {
			return false, err
		}
		sites, err := sitesUsing(tx, typ) // how many credentials that are is not the provider's to know
		if err != nil {
			return false, err
		}
		if used || len(sites) > 0 {
			next, ok := k.Find(replacement)
			if replacement == "" || !ok || next.ID == typ {
				return false, fault.Bad("replacement", "This type is in use. Choose the one that its credentials get.")
			}
			e.Fields = []string{"replaced by " + next.Name}
			if err := replaceType(tx, typ, next.ID); err != nil {
				return false, err
			}
			err := atSites(tx, typ, func(b *gate.Tx) error {
				b.Note(gate.Event{Kind: e.Kind, ID: e.ID, Name: e.Name, Fields: e.Fields}, "")
				return replaceType(b, typ, next.ID)
			})
			if err != nil {
				return false, err
			}
		}
		return true, tx.One(sqlDeleteType, typ, version)
	})
	return err
}

func replaceType(tx *gate.Tx, typ, next string) error {
	seq, err := tx.NextChange()
	if err != nil {
		return err
	}
	if _, err := tx.Exec(sqlRetype, typ, next, seq); err != nil {
		return err
	}
	_, err = tx.Exec(sqlRetypeOld, typ, next)
	return err
}
