package db_test

import (
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
)

// eachTarget gives a folder and an address of databases with the migrations.
func eachTarget(t *testing.T, migrations fs.FS, fn func(t *testing.T, target string)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, dbtest.SQLiteDir(t, migrations)) })
	t.Run("postgres", func(t *testing.T) { fn(t, dbtest.PostgresURL(t, migrations)) })
}

const second = `CREATE TABLE key (id BIGINT PRIMARY KEY);`

func TestMigrationsGoForward(t *testing.T) {
	eachTarget(t, files(schema), func(t *testing.T, target string) {
		for _, set := range []fs.FS{files(schema), files(schema, second), files(schema, second)} {
			d, err := db.Open(t.Context(), target, db.Options{Migrations: set})
			must(t, err)
			must(t, put(t.Context(), d, len(ids(t, d))))
			must(t, d.Close())
		}
		d, err := db.Open(t.Context(), target, db.Options{Migrations: files(schema, second)})
		must(t, err)
		defer d.Close()
		if got := ids(t, d); len(got) != 3 {
			t.Errorf("boxes %v, want three", got)
		}
		must(t, d.Prepare(t.Context(), `SELECT id FROM key`))
	})
}

func TestForeignSchemasAreRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		set  fs.FS
		want string
	}{
		{"changed", files(schema+"-- more", second), "0001_start.sql is not what was applied"},
		{"newer", files(schema), "0002_more.sql was made by a newer version"},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachTarget(t, files(schema, second), func(t *testing.T, target string) {
				_, err := db.Open(t.Context(), target, db.Options{Migrations: c.set})
				wantIs(t, err, db.ErrSchema)
				if err != nil && !strings.Contains(err.Error(), c.want) {
					t.Errorf("%q does not say %q", err, c.want)
				}
				d, err := db.Open(t.Context(), target, db.Options{Migrations: files(schema, second)})
				must(t, err) // untouched
				must(t, d.Close())
			})
		})
	}
}

// A migration that fails leaves nothing of any of its set.
func TestFailingMigrationLeavesNothing(t *testing.T) {
	eachTarget(t, files(schema), func(t *testing.T, target string) {
		_, err := db.Open(t.Context(), target, db.Options{Migrations: files(schema, second, `CREATE TABLE broken (; `)})
		if err == nil || !strings.Contains(err.Error(), "0003_most.sql") {
			t.Errorf("error %v does not name the migration", err)
		}
		d, err := db.Open(t.Context(), target, db.Options{Migrations: files(schema)})
		must(t, err)
		defer d.Close()
		if d.Prepare(t.Context(), `SELECT id FROM key`) == nil {
			t.Error("the migration before is applied")
		}
	})
}

func TestMigrationNames(t *testing.T) {
	for _, name := range []string{"0003_more.sql", "2_more.sql", "more.sql", "0001_more.sql"} {
		set := fstest.MapFS{"0001_start.sql": {Data: []byte(schema)}, name: {Data: []byte(second)}}
		if d, err := db.Open(t.Context(), t.TempDir(), db.Options{Migrations: set}); err == nil {
			t.Errorf("%s is accepted", name)
			d.Close()
		}
	}
}

// Nodes that start at once on an empty database migrate it once.
func TestManyNodesMigrateOnce(t *testing.T) {
	target := dbtest.PostgresURL(t, files(schema))
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			d, err := db.Open(t.Context(), target, db.Options{Migrations: files(schema, second)})
			if err != nil {
				t.Error(err)
				return
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
