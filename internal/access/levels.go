package access

import (
	"context"
	"slices"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// Level is a permission level, built in or the organization's own.
type Level struct {
	ID, Name, For      string // For: whom a built-in one is for
	Builtin, Site      bool   // Site: for users of a site
	Set                perm.Set
	Version            int64
	Holders            []gate.Person
	Default            bool // what new members get
	MayEdit, MayDelete bool
	MayGive            bool // within the actor's own permissions
}

var (
	sqlLevels       = gate.SQL(`SELECT id, name, permissions, version FROM levels WHERE org_id = $1 ORDER BY name, id`)
	sqlAddLevel     = gate.SQL(`INSERT INTO levels (org_id, id, name, permissions) VALUES ($1, $2, $3, $4)`)
	sqlEditLevel    = gate.SQL(`UPDATE levels SET name = $4, permissions = $5, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $3`)
	sqlDeleteLevel  = gate.SQL(`DELETE FROM levels WHERE org_id = $1 AND id = $2 AND version = $3`)
	sqlRelevel      = gate.SQL(`UPDATE users SET level_id = $3, kind = $4, version = version + 1 WHERE org_id = $1 AND level_id = $2`)
	sqlDefaultLevel = gate.SQL(`SELECT COUNT(*) FROM settings WHERE org_id = $1 AND name = 'default-level' AND value = $2`)
	sqlNewDefault   = gate.SQL(`UPDATE settings SET value = $3 WHERE org_id = $1 AND name = 'default-level' AND value = $2`)
)

// Levels lists the eight built-in levels, and then the custom ones by name.
func (s *Store) Levels(ctx context.Context, who gate.Actor) ([]Level, error) {
	return gate.Do(ctx, s.gate, who, OpLevels, gate.Nothing(), func(tx *gate.Tx) ([]Level, error) {
		return levels(tx)
	})
}

// Level gives one level.
func (s *Store) Level(ctx context.Context, who gate.Actor, level string) (Level, error) {
	return gate.Do(ctx, s.gate, who, OpLevels, gate.Nothing(), func(tx *gate.Tx) (Level, error) {
		return levelOf(tx, level)
	})
}

func levels(tx *gate.Tx) (all []Level, err error) {
	for _, b := range perm.Builtin() {
		if tx.Site() && !b.Site { // a site has its three levels and no others
			continue
		}
		all = append(all, Level{ID: b.ID, Name: b.Name, For: b.For, Builtin: true, Site: b.Site, Set: b.Set})
	}
	err = tx.Each(sqlLevels, func(r *gate.Rows) error {
		var l Level
		var names string
		err := r.Scan(&l.ID, &l.Name, &names, &l.Version)
		l.Set = custom(names)
		all = append(all, l)
		return err
	})
	for i := range all {
		l := &all[i]
		l.Holders = tx.Holders(l.ID)
		if err == nil {
			l.Default, err = isDefault(tx, l.ID)
		}
		l.MayGive = within(tx, l.Set) && !l.Site
		l.MayEdit = !l.Builtin && tx.May(OpLevelEdit, gate.Nothing()) && within(tx, l.Set) && outranksAll(tx, l.Holders)
		l.MayDelete = !l.Builtin && tx.May(OpLevelDelete, gate.Nothing()) && (!l.inUse() || tx.Has(perm.PermissionsEdit) && outranksAll(tx, l.Holders))
	}
	return all, err
}

// custom reads a stored level as the gate does: two permissions come with a
// built-in level only, whatever the row says.
func custom(names string) perm.Set {
	set, _ := perm.Parse(strings.Split(names, "\n"))
	return set.Without(perm.OrganizationAdmin).Without(perm.UserAutoProvision).Effective()
}

func isDefault(tx *gate.Tx, level string) (bool, error) {
	n := 0
	err := tx.Row(sqlDefaultLevel, level).Scan(&n)
	return n > 0, err
}

func (l Level) inUse() bool { return len(l.Holders) > 0 || l.Default }

// outranksAll: rank applies to everybody whose rights would change, and nobody
// changes his own.
func outranksAll(tx *gate.Tx, users []gate.Person) bool {
	return !slices.ContainsFunc(users, func(p gate.Person) bool { _, ok := tx.Outranks(p.ID); return !ok })
}

func levelOf(tx *gate.Tx, level string) (Level, error) {
	all, err := levels(tx)
	if err != nil {
		return Level{}, err
	}
	i := slices.IndexFunc(all, func(l Level) bool { return l.ID == level })
	if i < 0 {
		return Level{}, fault.NotFound()
	}
	return all[i], nil
}
