package db_test

import (
	"database/sql"
	"fmt"
	"sync/atomic"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
)

// One durable insert; with -cpu and SetParallelism as many callers at once.
func BenchmarkWrite(b *testing.B) {
	for _, callers := range []int{1, 32} {
		b.Run(map[int]string{1: "alone", 32: "many"}[callers], func(b *testing.B) {
			d, err := db.Open(b.Context(), dbtest.SQLiteDir(b, files(schema)), db.Options{Migrations: files(schema)})
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			var id atomic.Int64
			b.SetParallelism(callers)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := put(b.Context(), d, int(id.Add(1))); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// BenchmarkNames is a text of 32 rows with the names of its parameters, and
// without.
func BenchmarkNames(b *testing.B) {
	const rows, width = 32, 8
	conn, err := sql.Open("sqlite", "file:names?mode=memory")
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	conn.SetMaxOpenConns(1)
	if _, err := conn.Exec(`CREATE TABLE t (a, b, c, d, e, f, g, h)`); err != nil {
		b.Fatal(err)
	}
	text, plain, args := "", "", make([]any, rows*width)
	for i := range args {
		args[i] = int64(i)
		text, plain = text+fmt.Sprintf("$%d", i+1), plain+"?"
		switch {
		case (i+1)%width != 0:
			text, plain = text+", ", plain+", "
		case i+1 < len(args):
			text, plain = text+"), (", plain+"), ("
		}
	}
	for name, values := range map[string]string{"named": text, "nameless": plain} {
		b.Run(name, func(b *testing.B) {
			stmt, err := conn.Prepare(`INSERT INTO t VALUES (` + values + `)`)
			if err != nil {
				b.Fatal(err)
			}
			defer stmt.Close()
			for b.Loop() {
				if _, err := stmt.Exec(args...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
