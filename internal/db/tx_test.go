package db_test

import (
	"errors"
	"strings"
	"testing"

	"bailiwick/internal/db"

	"github.com/google/go-cmp/cmp"
)

func TestTxIsOverAfterItsFunction(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var kept []*db.Tx
		keep := func(tx *db.Tx) error { kept = append(kept, tx); return nil }
		must(t, d.Read(ctx, keep))
		must(t, d.Write(ctx, "o", keep))
		for _, tx := range kept {
			if _, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES (1)`); err == nil {
				t.Error("Exec after the end")
			}
			if _, err := tx.Query(ctx, `SELECT 1`); err == nil {
				t.Error("Query after the end")
			}
			var n int
			if err := tx.Row(ctx, `SELECT 1`).Scan(&n); err == nil || !strings.Contains(err.Error(), "after its end") {
				t.Errorf("Row after the end: %v", err)
			}
		}
		if got := ids(t, d); len(got) != 0 {
			t.Errorf("stored %v", got)
		}
	})
}

// A failing statement undoes the transaction even if nobody heeds it.
func TestFailedStatementCannotBeIgnored(t *testing.T) {
	failing := map[string]func(*testing.T, *db.Tx){
		"exec":      func(t *testing.T, tx *db.Tx) { tx.Exec(t.Context(), `INSERT INTO box (id) VALUES (1)`) },
		"query":     func(t *testing.T, tx *db.Tx) { tx.Query(t.Context(), `SELECT nothing`) },
		"returning": func(t *testing.T, tx *db.Tx) { tx.Row(t.Context(), `INSERT INTO box (id) VALUES (1) RETURNING id`) },
		"row":       func(t *testing.T, tx *db.Tx) { tx.Row(t.Context(), `SELECT nothing`) },
	}
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, put(ctx, d, 1))
		for name, fail := range failing {
			err := d.Write(ctx, "o", func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES (2)`); err != nil {
					return err
				}
				fail(t, tx)
				if _, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES (3)`); err == nil {
					t.Errorf("%s: a statement ran after one that failed", name)
				}
				return nil
			})
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		}
		if diff := cmp.Diff([]int{1}, ids(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOpenRowsAreRefusedAndClosed(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, put(ctx, d, 1))
		must(t, put(ctx, d, 2))
		err := d.Write(ctx, "o", func(tx *db.Tx) error {
			rows, err := tx.Query(ctx, `SELECT id FROM box`)
			if err != nil {
				return err
			}
			rows.Next()
			_, err = tx.Exec(ctx, `DELETE FROM box`)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "still open") {
			t.Errorf("statement between rows: %v", err)
		}
		// Rows left open at the end hold up nobody.
		for range 20 {
			leave := func(tx *db.Tx) error {
				rows, err := tx.Query(ctx, `SELECT id FROM box`)
				if err == nil {
					rows.Next()
				}
				return err
			}
			must(t, d.Write(ctx, "o", leave))
			must(t, d.Read(ctx, leave))
		}
		must(t, put(ctx, d, 3))
		if diff := cmp.Diff([]int{1, 2, 3}, ids(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestUnique(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		write := func(text string) error {
			return d.Write(ctx, "o", func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, text)
				return err
			})
		}
		must(t, write(`INSERT INTO box (id, label) VALUES (1, 'a')`))
		for text, want := range map[string]bool{
			`INSERT INTO box (id) VALUES (1)`:             true,
			`INSERT INTO box (id, label) VALUES (2, 'a')`: true,
			`INSERT INTO lid (id, box_id) VALUES (1, 9)`:  false, // foreign key
			`INSERT INTO box (id, open) VALUES (3, NULL)`: false, // not null
		} {
			err := write(text)
			if err == nil || db.IsUnique(err) != want {
				t.Errorf("%s: IsUnique(%v) is not %v", text, err, want)
			}
		}
		if db.IsUnique(nil) || db.IsUnique(errors.New("UNIQUE")) {
			t.Error("other errors count as unique")
		}
	})
}
