package kb

import (
	"errors"

	"bailiwick/internal/gate"
)

// What other features ask within their own transactions.

// Open lists the knowledge bases that the actor may know of.
func Open(tx *gate.Tx) ([]Base, error) {
	all, err := scanBases(tx, sqlBases)
	open := all[:0]
	for _, b := range all {
		if tx.Opens(b.ID) {
			open = append(open, b)
		}
	}
	return open, err
}

// SetRoleIn gives a user a role in the operation's knowledge base, within the
// actor's own, and rank applies.
func (s *Store) SetRoleIn(tx *gate.Tx, user string, role gate.Role) error {
	b, err := the(tx)
	if err != nil {
		return err
	}
	return s.setRole(tx, b, user, role)
}

// RoleToChange is a user's role in the operation's knowledge base, and whether
// the actor may set it.
func RoleToChange(tx *gate.Tx, user string) (gate.ServiceRole, bool) {
	r, ok := tx.ServiceRoleOf(user, tx.BaseID())
	return r, ok && changeable(tx, r, tx.BaseID())
}

var (
	sqlGiven     = gate.SQL(`SELECT b.name FROM kb_roles r JOIN kb_bases b ON b.org_id = r.org_id AND b.id = r.base_id WHERE r.org_id = $1 AND r.user_id = $2 AND r.role <> 'none' ORDER BY b.name`)
	sqlRegisters = gate.SQL(`SELECT id, name, self_registration FROM kb_bases WHERE org_id = $1 AND path = $2`)
)

// Given names the knowledge bases in which a user has a role of his own.
func Given(tx *gate.Tx, user string) (names []string, err error) {
	return names, tx.Each(sqlGiven, func(r *gate.Rows) error {
		var name string
		err := r.Scan(&name)
		names = append(names, name)
		return err
	}, user)
}

// Registers gives the knowledge base of a path with its name, and reports
// whether people register themselves there, as far as it is concerned. It is
// asked for strangers, who have no access model.
func Registers(tx *gate.Tx, path string) (base Named, open bool, err error) {
	err = tx.Row(sqlRegisters, path).Scan(&base.ID, &base.Name, &open)
	if errors.Is(err, gate.ErrNoRows) {
		return Named{}, false, nil
	}
	return base, open, err
}

// AllServices says of each user which role he has in which knowledge base, of
// those that the actor may know of.
func AllServices(tx *gate.Tx) (map[string][]string, error) {
	by := map[string][]string{}
	bases, err := Open(tx)
	for _, b := range bases {
		for _, r := range tx.ServiceRoles(b.ID) {
			if r.Role > gate.Public {
				by[r.ID] = append(by[r.ID], b.Name+": "+Word(r.Role))
			}
		}
	}
	return by, err
}

// Word is a role as people read it.
func Word(r gate.Role) string {
	return map[gate.Role]string{gate.Public: "None", gate.Reader: "Reader", gate.Editor: "Content editor", gate.Admin: "Admin"}[r]
}
