package db_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"bailiwick/internal/db"

	"github.com/google/go-cmp/cmp"
)

var errOwn = errors.New("own error")

// Many writers at once: the good ones stay, the failing ones leave nothing,
// each hears of its own fate.
func TestManyWriters(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		const n = 200
		var wg sync.WaitGroup
		want := []int{}
		for i := range n {
			bad := i%17 == 3
			if !bad {
				want = append(want, i)
			}
			wg.Go(func() {
				lock := []string{"a", "b", ""}[i%3]
				err := d.Write(ctx, lock, func(tx *db.Tx) error {
					if _, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES ($1)`, i); err != nil {
						return err
					}
					if !bad {
						return nil
					}
					if i%2 == 0 {
						return errOwn
					}
					_, err := tx.Exec(ctx, `INSERT INTO lid (id, box_id) VALUES ($1, -1)`, i)
					return err
				})
				if (err != nil) != bad || bad && i%2 == 0 && !errors.Is(err, errOwn) {
					t.Errorf("writer %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if diff := cmp.Diff(want, ids(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}

// Who holds the same lock sees what the one before has done: a counter that
// is read and then written loses nothing.
func TestSameLockIsSerial(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, put(ctx, d, 0))
		var wg sync.WaitGroup
		var order, commits []int // guarded by the database's lock
		for i := range 50 {
			wg.Go(func() {
				err := d.Write(ctx, "o", func(tx *db.Tx) error {
					var n int
					if err := tx.Row(ctx, `SELECT max(id) FROM box`).Scan(&n); err != nil {
						return err
					}
					order = append(order, i)
					commits = append(commits, n)
					_, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES ($1)`, n+1)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i, n := range commits {
			if n != i {
				t.Fatalf("writer %d of the order saw %d boxes, want %d", order[i], n, i)
			}
		}
		if len(commits) != 50 || len(ids(t, d)) != 51 {
			t.Errorf("%d writers, %d boxes", len(commits), len(ids(t, d)))
		}
	})
}

func TestCancelledBeforeItsTurn(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		over, cancel := context.WithCancel(ctx)
		var ran atomic.Bool
		result := make(chan error)
		must(t, d.Write(ctx, "o", func(tx *db.Tx) error {
			for range 5 {
				go func() {
					result <- d.Write(over, "o", func(*db.Tx) error { ran.Store(true); return nil })
				}()
			}
			runtime.Gosched()
			cancel()
			// All of them end although nobody else has had a turn.
			for range 5 {
				wantIs(t, <-result, context.Canceled)
			}
			_, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES (1)`)
			return err
		}))
		if ran.Load() {
			t.Error("a cancelled writer ran")
		}
		wantIs(t, d.Write(over, "o", func(*db.Tx) error { ran.Store(true); return nil }), context.Canceled)
		must(t, put(ctx, d, 2))
		if diff := cmp.Diff([]int{1, 2}, ids(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}

// A caller who leaves in the middle takes nobody with him.
func TestCancelledInTheMiddle(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() {
				own, cancel := context.WithCancel(ctx)
				defer cancel()
				err := d.Write(own, "o", func(tx *db.Tx) error {
					if i%5 == 0 {
						cancel()
					}
					_, err := tx.Exec(own, `INSERT INTO box (id) VALUES ($1)`, i)
					return err
				})
				if err != nil && (i%5 != 0 || !errors.Is(err, context.Canceled)) {
					t.Errorf("writer %d: %v", i, err)
				}
				// Acknowledged or not, as it was said.
				if stored := has(t, d, i); stored != (err == nil) {
					t.Errorf("writer %d: error %v, stored %v", i, err, stored)
				}
			})
		}
		wg.Wait()
	})
}

func has(t *testing.T, d *db.DB, id int) bool {
	var n int
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Row(t.Context(), `SELECT count(*) FROM box WHERE id = $1`, id).Scan(&n)
	})
	if err != nil {
		t.Error(err)
	}
	return n == 1
}

func TestPanicComesBackToTheCaller(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var wg sync.WaitGroup
		want := []int{}
		for i := range 60 {
			if i%6 != 0 {
				want = append(want, i)
			}
			wg.Go(func() {
				defer func() {
					if r := recover(); (r != nil) != (i%6 == 0) {
						t.Errorf("writer %d: panic %v", i, r)
					}
				}()
				err := d.Write(ctx, "o", func(tx *db.Tx) error {
					_, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES ($1)`, i)
					if i%6 == 0 {
						panic(i)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for range 20 { // more than there are readers
			func() {
				defer func() {
					if recover() == nil {
						t.Error("no panic")
					}
				}()
				d.Read(ctx, func(*db.Tx) error { panic("reader") })
			}()
		}
		if diff := cmp.Diff(want, ids(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}

// A goroutine that ends inside its function gives its turn away.
func TestGoexit(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		done := make(chan struct{})
		go func() {
			defer close(done)
			d.Write(ctx, "o", func(tx *db.Tx) error {
				tx.Exec(ctx, `INSERT INTO box (id) VALUES (1)`)
				runtime.Goexit()
				return nil
			})
		}()
		<-done
		must(t, put(ctx, d, 2))
		if diff := cmp.Diff([]int{2}, ids(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}
