package db_test

import (
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
