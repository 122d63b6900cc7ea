package importer

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/sheet"
)

// Files that are no tables are read once, when they arrive or are unlocked. What
// they hold is kept as lines, sealed as the file was, and the file itself and
// what opened it are forgotten: no passphrase is stored anywhere.

// line is an entry as it waits in the sealed parts. It is a type of its own,
// because a record does not become JSON by accident.
type line struct {
	Row      int             `json:"n"`
	Title    string          `json:"t,omitempty"`
	Username string          `json:"u,omitempty"`
	Password string          `json:"p,omitempty"`
	Notes    string          `json:"o,omitempty"`
	TOTP     string          `json:"c,omitempty"`
	Client   string          `json:"cl,omitempty"`
	Folder   string          `json:"f,omitempty"`
	Type     string          `json:"ty,omitempty"`
	URLs     []string        `json:"w,omitempty"`
	Tags     []string        `json:"ta,omitempty"`
	Fields   []lineField     `json:"fi,omitempty"`
	Expires  *time.Time      `json:"e,omitempty"`
	Problems []sheet.Problem `json:"x,omitempty"`
}

type lineField struct {
	Name   string `json:"n"`
	Value  string `json:"v"`
	Hidden bool   `json:"h,omitempty"`
	Date   bool   `json:"d,omitempty"`
}

func lineOf(r sheet.Record, ps []sheet.Problem) line {
	l := line{r.Row, r.Title, r.Username, r.Password, r.Notes, r.TOTP, r.Client, r.Folder, r.Type, r.URLs, r.Tags, nil, r.Expires, ps}
	for _, f := range r.Fields {
		l.Fields = append(l.Fields, lineField(f))
	}
	return l
}

func (l line) record() (sheet.Record, []sheet.Problem) {
	r := sheet.Record{Row: l.Row, Title: l.Title, Username: l.Username, Password: l.Password, Notes: l.Notes, TOTP: l.TOTP, Client: l.Client,
		Folder: l.Folder, Type: l.Type, URLs: l.URLs, Tags: l.Tags, Expires: l.Expires}
	for _, f := range l.Fields {
		r.Fields = append(r.Fields, sheet.Field(f))
	}
	return r, l.Problems
}

// table is what rows come from: a CSV file, or the lines of another one.
type table interface {
	Rows(sheet.Mapping) iter.Seq2[sheet.Record, []sheet.Problem]
	Problems() []sheet.Problem
	Check(sheet.Mapping) []sheet.Problem
}

// table opens a job's file for reading.
func (s *Store) table(ctx context.Context, who gate.Actor, j *job) (table, *source, error) {
	if j.plan.Kind == "" {
		sh, src, err := s.sheet(ctx, who, j)
		return sh, src, err
	}
	if j.plan.Locked {
		return nil, nil, errLocked
	}
	src := s.source(ctx, who, j)
	return lines{src}, src, nil
}

var errLocked = fault.Cannot("This KeePass database is locked. Enter its passphrase first.")

type lines struct{ src *source }

func (l lines) Problems() []sheet.Problem           { return nil }
func (l lines) Check(sheet.Mapping) []sheet.Problem { return nil }

// Rows gives the entries in their order; the source keeps an error of reading.
func (l lines) Rows(sheet.Mapping) iter.Seq2[sheet.Record, []sheet.Problem] {
	return func(yield func(sheet.Record, []sheet.Problem) bool) {
		d := json.NewDecoder(bufio.NewReaderSize(l.src, 64<<10))
		for {
			var one line
			err := d.Decode(&one)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(sheet.Record{}, []sheet.Problem{{Text: "The file cannot be read any more. Upload it again.", Fatal: true, Ends: true}})
				return
			}
			if !yield(one.record()) {
				return
			}
		}
	}
}
