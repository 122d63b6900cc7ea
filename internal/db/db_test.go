package db_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("BAILIWICK_CRASH_DIR"); dir != "" {
		writeUntilKilled(dir)
	}
	os.Exit(m.Run())
}

const schema = `
CREATE TABLE box (id BIGINT PRIMARY KEY, label TEXT UNIQUE, body BYTEA, open BOOLEAN NOT NULL DEFAULT FALSE);
CREATE TABLE lid (id BIGINT PRIMARY KEY, box_id BIGINT NOT NULL REFERENCES box (id));`

func files(texts ...string) fs.FS {
	names := []string{"0001_start.sql", "0002_more.sql", "0003_most.sql"}
	set := fstest.MapFS{}
	for i, text := range texts {
		set[names[i]] = &fstest.MapFile{Data: []byte(text)}
	}
	return set
}

func each(t *testing.T, fn func(*testing.T, *db.DB)) {
	dbtest.EachWith(t, files(schema), fn)
}

// put stores a box.
func put(ctx context.Context, d *db.DB, id int) error {
	return d.Write(ctx, "o", func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES ($1)`, id)
		return err
	})
}

// ids are the boxes' ids in order.
func ids(t *testing.T, d *db.DB) []int {
	t.Helper()
	list := []int{}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		rows, err := tx.Query(t.Context(), `SELECT id FROM box ORDER BY id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id int
			if err := rows.Scan(&id); err != nil {
				return err
			}
			list = append(list, id)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantIs(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
}

// The engines must give back alike what the product stores.
func TestValuesComeBack(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		bodies := [][]byte{nil, {}, {0, 1, 0xff}}
		must(t, d.Write(ctx, "o", func(tx *db.Tx) error {
			for i, body := range bodies {
				n, err := tx.Exec(ctx, `INSERT INTO box (id, label, body, open) VALUES ($1, $2, $3, $4)`,
					i, "é"+string(rune('a'+i)), body, i == 1)
				if err != nil || n != 1 {
					t.Errorf("insert: %d rows, %v", n, err)
				}
			}
			n, err := tx.Exec(ctx, `UPDATE box SET open = $2 WHERE id > $1 AND open = $3`, -1, true, false)
			if n != 2 {
				t.Errorf("update: %d rows, want 2", n)
			}
			return err
		}))
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			for i, want := range bodies {
				var body []byte
				var label string
				var open, null bool
				// The arguments' order differs from their numbers'.
				err := tx.Row(ctx, `SELECT body, label, open, body IS NULL FROM box WHERE label = $2 AND id = $1`,
					i, "é"+string(rune('a'+i))).Scan(&body, &label, &open, &null)
				if err != nil {
					return err
				}
				if !bytes.Equal(body, want) || null != (want == nil) || !open {
					t.Errorf("row %d: %v %q %v", i, body, label, open)
				}
			}
			var id int
			err := tx.Row(ctx, `SELECT id FROM box WHERE id = $1`, 77).Scan(&id)
			wantIs(t, err, db.ErrNoRows)
			return nil
		}))
	})
}

func TestReadSeesOneViewAndChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, put(ctx, d, 1))
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			var before, after int
			if err := tx.Row(ctx, `SELECT count(*) FROM box`).Scan(&before); err != nil {
				return err
			}
			wrote := make(chan error)
			go func() { wrote <- put(ctx, d, 2) }()
			if err := <-wrote; err != nil {
				return err
			}
			err := tx.Row(ctx, `SELECT count(*) FROM box`).Scan(&after)
			if before != 1 || after != 1 {
				t.Errorf("%d boxes, then %d, want 1 and 1", before, after)
			}
			return err
		}))
		err := d.Read(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES (3)`)
			return err
		})
		wantIs(t, err, db.ErrReadOnly)
		if got := ids(t, d); len(got) != 2 {
			t.Errorf("boxes %v, want 1 and 2", got)
		}
	})
}

func TestPrepare(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, d.Prepare(ctx, `INSERT INTO box (id, label) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING id`))
		for _, text := range []string{`SELECT nothing FROM box`, `SELECT FROM WHERE`, `SELECT id FROM box WHERE label = "open sesame"`} {
			if d.Prepare(ctx, text) == nil {
				t.Errorf("accepted: %s", text)
			}
		}
		if got := ids(t, d); len(got) != 0 {
			t.Errorf("preparing stored %v", got)
		}
	})
}

func TestClosed(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, put(ctx, d, 1))
		must(t, d.Close())
		must(t, d.Close())
		wantIs(t, put(ctx, d, 2), db.ErrClosed)
		wantIs(t, d.Read(ctx, func(*db.Tx) error { return nil }), db.ErrClosed)
		wantIs(t, d.Prepare(ctx, `SELECT 1`), db.ErrClosed)
	})
}
