package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// statementsKept is how many prepared statements a connection may hold when
// no transaction runs. The product's own texts are fewer; lists of arguments
// of many lengths could make more.
const statementsKept = 384

// liteConn is one SQLite connection with its prepared statements: preparing
// costs more than running most of them.
type liteConn struct {
	conn  *sql.Conn
	stmts map[string]*liteStmt
}

// liteStmt is a prepared text, and which argument each of its places takes.
type liteStmt struct {
	*sql.Stmt
	places
}

func connectLite(ctx context.Context, pool *sql.DB) (*liteConn, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, named(err)
	}
	return &liteConn{conn, map[string]*liteStmt{}}, nil
}

func (c *liteConn) prepared(ctx context.Context, text string) (*liteStmt, error) {
	if s, ok := c.stmts[text]; ok {
		return s, nil
	}
	nameless, places := placesOf(text)
	s, err := c.conn.PrepareContext(ctx, nameless)
	if err != nil {
		return nil, err
	}
	c.stmts[text] = &liteStmt{s, places}
	return c.stmts[text], nil
}

// ready prepares a text and puts its arguments in the order of its places.
func (c *liteConn) ready(ctx context.Context, text string, args []any) (*sql.Stmt, []any, error) {
	s, err := c.prepared(ctx, text)
	if err != nil {
		return nil, nil, err
	}
	args, err = s.fill(args)
	return s.Stmt, args, err
}

func (c *liteConn) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	s, args, err := c.ready(ctx, text, args)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (c *liteConn) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	s, args, err := c.ready(ctx, text, args)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (c *liteConn) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	s, args, err := c.ready(ctx, text, args)
	if err != nil {
		return failedRow(err)
	}
	return s.QueryRowContext(ctx, args...)
}

func (c *liteConn) begin() error { return c.exec("BEGIN IMMEDIATE") }

func (c *liteConn) steer(text string) error { return c.exec(text) }

func (c *liteConn) commit() (err error, lost bool) {
	err = c.exec("COMMIT")
	return err, certainlyLost(err)
}

// certainlyLost: a check at the end refused, or the log had no room or could
// not be written. The frame that makes a transaction valid is the last one
// written, so it is missing or does not fit its checksum (sqlite.org/walformat.html).
func certainlyLost(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	primary := e.Code() & 0xff
	return primary == sqlite3.SQLITE_CONSTRAINT || primary == sqlite3.SQLITE_FULL || e.Code() == sqlite3.SQLITE_IOERR_WRITE
}

func (c *liteConn) tx() *Tx { return &Tx{run: c, shared: context.Background()} }

// idle keeps the connection: it is the only one that writes.
func (c *liteConn) idle() batchConn {
	c.tidy()
	return c
}

// exec runs a statement that steers the transaction; no context ends it.
func (c *liteConn) exec(text string) error {
	_, err := c.ExecContext(context.Background(), text)
	return err
}

// tidy is called between transactions, when no statement is in use.
func (c *liteConn) tidy() {
	if len(c.stmts) > statementsKept {
		c.forget()
	}
}

func (c *liteConn) forget() {
	for text, s := range c.stmts {
		s.Close()
		delete(c.stmts, text)
	}
}

// close really closes the connection. Handing it back to the pool would keep
// a transaction that is still open.
func (c *liteConn) close() error {
	c.forget()
	err := c.conn.Raw(func(any) error { return driver.ErrBadConn })
	if errors.Is(err, driver.ErrBadConn) {
		err = nil
	}
	if e := c.conn.Close(); e != nil && !errors.Is(e, sql.ErrConnDone) {
		err = errors.Join(err, e)
	}
	return err
}
