package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// commitWait is how long a commit may take. PostgreSQL itself waits for a
// synchronous standby without end, whatever statement_timeout says.
const commitWait = 30 * time.Second

// postgresDB is a pool of connections; pgx keeps prepared statements in each.
type postgresDB struct {
	pool   *sql.DB
	tries  int
	queues queues
	ends   sync.RWMutex // held while a read's connection goes back
	counts counts
}

func openPostgres(ctx context.Context, target string, connections int) (*postgresDB, error) {
	config, err := pgx.ParseConfig(target)
	if err != nil {
		return nil, err
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "bailiwick"
	}
	config.OnNotice = keepWarning
	if connections <= 0 {
		connections = 16
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	p := &postgresDB{pool: pool, tries: connections + 1}
	var encoding string
	if err = pool.QueryRowContext(ctx, "show server_encoding").Scan(&encoding); err == nil && encoding != "UTF8" {
		err = fmt.Errorf("the database's encoding is %s; it must be UTF8", encoding)
	}
	if err != nil {
		pool.Close()
		return nil, named(err)
	}
	return p, nil
}

func (p *postgresDB) name() string { return "postgres" }

func (p *postgresDB) read(ctx context.Context, first *First, fn func(*Tx) error) error {
	c, err := p.begin(ctx, "begin isolation level repeatable read read only", first)
	if err != nil {
		return err
	}
	good := false
	defer func() {
		if !good {
			c.abandon()
			return
		}
		c.tx.end()
		p.ends.RLock()
		go func() { // who has his answer need not wait for the rollback
			defer p.ends.RUnlock()
			c.abandon()
		}()
	}()
	err = c.tx.call(fn)
	good = err == nil
	return err
}

func (p *postgresDB) look(ctx context.Context, fn func(*Tx) error) error {
	conn, err := p.pool.Conn(ctx)
	if err != nil {
		return p.why(err)
	}
	c := &pgConn{conn: conn, tx: &Tx{run: conn, remote: true, look: true}}
	defer c.abandon()
	return c.tx.call(fn)
}

// write lets the writers of one lock commit together, as SQLite's one writer
// does: each would otherwise wait for the fsync of the one before it. Waiting
// for the turn costs the database no connection.
func (p *postgresDB) write(ctx context.Context, lock string, fn func(*Tx) error) error {
	if lock != "" {
		w, leave := p.queues.of(lock, p.writer)
		defer leave()
		return w.write(ctx, fn)
	}
	c, err := p.begin(ctx, "begin", nil)
	if err != nil {
		return err
	}
	defer c.abandon() // after a commit it has only the connection to hand back
	if err := finishing(c.tx, fn); err != nil {
		return err
	}
	c.tx.end()
	err = c.commit(ctx)
	if err != nil {
		p.counts.failures.Add(1)
	}
	return err
}

// writer is the queue of one lock. Other servers on the same database wait for
// it in the database.
func (p *postgresDB) writer(lock string) *writer {
	sum := fnv.New64a()
	sum.Write([]byte(lock))
	start := fmt.Sprintf("begin; set local lock_timeout = %d; select pg_advisory_xact_lock(%d); set local lock_timeout = 0",
		patience.Milliseconds(), int64(sum.Sum64()))
	return newWriter(func(ctx context.Context) (batchConn, error) {
		c, err := p.begin(ctx, start, nil)
		if err != nil {
			return nil, err
		}
		return newBatch(c), nil
	}, &p.counts)
}

// begin takes a connection and opens a transaction in it. A connection that
// died unnoticed (the server was restarted) is replaced: nothing ran yet.
func (p *postgresDB) begin(ctx context.Context, start string, first *First) (*pgConn, error) {
	for try := 1; ; try++ {
		conn, err := p.pool.Conn(ctx)
		if err != nil {
			return nil, p.why(err)
		}
		c := &pgConn{conn: conn, tx: &Tx{run: conn, remote: true}}
		if first == nil {
			_, err = c.exec(ctx, start)
		} else {
			err = c.start(ctx, start, first)
		}
		if err == nil {
			return c, nil
		}
		c.abandon()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !errors.Is(named(err), ErrLost) && !pgconn.SafeToRetry(err) || try >= p.tries {
			return nil, named(err)
		}
	}
}

func (p *postgresDB) prepare(ctx context.Context, text string) error {
	conn, err := p.pool.Conn(ctx)
	if err != nil {
		return p.why(err)
	}
	defer conn.Close()
	stmt, err := conn.PrepareContext(ctx, text)
	if err != nil {
		return err
	}
	return stmt.Close()
}

func (p *postgresDB) why(err error) error {
	if err.Error() == "sql: database is closed" { // database/sql has no name for it
		return ErrClosed
	}
	return named(err)
}

func (p *postgresDB) close() error {
	p.ends.Lock()
	defer p.ends.Unlock()
	return p.pool.Close()
}

// pgConn is a connection in a transaction.
type pgConn struct {
	conn *sql.Conn
	tx   *Tx
}

// exec runs text as it is, without arguments, and says what was done.
func (c *pgConn) exec(ctx context.Context, text string) (tag string, err error) {
	outer := c.conn.Raw(func(dc any) error {
		pg := dc.(*stdlib.Conn).Conn()
		var t pgconn.CommandTag
		t, err = pg.Exec(ctx, text)
		tag = t.String()
		if pg.IsClosed() {
			return driver.ErrBadConn
		}
		return nil
	})
	if err == nil {
		err = outer
	}
	return tag, err
}

// start opens a transaction and makes its first query in one go.
func (c *pgConn) start(ctx context.Context, start string, first *First) error {
	var err error
	outer := c.conn.Raw(func(dc any) error {
		pg := dc.(*stdlib.Conn).Conn()
		batch := &pgx.Batch{}
		batch.Queue(start)
		batch.Queue(first.Text, first.Args...)
		r := pg.SendBatch(ctx, batch)
		if _, err = r.Exec(); err == nil {
			if first.Err = r.QueryRow().Scan(first.Dest...); !errors.Is(first.Err, sql.ErrNoRows) {
				err = first.Err
			}
		}
		err = errors.Join(err, r.Close())
		if pg.IsClosed() {
			return driver.ErrBadConn
		}
		return nil
	})
	if err == nil {
		err = outer
	}
	return err
}

// closed reports whether the connection is gone.
func (c *pgConn) closed() (gone bool) {
	err := c.conn.Raw(func(dc any) error {
		gone = dc.(*stdlib.Conn).Conn().IsClosed()
		return nil
	})
	return gone || err != nil // the pool has thrown it away already
}

// abandon undoes an open transaction and hands the connection back, or closes
// it when that fails or the server can only be read: the next connection may
// find the new primary.
func (c *pgConn) abandon() {
	c.tx.end()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	c.conn.Raw(func(dc any) error {
		pg := dc.(*stdlib.Conn).Conn()
		if pg.IsClosed() {
			return driver.ErrBadConn
		}
		if pg.PgConn().TxStatus() != 'I' {
			if _, err := pg.Exec(ctx, "rollback"); err != nil {
				return driver.ErrBadConn
			}
		}
		if errors.Is(c.tx.failed, ErrReadOnly) {
			return driver.ErrBadConn
		}
		return nil
	})
	c.conn.Close()
}
