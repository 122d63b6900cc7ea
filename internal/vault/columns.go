package vault

import (
	"context"
	"errors"
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// Columns are what a list of credentials can show beside the title, in the
// order in which it shows them.
var Columns = []string{"username", "address", "type", "tags", "expires", "added", "changed", "by"}

// UsualColumns are shown to whoever has not chosen.
var UsualColumns = []string{"username", "address", "type", "changed", "by"}

// Operations on one's own choice of columns.
var (
	OpColumns     = gate.Define(gate.Op{Name: "list.columns", Sentence: "See which columns one has chosen for lists of credentials", Scope: gate.Self, View: true})
	OpSaveColumns = gate.Define(gate.Op{Name: "list.columns.save", Sentence: "Choose the columns of lists of credentials", Scope: gate.Self, Write: true, Once: true})
)

const listOfCredentials = "credentials"

var (
	sqlColumns     = gate.SQL(`SELECT shown FROM list_columns WHERE org_id = $1 AND user_id = $2 AND list = $3`)
	sqlSaveColumns = gate.SQL(`INSERT INTO list_columns (org_id, user_id, list, shown) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, user_id, list) DO UPDATE SET shown = $4`)
)

// ShownColumns gives the columns that the actor has chosen.
func (s *Store) ShownColumns(ctx context.Context, who gate.Actor) ([]string, error) {
	return gate.Do(ctx, s.gate, who, OpColumns, gate.Nothing(), func(tx *gate.Tx) ([]string, error) {
		var shown string
		err := tx.Row(sqlColumns, who.User(), listOfCredentials).Scan(&shown)
		if errors.Is(err, gate.ErrNoRows) {
			return UsualColumns, nil
		}
		return slices.DeleteFunc(split(shown), func(c string) bool { return !slices.Contains(Columns, c) }), err
	})
}

// SaveColumns chooses columns; they are kept in the order of Columns.
func (s *Store) SaveColumns(ctx context.Context, who gate.Actor, shown []string) error {
	for _, c := range shown {
		if !slices.Contains(Columns, c) {
			return fault.Bad("columns", "A list can show %s. One of what you chose is none of them; nothing was saved.", strings.Join(Columns, ", "))
		}
	}
	inOrder := slices.DeleteFunc(slices.Clone(Columns), func(c string) bool { return !slices.Contains(shown, c) })
	_, err := gate.Do(ctx, s.gate, who, OpSaveColumns, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		_, err := tx.Exec(sqlSaveColumns, who.User(), listOfCredentials, strings.Join(inOrder, "\n"))
		return true, err
	})
	return err
}
