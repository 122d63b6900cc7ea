package org

import (
	"context"
	"sync"

	"bailiwick/internal/seal"
)

// mostWaiting is how many passwords of one account wait to be checked.
const mostWaiting = 64

// turns lets one password of an account be checked at a time on this server. A
// try is counted before it is checked: without turns ten people who know the
// password, or ten programs of one person, would lock the account out by
// signing in at the same moment. Wrong tries gain nothing by it: each is still
// counted before it is checked, and on every server.
type turns struct {
	mu sync.Mutex
	of map[string]*turn
}

type turn struct {
	free chan struct{} // holds one while nobody's turn is on
	here int           // who waits, and whose turn it is
}

// take waits for a turn. An account that does not exist waits like one that
// does, so the key is what was typed.
func (t *turns) take(ctx context.Context, key string) (leave func(), err error) {
	t.mu.Lock()
	if t.of == nil {
		t.of = map[string]*turn{}
	}
	one := t.of[key]
	if one == nil {
		one = &turn{free: make(chan struct{}, 1)}
		one.free <- struct{}{}
		t.of[key] = one
	}
	if one.here == mostWaiting {
		t.mu.Unlock()
		return nil, Waiting(seal.ErrBusy)
	}
	one.here++
	t.mu.Unlock()
	gone := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if one.here--; one.here == 0 {
			delete(t.of, key)
		}
	}
	select {
	case <-one.free:
		return func() { one.free <- struct{}{}; gone() }, nil
	case <-ctx.Done():
		gone()
		return nil, ctx.Err()
	}
}

// Turn waits until no other password typed for an address is being checked.
func (s *Store) Turn(ctx context.Context, address string) (leave func(), err error) {
	return s.turns.take(ctx, "address "+Fold(address))
}
