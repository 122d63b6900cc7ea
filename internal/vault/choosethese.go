package vault

import (
	"context"
	"slices"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// Given is folders and credentials that are chosen for some Site Users -
// Limited, and taken from others. What else was chosen for them stays.
type Given struct {
	Folders, Credentials []string
	To, From             []string // users
}

// mostGiven bounds how many lines one act writes: it holds up other writers.
const mostGiven = 4 * Most

var (
	sqlGive     = gate.SQL(`INSERT INTO chosen (org_id, user_id, thing_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	sqlTakeAway = gate.SQL(`DELETE FROM chosen WHERE org_id = $1 AND user_id = $2 AND thing_id = $3`)
)

// ChooseThese chooses things for users, or takes them away, all or nothing.
// Each user is an event.
func (s *Store) ChooseThese(ctx context.Context, who gate.Actor, g Given) error {
	things := len(g.Folders) + len(g.Credentials)
	users := len(g.To) + len(g.From)
	switch {
	case things == 0:
		return fault.Bad("credentials", "Choose at least one folder or credential.")
	case users == 0:
		return fault.Bad("users", "Choose for whom.")
	case things*users > mostGiven:
		return fault.Cannot("That is too much at a time: folders and credentials, times users, may be %d. Nothing was changed.", mostGiven)
	}
	_, err := gate.Do(ctx, s.gate, who, OpChoose, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		things, err := g.things(tx)
		if err != nil {
			return false, err
		}
		for i, user := range append(slices.Clone(g.To), g.From...) {
			l, err := limited(tx, user)
			if err != nil {
				return false, err
			}
			stmt, word := sqlGive, "added"
			if i >= len(g.To) {
				stmt, word = sqlTakeAway, "taken away"
			}
			for _, t := range things {
				if _, err := tx.Exec(stmt, user, t.id); err != nil {
					return false, err
				}
			}
			if e := (gate.Event{Kind: "user", ID: user, Name: l.Name, Fields: []string{word}}); i > 0 {
				tx.Note(e, "")
			} else {
				ev := tx.Event()
				ev.Kind, ev.ID, ev.Name, ev.Fields = e.Kind, e.ID, e.Name, e.Fields
			}
		}
		if err := standAlone(tx); err != nil {
			return false, err
		}
		return true, tx.BumpAccess()
	})
	return err
}

// thing is a folder or credential that can be chosen.
type thing struct {
	id string
	at gate.Target
}

// things are all of them, if all are the actor's to choose.
func (g Given) things(tx *gate.Tx) (all []thing, err error) {
	for _, id := range g.Folders {
		if tx.May(choosable, gate.Folder(id)) {
			all = append(all, thing{id, gate.Folder(id)})
		}
	}
	err = eachOf(tx, g.Credentials, func(c *stored) error {
		if at := gate.At(c.lies()); tx.May(choosable, at) {
			all = append(all, thing{c.ID, at})
		}
		return nil
	})
	if err == nil && len(all) != len(g.Folders)+len(g.Credentials) {
		err = fault.NotFound()
	}
	return all, err
}

// standAlone marks credentials that were chosen: what is decided on by itself
// from now on has another place in search.
func standAlone(tx *gate.Tx) error {
	seq, err := tx.NextChange()
	if err == nil {
		_, err = tx.Exec(sqlAlone, seq)
	}
	return err
}

// ForWhom is a Site User - Limited, and how much of some things he sees.
type ForWhom struct {
	gate.Person
	Chosen int // of them, chosen for him one by one
	Sees   int // of them, in this way or another
}

// ForWhom lists the Site Users - Limited with what they see of these things.
func (s *Store) ForWhom(ctx context.Context, who gate.Actor, folders, credentials []string) ([]ForWhom, error) {
	return gate.Do(ctx, s.gate, who, OpChosen, gate.Nothing(), func(tx *gate.Tx) (all []ForWhom, err error) {
		things, err := Given{Folders: folders, Credentials: credentials}.things(tx)
		if err != nil {
			return nil, err
		}
		for _, p := range tx.Holders(perm.LevelSiteUserLimited) {
			ids, err := idsIn(tx, sqlChosenFor, p.ID)
			if err != nil {
				return nil, err
			}
			f := ForWhom{Person: p}
			for _, t := range things {
				if slices.Contains(ids, t.id) {
					f.Chosen++
				}
				if _, sees := tx.ReachOf(p.ID, t.at); sees {
					f.Sees++
				}
			}
			all = append(all, f)
		}
		return all, nil
	})
}

// chooses reports whether the actor may choose what somebody sees, and there is
// somebody.
func chooses(tx *gate.Tx) bool {
	return tx.Site() && tx.May(OpChoose, gate.Nothing()) && len(tx.Holders(perm.LevelSiteUserLimited)) > 0
}
