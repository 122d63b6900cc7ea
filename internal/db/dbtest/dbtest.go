// Package dbtest gives tests real databases: SQLite in the test's folder, and
// PostgreSQL with a database of its own for each test.
//
// PostgreSQL is the one that BAILIWICK_TEST_POSTGRES (a postgres:// address of
// somebody who may create databases) names, or else one that the first test
// process starts and all share; it ends by itself some seconds after the last
// of them. A PostgreSQL that can't be had fails the test; nothing is skipped,
// and nothing here stands in for an engine.
package dbtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"bailiwick/internal/db"
)

// Each runs fn once on each engine, on a fresh database with the built-in
// schema.
func Each(t *testing.T, fn func(*testing.T, *db.DB)) {
	EachWith(t, nil, fn)
}

// EachWith is Each with a schema of the test's own; nil is the built-in one.
func EachWith(t *testing.T, migrations fs.FS, fn func(*testing.T, *db.DB)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, onSQLite(t, migrations)) })
	t.Run("postgres", func(t *testing.T) { fn(t, onPostgres(t, migrations)) })
}

// SQLite is a fresh SQLite database with the built-in schema.
func SQLite(t testing.TB) *db.DB { return onSQLite(t, nil) }

// Postgres is a fresh PostgreSQL database with the built-in schema.
func Postgres(t testing.TB) *db.DB { return onPostgres(t, nil) }

// SQLiteDir is a folder with a fresh SQLite database, to be opened by the test
// itself; nil migrations are the built-in ones.
func SQLiteDir(t testing.TB, migrations fs.FS) string {
	t.Helper()
	file, err := liteTemplate(migrations)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "bailiwick.db"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// PostgresURL is the address of a fresh PostgreSQL database, to be opened by
// the test itself, as often as it likes; nil migrations are the built-in ones.
// It is dropped when the test ends.
func PostgresURL(t testing.TB, migrations fs.FS) string {
	t.Helper()
	c, err := connect()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	name, err := c.create(migrations)
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	t.Cleanup(func() {
		if err := c.drop(name); err != nil {
			t.Errorf("PostgreSQL for tests: %v", err)
		}
	})
	return c.url(name)
}

func onSQLite(t testing.TB, migrations fs.FS) *db.DB {
	t.Helper()
	return open(t, SQLiteDir(t, migrations), migrations)
}

func onPostgres(t testing.TB, migrations fs.FS) *db.DB {
	t.Helper()
	return open(t, PostgresURL(t, migrations), migrations)
}

func open(t testing.TB, target string, migrations fs.FS) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), target, db.Options{Migrations: migrations, Connections: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	return d
}
