package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

//go:embed migrations/*.sql
var builtIn embed.FS

// Options changes what Open does; the zero value is right for a server.
type Options struct {
	Migrations  fs.FS // NNNN_name.sql files at its root; nil: Migrations()
	Connections int   // most connections (SQLite: readers) at a time; 0: chosen by engine
}

// DB is an open database of either engine. All methods may be used at once
// from any goroutine.
type DB struct {
	engine engine
	close  func() error
	steps  []migration
}

// engine is what SQLite and PostgreSQL each do in their own way.
type engine interface {
	name() string
	read(ctx context.Context, first *First, fn func(*Tx) error) error
	look(ctx context.Context, fn func(*Tx) error) error
	write(ctx context.Context, lock string, fn func(*Tx) error) error
	prepare(ctx context.Context, text string) error
	stats() Stats
	close() error
}

// Migrations are the built-in migrations.
func Migrations() fs.FS {
	sub, err := fs.Sub(builtIn, "migrations")
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	return sub
}

// Open opens the database at target, which is a directory (SQLite, file
// bailiwick.db inside, both made if missing, readable by their owner only) or
// a postgres:// address, and brings its schema up to date. It fails with
// ErrInUse when another process has the directory open, and with ErrSchema
// when the schema is newer than this program or not the one it made.
func Open(ctx context.Context, target string, o Options) (*DB, error) {
	if o.Migrations == nil {
		o.Migrations = Migrations()
	}
	steps, err := readMigrations(o.Migrations)
	if err != nil {
		return nil, err
	}
	var e engine
	switch {
	case IsPostgres(target):
		e, err = openPostgres(ctx, target, o.Connections)
	case strings.Contains(target, "://"): // or a typing error would begin an empty database
		err = errors.New("the address of a database begins with postgres://")
	default:
		e, err = openSQLite(ctx, target, o.Connections)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	d := &DB{engine: e, close: sync.OnceValue(e.close), steps: steps}
	if err := d.migrate(ctx, steps); err != nil {
		e.close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return d, nil
}

// IsPostgres tells the address of a PostgreSQL database from a directory.
func IsPostgres(target string) bool {
	return strings.HasPrefix(target, "postgres://") || strings.HasPrefix(target, "postgresql://")
}

// Read runs fn on one unchanging view of the data. Changes are refused with
// ErrReadOnly. fn must not use the DB itself.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	return d.engine.read(ctx, nil, fn)
}

// First is the query of one row that a transaction begins with.
type First struct {
	Text string
	Args []any
	Dest []any // what Scan takes
	Err  error // of its Scan, ErrNoRows among them
}

// ReadFrom is Read, with the first query made beforehand: where the database
// is another machine, it goes along with the beginning of the transaction.
func (d *DB) ReadFrom(ctx context.Context, first *First, fn func(*Tx) error) error {
	return d.engine.read(ctx, first, fn)
}

// Look runs fn on the data as it is, without a transaction: each of its queries
// sees a state of its own, and it can do nothing but query. It is for single
// rows; what is made of them is to be verified later, or stands for itself.
func (d *DB) Look(ctx context.Context, fn func(*Tx) error) error {
	return d.engine.look(ctx, fn)
}

// Write runs fn exactly once or not at all, in its own goroutine. An error or
// a panic of fn undoes what fn did and comes back as it is; so does a failing
// statement even if fn returns nil. Writers that name the same lock (an
// organization) follow one another, also over several nodes; "" takes none.
// ErrUnknown means that the commit may or may not have happened. fn must not
// use the DB itself, and on SQLite it holds up all other writers: no slow
// work in it.
func (d *DB) Write(ctx context.Context, lock string, fn func(*Tx) error) error {
	return d.engine.write(ctx, lock, fn)
}

// Engine is "sqlite" or "postgres".
func (d *DB) Engine() string { return d.engine.name() }

// Prepare asks the engine whether it accepts an SQL text, without running it.
func (d *DB) Prepare(ctx context.Context, text string) error {
	return named(d.engine.prepare(ctx, text))
}

// Close waits for running writers and closes the database. Later calls of any
// method fail with ErrClosed.
func (d *DB) Close() error { return d.close() }
