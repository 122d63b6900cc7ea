package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Sheet is an open file. It keeps the reader and seeks in it, so it serves one
// reading at a time.
type Sheet struct {
	src      io.ReadSeeker
	enc      string
	sep      byte
	hint     bool     // the first line is Excel's "sep="
	first    []string // cells of the first row that is not empty
	headings []string
	labels   []string
	bare     bool     // there are no headings: the first row is data
	row      int      // of the headings; 0 without
	skip     int      // rows before the first one of data
	layout   Layout   // chosen; "": found out
	values   []values // what the columns hold, where nothing else tells
	problems []Problem
}

// Options overrule what Open finds out. Empty means: find out.
type Options struct {
	Encoding  string // one of Encodings
	Separator string // one ASCII character
	First     First
	Layout    Layout                    // of the program that wrote the file
	Knows     func(heading string) bool // what else is a heading, in tables that are not of credentials; may be nil
}

// First says what the first row is.
type First string

// The first row, as it is chosen; the zero First is found out.
const (
	FirstHeadings First = "headings"
	FirstData     First = "data"
)

// Open looks at the whole file for its encoding and at its beginning for
// separator and headings. An error that is a Problem says what is wrong with the
// file in a sentence for the person; any other comes from the reader.
func Open(r io.ReadSeeker) (*Sheet, error) { return OpenWith(r, Options{}) }

// OpenWith is Open with a say in encoding and separator.
func OpenWith(r io.ReadSeeker, o Options) (*Sheet, error) {
	if o.Layout != "" && !slices.Contains(Layouts, o.Layout) {
		return nil, refuse("The kind of file is not known. Choose one of the list.")
	}
	s := &Sheet{src: r, layout: o.Layout}
	if err := s.detect(o); err != nil {
		return nil, err
	}
	sc, err := s.scan()
	if err != nil {
		return nil, err
	}
	for {
		if !sc.next() {
			if sc.err != nil {
				return nil, sc.err
			}
			return nil, refuse("The file has no rows: it is empty. Choose the file that the export wrote.")
		}
		if !sc.blank() {
			break
		}
	}
	if f, bad := sc.worst(); bad {
		return nil, refuse("The first row (row %d) cannot be read: %s", sc.row, f.sentence(sc))
	}
	for i := range sc.cells() {
		s.first = append(s.first, strings.TrimSpace(string(sc.cell(i))))
	}
	row := sc.row
	rows := sampled(sc)
	if sc.err != nil {
		return nil, sc.err
	}
	switch o.First {
	case FirstHeadings:
	case FirstData:
		s.bare = true
	case "":
		s.bare = looksLikeData(s.first, rows, o.Knows) || o.Layout == Keeper && recognise(s.first) != Keeper
	default:
		return nil, refuse("The first row is either headings or data.")
	}
	if s.bare {
		s.skip = row - 1
		s.name(rows)
		return s, nil
	}
	s.row, s.skip, s.headings = row, row, s.first
	if slices.ContainsFunc(s.first, func(h string) bool { return kindOf(h) > number }) {
		s.headings = numbered(len(s.first)) // chosen against all appearance: a heading may be a password
	}
	s.label()
	if len(rows) == 0 {
		s.warn(0, "", true, "The file has headings but no rows below them. Choose a file with data, or choose that the first row is data.")
	}
	return s, nil
}

func refuse(format string, args ...any) error {
	return Problem{Text: fmt.Sprintf(format, args...), Fatal: true, Ends: true}
}

func (s *Sheet) warn(row int, column string, fatal bool, format string, args ...any) {
	s.problems = append(s.problems, Problem{Row: row, Column: column, Text: fmt.Sprintf(format, args...), Fatal: fatal})
}

// Headings are the cells of the first row that is not empty, or "Column 1" and
// so on where that row is data.
func (s *Sheet) Headings() []string { return s.headings }

// FirstRow is the cells of the first row that is not empty, whatever it is.
func (s *Sheet) FirstRow() []string { return s.first }

// Bare says that there are no headings: the first row is data.
func (s *Sheet) Bare() bool { return s.bare }

// Labels name the columns uniquely for a person: the heading, or "column C".
func (s *Sheet) Labels() []string { return s.labels }

// HeadingRow is the headings' row, usually 1; 0 where there are none.
func (s *Sheet) HeadingRow() int { return s.row }

// Encoding is one of Encodings.
func (s *Sheet) Encoding() string { return s.enc }

// Separator is the character between cells.
func (s *Sheet) Separator() string { return string(s.sep) }

// Problems are those of the file as a whole and of its headings.
func (s *Sheet) Problems() []Problem { return s.problems }

// Guess proposes where the columns go.
func (s *Sheet) Guess() Mapping {
	layout := s.layout
	if s.bare {
		if layout == Keeper || layout == "" && looksLikeKeeper(s.values) {
			return keeperColumns(s.labels)
		}
		return guessByValue(s.labels, s.values)
	}
	if layout == "" {
		layout = recognise(s.headings)
	}
	return guess(s.headings, layout)
}

var magics = []struct{ bytes, say string }{
	{"PK\x03\x04", "This is an Excel workbook or a ZIP file, not CSV. In Excel, use “Save as” and choose “CSV UTF-8”."},
	{"\xd0\xcf\x11\xe0", "This is an old Excel workbook, not CSV. In Excel, use “Save as” and choose “CSV UTF-8”."},
	{"\x03\xd9\xa2\x9a", "This is a KeePass database, not CSV. Choose KeePass as the kind of file."},
	{"%PDF", "This is a PDF file. Passwords can be imported from CSV only."},
	{"\x1f\x8b", "This file is compressed. Unpack it first."},
}

// detect settles encoding and separator.
func (s *Sheet) detect(o Options) error {
	size, err := s.src.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("seek in the file: %w", err)
	}
	if size == 0 {
		return refuse("The file is empty. Choose the file that the export wrote.")
	}
	if size > MaxBytes {
		return refuse("The file is larger than 1 GiB. Split it into several files.")
	}
	if err := s.rewind(); err != nil {
		return err
	}
	start := make([]byte, 4096)
	n, err := io.ReadFull(s.src, start)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read the file: %w", err)
	}
	start = start[:n]
	for _, m := range magics {
		if bytes.HasPrefix(start, []byte(m.bytes)) {
			return refuse("%s", m.say)
		}
	}
	if s.enc, err = s.encoding(start, o.Encoding); err != nil {
		return err
	}
	return s.separator(o.Separator)
}

func (s *Sheet) rewind() error {
	if _, err := s.src.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("seek in the file: %w", err)
	}
	return nil
}

// scan starts reading at the first row.
func (s *Sheet) scan() (*scanner, error) {
	r, err := s.decoded()
	if err != nil {
		return nil, err
	}
	sc := newScanner(r, s.sep)
	if s.hint {
		sc.next()
		sc.row = 0
	}
	return sc, nil
}

// label makes labels and complains about headings.
func (s *Sheet) label() {
	seen := map[string]int{}
	for i, h := range s.headings {
		label := "column " + letters(i)
		key := plainHeading(h)
		first, again := seen[key]
		switch {
		case h == "":
			s.warn(s.row, label, false, "Column %s has no heading. Its cells become a custom field unless you choose otherwise.", letters(i))
		case again:
			label = h + " (" + label + ")"
			s.warn(s.row, label, false, "Columns %s and %s have the same heading. Check where each of them goes.", letters(first), letters(i))
		default:
			label = h
			seen[key] = i
		}
		s.labels = append(s.labels, label)
	}
	s.lonely()
}

func (s *Sheet) lonely() {
	if len(s.first) == 1 {
		s.warn(s.row, "", false, "Only one column was found. If the file has more, choose the character that separates them.")
	}
}

// letters is a column's name in a spreadsheet: A, B, … Z, AA.
func letters(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return letters(i/26-1) + letters(i%26)
}
