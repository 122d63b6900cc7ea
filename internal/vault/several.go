package vault

import (
	"context"
	"errors"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// Most is how many credentials one act may take: it holds up all other
// writers while it lasts.
const Most = 5000

// Chosen is one of several credentials that an act is done to. Version is the
// one that the actor read; 0 takes whichever is present.
type Chosen struct {
	ID      string
	Version int64
}

// Changed is what an act made of one credential: enough to take exactly this
// change back. It may be stored as the answer to a repeated request, so it
// holds ids and nothing sealed.
type Changed struct {
	ID      string // as it is now
	Was     string `json:",omitempty"` // its id before, where that differs: what is archived now
	WasAt   int64  `json:",omitempty"` // the version of that
	Version int64  // as it is now; 0 where nothing changed
	From    Place  // where it lay
	Type    string `json:",omitempty"` // what it was
	NoUndo  bool   `json:",omitempty"` // the actor may not take it back, or it can't be
}

// idle is what an act gives for a credential to which there is nothing to do: it
// is no event. Where that is so of all of them, it is the answer.
type idle string

func (i idle) Error() string { return string(i) }

// several does an act to each of the chosen credentials in one transaction, to
// all or to none of them. Each is decided on by itself and is an event of its
// own, as if it were alone.
func (s *Store) several(ctx context.Context, who gate.Actor, op *gate.Op, chosen []Chosen, act func(tx *gate.Tx, c *stored, i int) (Changed, error)) ([]Changed, error) {
	switch {
	case len(chosen) == 0:
		return nil, fault.Bad("credentials", "Choose at least one credential.")
	case len(chosen) > Most:
		return nil, fault.Cannot("At most %d credentials can be changed at a time. Nothing was changed.", Most)
	}
	return gate.Do(ctx, s.gate, who, op, gate.Credential(chosen[0].ID), func(tx *gate.Tx) ([]Changed, error) {
		rows, err := readChosen(tx, op, idsOf(chosen))
		if err != nil {
			return nil, err
		}
		var out []Changed
		var first *gate.Event
		var nothing idle
		for i, one := range chosen {
			c := rows[one.ID]
			if c == nil {
				return nil, fault.NotFound()
			}
			if i > 0 {
				*tx.Event() = gate.Event{Operation: op.Name, Outcome: "done", Kind: "credential", ID: c.ID, Client: c.ClientID, Owner: c.OwnerID}
			}
			if c.Title != "" {
				tx.Title(c.ClientID, c.Title)
			}
			changed, err := act(tx, c, i)
			passed := errors.As(err, &nothing)
			if err != nil && !passed {
				return nil, err
			}
			if one.Version != 0 && one.Version != c.Version { // after: a refusal says nothing of versions
				return nil, fault.Stale("credential")
			}
			out = append(out, changed)
			delete(rows, one.ID) // whoever names it twice meets an absence
			switch {
			case passed:
			case first == nil:
				done := *tx.Event()
				first = &done
			default:
				tx.Note(*tx.Event(), c.Title)
			}
		}
		if first == nil {
			return nil, fault.Cannot("%s", nothing)
		}
		*tx.Event() = *first
		return out, nil
	})
}

func (c *stored) where() Place {
	return Place{Client: c.ClientID, Own: c.OwnerID != "", Folder: c.FolderID}
}

// readChosen reads the rows of ids on which the actor may do an operation, and
// no others. Where the session holds keys their overviews are opened, for the
// titles in the audit log; archiving and moving within a client need none.
func readChosen(tx *gate.Tx, op *gate.Op, ids []string) (map[string]*stored, error) {
	rows := map[string]*stored{}
	err := eachOf(tx, ids, func(c *stored) error {
		if !tx.May(op, gate.At(c.lies())) || c.OwnerID != "" && c.OwnerID != tx.Who().User() {
			return nil
		}
		rows[c.ID] = c
		if !tx.Who().Open() {
			return nil
		}
		return c.openUp(tx)
	})
	if err != nil {
		return nil, err
	}
	return rows, nil
}

func idsOf(chosen []Chosen) []string {
	ids := make([]string, len(chosen))
	for i, c := range chosen {
		ids[i] = c.ID
	}
	return ids
}

// TypeChange gives one credential another type.
type TypeChange struct {
	Chosen
	Type string
}

// Retype gives several credentials other types. Like every edit it keeps the
// state before in the history.
func (s *Store) Retype(ctx context.Context, who gate.Actor, changes []TypeChange) ([]Changed, error) {
	chosen := make([]Chosen, len(changes))
	for i, c := range changes {
		chosen[i] = c.Chosen
	}
	return s.several(ctx, who, OpEdit, chosen, func(tx *gate.Tx, c *stored, i int) (Changed, error) {
		kinds, err := KindsAt(tx, c.where())
		if err != nil {
			return Changed{}, err
		}
		version, err := edit(tx, c.ID, c.Version, false, func(c *stored, secret Secret) (Input, error) {
			in := Input{Type: changes[i].Type, Expires: c.Expires, Overview: c.Overview, Secret: secret}
			if err := in.check(); err != nil {
				return in, err
			}
			return in, kinds.settleOf(&in, c)
		})
		changed := Changed{ID: c.ID, Version: version, From: c.where(), Type: c.Type}
		if version == c.Version {
			changed.Version = 0
		}
		return changed, err
	})
}
