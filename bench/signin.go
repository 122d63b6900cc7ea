package main

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"

	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

// signIns measures signing in over the JSON API by as many at once as the
// server checks at once, against Argon2id of the same cost by as many; and
// what other requests wait while 16 sign-ins queue.
func signIns(b *bench) {
	for _, engine := range b.engines {
		b.sub(func() {
			w := b.world(engine)
			id := w.client("Contoso")
			w.credentials(vault.Place{Client: id}, 100)
			// Each tries its own account: tries of one at once count as guesses.
			var tries [16][]byte
			for i := range tries {
				email := fmt.Sprintf("user%d@northwind.example", i)
				_, err := w.People.Enrol(ctx, w.admin, people.NewUser{Name: fmt.Sprint("User ", i), Email: email, Level: perm.LevelAdmin, Password: seal.NewSecret(password)})
				must(err)
				body, err := json.Marshal(map[string]string{"email": email, "password": password, "organization_key": w.code.Chars()})
				must(err)
				tries[i] = post("/api/v1/sessions", "", string(body))
			}
			ours, limit := b.turns(func() float64 {
				return press(w.addr, 2, b.each, func(n int) []byte { return tries[n%16] }).perSecond
			}, func() float64 {
				return together(2, b.each, func() {
					c := seal.Present
					argon2.IDKey([]byte(password), make([]byte, 16), c.Time, c.MemoryKiB, c.Threads, 32)
				})
			})
			b.add(result{what: "sign-in, 2 at once", engine: engine, unit: "sign-ins/s", ours: ours, bare: limit, more: true, goal: atLeast("ratio", .9),
				limit: fmt.Sprintf("Argon2id alone, %d passes over %d MiB", seal.Present.Time, seal.Present.MemoryKiB/1024)})
			b.queueing(w, engine, tries, get("/clients/"+id, w.bearer))
		})
	}
}

// queueing compares a page's slowest hundredth while 16 sign-ins queue with
// the same while nothing else runs, and, as the bare limit, while bare
// Argon2id takes as many processors.
func (b *bench) queueing(w *world, engine string, tries [16][]byte, page []byte) {
	calm := func() float64 { return press(w.addr, 1, b.each, func(int) []byte { return page }).at(.99) }
	during := func(other func(n int) error) float64 {
		var over atomic.Bool
		ended := make(chan error, 16)
		for n := range 16 {
			go func() {
				var err error
				for !over.Load() && err == nil {
					err = other(n)
				}
				ended <- err
			}()
		}
		time.Sleep(50 * time.Millisecond)
		p := calm()
		over.Store(true)
		for range 16 {
			must(<-ended)
		}
		return p
	}
	slots := make(chan bool, 2)
	var quiet, ours, limit []float64
	for range b.rounds {
		quiet = append(quiet, calm())
		ours = append(ours, during(func(n int) error { _, err := try(w.addr, tries[n]); return err }))
		limit = append(limit, during(func(int) error {
			slots <- true
			defer func() { <-slots }()
			c := seal.Present
			argon2.IDKey([]byte(password), make([]byte, 16), c.Time, c.MemoryKiB, c.Threads, 32)
			return nil
		}))
	}
	rise := make([]float64, len(ours))
	for i := range ours {
		rise[i] = ours[i] / quiet[i]
	}
	b.add(result{what: "page p99, 16 sign-ins queue", engine: engine, unit: "ms", ours: ours, bare: limit, limit: "the same page while bare Argon2id runs twice at once"})
	b.add(result{what: "page p99, of that of a quiet server", engine: engine, unit: "times", ours: rise, goal: atMost("ours", 1.2)})
}

// together runs fn by so many at once for a while and gives how often a second.
func together(at int, long time.Duration, fn func()) float64 {
	var n atomic.Int64
	var group sync.WaitGroup
	begun := time.Now()
	for range at {
		group.Go(func() {
			for time.Since(begun) < long {
				fn()
				n.Add(1)
			}
		})
	}
	group.Wait()
	return float64(n.Load()) / time.Since(begun).Seconds()
}
