package db

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

// A batch ends when nobody waits, or here, so that its first is not kept
// waiting for the last.
const (
	batchCount = 128
	batchTime  = 10 * time.Millisecond
)

// batchConn is a connection that a batch has to itself. No context ends what
// runs in it: others share the transaction.
type batchConn interface {
	begin() error            // the transaction; an error means that it is not open
	steer(text string) error // SAVEPOINT, RELEASE, ROLLBACK TO, ROLLBACK
	commit() (error, bool)   // and whether it is certain that nothing of it is stored
	tx() *Tx                 // another transaction's view of it
	idle() batchConn         // after the end: what is kept for the next batch, nil for nothing
	close() error            // after a failure: really closed, with what is open in it
}

// writer gives writers their turn, with group commit. Each caller runs its own
// function, in its own goroutine and savepoint, when it is its turn; who finds
// nobody waiting behind commits for the whole batch; all are answered after
// that one commit. A caller who is alone waits for nobody.
type writer struct {
	connect func(context.Context) (batchConn, error)
	counts  *counts
	turn    chan struct{} // holds a value while somebody has the turn; first come, first served
	waiting atomic.Int64

	// Only for who has the turn:
	conn   batchConn // nil: lost or handed back, opened again at the next turn
	batch  *batch    // nil: no transaction is open
	closed bool
}

type batch struct {
	done  chan struct{} // closed after the end
	err   error         // of the whole batch; read after done
	count int
	late  *time.Timer
	memo  Memo
	lines []*line // still to be written
}

func newWriter(connect func(context.Context) (batchConn, error), c *counts) *writer {
	return &writer{connect: connect, counts: c, turn: make(chan struct{}, 1)}
}

func (w *writer) write(ctx context.Context, fn func(*Tx) error) error {
	w.waiting.Add(1)
	w.counts.waiting.Add(1)
	patient, stop := context.WithTimeout(ctx, patience)
	defer stop()
	select {
	case w.turn <- struct{}{}:
		w.arrived()
	case <-patient.Done():
		// The one before may rely on us to commit: a stand-in does it.
		go func() {
			w.turn <- struct{}{}
			w.arrived()
			w.pass()
		}()
		if ctx.Err() == nil {
			return ErrBusy
		}
		return ctx.Err()
	}
	b, lines, err := w.join(ctx, fn)
	if err != nil {
		return err
	}
	<-b.done
	if b.err != nil {
		return b.err
	}
	for _, l := range lines {
		if l.err != nil {
			return l.err
		}
	}
	return nil
}

func (w *writer) arrived() {
	w.waiting.Add(-1)
	w.counts.waiting.Add(-1)
}

// join runs fn in the open batch, or a new one. It has the turn and gives it
// away at the end, also when fn panics or ends the goroutine.
func (w *writer) join(ctx context.Context, fn func(*Tx) error) (b *batch, lines []*line, err error) {
	defer w.pass()
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if err := w.begin(ctx); err != nil {
		return nil, nil, err
	}
	b = w.batch
	b.count++
	if b.count == 1 {
		lines, err = w.first(fn)
	} else {
		lines, err = w.savepoint(fn)
	}
	return b, lines, err
}

func (w *writer) begin(ctx context.Context) (err error) {
	if w.closed {
		return ErrClosed
	}
	if w.batch != nil {
		return nil
	}
	if w.conn == nil {
		if w.conn, err = w.connect(ctx); err != nil {
			return err
		}
	}
	if err := w.conn.begin(); err != nil {
		w.drop()
		return named(err)
	}
	w.batch = &batch{done: make(chan struct{}), late: time.NewTimer(batchTime)}
	return nil
}

// first runs fn as the beginning of a batch. It needs no savepoint: its failure
// undoes the transaction, in which there is nothing else yet.
func (w *writer) first(fn func(*Tx) error) ([]*line, error) {
	return w.run(w.conn.tx(), fn, func(good bool) {
		if good {
			return
		}
		if err := w.conn.steer("ROLLBACK"); err != nil {
			w.lose(err)
			return
		}
		w.batch.count = 0 // nobody relies on it
		w.end(nil)
	})
}

// savepoint runs fn so that its failure undoes nothing but its own work. The
// savepoint waits for the first statement: who only leaves lines needs none.
func (w *writer) savepoint(fn func(*Tx) error) ([]*line, error) {
	open := false
	tx := w.conn.tx()
	tx.before = func() error {
		err := w.flush() // lines come before what is written after them
		if err == nil {
			err = w.conn.steer("SAVEPOINT one")
		}
		if err != nil {
			w.lose(err)
		}
		open = err == nil
		return err
	}
	return w.run(tx, fn, func(good bool) {
		if !open {
			return
		}
		if !good {
			if err := w.conn.steer("ROLLBACK TO SAVEPOINT one"); err != nil {
				w.lose(err)
				return
			}
		}
		if e := w.conn.steer("RELEASE SAVEPOINT one"); e != nil {
			w.lose(e)
		}
	})
}

// run calls fn, and after in any case: also when fn panics.
func (w *writer) run(tx *Tx, fn func(*Tx) error, after func(good bool)) (lines []*line, err error) {
	b := w.batch
	tx.memo = &b.memo
	good := false
	defer func() {
		tx.end()
		if good {
			lines = tx.lines
			b.lines = append(b.lines, lines...)
		} else {
			tx.memo.forget()
		}
		after(good)
	}()
	err = tx.call(fn)
	good = err == nil
	return nil, err
}

// pass ends the batch if nobody would go on with it, and gives the turn away.
func (w *writer) pass() {
	if b := w.batch; b != nil {
		if w.waiting.Load() == 0 {
			runtime.Gosched() // who is about to come saves a commit of his own
		}
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
	if err := w.finish(); err != nil {
		w.lose(err)
		return
	}
	err, lost := w.conn.commit()
	switch {
	case err == nil:
		w.counts.committed(w.batch.count)
		w.end(nil)
	case lost:
		w.lose(err)
	default: // after a failing fsync the data may be on disk all the same
		w.drop()
		w.end(fmt.Errorf("%w: %w", ErrUnknown, named(err)))
	}
}

// finish does what the batch's transactions asked for its end.
func (w *writer) finish() error {
	if err := w.flush(); err != nil {
		return err
	}
	if len(w.batch.memo.last) == 0 {
		return nil
	}
	tx := w.conn.tx()
	defer tx.end()
	return w.batch.memo.finish(tx)
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
	if w.conn != nil {
		w.conn = w.conn.idle()
	}
	close(b.done)
}

func (w *writer) drop() {
	w.conn.close() // the cause of dropping it is what the callers hear
	w.conn = nil
}

// close waits for whoever has the turn, and commits what is open.
func (w *writer) close() error {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	if w.batch != nil {
		w.commit()
	}
	w.closed = true
	if w.conn == nil {
		return nil
	}
	return w.conn.close()
}
