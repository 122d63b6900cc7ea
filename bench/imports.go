package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"bailiwick/internal/importer"
)

// file is a CSV file that is made while it is read: 100 clients, 8 folders in
// each.
type file struct {
	from, to int
	rest     string
}

func (f *file) Read(p []byte) (n int, err error) {
	for n < len(p) && (f.rest != "" || f.from <= f.to) {
		if f.rest == "" {
			f.rest = line(f.from)
			f.from++
		}
		c := copy(p[n:], f.rest)
		f.rest = f.rest[c:]
		n += c
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func line(i int) string {
	if i < 0 {
		return ""
	}
	kinds := []string{"Server", "Router", "Firewall", "Switch", "Local administrator", "Microsoft 365", "Website", "VPN", "SQL server", "Wi-Fi"}
	kind := kinds[i%len(kinds)]
	return fmt.Sprintf("Client %03d,Servers/Rack %d,%s %06d main office,%s,administrator,\"p-%x,;\",https://srv-%d.contoso.example/login,\"Rack %d\nshelf\",server;rack\n",
		i%100, i%8, kind, i, kind, i*7919, i, i%40)
}

const heading = "Client,Folder,Title,Type,Username,Password,URL,Notes,Tags\n"

// byClient spreads rows over the clients that they name.
var byClient = importer.Choices{Duplicates: importer.Skip, To: importer.Destination{ByColumn: true, AddClients: true}}

// load imports the rows from one number to another, and gives how many a
// second, the memory that lived at most meanwhile (MB), and the longest that
// somebody else's write waited (ms).
func (w *world) load(from, to int, c importer.Choices) (perSecond, live, waited float64) {
	var over atomic.Bool
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for !over.Load() {
			at := time.Now()
			if err := w.Clients.Bookmark(ctx, w.admin, w.company, true); err != nil { // it waited for as long as anybody waits
				fmt.Println("  a write meanwhile:", err)
			}
			waited = max(waited, time.Since(at).Seconds()*1000)
			time.Sleep(10 * time.Millisecond)
		}
	}()
	runtime.GC() // what set-up needed for a password's hash is not the import's
	lived := make(chan bool)
	go func() { // the heap that the last collection found alive
		defer close(lived)
		m := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		for !over.Load() {
			metrics.Read(m)
			live = max(live, float64(m[0].Value.Uint64())/1e6)
			time.Sleep(20 * time.Millisecond)
		}
	}()
	begun := time.Now()
	id, err := w.Imports.Upload(ctx, w.admin, "big.csv", importer.Choices{}, &file{from: from, to: to - 1, rest: heading})
	must(err)
	must(w.Imports.Choose(ctx, w.admin, id, c))
	must(w.Imports.Run(ctx, w.admin, id))
	for {
		job, err := w.Imports.View(ctx, w.admin, id)
		must(err)
		if job.State == importer.StateDone {
			if job.Counts.Added != to-from {
				must(fmt.Errorf("imported %d of %d rows: %s", job.Counts.Added, to-from, job.Say))
			}
			break
		}
		if job.State != importer.StateReady && job.State != importer.StateRunning {
			must(fmt.Errorf("the import is %s: %s", job.State, job.Say))
		}
		time.Sleep(20 * time.Millisecond)
	}
	elapsed := time.Since(begun).Seconds()
	over.Store(true)
	<-ended
	<-lived
	return float64(to-from) / elapsed, live, waited
}

// imports measures 100,000 rows from the upload's first byte to the end of the
// job: with all checks, 100 new clients, 900 new folders, history and audit.
// The bare limit seals as many boxes of that size and inserts them in one
// transaction.
func imports(b *bench) {
	for _, engine := range b.engines {
		b.sub(func() {
			var ours, bare, live, small, waited []float64
			rows := b.n(100_000)
			for range max(1, b.rounds/2) {
				b.sub(func() {
					w := b.world(engine)
					_, l, _ := w.load(0, rows/10, byClient)
					small = append(small, l)
				})
				b.sub(func() {
					w := b.world(engine)
					n, l, d := w.load(0, rows, byClient)
					ours, live, waited = append(ours, n), append(live, l), append(waited, d)
				})
				b.sub(func() {
					begun := time.Now()
					b.bare(engine, rows)
					bare = append(bare, float64(rows)/time.Since(begun).Seconds())
				})
			}
			b.add(result{what: "import of 100,000 rows", engine: engine, unit: "rows/s", ours: ours, bare: bare, more: true, goal: atLeast("ours", 10_000),
				limit: "the same number of AES-GCM boxes of 600 bytes, inserted in one transaction"})
			b.add(result{what: "import, heap at most", engine: engine, unit: "MB", ours: live, bare: small, limit: "the same with a tenth of the rows"})
			b.add(result{what: "import, longest wait of another write", engine: engine, unit: "ms", ours: waited})
		})
	}
}
