package db_test

import (
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"bailiwick/internal/db"

	"github.com/google/go-cmp/cmp"
)

// leave has a box written together with those of others.
func leave(t *testing.T, tx *db.Tx, name string, id int, calls *atomic.Int64) {
	tx.Later(name, id, func(tx *db.Tx, all []any) error {
		calls.Add(1)
		for _, id := range all {
			if _, err := tx.Exec(t.Context(), `INSERT INTO box (id) VALUES ($1)`, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// What many leave to be written is there when they are answered; who fails
// alone fails alone, and leaves nothing.
func TestLinesOfMany(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, put(ctx, d, 1003))
		var wg sync.WaitGroup
		var calls atomic.Int64
		var mu sync.Mutex
		want := []int{1003}
		for i := range 200 {
			wg.Go(func() {
				id := 1000 + i
				kind := i % 5
				err := d.Write(ctx, "o", func(tx *db.Tx) error {
					if kind == 1 { // one that writes at once, among them
						_, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES ($1)`, id)
						return err
					}
					leave(t, tx, []string{"a", "b"}[i%2], id, &calls)
					if kind == 2 {
						return errOwn
					}
					return nil
				})
				bad := kind == 2 || id == 1003 // it is there already
				if (err != nil) != bad || kind == 2 && !errors.Is(err, errOwn) {
					t.Errorf("writer %d: %v", i, err)
				}
				if stored := has(t, d, id); stored != (!bad || id == 1003) {
					t.Errorf("writer %d: stored is %v", i, stored)
				}
				if !bad {
					mu.Lock()
					want = append(want, id)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		slices.Sort(want)
		if diff := cmp.Diff(want, ids(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}

// A call writes what several members of a batch have left, in the order of
// their turns, and before what is written after them.
func TestLinesAreWrittenTogether(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var calls atomic.Int64
		var wg sync.WaitGroup
		after := 0
		must(t, d.Write(ctx, "o", func(tx *db.Tx) error {
			leave(t, tx, "a", 1, &calls)
			for i := 2; i <= 9; i++ { // all of them wait for this one's turn to end
				wg.Go(func() {
					must(t, d.Write(ctx, "o", func(tx *db.Tx) error { leave(t, tx, "a", i, &calls); return nil }))
				})
			}
			for d.Stats().Waiting < 8 {
				runtime.Gosched()
			}
			wg.Go(func() {
				must(t, d.Write(ctx, "o", func(tx *db.Tx) error {
					return tx.Row(ctx, `SELECT COUNT(*) FROM box`).Scan(&after)
				}))
			})
			for d.Stats().Waiting < 9 {
				runtime.Gosched()
			}
			return nil
		}))
		wg.Wait()
		if calls.Load() >= 9 || after != 9 || len(ids(t, d)) != 9 {
			t.Errorf("%d calls, %d boxes before the statement after them, %d in the end", calls.Load(), after, len(ids(t, d)))
		}
	})
}

// Alone, too: an error undoes the transaction and comes back.
func TestLineAlone(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		for _, lock := range []string{"o", ""} {
			must(t, d.Write(ctx, lock, func(tx *db.Tx) error {
				tx.Later("a", 1, func(tx *db.Tx, _ []any) error {
					_, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES ($1)`, 1+len(lock))
					return err
				})
				return nil
			}))
			err := d.Write(ctx, lock, func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES ($1)`, 10+len(lock)); err != nil {
					return err
				}
				tx.Later("a", 1, func(tx *db.Tx, _ []any) error { return errOwn })
				return nil
			})
			wantIs(t, err, errOwn)
		}
		if diff := cmp.Diff([]int{1, 2}, ids(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}

// Look shows what is committed, and changes nothing, whatever is tried.
func TestLook(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, put(ctx, d, 1))
		n := 0
		must(t, d.Look(ctx, func(tx *db.Tx) error { return tx.Row(ctx, `SELECT COUNT(*) FROM box`).Scan(&n) }))
		if n != 1 {
			t.Errorf("%d boxes", n)
		}
		wantIs(t, d.Look(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES (2)`)
			return err
		}), db.ErrReadOnly)
		wantIs(t, d.Look(ctx, func(tx *db.Tx) error {
			return tx.Row(ctx, `INSERT INTO box (id) VALUES (2) RETURNING id`).Scan(&n)
		}), db.ErrReadOnly)
		wantIs(t, d.Look(ctx, func(tx *db.Tx) error {
			_, err := tx.Query(ctx, `DELETE FROM box RETURNING id`)
			return err
		}), db.ErrReadOnly)
		if diff := cmp.Diff([]int{1}, ids(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}
