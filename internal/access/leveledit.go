package access

import (
	"context"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/perm"
)

// taken are the names of all levels but one.
func taken(all []Level, but string) (names []string) {
	for _, l := range all {
		if l.ID != but {
			names = append(names, l.Name)
		}
	}
	return names
}

// puts refuses what the actor can't put into a level.
func puts(tx *gate.Tx, set perm.Set) error {
	for _, i := range perm.All() {
		if set.Has(i.P) && (!tx.Has(i.P) || !i.P.Custom()) {
			return fault.Bad("permissions", "%q can't be put into a level by you.", i.Name)
		}
	}
	return nil
}

// AddLevel adds a custom level.
func (s *Store) AddLevel(ctx context.Context, who gate.Actor, name string, set perm.Set) (string, error) {
	return gate.Do(ctx, s.gate, who, OpLevelAdd, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		if err := puts(tx, set); err != nil {
			return "", err
		}
		all, err := levels(tx)
		if err != nil {
			return "", err
		}
		if name, err = nameFor(name, "level", taken(all, "")); err != nil {
			return "", err
		}
		level := id.New("level")
		e := tx.Event()
		e.Kind, e.ID, e.Name = "level", level, name
		if _, err := tx.Exec(sqlAddLevel, level, name, strings.Join(set.Names(), "\n")); err != nil {
			return "", err
		}
		return level, tx.BumpAccess()
	})
}

// EditLevel changes a custom level that the actor read at a version.
func (s *Store) EditLevel(ctx context.Context, who gate.Actor, level string, version int64, name string, set perm.Set) error {
	_, err := gate.Do(ctx, s.gate, who, OpLevelEdit, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		l, err := levelOf(tx, level)
		if err != nil {
			return false, err
		}
		if !l.MayEdit {
			return false, fault.NotFound()
		}
		if l.Version != version {
			return false, fault.Stale("level")
		}
		if err := puts(tx, set); err != nil {
			return false, err
		}
		all, err := levels(tx)
		if err != nil {
			return false, err
		}
		if name, err = nameFor(name, "level", taken(all, level)); err != nil {
			return false, err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name, e.Fields = "level", level, name, changed(l, name, set.Effective())
		if err := tx.One(sqlEditLevel, level, version, name, strings.Join(set.Names(), "\n")); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}

// changed names what an edit gives and takes, for the audit log.
func changed(l Level, name string, set perm.Set) (fields []string) {
	if l.Name != name {
		fields = append(fields, "name")
	}
	for _, i := range perm.All() {
		switch {
		case set.Has(i.P) && !l.Set.Has(i.P):
			fields = append(fields, "+ "+i.Name)
		case !set.Has(i.P) && l.Set.Has(i.P):
			fields = append(fields, "- "+i.Name)
		}
	}
	return fields
}

// DeleteLevel deletes a custom level that the actor read at a version. Whoever
// has it gets the replacement in the same transaction, and so does whoever
// would have got it as the default.
func (s *Store) DeleteLevel(ctx context.Context, who gate.Actor, level string, version int64, replacement string) error {
	_, err := gate.Do(ctx, s.gate, who, OpLevelDelete, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		l, err := levelOf(tx, level)
		if err != nil {
			return false, err
		}
		if !l.MayDelete {
			return false, fault.NotFound()
		}
		if l.Version != version {
			return false, fault.Stale("level")
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name = "level", level, l.Name
		if l.inUse() {
			next, err := replacing(tx, l, replacement)
			if err != nil {
				return false, err
			}
			e.Fields = []string{"replaced by " + next.Name}
			kind := "member"
			if next.ID == perm.LevelAdmin {
				kind = "administrator"
			}
			if _, err := tx.Exec(sqlRelevel, level, next.ID, kind); err != nil {
				return false, err
			}
			if _, err := tx.Exec(sqlNewDefault, level, next.ID); err != nil {
				return false, err
			}
			for _, p := range l.Holders {
				tx.Note(gate.Event{Kind: "user", ID: p.ID, Name: p.Name, Fields: []string{"level"}}, "")
			}
		}
		if err := tx.One(sqlDeleteLevel, level, version); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}

// replacing finds the level that takes the place of a deleted one.
func replacing(tx *gate.Tx, l Level, replacement string) (Level, error) {
	if replacement == "" {
		return Level{}, fault.Bad("replacement", "This level is in use. Choose the one that its users get.")
	}
	next, err := levelOf(tx, replacement)
	if err != nil || next.ID == l.ID || !next.MayGive {
		return Level{}, fault.Bad("replacement", "This level can't be given by you.")
	}
	return next, nil
}
