package main

import (
	"encoding/csv"
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"bailiwick/internal/exporter"
	"bailiwick/internal/seal"
)

// counter takes a file and forgets it.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

// take exports everything, and gives how many credentials a second, and the
// memory that lived at most meanwhile (MB).
func (w *world) take(format exporter.Format, rows int) (perSecond, live float64) {
	in := exporter.Choice{Format: format, Password: seal.NewSecret(password)}
	if format == exporter.KDBX {
		in.Passphrase = seal.NewSecret(password)
	}
	begun, err := w.Exports.Begin(ctx, w.admin, in)
	must(err)
	runtime.GC() // what the password's hash needed is not the export's
	var over atomic.Bool
	lived := make(chan bool)
	go func() {
		defer close(lived)
		m := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		for !over.Load() {
			metrics.Read(m)
			live = max(live, float64(m[0].Value.Uint64())/1e6)
			time.Sleep(20 * time.Millisecond)
		}
	}()
	at := time.Now()
	n, err := begun.Write(ctx, &counter{})
	must(err)
	elapsed := time.Since(at).Seconds()
	over.Store(true)
	<-lived
	if n != rows {
		must(fmt.Errorf("%d of %d were exported", n, rows))
	}
	return float64(n) / elapsed, live
}

// everything reads all items, opens each box and writes it as a cell.
func (x *bare) everything() {
	rows, err := x.pool.Query(`SELECT id, box FROM items ORDER BY id`)
	must(err)
	defer rows.Close()
	out := csv.NewWriter(&counter{})
	for rows.Next() {
		var id string
		var box []byte
		must(rows.Scan(&id, &box))
		must(out.Write([]string{id, string(x.open(box))}))
	}
	must(rows.Err())
	out.Flush()
	must(out.Error())
}

// exports measures 100,000 credentials of 100 clients: decided on, opened,
// noted as seen and written as CSV; and how much a tenth of them needs. The
// bare limit reads as many boxes, opens them, and writes them as CSV.
func exports(b *bench) {
	for _, engine := range b.engines {
		b.sub(func() {
			rows := b.n(100_000)
			var ours, bare, live, small, keepass, held []float64
			w := b.world(engine)
			w.load(0, rows/10, byClient)
			for range b.rounds {
				_, l := w.take(exporter.CSV, rows/10)
				small = append(small, l)
				n, l := w.take(exporter.KDBX, rows/10)
				keepass, held = append(keepass, n), append(held, l)
			}
			w.load(rows/10, rows, byClient)
			x := b.bare(engine, rows)
			for range b.rounds {
				n, l := w.take(exporter.CSV, rows)
				ours, live = append(ours, n), append(live, l)
				at := time.Now()
				x.everything()
				bare = append(bare, float64(rows)/time.Since(at).Seconds())
			}
			b.add(result{what: "export of 100,000 as CSV", engine: engine, unit: "credentials/s", ours: ours, bare: bare, more: true, goal: atLeast("ours", 50_000),
				limit: "the same number of AES-GCM boxes of 600 bytes read, opened and written as CSV, and nothing noted"})
			b.add(result{what: "export as CSV, heap at most", engine: engine, unit: "MB", ours: live, bare: small, limit: "the same with a tenth of the credentials"})
			b.add(result{what: "export of 10,000 as KDBX", engine: engine, unit: "credentials/s", ours: keepass})
			b.add(result{what: "export as KDBX of 10,000, heap at most", engine: engine, unit: "MB", ours: held})
		})
	}
}
