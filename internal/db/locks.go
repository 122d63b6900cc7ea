package db

import (
	"sync"
	"time"
)

// patience is how long a writer waits for the one before it. Whoever asked is
// told to come again rather than left hanging.
const patience = 20 * time.Second

// queues are writers by lock that exist while somebody wants them. The zero
// value is ready.
type queues struct {
	mu    sync.Mutex
	names map[string]*queue
}

type queue struct {
	writer *writer
	users  int
}

// of gives the writer of a lock; leave says that the caller is done with it.
func (q *queues) of(lock string, fresh func(string) *writer) (w *writer, leave func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.names == nil {
		q.names = map[string]*queue{}
	}
	n := q.names[lock]
	if n == nil {
		n = &queue{writer: fresh(lock)}
		q.names[lock] = n
	}
	n.users++
	return n.writer, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if n.users--; n.users == 0 {
			delete(q.names, lock)
		}
	}
}
