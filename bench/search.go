package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"bailiwick/internal/db"
	"bailiwick/internal/importer"
	"bailiwick/internal/vault"
)

var queries = []string{"s", "ser", "server", "firewall 00", "main off", "srv-12", "administrator client", "switch 0999", "cl", "router rack", "00", "rack"}

// searches measures the search box in one organization that grows from 10,000
// to 1,000,000 credentials: opening its structure, and queries over the JSON
// API once it is open. The bare limit of opening reads the same columns and
// opens one AES-GCM box for each; that of a query looks at every title.
func searches(b *bench) {
	engine := b.engines[0] // the structure is in memory: the engine does not matter
	b.sub(func() {
		w := b.world(engine)
		fill := byClient
		fill.Duplicates = importer.Add // looking for them would open all that is there before each part
		have := 0
		var first float64
		for _, size := range []int{b.n(10_000), b.n(100_000), b.n(1_000_000)} {
			for have < size {
				to := min(size, have+b.n(100_000))
				w.load(have, to, fill)
				have = to
			}
			b.opening(w, size)
			p50, p99, limit := b.searching(w, size)
			b.add(result{what: fmt.Sprintf("search in %s, median", figure(float64(size))), engine: engine, unit: "ms", ours: p50, bare: limit, limit: "each title looked at with strings.Contains"})
			g := goal{}
			if size == b.n(1_000_000) {
				g = atMost("ours", 50)
			}
			b.add(result{what: fmt.Sprintf("search in %s, p99", figure(float64(size))), engine: engine, unit: "ms", ours: p99, goal: g, note: "4 at once, warm"})
			m, _, _ := spread(p50)
			if first == 0 {
				first = m
			} else {
				b.add(result{what: fmt.Sprintf("search in %s, of %s", figure(float64(size)), figure(float64(b.n(10_000)))), engine: engine, unit: "times", ours: []float64{m / first},
					goal: map[bool]goal{true: atMost("ours", 3)}[size == b.n(1_000_000)]})
			}
		}
	})
}

// opening makes the structure anew from the database.
func (b *bench) opening(w *world, size int) {
	x := b.bare("sqlite", 1)
	box := x.seal(200)
	var ours, bare, cold, held []float64
	for range max(1, min(b.rounds, 300_000/size)) {
		w.Vault = vault.New(w.Gate, w.Org)
		before := heap()
		begun := time.Now()
		once(w.addr, search(w.bearer, "zzz"))
		took := time.Since(begun).Seconds()
		ours, cold = append(ours, took*1e6/float64(size)), append(cold, took*1000)
		held = append(held, float64(heap()-before)/1e6)
		begun = time.Now()
		must(w.db.Read(ctx, func(tx *db.Tx) error {
			rows, err := tx.Query(ctx, `SELECT id, client_id, folder_id, key_box, overview_box FROM credentials WHERE org_id = $1`, w.org)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var id, client string
				var folder *string
				var key, overview []byte
				if err := rows.Scan(&id, &client, &folder, &key, &overview); err != nil {
					return err
				}
				x.open(box)
			}
			return rows.Err()
		}))
		bare = append(bare, time.Since(begun).Seconds()*1e6/float64(size))
	}
	b.add(result{what: fmt.Sprintf("opening search of %s", figure(float64(size))), engine: w.engine, unit: "µs each", ours: ours, bare: bare, goal: atMost("ours", 5),
		limit: "reads the same columns and opens one AES-GCM box for each"})
	b.add(result{what: fmt.Sprintf("search in %s, cold", figure(float64(size))), engine: w.engine, unit: "ms", ours: cold, note: "the first after a quarter of an hour without any: with the opening of the structure"})
	b.add(result{what: fmt.Sprintf("memory of the search of %s", figure(float64(size))), engine: w.engine, unit: "MB", ours: held, note: "of the heap, once opened"})
}

// heap is what lives on it.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func (b *bench) searching(w *world, size int) (p50, p99, bare []float64) {
	titles := make([]string, size)
	for i := range titles {
		titles[i] = strings.ToLower(line(i)[:60])
	}
	press(w.addr, 4, b.each/2, func(n int) []byte { return search(w.bearer, queries[n%len(queries)]) })
	for range b.rounds {
		l := press(w.addr, 4, b.each, func(n int) []byte { return search(w.bearer, queries[n%len(queries)]) })
		p50, p99 = append(p50, l.at(.5)), append(p99, l.at(.99))
		begun, found := time.Now(), 0
		for i := range titles {
			if strings.Contains(titles[i], "firewall 00") {
				found++
			}
		}
		bare = append(bare, time.Since(begun).Seconds()*1000)
	}
	return p50, p99, bare
}

func search(bearer, query string) []byte {
	return []byte("GET /api/v1/search?q=" + strings.ReplaceAll(query, " ", "+") + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + bearer + "\r\n\r\n")
}
