package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"
)

// BatchSizes are the upper bounds of the classes in which group commits are
// counted.
var BatchSizes = [...]int{1, 2, 4, 8, 16, 32, 64, batchCount}

// Stats is what an operator watches of the database, since it was opened.
type Stats struct {
	Waiting  int64                   // writers that wait for the one before them, now
	Batches  [len(BatchSizes)]uint64 // group commits of at most BatchSizes[i] changes and more than the class before
	Batched  uint64                  // changes in all of them
	Failures uint64                  // commits that did not succeed
}

// Stats gives the present numbers.
func (d *DB) Stats() Stats { return d.engine.stats() }

// counts is filled in by the writers.
type counts struct {
	waiting  atomic.Int64
	batches  [len(BatchSizes)]atomic.Uint64
	batched  atomic.Uint64
	failures atomic.Uint64
}

func (c *counts) committed(changes int) {
	c.batched.Add(uint64(changes))
	for i, most := range BatchSizes {
		if changes <= most {
			c.batches[i].Add(1)
			return
		}
	}
}

func (c *counts) now() Stats {
	s := Stats{Waiting: c.waiting.Load(), Batched: c.batched.Load(), Failures: c.failures.Load()}
	for i := range c.batches {
		s.Batches[i] = c.batches[i].Load()
	}
	return s
}

func (s *sqliteDB) stats() Stats { return s.counts.now() }

func (p *postgresDB) stats() Stats { return p.counts.now() }

// Check asks the database whether it answers and has exactly the schema of
// this program: another server may have brought it further meanwhile.
func (d *DB) Check(ctx context.Context) error {
	return d.Read(ctx, func(tx *Tx) error {
		n, err := checkApplied(ctx, tx, d.steps)
		if err == nil && n != len(d.steps) {
			err = fmt.Errorf("%w: %d of %d migrations are applied", ErrSchema, n, len(d.steps))
		}
		return err
	})
}

// Migration names one step of the schema that a database has.
type Migration struct {
	Number   int64  `json:"number"`
	Name     string `json:"name"`
	Checksum string `json:"checksum"`
}

// Applied lists the migrations of the database that a transaction reads, which
// are the first of those that this program knows.
func (d *DB) Applied(ctx context.Context, tx *Tx) ([]Migration, error) {
	n, err := checkApplied(ctx, tx, d.steps)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, errors.New("the database is empty")
	}
	var all []Migration
	for _, s := range d.steps[:n] {
		all = append(all, Migration{s.number, s.name, s.checksum})
	}
	return all, nil
}

// Steps names the migrations of a folder, as they would be applied.
func Steps(files fs.FS) ([]Migration, error) {
	steps, err := readMigrations(files)
	var all []Migration
	for _, s := range steps {
		all = append(all, Migration{s.number, s.name, s.checksum})
	}
	return all, err
}
