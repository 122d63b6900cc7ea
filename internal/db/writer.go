package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A batch ends when nobody waits, or here, so that its first is not kept
// waiting for the last.
const (
	batchCount = 128
	batchTime  = 10 * time.Millisecond
)

// writer is SQLite's one writing connection with group commit. Each caller
// runs its own function, in its own goroutine and savepoint, when it is its
// turn; who finds nobody waiting behind commits for the whole batch; all are
// answered after that one fsync. A caller who is alone waits for nobody.
type writer struct {
	pool    *sql.DB
	turn    chan struct{} // holds a value while somebody has the turn; first come, first served
	waiting atomic.Int64
	counts  counts

	// Only for who has the turn:
	conn   *liteConn // nil: lost, opened again at the next turn
	batch  *batch    // nil: no transaction is open
	closed bool
}

type batch struct {
	done  chan struct{} // closed after the end
	err   error         // of the whole batch; read after done
	count int
	late  *time.Timer
}

func newWriter(ctx context.Context, dsn string) (*writer, error) {
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxIdleConns(-1)
	w := &writer{pool: pool, turn: make(chan struct{}, 1)}
	if w.conn, err = connectLite(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	return w, nil
}

func (w *writer) write(ctx context.Context, fn func(*Tx) error) error {
	w.waiting.Add(1)
	patient, stop := context.WithTimeout(ctx, patience)
	defer stop()
	select {
	case w.turn <- struct{}{}:
		w.waiting.Add(-1)
	case <-patient.Done():
		// The one before may rely on us to commit: a stand-in does it.
		go func() {
			w.turn <- struct{}{}
			w.waiting.Add(-1)
			w.pass()
		}()
		if ctx.Err() == nil {
			return ErrBusy
		}
		return ctx.Err()
	}
	b, err := w.join(ctx, fn)
	if err != nil {
		return err
	}
	<-b.done
	return b.err
}

// join runs fn in the open batch, or a new one. It has the turn and gives it
// away at the end, also when fn panics or ends the goroutine.
func (w *writer) join(ctx context.Context, fn func(*Tx) error) (*batch, error) {
	defer w.pass()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := w.begin(ctx); err != nil {
		return nil, err
	}
	b := w.batch
	b.count++
	return b, w.savepoint(fn)
}

func (w *writer) begin(ctx context.Context) (err error) {
	if w.closed {
		return ErrClosed
	}
	if w.batch != nil {
		return nil
	}
	if w.conn == nil {
		if w.conn, err = connectLite(ctx, w.pool); err != nil {
			return err
		}
	}
	if err := w.conn.exec("BEGIN IMMEDIATE"); err != nil {
		w.drop()
		return named(err)
	}
	w.batch = &batch{done: make(chan struct{}), late: time.NewTimer(batchTime)}
	return nil
}

// savepoint runs fn so that its failure undoes nothing but its own work.
func (w *writer) savepoint(fn func(*Tx) error) (err error) {
	if err := w.conn.exec("SAVEPOINT one"); err != nil {
		w.lose(err)
		return named(err)
	}
	tx := &Tx{run: w.conn, detached: true}
	good := false
	defer func() {
		tx.end()
		if !good {
			if err := w.conn.exec("ROLLBACK TO one"); err != nil {
				w.lose(err)
				return
			}
		}
		if e := w.conn.exec("RELEASE one"); e != nil {
			w.lose(e)
		}
	}()
	err = tx.call(fn)
	good = err == nil
	return err
}

// pass ends the batch if nobody would go on with it, and gives the turn away.
func (w *writer) pass() {
	if b := w.batch; b != nil {
		late := false
		select {
		case <-b.late.C:
			late = true
		default:
		}
		if late || b.count >= batchCount || w.waiting.Load() == 0 {
			w.commit()
		}
	}
	<-w.turn
}

func (w *writer) commit() {
	err := w.conn.exec("COMMIT")
	if err == nil {
		w.conn.tidy()
		w.counts.committed(w.batch.count)
		w.end(nil)
		return
	}
	if certainlyLost(err) {
		w.lose(err)
		return
	}
	// After a failing fsync the data may be on disk all the same.
	w.drop()
	w.end(fmt.Errorf("%w: %w", ErrUnknown, named(err)))
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

// lose answers everybody in a batch that is gone without a commit, as SQLite
// does it on a full disk and other grave errors.
func (w *writer) lose(cause error) {
	w.drop()
	w.end(fmt.Errorf("undone together with other changes: %w", named(cause)))
}

func (w *writer) end(err error) {
	b := w.batch
	w.batch = nil
	if err != nil {
		w.counts.failures.Add(1)
	}
	b.late.Stop()
	b.err = err
	close(b.done)
}

func (w *writer) drop() {
	w.conn.close() // the cause of dropping it is what the callers hear
	w.conn = nil
}

func (w *writer) close() error {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	if w.batch != nil {
		w.commit()
	}
	w.closed = true
	if w.conn == nil {
		return w.pool.Close()
	}
	return errors.Join(w.conn.close(), w.pool.Close())
}
