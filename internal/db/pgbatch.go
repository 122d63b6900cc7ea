package db

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// steerWait is how long a savepoint may take: the server answers at once, or
// it is gone.
const steerWait = 30 * time.Second

// batchWait is how long a shared transaction may take in all. Only a server
// that has fallen silent takes as long, and would hold up every writer.
const batchWait = 10 * time.Minute

// pgBatch is a connection whose transaction several writers share. It comes
// with the transaction open, and goes back to the pool after it.
type pgBatch struct {
	c    *pgConn
	ctx  context.Context // of every statement
	over context.CancelFunc
}

func newBatch(c *pgConn) *pgBatch {
	ctx, over := context.WithTimeout(context.Background(), batchWait)
	return &pgBatch{c, ctx, over}
}

func (b *pgBatch) begin() error { return nil }

func (b *pgBatch) steer(text string) error {
	ctx, cancel := context.WithTimeout(context.Background(), steerWait)
	defer cancel()
	_, err := b.c.exec(ctx, text)
	if err != nil && b.c.closed() { // whatever pgx then says
		err = fmt.Errorf("%w: %w", ErrLost, err)
	}
	return err
}

func (b *pgBatch) commit() (err error, lost bool) {
	err = b.c.commit(context.Background())
	return err, err != nil && !errors.Is(err, ErrUnknown)
}

func (b *pgBatch) tx() *Tx {
	b.c.tx = &Tx{run: b.c.conn, remote: true, shared: b.ctx}
	return b.c.tx
}

func (b *pgBatch) idle() batchConn {
	b.close()
	return nil
}

// close hands the connection back, or closes it, as abandon does.
func (b *pgBatch) close() error {
	b.over()
	b.c.abandon()
	return nil
}
