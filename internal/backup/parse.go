package backup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"bailiwick/internal/db"
)

// stream is a backup that is being read.
type stream struct {
	frames *frameReader
	Summary
}

// begin reads what a backup says of itself.
func begin(from io.Reader) (*stream, error) {
	f, err := newFrameReader(from)
	if err != nil {
		return nil, err
	}
	kind, content, err := f.next()
	if err != nil {
		return nil, err
	}
	s := &stream{frames: f}
	if kind != frameManifest || json.Unmarshal(content, &s.Manifest) != nil || s.Format != version {
		return nil, ErrDamaged
	}
	return s, nil
}

// sink takes the rows of a backup; values is reused.
type sink interface {
	table(db.Table) error
	row(values []any) error
	end(db.Table) error
}

// rest gives everything to the sink and checks it: every table that the
// manifest names is there once, with as many rows as were written and the same
// sum, and the stream is complete.
func (s *stream) rest(to sink) error {
	for _, t := range s.Tables {
		if LeftOut[t.Name] != "" {
			continue
		}
		kind, content, err := s.frames.next()
		if err != nil {
			return err
		}
		if kind != frameTable || string(content) != t.Name {
			return ErrDamaged
		}
		if err := s.oneTable(t, to); err != nil {
			return err
		}
	}
	kind, content, err := s.frames.next()
	if err == nil && (kind != frameEnd || len(content) != 0) {
		err = ErrDamaged
	}
	if err == nil {
		err = s.frames.end()
	}
	s.Bytes = s.frames.n
	return err
}

func (s *stream) oneTable(t db.Table, to sink) error {
	if err := to.table(t); err != nil {
		return err
	}
	var got sum
	values := make([]any, len(t.Columns))
	for {
		kind, content, err := s.frames.next()
		switch {
		case err != nil:
			return err
		case kind == frameRow:
			if err := parseRow(content, t, values); err != nil {
				return err
			}
			got.add(content)
			if err := to.row(values); err != nil {
				return err
			}
		case kind == frameTotal:
			var want Total
			total := got.total(t.Name)
			if json.Unmarshal(content, &want) != nil || want.Table != t.Name || want.Rows != total.Rows || !bytes.Equal(want.Sum, total.Sum) {
				return fmt.Errorf("%w (table %s is not what was written)", ErrDamaged, t.Name)
			}
			s.Totals = append(s.Totals, total)
			return to.end(t)
		default:
			return ErrDamaged
		}
	}
}

// Check reads a whole backup and restores nothing.
func Check(from io.Reader) (Summary, error) {
	s, err := begin(from)
	if err != nil {
		return Summary{}, err
	}
	if _, err := schemaOf(s.Manifest); err != nil {
		return Summary{}, err
	}
	return s.Summary, s.rest(nowhere{})
}

type nowhere struct{}

func (nowhere) table(db.Table) error { return nil }
func (nowhere) row([]any) error      { return nil }
func (nowhere) end(db.Table) error   { return nil }
