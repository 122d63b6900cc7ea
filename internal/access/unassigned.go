package access

import (
	"context"

	"bailiwick/internal/gate"
)

// Unassigned is what shows by name only: clients, or the guarded folders of a
// client that the actor reaches.
type Unassigned struct {
	Shown   bool // the organization shows them
	Clients []Named
	Folders []Folder
}

// Unassigned lists what the actor does not reach and may ask for by name.
func (s *Store) Unassigned(ctx context.Context, who gate.Actor) (Unassigned, error) {
	return gate.Do(ctx, s.gate, who, OpUnassigned, gate.Nothing(), func(tx *gate.Tx) (Unassigned, error) {
		out := Unassigned{Shown: tx.ShowsUnassigned()}
		if !out.Shown {
			return out, nil
		}
		err := tx.Each(sqlClientNames, func(r *gate.Rows) error {
			var n Named
			err := r.Scan(&n.ID, &n.Name)
			if tx.Names(gate.Client(n.ID)) {
				out.Clients = append(out.Clients, n)
			}
			return err
		})
		if err != nil {
			return out, err
		}
		_, folders, err := allNames(tx)
		for id, f := range folders {
			if tx.Names(gate.Folder(id)) {
				out.Folders = append(out.Folders, f)
			}
		}
		sortFolders(out.Folders)
		return out, err
	})
}
