package backup

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"bailiwick/internal/db"
)

// Save writes the database as one unchanging view shows it, while others go on
// writing. One row is in memory at a time. Nothing is complete before Save has
// returned nil.
func Save(ctx context.Context, d *db.DB, to io.Writer, now time.Time) (Summary, error) {
	var s Summary
	sent := &sending{to: to}
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if s.Manifest, err = describe(ctx, d, tx, now); err != nil {
			return err
		}
		f, err := newFrameWriter(sent)
		if err != nil {
			return err
		}
		if err := f.putJSON(frameManifest, s.Manifest); err != nil {
			return err
		}
		for _, t := range s.Tables {
			if LeftOut[t.Name] != "" {
				continue
			}
			total, err := saveTable(ctx, tx, f, t)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
			s.Totals = append(s.Totals, total)
		}
		if err := f.put(frameEnd, nil); err != nil {
			return err
		}
		s.Bytes = f.n
		return f.w.Flush()
	})
	if sent.err != nil { // the database was not the one that failed
		err = sent.err
	}
	return s, err
}

// sending remembers why writing failed.
type sending struct {
	to  io.Writer
	err error
}

func (s *sending) Write(p []byte) (int, error) {
	n, err := s.to.Write(p)
	if err != nil {
		s.err = err
	}
	return n, err
}

func describe(ctx context.Context, d *db.DB, tx *db.Tx, now time.Time) (m Manifest, err error) {
	m = Manifest{Format: version, Made: now.UTC().Truncate(time.Millisecond), Engine: d.Engine()}
	if m.Schema, err = d.Applied(ctx, tx); err != nil {
		return m, err
	}
	if m.Tables, err = tx.Tables(ctx); err != nil {
		return m, err
	}
	m.Organizations, err = positions(ctx, tx)
	if err == nil && len(m.Organizations) == 0 {
		err = fmt.Errorf("there is no organization in this database yet, so there is nothing to back up")
	}
	return m, err
}

func positions(ctx context.Context, tx *db.Tx) (all []Position, err error) {
	rows, err := tx.Query(ctx, `SELECT id, audit_size, change_seq, access_epoch, key_epoch FROM organizations ORDER BY created_at, id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p Position
		if err := rows.Scan(&p.ID, &p.AuditSize, &p.ChangeSeq, &p.AccessEpoch, &p.KeyEpoch); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, rows.Err()
}

func saveTable(ctx context.Context, tx *db.Tx, f *frameWriter, t db.Table) (Total, error) {
	if err := f.put(frameTable, []byte(t.Name)); err != nil {
		return Total{}, err
	}
	total, err := scanTable(ctx, tx, t, func(row []byte) error { return f.put(frameRow, row) })
	if err != nil {
		return total, err
	}
	return total, f.putJSON(frameTotal, total)
}

// scanTable gives every row of a table in its form, and what they come to.
func scanTable(ctx context.Context, tx *db.Tx, t db.Table, each func([]byte) error) (Total, error) {
	rows, err := tx.Query(ctx, "SELECT "+columns(t)+" FROM "+t.Name)
	if err != nil {
		return Total{}, err
	}
	defer rows.Close()
	values, dest := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range values {
		dest[i] = &values[i]
	}
	var s sum
	var row []byte
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return Total{}, err
		}
		if row, err = appendRow(row[:0], t, values); err != nil {
			return Total{}, err
		}
		s.add(row)
		if err := each(row); err != nil {
			return Total{}, err
		}
	}
	return s.total(t.Name), rows.Err()
}

func columns(t db.Table) string {
	var names []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}
