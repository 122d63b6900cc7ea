//go:build linux

package fault

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
)

// later is a migration as a later version may bring one, for a database that
// has data.
const later = `ALTER TABLE clients ADD COLUMN fax TEXT NOT NULL DEFAULT '';
UPDATE clients SET fax = name;
CREATE TABLE faxes (org_id TEXT NOT NULL REFERENCES organizations (id), number TEXT NOT NULL, PRIMARY KEY (org_id, number));
INSERT INTO faxes (org_id, number) SELECT org_id, fax FROM clients;
CREATE INDEX clients_by_fax ON clients (org_id, fax);
DROP INDEX clients_by_fax;`

// withLater are the built-in migrations and the later one.
func withLater(t *testing.T, text string) fstest.MapFS {
	t.Helper()
	set := fstest.MapFS{}
	names, err := fs.Glob(db.Migrations(), "*.sql")
	must(t, err)
	for _, name := range names {
		content, err := fs.ReadFile(db.Migrations(), name)
		must(t, err)
		set[name] = &fstest.MapFile{Data: content}
	}
	if text != "" {
		set[fmt.Sprintf("%04d_later.sql", len(names)+1)] = &fstest.MapFile{Data: []byte(text)}
	}
	return set
}

// stop keeps a migration from going on, so that it can be killed there. It is
// a statement that never ends on either engine.
var stop = map[string]string{
	"sqlite":   "INSERT INTO migration (number, name, checksum) WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 0 OR i >= 100) SELECT 1 - 1 - i, 'x', 'x' FROM n WHERE i < 0;",
	"postgres": "SELECT pg_sleep(3600);",
}

// A program that is killed at any statement of its migrations leaves the old
// schema, whole, and the next start makes the new one.
func TestMigrationsKilled(t *testing.T) {
	for engine, fresh := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return dbtest.SQLiteDir(t, nil) },
		"postgres": func(t *testing.T) string { return dbtest.PostgresURL(t, nil) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			statements := strings.SplitAfter(later, ";")
			statements = statements[:len(statements)-1]
			target := fresh(t)
			schema := described(t, target, engine, withLater(t, ""))
			for n := range len(statements) + 1 {
				killedMigrating(t, engine, target, strings.Join(statements[:n], "")+stop[engine])
				if now := described(t, target, engine, withLater(t, "")); now != schema {
					t.Fatalf("killed after statement %d the schema is\n%s\nand was\n%s", n, now, schema)
				}
			}
			d, err := db.Open(t.Context(), target, db.Options{Migrations: withLater(t, later)})
			must(t, err)
			must(t, d.Prepare(t.Context(), "SELECT fax FROM clients"))
			must(t, d.Close())
			_, err = db.Open(t.Context(), target, db.Options{Migrations: withLater(t, "")})
			if err == nil || !strings.Contains(err.Error(), "newer version") {
				t.Errorf("the old program opens the new schema, or says %v", err)
			}
		})
	}
}

// The first start, killed at the statements of the built-in schema.
func TestFirstStartKilled(t *testing.T) {
	t.Parallel()
	text, err := fs.ReadFile(db.Migrations(), "0001_start.sql")
	must(t, err)
	var statements []string
	for s := range strings.SplitSeq(string(text), ";\n") {
		statements = append(statements, s+";\n")
	}
	dir := t.TempDir()
	for n := 0; n < len(statements); n += more(9, 1) {
		killedAt(t, "sqlite", dir, fstest.MapFS{"0001_start.sql": {Data: []byte(strings.Join(statements[:n], "") + stop["sqlite"])}})
	}
	d, err := db.Open(t.Context(), dir, db.Options{})
	must(t, err)
	must(t, d.Close())
	if is, want := described(t, dir, "sqlite", nil), described(t, dbtest.SQLiteDir(t, nil), "sqlite", nil); is != want {
		t.Errorf("the schema is\n%s\nwant\n%s", is, want)
	}
}

func killedMigrating(t *testing.T, engine, target, text string) {
	t.Helper()
	killedAt(t, engine, target, withLater(t, text))
}

// killedAt lets another process migrate until it hangs in the statement that
// stops it, and kills it there.
func killedAt(t *testing.T, engine, target string, set fstest.MapFS) {
	t.Helper()
	dir := t.TempDir()
	for name, file := range set {
		must(t, os.WriteFile(dir+"/"+name, file.Data, 0o600))
	}
	self, err := os.Executable()
	must(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "BAILIWICK_FAULT_ROLE=migrate", "BAILIWICK_FAULT_DIR="+dir, "BAILIWICK_FAULT_TARGET="+target)
	log := &output{}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	must(t, cmd.Start())
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	for hangs, tries := 0, 0; hangs < 3; tries++ { // busy in its statement, or asleep on the server's
		select {
		case <-ended:
			t.Fatalf("the migration ended: %s", log)
		case <-time.After(30 * time.Millisecond):
		}
		if strings.Contains(log.String(), "begins") {
			hangs++
		}
		if tries == 600 {
			t.Fatalf("the migration does not begin: %s", log)
		}
	}
	must(t, cmd.Process.Kill())
	<-ended
	if engine == "postgres" {
		quiet(t, target)
	}
}

// quiet waits until the server has noticed that the caller is gone.
func quiet(t *testing.T, target string) {
	t.Helper()
	super := openSQL(t, target)
	defer super.Close()
	for tries := 0; ; tries++ {
		n := 0
		must(t, super.QueryRow("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").Scan(&n))
		if n == 0 {
			return
		}
		if tries == 600 {
			t.Fatal("the server keeps the transaction of a caller who is gone")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// migrateRole opens a database with other migrations, and says when it begins.
func migrateRole() {
	fmt.Println("begins")
	_, err := db.Open(context.Background(), os.Getenv("BAILIWICK_FAULT_TARGET"), db.Options{Migrations: os.DirFS(os.Getenv("BAILIWICK_FAULT_DIR"))})
	fmt.Println(err)
}

// described is the schema in words, and which migrations are noted.
func described(t *testing.T, target, engine string, set fs.FS) string {
	t.Helper()
	d, err := db.Open(t.Context(), target, db.Options{Migrations: set})
	must(t, err)
	defer d.Close()
	q := map[string]string{
		"sqlite":   "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_schema ORDER BY 1",
		"postgres": "SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns WHERE table_schema = 'public' UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
	}[engine]
	var lines []string
	must(t, d.Read(t.Context(), func(tx *db.Tx) error {
		for _, q := range []string{q, "SELECT name FROM migration ORDER BY number"} {
			rows, err := tx.Query(t.Context(), q)
			if err != nil {
				return err
			}
			for rows.Next() {
				var text string
				if err := rows.Scan(&text); err != nil {
					return err
				}
				lines = append(lines, text)
			}
			if err := rows.Err(); err != nil {
				return err
			}
		}
		return nil
	}))
	return strings.Join(lines, "\n")
}
