package db

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// locks are mutexes by name that exist while somebody wants them. The zero
// value is ready.
type locks struct {
	mu      sync.Mutex
	names   map[string]*namedLock
	waiting atomic.Int64
}

type namedLock struct {
	held  chan struct{}
	users int
}

// take waits for the lock, first come, first served, or for the context's end.
func (l *locks) take(ctx context.Context, name string) (unlock func(), err error) {
	l.mu.Lock()
	if l.names == nil {
		l.names = map[string]*namedLock{}
	}
	n := l.names[name]
	if n == nil {
		n = &namedLock{held: make(chan struct{}, 1)}
		l.names[name] = n
	}
	n.users++
	l.mu.Unlock()

	leave := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if n.users--; n.users == 0 {
			delete(l.names, name)
		}
	}
	select {
	case n.held <- struct{}{}:
		return func() { <-n.held; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

// patience is how long a writer waits for the one before it. Whoever asked is
// told to come again rather than left hanging.
const patience = 20 * time.Second

// wait takes the lock, or gives ErrBusy when that takes too long.
func (l *locks) wait(ctx context.Context, name string) (unlock func(), err error) {
	l.waiting.Add(1)
	defer l.waiting.Add(-1)
	patient, stop := context.WithTimeout(ctx, patience)
	defer stop()
	unlock, err = l.take(patient, name)
	if err != nil && ctx.Err() == nil {
		return nil, ErrBusy
	}
	return unlock, err
}
