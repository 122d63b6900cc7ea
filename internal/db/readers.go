package db

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
)

// readers are read-only connections, each opened when first needed.
type readers struct {
	pool   *sql.DB
	free   chan *liteConn // nil: a place whose connection is not open
	closed chan struct{}
}

func newReaders(dsn string, n int) *readers {
	if n <= 0 {
		n = min(max(4, 2*runtime.GOMAXPROCS(0)), 16)
	}
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		panic(err) // the driver is linked in
	}
	pool.SetMaxIdleConns(-1)
	r := &readers{pool: pool, free: make(chan *liteConn, n), closed: make(chan struct{})}
	for range n {
		r.free <- nil
	}
	return r
}

// with lends fn a connection, alone. It is used again only if fn calls it
// sound: after a panic its state is not known.
func (r *readers) with(ctx context.Context, fn func(*liteConn) (sound bool, err error)) error {
	select {
	case <-r.closed:
		return ErrClosed
	default:
	}
	var c *liteConn
	select {
	case c = <-r.free:
	case <-r.closed:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	if c == nil {
		var err error
		if c, err = connectLite(ctx, r.pool); err != nil {
			r.free <- nil
			return err
		}
	}
	sound := false
	defer func() {
		if !sound {
			c.close() // why it is unsound is what the caller hears
			c = nil
		}
		r.free <- c
	}()
	var err error
	sound, err = fn(c)
	return err
}

func (r *readers) read(ctx context.Context, first *First, fn func(*Tx) error) error {
	return r.with(ctx, func(c *liteConn) (bool, error) {
		if err := c.exec("BEGIN"); err != nil {
			return false, named(err)
		}
		tx := &Tx{run: c}
		defer tx.end()
		if first != nil {
			first.Err = tx.Row(ctx, first.Text, first.Args...).Scan(first.Dest...)
		}
		err := tx.call(fn)
		tx.end()
		if c.exec("ROLLBACK") != nil {
			return false, err // fn has seen one view all the same
		}
		c.tidy()
		return true, err
	})
}

// look needs no BEGIN: a query by itself sees one state. Its context can't end
// it, which would cost a goroutine for each.
func (r *readers) look(ctx context.Context, fn func(*Tx) error) error {
	return r.with(ctx, func(c *liteConn) (bool, error) {
		tx := &Tx{run: c, shared: context.Background(), look: true}
		defer tx.end()
		err := tx.call(fn)
		tx.end()
		c.tidy()
		return true, err
	})
}

// close waits for those who read.
func (r *readers) close() error {
	close(r.closed)
	var err error
	for range cap(r.free) {
		if c := <-r.free; c != nil {
			err = errors.Join(err, c.close())
		}
	}
	return errors.Join(err, r.pool.Close())
}
