package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// OpenToRead opens a database that a server may be using at the same time. It
// changes nothing, applies no migration, and holds nobody up: an SQLite
// reader sees one state of the write-ahead log while writers go on. Write
// fails with ErrReadOnly. It must run as the user who owns the directory.
func OpenToRead(ctx context.Context, target string) (*DB, error) {
	steps, err := readMigrations(Migrations())
	if err != nil {
		return nil, err
	}
	var e engine
	if IsPostgres(target) {
		e, err = openPostgres(ctx, target, 2)
	} else {
		e, err = openLiteReader(target)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	r := onlyReads{e}
	return &DB{engine: r, close: sync.OnceValue(r.close), steps: steps}, nil
}

// onlyReads is an engine without its writer.
type onlyReads struct{ engine }

func (onlyReads) write(context.Context, string, func(*Tx) error) error { return ErrReadOnly }

func openLiteReader(dir string) (engine, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "bailiwick.db")
	if info, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no database in %s", dir)
	} else if err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", file)
	}
	return &liteReader{newReaders(address(file, reading), 1)}, nil
}

// liteReader is SQLite without lock, writer and recovery of its own.
type liteReader struct{ readers *readers }

func (l *liteReader) name() string { return "sqlite" }

func (l *liteReader) read(ctx context.Context, first *First, fn func(*Tx) error) error {
	return l.readers.read(ctx, first, fn)
}

func (l *liteReader) look(ctx context.Context, fn func(*Tx) error) error {
	return l.readers.look(ctx, fn)
}

func (l *liteReader) write(context.Context, string, func(*Tx) error) error { return ErrReadOnly }

func (l *liteReader) prepare(ctx context.Context, text string) error {
	return (&sqliteDB{readers: l.readers}).prepare(ctx, text)
}

func (l *liteReader) stats() Stats { return Stats{} }

func (l *liteReader) close() error { return l.readers.close() }
