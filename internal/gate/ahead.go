package gate

import (
	"context"
	"sync"

	"bailiwick/internal/db"
)

// An operation that is done ahead reads, decides and opens before its turn to
// write, by what this server last knew of the organization's state: the epochs
// and the change sequence. Each change of access, keys, clients, folders or
// credentials raises one of them. In its turn, inside the transaction that
// acts, the state is read anew: if it is the same, then so is everything that
// was read after it, and the decision is the one that would be made now.
// Otherwise all of it is done again in the transaction, as if nothing had been
// done ahead. Whatever goes wrong ahead, a refusal too, is left to that.

// states are the organizations' states as this server last read them, all of
// them committed.
type states struct {
	mu sync.RWMutex
	of map[string]orgState
}

// note keeps the state that a transaction has read. That of a write may come
// from another one of its batch, and counts only after the commit.
func (s *states) note(t *Tx) {
	state := t.state
	keep := func() {
		if known, ok := s.get(t.who.org); !ok || known != state {
			s.mu.Lock()
			s.of[t.who.org] = state
			s.mu.Unlock()
		}
	}
	if t.op.Write {
		t.After(keep)
	} else {
		keep()
	}
}

func (s *states) get(org string) (orgState, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	state, ok := s.of[org]
	return state, ok
}

// ahead does everything of an operation but writing. It gives nil where that
// can't be done, for whatever reason.
func (g *Gate) ahead(ctx context.Context, who Actor, op *Op, target Target, w work) *Tx {
	t := &Tx{ctx: ctx, gate: g, who: who, op: op, now: g.clock.Now(), early: true}
	var known bool
	if t.state, known = g.states.get(who.org); !known || !g.compiled(t) {
		return nil
	}
	err := g.db.Look(ctx, func(tx *db.Tx) (err error) {
		t.tx = tx
		if err = t.open(target); err != nil {
			return err
		}
		if err = w.run(t); err != nil {
			return err
		}
		return t.titleKeys()
	})
	if err != nil || len(t.after) > 0 {
		return nil
	}
	return t
}

// compiled reports whether the access model of the state is at hand.
func (g *Gate) compiled(t *Tx) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	m := g.models[t.who.org]
	return m != nil && m.epoch == t.state.accessEpoch
}

// titleKeys opens the keys of the events' titles, while there is time.
func (t *Tx) titleKeys() error {
	for _, e := range append([]Event{t.event}, t.extra...) {
		if _, _, err := t.titleKey(&e); err != nil {
			return err
		}
	}
	return nil
}

// still reports, inside the transaction that acts, whether what was done ahead
// is what would be done now. If so, it leaves the rows to be written.
func (t *Tx) still(tx *db.Tx) (bool, error) {
	t.tx = tx
	before := t.state
	if err := t.begin(); err != nil {
		return false, err
	}
	if t.state != before {
		return false, nil
	}
	tx.Later("rows "+t.who.org, t, together)
	return true, nil
}

// together writes what transactions of one organization have left: their
// events, numbered in the order in which they had their turn, and their rows.
func together(tx *db.Tx, all []any) error {
	var events []any
	var intos []*Insert
	left := map[*Insert]map[string][]any{}
	for _, one := range all {
		t := one.(*Tx)
		t.tx = tx
		for _, e := range append([]Event{t.event}, t.extra...) {
			if !t.op.Audit {
				break
			}
			args, err := t.numbered(&e)
			if err != nil {
				return err
			}
			events = append(events, args...)
		}
		for _, l := range t.lines {
			if left[l.into] == nil {
				left[l.into] = map[string][]any{}
				intos = append(intos, l.into)
			}
			left[l.into][l.key] = l.args
		}
	}
	t := all[0].(*Tx)
	if err := addEvent.insert(t, events); err != nil {
		return err
	}
	for _, into := range intos {
		var args []any
		for _, row := range left[into] {
			args = append(args, row...)
		}
		if err := into.insert(t, args); err != nil {
			return err
		}
	}
	return nil
}
