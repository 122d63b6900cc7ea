package kb

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

var (
	OpDefault    = gate.Define(gate.Op{Name: "knowledge-base.default", Sentence: "See the role that members have in knowledge bases by default", Scope: gate.Whole, Needs: perm.OrganizationAdmin, View: true})
	OpSetDefault = gate.Define(gate.Op{Name: "knowledge-base.default.set", Sentence: "Change the role that members have in knowledge bases by default", Scope: gate.Whole, Needs: perm.OrganizationAdmin, Write: true, Audit: true, Once: true})

	sqlSetDefault = gate.SQL(`INSERT INTO settings (org_id, name, value) VALUES ($1, '` + gate.DefaultRole + `', $2) ON CONFLICT (org_id, name) DO UPDATE SET value = $2`)
)

// Default is the role that members have in every knowledge base, present and
// future, that has no default of its own.
func (s *Store) Default(ctx context.Context, who gate.Actor) (gate.Role, error) {
	return gate.Do(ctx, s.gate, who, OpDefault, gate.Nothing(), func(tx *gate.Tx) (gate.Role, error) { return tx.DefaultRoleIn(""), nil })
}

// SetDefault changes it, for everybody without an explicit role at once.
func (s *Store) SetDefault(ctx context.Context, who gate.Actor, role gate.Role) error {
	if role != gate.Public && role != gate.Reader && role != gate.Editor {
		return fault.Bad("role", "Choose: none, reader or editor. Nobody becomes Admin by default.")
	}
	_, err := gate.Do(ctx, s.gate, who, OpSetDefault, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		e := tx.Event()
		e.Kind, e.Fields = "organization", []string{role.String()}
		if _, err := tx.Exec(sqlSetDefault, role.String()); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}
