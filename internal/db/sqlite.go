package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// sqliteDB is one file, one writer and some readers.
type sqliteDB struct {
	lock    *os.File
	pool    *sql.DB
	writer  *writer
	readers *readers
	counts  counts
}

// Every connection. secure_delete: deleted secrets are overwritten in the
// file. _dqs=0: "text" is never a string, as in PostgreSQL. The cache is a
// ceiling in KiB for each connection, filled only as needed.
const everyConnection = "_dqs=0" +
	"&_pragma=busy_timeout(10000)" +
	"&_pragma=foreign_keys(ON)" +
	"&_pragma=secure_delete(ON)" +
	"&_pragma=temp_store(MEMORY)" +
	"&_pragma=trusted_schema(OFF)" +
	"&_pragma=cache_size(-4096)"

// FULL: a commit is answered after its fsync. The limit keeps a log that a
// burst made long from staying so.
const writing = everyConnection +
	"&_pragma=journal_mode(WAL)" +
	"&_pragma=synchronous(FULL)" +
	"&_pragma=journal_size_limit(67108864)"

const reading = "mode=ro&" + everyConnection

func openSQLite(ctx context.Context, dir string, connections int) (*sqliteDB, error) {
	if dir == "" {
		return nil, errors.New("no directory given")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockDirectory(dir)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "bailiwick.db")
	if err := privateFile(dir, file); err != nil {
		lock.Close()
		return nil, err
	}
	pool, err := sql.Open("sqlite", address(file, writing))
	if err != nil {
		lock.Close()
		return nil, err
	}
	pool.SetMaxIdleConns(-1)
	s := &sqliteDB{lock: lock, pool: pool, readers: newReaders(address(file, reading), connections)}
	s.writer = newWriter(func(ctx context.Context) (batchConn, error) { return connectLite(ctx, pool) }, &s.counts)
	if s.writer.conn, err = connectLite(ctx, pool); err != nil {
		pool.Close()
		lock.Close()
		return nil, err
	}
	return s, nil
}

func address(file, settings string) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // Windows: file:///C:/…
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: settings}).String()
}

// privateFile makes the database file before SQLite does, which would leave
// it to the umask; the log beside it gets the same mode from SQLite.
func privateFile(dir, file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Chmod(0o600); err != nil {
		return fmt.Errorf("the database file must be its owner's alone: %w", err)
	}
	return syncDirectory(dir)
}

func (s *sqliteDB) name() string { return "sqlite" }

func (s *sqliteDB) read(ctx context.Context, first *First, fn func(*Tx) error) error {
	return s.readers.read(ctx, first, fn)
}

func (s *sqliteDB) look(ctx context.Context, fn func(*Tx) error) error {
	return s.readers.look(ctx, fn)
}

// write needs no lock by name: there is one writer.
func (s *sqliteDB) write(ctx context.Context, _ string, fn func(*Tx) error) error {
	return s.writer.write(ctx, fn)
}

func (s *sqliteDB) prepare(ctx context.Context, text string) error {
	return s.readers.with(ctx, func(c *liteConn) (bool, error) {
		stmt, err := c.conn.PrepareContext(ctx, text)
		if err != nil {
			return true, err
		}
		return true, stmt.Close()
	})
}

// close ends the readers first, so that the writer's end can fold the log
// into the file.
func (s *sqliteDB) close() error {
	return errors.Join(s.readers.close(), s.writer.close(), s.pool.Close(), s.lock.Close())
}
