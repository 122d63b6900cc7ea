package vault

import (
	"errors"
	"slices"
	"sync"

	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// leftOut is the credentials whose rows do not open. One of them must not keep
// all others from being checked.
type leftOut struct {
	mu  sync.Mutex
	of  map[string]finder // by id
	say []error           // what nobody was told yet
}

// finder is who found that a row does not open: one may need more of it than
// the other.
type finder uint8

const (
	judging finder = 1 << iota
	comparing
)

func (l *leftOut) add(by finder, id string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = map[string]finder{}
	}
	if l.of[id] == 0 {
		l.say = append(l.say, err)
	}
	l.of[id] |= by
}

// opens takes back what was said of a row that opens now, or is gone.
func (l *leftOut) opens(by finder, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if left := l.of[id] &^ by; left != 0 {
		l.of[id] = left
	} else {
		delete(l.of, id)
	}
}

func (l *leftOut) found(by finder) (ids []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, who := range l.of {
		if who&by != 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// mostTold is how many rows one error names: where a client's key is damaged,
// all of its rows are.
const mostTold = 20

func (l *leftOut) news() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	say := l.say
	l.say = nil
	return errors.Join(say[:min(len(say), mostTold)]...)
}

// Damaged counts the credentials that the check leaves out, because their rows
// were changed from outside or are damaged.
func (s *Store) Damaged() (n int) {
	s.checks.mu.Lock()
	defer s.checks.mu.Unlock()
	for _, c := range s.checks.of {
		n += len(c.damaged.found(judging | comparing))
	}
	return n
}

// damaged reports whether an error is one of a row that was changed from
// outside or is damaged, and not one of the session or of the database.
func damaged(err error) bool { return errors.Is(err, seal.ErrOpen) || errors.Is(err, gate.ErrNoRows) }

// outerKey is what item keys lie under, or why it does not open.
type outerKey struct {
	seal.Key
	err error
}

// openable opens the keys of many rows beforehand, as wrappers does, but for
// damaged ones: their rows are left out.
func openable(tx *gate.Tx, stmt gate.Stmt, args []any) (map[wrapper]outerKey, error) {
	var all []wrapper
	err := tx.Each(stmt, func(r *gate.Rows) error {
		var w wrapper
		err := r.Scan(&w.client, &w.epoch)
		all = append(all, w)
		return err
	}, args...)
	keys := map[wrapper]outerKey{}
	for _, w := range all {
		if err == nil {
			keys[w], err = keyUnder(tx, w)
		}
	}
	return keys, err
}

// keyUnder opens what item keys lie under. An epoch that there never was is as
// good as a damaged key.
func keyUnder(tx *gate.Tx, w wrapper) (k outerKey, err error) {
	if w.client != "" && (w.epoch < 1 || w.epoch > tx.KeyEpoch()) {
		return outerKey{err: seal.ErrOpen}, nil
	}
	if k.Key, err = wrapping(tx, w.client, w.epoch); damaged(err) {
		k.err, err = err, nil
	}
	return k, err
}

// openWith opens the item key with what keyUnder gave.
func (it *item) openWith(org string, outer outerKey) error {
	err := outer.err
	if err == nil {
		it.key, err = outer.Unwrap(seal.PurposeItemKey, placeOfItemKey(org, it.credential, it.keyID, it.epoch), it.keyBox)
	}
	return it.broken("item key", err)
}
