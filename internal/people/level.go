package people

import (
	"errors"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

const noLevel = "There is no such permission level."

var sqlLevelSet = gate.SQL(`SELECT permissions FROM levels WHERE org_id = $1 AND id = $2`)

// levelSet gives what a level of the organization's sort holds, with what is
// implied.
func levelSet(tx *gate.Tx, level string) (perm.Set, error) {
	if l, ok := perm.LevelByID(level); ok && l.Site == tx.Site() {
		return l.Set, nil
	}
	if tx.Site() { // custom levels are the provider's
		return perm.Set{}, fault.Bad("level", noLevel)
	}
	var names string
	err := tx.Row(sqlLevelSet, level).Scan(&names)
	if errors.Is(err, gate.ErrNoRows) {
		return perm.Set{}, fault.Bad("level", noLevel)
	}
	return customSet(names), err
}

// customSet reads a custom level as the gate does: whatever its row says, two
// permissions come with a built-in level only.
func customSet(names string) perm.Set {
	set, _ := perm.Parse(strings.Split(names, "\n"))
	return set.Without(perm.OrganizationAdmin).Without(perm.UserAutoProvision).Effective()
}

// holds reports whether a set lies within the actor's own permissions.
func holds(tx *gate.Tx, set perm.Set) bool {
	for _, i := range perm.All() {
		if set.Has(i.P) && !tx.Has(i.P) {
			return false
		}
	}
	return true
}

// Level is a level that a user can be given.
type Level struct {
	ID, Name string
	May      bool // within the actor's own permissions, and his to give
}

var sqlCustomLevels = gate.SQL(`SELECT id, name, permissions FROM levels WHERE org_id = $1 ORDER BY name, id`)

// levels lists the levels that users can have here. Whoever lacks Permissions: Edit gives
// the default level only.
func levels(tx *gate.Tx, standard string) ([]Level, error) {
	may := func(id string, set perm.Set) bool {
		return holds(tx, set) && (tx.Has(perm.PermissionsEdit) || id == standard)
	}
	var all []Level
	for _, l := range perm.Builtin() {
		if l.Site == tx.Site() {
			all = append(all, Level{l.ID, l.Name, may(l.ID, l.Set)})
		}
	}
	if tx.Site() {
		return all, nil
	}
	err := tx.Each(sqlCustomLevels, func(r *gate.Rows) error {
		var l Level
		var names string
		err := r.Scan(&l.ID, &l.Name, &names)
		l.May = may(l.ID, customSet(names))
		all = append(all, l)
		return err
	})
	return all, err
}

// giveable says why the actor can't give a level to somebody whom he adds or
// makes a member, or "".
func giveable(tx *gate.Tx, level, standard string) (string, error) {
	set, err := levelSet(tx, level)
	switch {
	case fault.Is(err, fault.Invalid):
		return noLevel, nil
	case err != nil:
		return "", err
	case !holds(tx, set) && level == standard:
		return "The default level goes beyond your own permissions, so you can't add members. Ask an administrator.", nil
	case !holds(tx, set):
		return "This level goes beyond your own permissions.", nil
	case level != standard && !tx.Has(perm.PermissionsEdit):
		return "You can give the default level only.", nil
	}
	return "", nil
}

// top is the level of an administrator.
func top(tx *gate.Tx) string {
	if tx.Site() {
		return perm.LevelSiteAdministrator
	}
	return perm.LevelAdmin
}

func kindFor(level string) string {
	switch level {
	case "":
		return "guest"
	case perm.LevelAdmin, perm.LevelSiteAdministrator:
		return "administrator"
	}
	return "member"
}

var sqlWithLevel = gate.SQL(`SELECT id FROM users WHERE org_id = $1 AND enabled AND approved AND NOT invited AND kind <> 'guest' AND level_id = $2 ORDER BY id LIMIT 50`)

// holders finds active users whose level holds a permission, at most 50 of a
// level: it also answers strangers' requests, for which the gate decides nothing.
func holders(tx *gate.Tx, p perm.P) (users []string, err error) {
	var with []string
	for _, l := range perm.Builtin() {
		if l.Set.Has(p) || p == perm.OrganizationAdmin && l.ID == perm.LevelSiteAdministrator {
			with = append(with, l.ID)
		}
	}
	err = tx.Each(sqlCustomLevels, func(r *gate.Rows) error {
		var id, name, names string
		err := r.Scan(&id, &name, &names)
		if customSet(names).Has(p) {
			with = append(with, id)
		}
		return err
	})
	for _, level := range with {
		if err == nil {
			err = tx.Each(sqlWithLevel, func(r *gate.Rows) error {
				var user string
				err := r.Scan(&user)
				users = append(users, user)
				return err
			}, level)
		}
	}
	return users, err
}
