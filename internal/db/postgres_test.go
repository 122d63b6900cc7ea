package db_test

import (
	"context"
	"errors"
	"testing"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
)

func onPostgres(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), dbtest.PostgresURL(t, files(schema)), db.Options{Migrations: files(schema), Connections: 3})
	must(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

func execAll(ctx context.Context, d *db.DB, texts ...string) error {
	return d.Write(ctx, "", func(tx *db.Tx) error {
		for _, text := range texts {
			if _, err := tx.Exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	})
}

// atCommit makes the database do something when a box is committed.
func atCommit(t *testing.T, d *db.DB, what string) {
	t.Helper()
	must(t, execAll(t.Context(), d, `CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN IF new.id = 1 THEN `+what+`; END IF; RETURN NULL; END $$`,
		`CREATE CONSTRAINT TRIGGER act AFTER INSERT ON box DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW EXECUTE FUNCTION act()`))
}

func TestPostgresCommit(t *testing.T) {
	for _, c := range []struct {
		name, act string
		want      error
		stored    int
	}{
		// What PostgreSQL says when the wait for a standby is cancelled.
		{"warning", `RAISE WARNING 'canceling wait for synchronous replication due to user request'`, db.ErrUnknown, 1},
		{"connection lost", `PERFORM pg_terminate_backend(pg_backend_pid())`, db.ErrUnknown, 0},
		{"full", `RAISE EXCEPTION USING ERRCODE = '53100'`, db.ErrFull, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := onPostgres(t)
			atCommit(t, d, c.act)
			err := put(t.Context(), d, 1)
			wantIs(t, err, c.want)
			if got := len(ids(t, d)); got != c.stored {
				t.Errorf("%d boxes, want %d", got, c.stored)
			}
			for id := 2; id < 10; id++ { // the pool is sound, the warning forgotten
				must(t, put(t.Context(), d, id))
			}
		})
	}
}

func TestPostgresRefusedCommitIsCertain(t *testing.T) {
	d := onPostgres(t)
	atCommit(t, d, `RAISE EXCEPTION 'no'`)
	err := put(t.Context(), d, 1)
	if err == nil || len(ids(t, d)) != 0 {
		t.Errorf("stored, error %v", err)
	}
	if errors.Is(err, db.ErrUnknown) {
		t.Errorf("a refusal counts as unknown: %v", err)
	}
}

func TestPostgresNamedErrors(t *testing.T) {
	d := onPostgres(t)
	ctx := t.Context()
	wantIs(t, execAll(ctx, d, `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$`), db.ErrFull)
	wantIs(t, execAll(ctx, d, `SET TRANSACTION READ ONLY`, `INSERT INTO box (id) VALUES (1)`), db.ErrReadOnly)
	wantIs(t, execAll(ctx, d, `SELECT pg_terminate_backend(pg_backend_pid())`), db.ErrLost)
	must(t, put(ctx, d, 1))
}

// All connections of the pool die between two transactions, as when the
// server is restarted: the next caller does not notice.
func TestPostgresDeadConnectionsAreReplaced(t *testing.T) {
	target := dbtest.PostgresURL(t, files(schema))
	o := db.Options{Migrations: files(schema), Connections: 3}
	d, err := db.Open(t.Context(), target, o)
	must(t, err)
	defer d.Close()
	other, err := db.Open(t.Context(), target, o)
	must(t, err)
	defer other.Close()
	ctx := t.Context()
	// Three at once, so that there are three connections.
	must(t, d.Read(ctx, func(*db.Tx) error {
		return d.Read(ctx, func(*db.Tx) error { return put(ctx, d, 1) })
	}))
	must(t, execAll(ctx, other, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`))
	for id := 2; id < 6; id++ {
		must(t, put(ctx, d, id))
	}
}

// A row that nobody scans must not be taken for a stored change, nor spoil
// the pool.
func TestPostgresUnscannedRow(t *testing.T) {
	d := onPostgres(t)
	ctx := t.Context()
	err := d.Write(ctx, "o", func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO box (id) VALUES (1)`); err != nil {
			return err
		}
		tx.Row(ctx, `SELECT generate_series(1, 100000)`)
		return nil
	})
	if err == nil || errors.Is(err, db.ErrUnknown) || len(ids(t, d)) != 0 {
		t.Errorf("error %v, boxes %v", err, ids(t, d))
	}
	must(t, put(ctx, d, 2))
}
