package dbtest_test

import (
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
)

// Two databases of one test have the schema and nothing of each other.
func TestEachIsItsOwn(t *testing.T) {
	ctx := t.Context()
	count := func(t *testing.T, d *db.DB) (n int) {
		err := d.Read(ctx, func(tx *db.Tx) error {
			return tx.Row(ctx, `SELECT count(*) FROM migration`).Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		other := dbtest.SQLite(t)
		if d.Engine() == "postgres" {
			other = dbtest.Postgres(t)
		}
		before := count(t, d)
		if before == 0 {
			t.Fatal("no migration applied")
		}
		err := d.Write(ctx, "", func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO migration (number, name, checksum) VALUES (99, 'x', 'x')`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, d); n != before+1 {
			t.Errorf("the database has %d migrations, want %d", n, before+1)
		}
		if n := count(t, other); n != before {
			t.Errorf("the other database has %d migrations, want %d", n, before)
		}
	})
}
