package factor

import (
	"context"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

var (
	sqlOwn    = gate.SQL(`SELECT kind, name FROM factors WHERE org_id = $1 AND id = $2 AND user_id = $3 AND confirmed AND kind <> 'codes'`)
	sqlRename = gate.SQL(`UPDATE factors SET name = $3 WHERE org_id = $1 AND id = $2`)
	sqlRemove = gate.SQL(`DELETE FROM factors WHERE org_id = $1 AND id = $2`)
)

// own finds one of the actor's factors and names it in the event.
func own(tx *gate.Tx, factor string) (kind, name string, err error) {
	err = tx.Row(sqlOwn, factor, tx.Who().User()).Scan(&kind, &name)
	e := tx.Event()
	e.Kind, e.ID, e.Name = "factor", factor, name
	return kind, name, err
}

// Rename gives a factor another name.
func (s *Store) Rename(ctx context.Context, who gate.Actor, factor, name string) error {
	name = strings.TrimSpace(name)
	if err := checkName(name); err != nil {
		return err
	}
	_, err := gate.Do(ctx, s.gate, who, OpRename, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		kind, was, err := own(tx, factor)
		if err != nil || was == name {
			return true, err
		}
		if err := s.tell(tx, who.User(), what(kind, was)); err != nil {
			return false, err
		}
		tx.Event().Name = name
		return true, tx.One(sqlRename, factor, name)
	})
	return err
}

// Remove removes a factor. Where the organization demands one, the last stays
// until there is another.
func (s *Store) Remove(ctx context.Context, who gate.Actor, factor string, password seal.Secret) error {
	if err := s.org.Confirm(ctx, who, password); err != nil {
		return err
	}
	_, err := gate.Do(ctx, s.gate, who, OpRemove, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		kind, name, err := own(tx, factor)
		if err != nil {
			return false, err
		}
		all, _, err := list(tx, who.User())
		if err != nil {
			return false, err
		}
		if must, err := forced(tx); err != nil || must && len(all) == 1 {
			if err == nil {
				err = fault.Cannot("Your organization demands a second factor, and this is your last one. Set up another before you remove it.")
			}
			return false, err
		}
		if err := tx.One(sqlRemove, factor); err != nil {
			return false, err
		}
		if err := s.tell(tx, who.User(), what(kind, name)); err != nil {
			return false, err
		}
		return true, settle(tx, who.User(), false)
	})
	return err
}
