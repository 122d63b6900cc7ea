package main

import (
	"fmt"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/people"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// quick is the cheapest password record there may be: here nobody signs in.
var quick = seal.Cost{Time: 2, MemoryKiB: 19 * 1024, Threads: 1}

// epochs measures what disabling a member costs: new keys for every client,
// grants and ways in for every member, in one transaction.
func epochs(b *bench) {
	for _, engine := range b.engines {
		b.sub(func() {
			w := b.worldAt(engine, quick)
			clients, members := b.n(500), b.n(200)
			for c := range clients {
				w.client(fmt.Sprintf("Client %03d", c))
			}
			ids := w.members(members + b.rounds - 1)
			var ours []float64
			for _, id := range ids[:b.rounds] {
				begun := time.Now()
				must(w.People.Disable(ctx, w.admin, id))
				ours = append(ours, time.Since(begun).Seconds()*1000)
			}
			b.add(result{what: "new epoch", engine: engine, unit: "ms", ours: ours, goal: atMost("ours", 1000),
				note: fmt.Sprintf("a member of %d is disabled, with %d clients: new keys for every client, grants and ways in for every member", members, clients)})
		})
	}
}

// members enrols people, as many at once as passwords are checked at once.
func (w *world) members(n int) []string {
	ids, turn, ended := make([]string, n), make(chan bool, app.Checks), make(chan error, n)
	for m := range n {
		go func() {
			turn <- true
			defer func() { <-turn }()
			var err error
			ids[m], err = w.People.Enrol(ctx, w.admin, people.NewUser{Name: fmt.Sprint("Member ", m), Email: fmt.Sprintf("member%d@northwind.example", m),
				Level: perm.LevelTechnicianDefault, Password: seal.NewSecret(password)})
			ended <- err
		}()
	}
	for range n {
		must(<-ended)
	}
	return ids
}
