package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"time"

	_ "modernc.org/sqlite" // the driver
)

// bare is a database without Bailiwick: three plain tables, prepared
// statements, every write durable when it is answered.
type bare struct {
	pool          *sql.DB // of readers, and on PostgreSQL of writers
	session, item *sql.Stmt
	queue         chan write // SQLite: to the one writer
	aead          cipher.AEAD
}

// write is a statement that waits for the next commit.
type write struct {
	args []any
	done chan error
}

const (
	bareSchema = `CREATE TABLE sessions (lookup %[1]s PRIMARY KEY, holder TEXT NOT NULL);
CREATE TABLE items (id TEXT PRIMARY KEY, box %[1]s NOT NULL);
CREATE TABLE audit (id TEXT PRIMARY KEY, at BIGINT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, target TEXT NOT NULL, box %[1]s NOT NULL)`
	bareSession = `SELECT holder FROM sessions WHERE lookup = $1`
	bareItem    = `SELECT box FROM items WHERE id = $1`
	bareInsert  = `INSERT INTO audit (id, at, who, what, target, box) VALUES ($1, $2, $3, $4, $5, $6)`
)

var bareLookup = []byte("0123456789abcdef0123456789abcdef")

// bare makes such a database with so many items of 600 bytes.
func (b *bench) bare(engine string, items int) *bare {
	block, err := aes.NewCipher(make([]byte, 32))
	must(err)
	x := &bare{}
	x.aead, err = cipher.NewGCM(block)
	must(err)
	if engine == "postgres" {
		x.pool, err = sql.Open("pgx", b.postgres().database())
		must(err)
		x.pool.SetMaxOpenConns(16)
		x.pool.SetMaxIdleConns(16)
		x.fill(x.pool, fmt.Sprintf(bareSchema, "BYTEA"), items)
	} else {
		file := (&url.URL{Scheme: "file", Path: filepath.Join(b.folder(), "bare.db"),
			RawQuery: "_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)"}).String()
		writer, err := sql.Open("sqlite", file)
		must(err)
		writer.SetMaxOpenConns(1)
		x.fill(writer, fmt.Sprintf(bareSchema, "BLOB"), items)
		x.pool, err = sql.Open("sqlite", file)
		must(err)
		x.pool.SetMaxOpenConns(4 * runtime.GOMAXPROCS(0))
		x.pool.SetMaxIdleConns(4 * runtime.GOMAXPROCS(0))
		x.queue = make(chan write, 1024)
		ended := make(chan bool)
		go func() {
			defer close(ended)
			x.writer(writer)
		}()
		b.later(func() { close(x.queue); <-ended; writer.Close() })
	}
	b.later(func() { x.pool.Close() })
	x.session, err = x.pool.Prepare(bareSession)
	must(err)
	x.item, err = x.pool.Prepare(bareItem)
	must(err)
	return x
}

func (x *bare) fill(pool *sql.DB, schema string, items int) {
	_, err := pool.Exec(schema)
	must(err)
	tx, err := pool.Begin()
	must(err)
	_, err = tx.Exec(`INSERT INTO sessions VALUES ($1, $2)`, bareLookup, "somebody")
	must(err)
	insert, err := tx.Prepare(`INSERT INTO items VALUES ($1, $2)`)
	must(err)
	for i := range items {
		_, err := insert.Exec(itemID(i), x.seal(600))
		must(err)
	}
	must(tx.Commit())
}

func itemID(i int) string { return fmt.Sprintf("item_%026d", i) }

// seal makes a box of so many random bytes.
func (x *bare) seal(n int) []byte {
	plain, nonce := make([]byte, n), make([]byte, 12)
	rand.Read(nonce)
	return x.aead.Seal(nonce, nonce, plain, nil)
}

func (x *bare) open(box []byte) []byte {
	plain, err := x.aead.Open(nil, box[:12], box[12:], nil)
	must(err)
	return plain
}

// writer commits for all who wait at once.
func (x *bare) writer(pool *sql.DB) {
	for first := range x.queue {
		tx, err := pool.Begin()
		must(err)
		insert, err := tx.Prepare(bareInsert)
		must(err)
		batch := []write{first}
		_, err = insert.Exec(first.args...)
		must(err)
		for waiting := true; waiting && len(batch) < 128; {
			select {
			case w, ok := <-x.queue:
				if waiting = ok; ok {
					batch = append(batch, w)
					_, err = insert.Exec(w.args...)
					must(err)
				}
			default:
				waiting = false
			}
		}
		err = tx.Commit()
		for _, w := range batch {
			w.done <- err
		}
	}
}

// insert writes one audit row and waits until it is on disk.
func (x *bare) insert(id, target string) {
	args := []any{id, time.Now().UnixMilli(), "somebody", "reveal", target, x.seal(100)}
	if x.queue == nil {
		_, err := x.pool.Exec(bareInsert, args...)
		must(err)
		return
	}
	w := write{args, make(chan error, 1)}
	x.queue <- w
	must(<-w.done)
}

// reveal is the least that an audited reveal can be: a session row, an item
// row, one box opened, one durable insert. PostgreSQL does it in one
// transaction.
func (x *bare) reveal(id, item string) []byte {
	var holder string
	var box []byte
	if x.queue != nil {
		must(x.session.QueryRow(bareLookup).Scan(&holder))
		must(x.item.QueryRow(item).Scan(&box))
		plain := x.open(box)
		x.insert(id, item)
		return plain
	}
	tx, err := x.pool.Begin()
	must(err)
	must(tx.Stmt(x.session).QueryRow(bareLookup).Scan(&holder))
	must(tx.Stmt(x.item).QueryRow(item).Scan(&box))
	plain := x.open(box)
	_, err = tx.Exec(bareInsert, id, time.Now().UnixMilli(), holder, "reveal", item, x.seal(100))
	must(err)
	must(tx.Commit())
	return plain
}
