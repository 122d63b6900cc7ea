package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"
)

var (
	errTxOver   = errors.New("use of a transaction after its end")
	errRowsOpen = errors.New("the rows of the query before are still open")
)

// Tx is a running transaction. It is used by one goroutine, one statement
// after the other, and only until its function returns: then what is still
// open is closed, and later uses fail.
type Tx struct {
	run    runner
	shared context.Context // of every statement of a batch that others share: no caller's own ends it
	over   atomic.Bool
	memo   *Memo        // of the batch
	failed error        // of the first statement that failed
	rows   *sql.Rows    // of the latest Query
	lines  []*line      // what it leaves to be written together with others
	before func() error // of the first statement
	look   bool         // reads only

	// PostgreSQL: ends the latest Row if nobody scanned it, which would
	// otherwise block its connection for ever.
	remote  bool
	release context.CancelFunc
}

type runner interface {
	ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
}

// Remote reports whether the engine is PostgreSQL.
func (t *Tx) Remote() bool { return t.remote }

// Exec runs a statement and says how many rows it changed.
func (t *Tx) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	if t.look {
		return 0, t.fail(ctx, ErrReadOnly)
	}
	ctx, err := t.ready(ctx, args)
	if err != nil {
		return 0, err
	}
	res, err := t.run.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, t.fail(ctx, err)
	}
	return res.RowsAffected()
}

// Query runs a query. Its rows must be read or closed before the next
// statement.
func (t *Tx) Query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if t.changes(text) {
		return nil, t.fail(ctx, ErrReadOnly)
	}
	ctx, err := t.ready(ctx, args)
	if err != nil {
		return nil, err
	}
	rows, err := t.run.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, t.fail(ctx, err)
	}
	t.rows = rows
	return rows, nil
}

// Row runs a query of at most one row; errors come from its Scan, ErrNoRows
// among them. It must be scanned before the next statement.
func (t *Tx) Row(ctx context.Context, text string, args ...any) *sql.Row {
	if t.changes(text) {
		return failedRow(t.fail(ctx, ErrReadOnly))
	}
	ctx, err := t.ready(ctx, args)
	if err != nil {
		return failedRow(err)
	}
	if t.remote {
		own, cancel := context.WithCancel(ctx)
		t.release = cancel
		ctx = own
	}
	row := t.run.QueryRowContext(ctx, text, args...)
	if err := row.Err(); err != nil {
		return failedRow(t.fail(ctx, err))
	}
	return row
}

// ready refuses what one engine would let pass and the other not.
func (t *Tx) ready(ctx context.Context, args []any) (context.Context, error) {
	for _, a := range args { // PostgreSQL takes no such text, SQLite any
		if s, ok := a.(string); ok && (strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s)) {
			return nil, ErrText
		}
	}
	switch {
	case t.over.Load():
		return nil, errTxOver
	case t.failed != nil:
		return nil, fmt.Errorf("the transaction has failed: %w", t.failed)
	case t.rows != nil:
		if _, err := t.rows.Columns(); err == nil { // an error means: closed
			t.failed = errRowsOpen
			return nil, errRowsOpen
		}
		t.rows = nil
	}
	t.releaseRow()
	if first := t.before; first != nil {
		t.before = nil
		if err := first(); err != nil {
			t.failed = named(err)
			return nil, t.failed
		}
	}
	if t.shared != nil {
		ctx = t.shared
	}
	return ctx, nil
}

// changes reports what a query of Look may not be: outside of a transaction
// nothing else would keep it from changing something.
func (t *Tx) changes(text string) bool { return t.look && !strings.HasPrefix(text, "SELECT ") }

func (t *Tx) fail(ctx context.Context, err error) error {
	// pgx's adapter says only "bad connection" where the context was over.
	if ctx.Err() != nil && errors.Is(err, driver.ErrBadConn) {
		err = ctx.Err()
	}
	t.failed = named(err)
	return t.failed
}

// call runs fn and says what comes of the transaction.
func (t *Tx) call(fn func(*Tx) error) error {
	err := fn(t)
	if t.failed == nil {
		return named(err)
	}
	if err == nil {
		return t.failed
	}
	if name := nameOf(t.failed); name != nil && !errors.Is(err, name) {
		return fmt.Errorf("%w: %w", name, err)
	}
	return err
}

// end forbids further use and closes what fn left open.
func (t *Tx) end() {
	t.over.Store(true)
	if t.rows != nil {
		t.rows.Close()
	}
	t.releaseRow()
}

func (t *Tx) releaseRow() {
	if t.release != nil {
		t.release()
		t.release = nil
	}
}

// failedRow makes a row whose Scan says err: database/sql has no other way.
func failedRow(err error) *sql.Row {
	pool := sql.OpenDB(failing{err})
	defer pool.Close()
	return pool.QueryRowContext(context.Background(), "")
}

type failing struct{ err error }

func (f failing) Connect(context.Context) (driver.Conn, error) { return nil, f.err }
func (f failing) Driver() driver.Driver                        { return nil }

// Grown says that a table has grown by much within this transaction. On
// PostgreSQL, plans that were made while it was small (those of foreign keys
// too) would read all of it for every row; ANALYZE has them made anew. It looks
// at the columns that are named (those that rows are found by: sealed ones take
// most of the time and are never asked for), or at all. SQLite needs nothing.
func (t *Tx) Grown(ctx context.Context, table string, by ...string) error {
	if !t.remote {
		return nil
	}
	if len(by) > 0 {
		table += " (" + strings.Join(by, ", ") + ")"
	}
	_, err := t.Exec(ctx, "ANALYZE "+table)
	return err
}
