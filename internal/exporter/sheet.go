package exporter

import (
	"bufio"
	"encoding/csv"
	"io"
	"strings"

	cells "bailiwick/internal/sheet"
)

// Headings of the sheet are those that an import recognises.
var headings = []string{"Client", "Folder", "Title", "Type", "Username", "Password", "URL", "Notes", "TOTP", "Tags", "Expires", cells.KindListHeading}

// sheet writes CSV (RFC 4180) with a byte order mark, which spreadsheets need
// to take it for UTF-8.
type sheet struct {
	buffer   *bufio.Writer
	csv      *csv.Writer
	formulas bool // as they are
	row      []string
}

func newSheet(w io.Writer, formulas bool) *sheet {
	b := bufio.NewWriterSize(w, 64<<10)
	c := csv.NewWriter(b)
	c.UseCRLF = true
	return &sheet{buffer: b, csv: c, formulas: formulas, row: make([]string, len(headings))}
}

func (s *sheet) begin([]Place) error {
	if _, err := s.buffer.WriteString("\ufeff"); err != nil {
		return err
	}
	return s.csv.Write(headings)
}

func (s *sheet) add(e Entry) error {
	expires := ""
	if !e.Expires.IsZero() {
		expires = e.Expires.UTC().Format("2006-01-02")
	}
	s.row = append(s.row[:0], e.Client, cells.JoinFolders(e.Folder), e.Title, e.Type, e.Username, e.Password, strings.Join(e.URLs, "\n"), e.Notes, e.TOTP, strings.Join(e.Tags, ";"), expires, kindList(e.Fields))
	if !s.formulas {
		for i := range s.row {
			s.row[i] = cells.Neutral(s.row[i])
		}
	}
	return s.csv.Write(s.row)
}

func (s *sheet) flush() error {
	s.csv.Flush()
	if err := s.csv.Error(); err != nil {
		return err
	}
	return s.buffer.Flush()
}

func (s *sheet) end() error { return s.flush() }

func kindList(fields []Field) string {
	all := make([]cells.Field, len(fields))
	for i, f := range fields {
		all[i] = cells.Field(f)
	}
	return cells.KindList(all)
}
