package db_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
)

func TestDirectoryIsOneProcessesAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "a%b ?c#d")
	o := db.Options{Migrations: files(schema)}
	d, err := db.Open(t.Context(), dir, o)
	must(t, err)
	_, err = db.Open(t.Context(), dir, o)
	wantIs(t, err, db.ErrInUse)
	if err != nil && !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Errorf("%q does not name the process", err)
	}
	must(t, put(t.Context(), d, 1))
	for name, want := range map[string]os.FileMode{
		"": 0o700, "bailiwick.db": 0o600, "bailiwick.db-wal": 0o600, "bailiwick.db-shm": 0o600, "bailiwick.lock": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		must(t, err)
		if got := info.Mode().Perm(); got != want {
			t.Errorf("mode of %q is %o, want %o", name, got, want)
		}
	}
	must(t, d.Close())
	d, err = db.Open(t.Context(), dir, o)
	must(t, err)
	must(t, d.Close())
}

// The settings that make promises hold on the connections themselves.
func TestPragmas(t *testing.T) {
	d, err := db.Open(t.Context(), t.TempDir(), db.Options{Migrations: files(schema)})
	must(t, err)
	defer d.Close()
	check := func(want map[string]string) func(*db.Tx) error {
		return func(tx *db.Tx) error {
			for name, want := range want {
				var got string
				if err := tx.Row(t.Context(), `PRAGMA `+name).Scan(&got); err != nil {
					return err
				}
				if got != want {
					t.Errorf("%s is %s, want %s", name, got, want)
				}
			}
			return nil
		}
	}
	must(t, d.Write(t.Context(), "", check(map[string]string{"journal_mode": "wal", "synchronous": "2",
		"secure_delete": "1", "foreign_keys": "1", "temp_store": "2", "trusted_schema": "0"})))
	must(t, d.Read(t.Context(), check(map[string]string{"foreign_keys": "1", "temp_store": "2", "journal_mode": "wal"})))
}

// A full database refuses, loses nothing that it had said yes to, and goes on
// when there is room again.
func TestFull(t *testing.T) {
	d := onSQLite(t)
	ctx := t.Context()
	pragma := func(text string) {
		must(t, d.Write(ctx, "", func(tx *db.Tx) error {
			var n int
			return tx.Row(ctx, text).Scan(&n)
		}))
	}
	must(t, put(ctx, d, 1))
	pragma(`PRAGMA max_page_count = 20`)
	var full error
	n := 2
	for ; full == nil && n < 100; n++ {
		full = d.Write(ctx, "", func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO box (id, body) VALUES ($1, $2)`, n, make([]byte, 8000))
			return err
		})
	}
	wantIs(t, full, db.ErrFull)
	if got := ids(t, d); len(got) != n-2 {
		t.Errorf("%d boxes, want %d", len(got), n-2)
	}
	pragma(`PRAGMA max_page_count = 100000`)
	must(t, put(ctx, d, 1000))
}

func onSQLite(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), dbtest.SQLiteDir(t, files(schema)), db.Options{Migrations: files(schema)})
	must(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

// writeUntilKilled is the process that TestKilled kills: it prints the id of
// every box that it was told is stored.
func writeUntilKilled(dir string) {
	ctx := context.Background()
	d, err := db.Open(ctx, dir, db.Options{Migrations: files(schema)})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for w := range 16 {
		go func() {
			for id := w; ; id += 16 {
				if err := put(ctx, d, id); err != nil {
					fmt.Println(err)
					os.Exit(1)
				}
				fmt.Println(id) // one write system call
			}
		}()
	}
	select {}
}

// Killed in the middle of its work, the database has every change that was
// acknowledged, and is sound.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BAILIWICK_CRASH_DIR="+dir)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	var acknowledged []int
	lines := bufio.NewScanner(out)
	for lines.Scan() { // to the end: what was printed was acknowledged
		id, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatal(lines.Text())
		}
		acknowledged = append(acknowledged, id)
		if len(acknowledged) == 1000 {
			must(t, cmd.Process.Kill())
		}
	}
	cmd.Wait()
	if len(acknowledged) < 1000 {
		t.Fatalf("only %d changes before the end", len(acknowledged))
	}
	d, err := db.Open(t.Context(), dir, db.Options{Migrations: files(schema)})
	must(t, err)
	defer d.Close()
	stored := map[int]bool{}
	for _, id := range ids(t, d) {
		stored[id] = true
	}
	for _, id := range acknowledged {
		if !stored[id] {
			t.Errorf("box %d was acknowledged and is lost", id)
		}
	}
	must(t, d.Read(t.Context(), func(tx *db.Tx) error {
		var verdict string
		err := tx.Row(t.Context(), `PRAGMA integrity_check`).Scan(&verdict)
		if verdict != "ok" {
			t.Error(verdict)
		}
		return err
	}))
}
