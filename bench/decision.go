package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/vault"
)

// decision measures one question to the gate, in an organization of 10,000
// users, 1,000 clients, 500 security groups and folders ten deep: who asks is
// a technician whom three groups and ten assignments give what he reaches.
func decision(b *bench) {
	b.sub(func() {
		w := b.world("sqlite")
		people, clients, groups := b.n(10_000), b.n(1000), b.n(500)
		w.peopled(people, clients, groups)
		places := make([]gate.Target, 4096)
		for i := range places {
			c := rand.IntN(clients)
			places[i] = gate.In(fmt.Sprintf("client_%026d", c), fmt.Sprintf("folder_%022d%02d", c, rand.IntN(10)))
		}
		reach := map[string]map[string]bool{} // the bare limit: two maps of strings
		for c := range clients {
			reach[fmt.Sprintf("client_%026d", c)] = map[string]bool{}
			for d := range 10 {
				reach[fmt.Sprintf("client_%026d", c)][fmt.Sprintf("folder_%022d%02d", c, d)] = c%7 == 0
			}
		}
		var ours, limit []float64
		var allowed, compiled int
		begun := time.Now()
		_, err := gate.Do(ctx, w.Gate, w.admin, vault.OpSearch, gate.Nothing(), func(tx *gate.Tx) (bool, error) { return true, nil })
		must(err)
		first := time.Since(begun)
		_, err = gate.Do(ctx, w.Gate, w.technician(), vault.OpSearch, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			const n = 200_000
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			ours, limit = b.turns(func() float64 {
				begun := time.Now()
				for i := range n {
					if tx.May(vault.OpReveal, places[i&4095]) {
						allowed++
					}
				}
				return float64(time.Since(begun).Nanoseconds()) / n
			}, func() float64 {
				begun := time.Now()
				for i := range n {
					if p := places[i&4095]; reach[p.Client][p.Folder] {
						compiled++
					}
				}
				return float64(time.Since(begun).Nanoseconds()) / n
			})
			runtime.ReadMemStats(&after)
			b.add(result{what: "decision, allocations", unit: "of each", ours: []float64{float64((after.Mallocs - before.Mallocs) / n)}, goal: atMost("ours", 0)})
			return true, nil
		})
		must(err)
		note := fmt.Sprintf("%.0f %% of the answers are yes", 100*float64(allowed)/float64(200_000*(b.rounds+1)))
		b.add(result{what: "decision", unit: "ns", ours: ours, bare: limit, limit: "two lookups by text in maps that hold the answers", goal: atMost("ours", 200), note: note})
		b.add(result{what: "access model compiled", unit: "ms", ours: []float64{float64(first.Milliseconds())}, note: "once after each change of access, 10,000 users"})
	})
}

// peopled writes rows as the features would, only faster.
func (w *world) peopled(people, clients, groups int) {
	w.sql(func(exec func(string, ...any)) {
		exec(`INSERT INTO levels (org_id, id, name, permissions) VALUES ($1, 'level_bench', 'Bench', $2)`, w.org,
			"Client: View List\nPassword: View")
		for u := range people {
			exec(`INSERT INTO users (org_id, id, email, email_folded, name, kind, level_id, created_at) VALUES ($1, $2, $3, $3, $4, 'member', 'level_bench', 0)`,
				w.org, userID(u), fmt.Sprintf("u%d@northwind.example", u), fmt.Sprint("User ", u))
		}
		for c := range clients {
			exec(`INSERT INTO clients (org_id, id, name, name_folded, created_at, changed_at) VALUES ($1, $2, $3, $3, 0, 0)`, w.org, fmt.Sprintf("client_%026d", c), fmt.Sprint("client ", c))
			parent := any(nil)
			for d := range 10 {
				id := fmt.Sprintf("folder_%022d%02d", c, d)
				exec(`INSERT INTO folders (org_id, id, client_id, parent_id, name, name_folded, created_at) VALUES ($1, $2, $3, $4, 'f', 'f', 0)`, w.org, id, fmt.Sprintf("client_%026d", c), parent)
				parent = id
			}
		}
		for g := range groups {
			id := fmt.Sprintf("group_%026d", g)
			exec(`INSERT INTO security_groups (org_id, id, name) VALUES ($1, $2, $2)`, w.org, id)
			for i := range people / 50 {
				exec(`INSERT INTO group_users (org_id, group_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, w.org, id, userID((g*37+i*50)%people))
			}
			for i := range 20 {
				exec(`INSERT INTO group_clients (org_id, group_id, client_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, w.org, id, fmt.Sprintf("client_%026d", (g*20+i)%clients))
			}
			for _, d := range []int{2, 5, 8} { // three guarded levels in every other client
				c := (g * 2) % clients
				exec(`INSERT INTO folder_groups (org_id, folder_id, group_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, w.org, fmt.Sprintf("folder_%022d%02d", c, d), id)
			}
		}
		for i := range 10 {
			exec(`INSERT INTO client_users (org_id, client_id, user_id) VALUES ($1, $2, $3)`, w.org, fmt.Sprintf("client_%026d", i*clients/10), userID(0))
		}
		exec(`UPDATE organizations SET access_epoch = access_epoch + 1 WHERE id = $1`, w.org)
	})
}

func userID(n int) string { return fmt.Sprintf("user_%026d", n) }

// technician is the first of those people, with a sealed session: whom a
// decision is about counts, not what he opens.
func (w *world) technician() gate.Actor {
	return gate.Admit(gate.Admission{Kind: gate.User, Org: w.org, User: userID(0), Session: "session_bench", IP: "127.0.0.1", Trace: &gate.Trace{}})
}
