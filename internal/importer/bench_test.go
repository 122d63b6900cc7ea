package importer_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/importer"
)

// table is a file of many rows that is made while it is read.
type table struct {
	rows, at int
	rest     string
}

func (r *table) Read(b []byte) (n int, err error) {
	for n < len(b) {
		if r.rest == "" {
			if r.at > r.rows {
				break
			}
			r.rest = "Client,Folder,Title,Type,Username,Password,URL,Notes,Tags\n"
			if i := r.at; i > 0 {
				r.rest = fmt.Sprintf("Client %03d,Servers/Rack %d,Server %06d,Server,administrator,\"p-%x,;\",https://srv-%d.contoso.example,\"Rack %d\nshelf\",server;rack\n", i%100, i%8, i, i*7919, i, i%40)
			}
			r.at++
		}
		c := copy(b[n:], r.rest)
		r.rest = r.rest[c:]
		n += c
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// 100,000 rows into 100 new clients with 900 new folders: from the upload's
// first byte to the end of the job, and the running of it alone.
func BenchmarkImport(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			for _, rows := range []int{10_000, 100_000} {
				b.Run(fmt.Sprint(rows), func(b *testing.B) { benchmarkImport(b, open, rows) })
			}
		})
	}
}

func benchmarkImport(b *testing.B, open func(testing.TB) *db.DB, rows int) {
	var peak uint64
	var wait time.Duration
	b.StopTimer()
	for range b.N {
		w := apptest.New(b, open(b))
		var m runtime.MemStats
		live := func() uint64 {
			runtime.GC()
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		start, batches := live(), 0
		w.Imports.Staged(func() {
			if batches++; batches == rows/500 {
				peak = max(peak, live()-start)
			}
		})
		another := make(chan time.Duration)
		stop := make(chan bool)
		b.StartTimer()
		go func() { // somebody else's write meanwhile
			longest := time.Duration(0)
			for {
				select {
				case <-stop:
					another <- longest
					return
				default:
				}
				begun := b.Elapsed()
				if err := w.Clients.Bookmark(context.Background(), w.Admin, w.Company, true); err != nil {
					b.Error(err)
				}
				longest = max(longest, b.Elapsed()-begun)
				time.Sleep(5 * time.Millisecond)
			}
		}()
		id, err := w.Imports.Upload(context.Background(), w.Admin, "big.csv", importer.Choices{}, &table{rows: rows})
		w.Must(err)
		c := importer.Choices{Duplicates: importer.Skip, To: importer.Destination{ByColumn: true, AddClients: true}}
		w.Must(w.Imports.Choose(context.Background(), w.Admin, id, c))
		w.Must(w.Imports.Run(context.Background(), w.Admin, id))
		w.Imports.Wait()
		close(stop)
		wait = max(wait, <-another)
		b.StopTimer()
		j, err := w.Imports.View(context.Background(), w.Admin, id)
		w.Must(err)
		if j.State != importer.StateDone || j.Counts.Added != rows {
			b.Fatalf("%s %s %+v", j.State, j.Say, j.Counts)
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(peak)/(1<<20), "MB-live")
	b.ReportMetric(float64(wait.Milliseconds()), "ms-others-wait")
}
