package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"bailiwick/internal/db"
)

// Why is the reason for which an epoch is due after a restore.
const Why = "restored from a backup"

// Load fills an empty database in one transaction: all that is in the backup
// is there and reads back equal, or nothing is. target is as of db.Open; the
// database gets the schema of the backup, and later migrations are applied by
// whoever opens it next. An epoch of every organization is due afterwards.
func Load(ctx context.Context, from io.Reader, target string, now time.Time) (Summary, error) {
	s, err := begin(from)
	if err != nil {
		return Summary{}, err
	}
	steps, err := schemaOf(s.Manifest)
	if err != nil {
		return Summary{}, err
	}
	d, err := db.Open(ctx, target, db.Options{Migrations: steps, Connections: 2})
	if errors.Is(err, db.ErrSchema) {
		return Summary{}, fmt.Errorf("%w (the tables that are there are not the ones of the backup's version)", ErrNotEmpty)
	}
	if err != nil {
		return Summary{}, err
	}
	err = d.Write(ctx, "schema", func(tx *db.Tx) error { return s.load(ctx, tx, now) })
	return s.Summary, errors.Join(err, d.Close())
}

func (s *stream) load(ctx context.Context, tx *db.Tx, now time.Time) error {
	if err := s.fits(ctx, tx); err != nil {
		return err
	}
	if err := tx.LinksLast(ctx, func() error { return s.rest(&inserts{ctx: ctx, tx: tx}) }); err != nil {
		return err
	}
	for _, t := range s.Tables {
		if err := tx.Grown(ctx, t.Name); err != nil {
			return err
		}
	}
	if err := s.reads(ctx, tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE organizations SET epoch_due_at = $1, epoch_due_why = $2 WHERE epoch_due_at = 0`, now.UnixMilli(), Why)
	return err
}

// fits demands the very tables of the manifest, and no row in any.
func (s *stream) fits(ctx context.Context, tx *db.Tx) error {
	tables, err := tx.Tables(ctx)
	if err != nil {
		return err
	}
	same := func(a, b db.Table) bool { return a.Name == b.Name && sameColumns(a.Columns, b.Columns) }
	if !slices.EqualFunc(tables, s.Tables, same) {
		return fmt.Errorf("%w (its tables are not those of its schema)", ErrDamaged)
	}
	for _, t := range tables {
		n := 0
		if err := tx.Row(ctx, "SELECT COUNT(*) FROM (SELECT 1 AS x FROM "+t.Name+" LIMIT 1) AS y").Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%w (table %s)", ErrNotEmpty, t.Name)
		}
	}
	return nil
}

// sameColumns compares in any order: columns that were added later stand last
// in one database and where a new one was made in another.
func sameColumns(a, b []db.Column) bool {
	by := func(x, y db.Column) int { return bytes.Compare([]byte(x.Name), []byte(y.Name)) }
	return slices.Equal(slices.SortedFunc(slices.Values(a), by), slices.SortedFunc(slices.Values(b), by))
}

// reads compares what the database now holds with what the backup held.
func (s *stream) reads(ctx context.Context, tx *db.Tx) error {
	i := 0
	for _, t := range s.Tables {
		if LeftOut[t.Name] != "" {
			continue
		}
		got, err := scanTable(ctx, tx, t, func([]byte) error { return nil })
		if err != nil {
			return err
		}
		if want := s.Totals[i]; got.Rows != want.Rows || !bytes.Equal(got.Sum, want.Sum) {
			return fmt.Errorf("table %s does not read back as it was written", t.Name)
		}
		i++
	}
	at, err := positions(ctx, tx)
	if err != nil {
		return err
	}
	if !slices.Equal(at, s.Organizations) {
		return fmt.Errorf("%w (its organizations are not those of its manifest)", ErrDamaged)
	}
	for _, p := range at {
		var events int64
		if err := tx.Row(ctx, `SELECT COUNT(*) FROM audit_events WHERE org_id = $1`, p.ID).Scan(&events); err != nil {
			return err
		}
		if events != p.AuditSize {
			return fmt.Errorf("the audit log of the backup has %d events and should have %d: it was cut before the backup was made", events, p.AuditSize)
		}
	}
	return nil
}
