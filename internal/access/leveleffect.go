package access

import (
	"context"

	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// LevelEffect is what a change gives to and takes from the users of a level,
// by permission in the catalogue's order.
type LevelEffect struct {
	Permission   perm.P
	Gains, Loses []gate.Person
}

// PreviewLevel says what users of a level would gain and lose if it held these
// permissions.
func (s *Store) PreviewLevel(ctx context.Context, who gate.Actor, level string, set perm.Set) ([]LevelEffect, error) {
	return gate.Do(ctx, s.gate, who, OpLevelPreview, gate.Nothing(), func(tx *gate.Tx) ([]LevelEffect, error) {
		l, err := levelOf(tx, level)
		if err != nil {
			return nil, err
		}
		return effect(tx, l.Holders, set), nil
	})
}

// PreviewReplacement says the same for users of a level who get another one.
func (s *Store) PreviewReplacement(ctx context.Context, who gate.Actor, level, replacement string) ([]LevelEffect, error) {
	return gate.Do(ctx, s.gate, who, OpLevelPreview, gate.Nothing(), func(tx *gate.Tx) ([]LevelEffect, error) {
		l, err := levelOf(tx, level)
		if err != nil {
			return nil, err
		}
		next, err := levelOf(tx, replacement)
		if err != nil {
			return nil, err
		}
		return effect(tx, l.Holders, next.Set), nil
	})
}

func effect(tx *gate.Tx, holders []gate.Person, set perm.Set) (all []LevelEffect) {
	by := map[perm.P]*LevelEffect{}
	for _, p := range holders {
		gains, loses := tx.LevelChange(p.ID, set)
		for _, i := range perm.All() {
			if !gains.Has(i.P) && !loses.Has(i.P) {
				continue
			}
			if by[i.P] == nil {
				by[i.P] = &LevelEffect{Permission: i.P}
			}
			if gains.Has(i.P) {
				by[i.P].Gains = append(by[i.P].Gains, p)
			} else {
				by[i.P].Loses = append(by[i.P].Loses, p)
			}
		}
	}
	for _, i := range perm.All() {
		if e := by[i.P]; e != nil {
			all = append(all, *e)
		}
	}
	return all
}
