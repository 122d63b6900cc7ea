package seal

import (
	"context"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
)

// Cost is what one password check costs (Argon2id, RFC 9106).
type Cost struct {
	Time, MemoryKiB uint32
	Threads         uint8
}

// Present is the cost of new password records; weaker ones are renewed at
// sign-in. It lies well above the least that ASVS 5.0.0 allows.
var Present = Cost{Time: 3, MemoryKiB: 64 * 1024, Threads: 1}

// Records outside these bounds are refused: below, somebody weakened them in
// the database; above, they would stop the server.
var (
	floor   = Cost{Time: 2, MemoryKiB: 19 * 1024, Threads: 1}
	ceiling = Cost{Time: 10, MemoryKiB: 256 * 1024, Threads: 4}
)

func (c Cost) within(low, high Cost) bool {
	return c.Time >= low.Time && c.Time <= high.Time &&
		c.MemoryKiB >= low.MemoryKiB && c.MemoryKiB <= high.MemoryKiB &&
		c.Threads >= low.Threads && c.Threads <= high.Threads
}

// weakerThan reports whether any parameter that slows an attacker is lower.
func (c Cost) weakerThan(other Cost) bool {
	return c.Time < other.Time || c.MemoryKiB < other.MemoryKiB
}

// Argon runs password checks, only a few at once because each takes 64 MiB
// and a quarter of a second, and keeps a short queue. It is safe for
// concurrent use.
type Argon struct {
	cost, floor Cost
	slots       chan struct{}
	queue       int64
	waiting     atomic.Int64
}

// NewArgon returns a runner at the Present cost that runs parallel checks at
// once and lets queue others wait (2 and 32 on a small machine).
func NewArgon(parallel, queue int) *Argon {
	return &Argon{cost: Present, floor: floor, slots: make(chan struct{}, max(1, parallel)), queue: int64(max(0, queue))}
}

// NewArgonAt is NewArgon at another cost for new records, or ErrCost when it
// lies outside the compiled-in bounds (at least 2 passes over 19 MiB).
func NewArgonAt(cost Cost, parallel, queue int) (*Argon, error) {
	if !cost.within(floor, ceiling) {
		return nil, ErrCost
	}
	a := NewArgon(parallel, queue)
	a.cost = cost
	return a, nil
}

// enter waits for a slot; leave gives it back. A full queue is ErrBusy at
// once, so that a flood of sign-ins is answered instead of piling up.
func (a *Argon) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case a.slots <- struct{}{}:
		return nil
	default:
	}
	defer a.waiting.Add(-1)
	if a.waiting.Add(1) > a.queue {
		return ErrBusy
	}
	select {
	case a.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Load says how many checks run and how many wait, now.
func (a *Argon) Load() (running, waiting int64) {
	return int64(len(a.slots)), max(0, min(a.waiting.Load(), a.queue))
}

func (a *Argon) leave() { <-a.slots }

// run returns the key of a password, once there is a slot. The password counts
// byte by byte: it is not trimmed, cut or normalized (ASVS 6.2.8).
func (a *Argon) run(ctx context.Context, password Secret, salt []byte, c Cost) (Key, error) {
	if err := a.enter(ctx); err != nil {
		return Key{}, err
	}
	defer a.leave()
	text := []byte(password.Reveal())
	defer clear(text)
	out := argon2.IDKey(text, salt, c.Time, c.MemoryKiB, c.Threads, KeySize)
	defer clear(out)
	return keyOf([KeySize]byte(out)), nil
}
