package sheet

import (
	"bytes"
	"fmt"
	"io"
)

// scanner reads one row after the other into the same memory. Rows end at CR,
// LF or CRLF; quoting is RFC 4180's. It goes on after every fault but an
// unclosed quotation mark.
type scanner struct {
	r      io.Reader
	sep    byte
	stop   [256]bool
	buf    []byte
	pos, n int
	err    error // other than io.EOF
	eof    bool

	row    int // as the spreadsheet counts
	line   int // as a text editor counts, where the row begins
	lines  int // line breaks so far
	data   []byte
	ends   []int
	faults []fault
}

type fault struct {
	kind faultKind
	cell int // -1: the row
	line int
}

type faultKind uint8

const (
	unclosed faultKind = iota + 1
	stray
	longCell
	longRow
	manyColumns
)

func newScanner(r io.Reader, sep byte) *scanner {
	s := &scanner{r: r, sep: sep, buf: make([]byte, 64<<10)}
	s.stop[sep], s.stop['\n'], s.stop['\r'] = true, true, true
	return s
}

// more makes sure that there is a byte at pos.
func (s *scanner) more() bool {
	for s.pos == s.n && !s.eof {
		n, err := s.r.Read(s.buf)
		s.pos, s.n = 0, n
		if err != nil {
			s.eof = true
			if err != io.EOF {
				s.err = fmt.Errorf("read the file: %w", err)
			}
		}
	}
	return s.pos < s.n
}

func (s *scanner) next() bool {
	s.data, s.ends, s.faults = s.data[:0], s.ends[:0], s.faults[:0]
	if !s.more() {
		return false
	}
	s.row++
	s.line = s.lines + 1
	for {
		if s.more() && s.buf[s.pos] == '"' {
			s.pos++
			s.quoted()
		}
		s.bare()
		s.endCell()
		if !s.more() {
			return s.err == nil
		}
		c := s.buf[s.pos]
		s.pos++
		switch {
		case c == s.sep:
			continue
		case c == '\r' && s.more() && s.buf[s.pos] == '\n':
			s.pos++
		}
		s.lines++
		return true
	}
}

// bare reads up to the separator or the end of the row.
func (s *scanner) bare() {
	for s.more() {
		from := s.pos
		for s.pos < s.n && !s.stop[s.buf[s.pos]] {
			s.pos++
		}
		s.keep(s.buf[from:s.pos])
		if s.pos < s.n {
			return
		}
	}
}

// quoted reads what follows an opening quotation mark, up to the closing one and
// blanks after it.
func (s *scanner) quoted() {
	opened := s.lines + 1
	for s.more() {
		part := s.buf[s.pos:s.n]
		i := bytes.IndexByte(part, '"')
		if i < 0 {
			i = len(part)
		}
		s.lines += bytes.Count(part[:i], []byte{'\n'})
		s.keep(part[:i])
		s.pos += i
		if s.pos == s.n {
			continue
		}
		s.pos++
		if s.more() && s.buf[s.pos] == '"' {
			s.keep(s.buf[s.pos : s.pos+1])
			s.pos++
			continue
		}
		for s.more() && s.buf[s.pos] == ' ' {
			s.pos++
		}
		if s.more() && !s.stop[s.buf[s.pos]] {
			s.fault(stray, len(s.ends))
		}
		return
	}
	s.faults = append(s.faults, fault{unclosed, len(s.ends), opened})
}

func (s *scanner) fault(k faultKind, cell int) {
	for _, f := range s.faults {
		if f.kind == k && f.cell == cell {
			return
		}
	}
	s.faults = append(s.faults, fault{k, cell, s.line})
}

// keep stores a part of a cell within the limits.
func (s *scanner) keep(b []byte) {
	from := 0
	if len(s.ends) > 0 {
		from = s.ends[len(s.ends)-1]
	}
	switch {
	case len(b) == 0:
	case len(s.ends) >= MaxColumns:
		s.fault(manyColumns, -1)
	case len(s.data)-from+len(b) > MaxCell:
		s.fault(longCell, len(s.ends))
	case len(s.data)+len(b) > MaxRow:
		s.fault(longRow, -1)
	default:
		s.data = append(s.data, b...)
	}
}

func (s *scanner) endCell() {
	if len(s.ends) < MaxColumns {
		s.ends = append(s.ends, len(s.data))
	}
}

func (s *scanner) cells() int { return len(s.ends) }

func (s *scanner) cell(i int) []byte {
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.data[from:s.ends[i]]
}

func (s *scanner) blank() bool { return len(bytes.TrimSpace(s.data)) == 0 && len(s.faults) == 0 }

func (s *scanner) worst() (fault, bool) {
	if len(s.faults) == 0 {
		return fault{}, false
	}
	return s.faults[0], true
}

func (f fault) sentence(s *scanner) string {
	switch f.kind {
	case unclosed:
		return fmt.Sprintf("A quotation mark that opens on line %d of the file is never closed, so everything after it would be one cell. Close it, or double it where it belongs to the text.", f.line)
	case stray:
		return "There is text after a closing quotation mark. Inside a quoted cell each quotation mark must be doubled; export the file again, or correct the cell."
	case longCell:
		return "The cell is longer than 512 KiB. Shorten it; often a quotation mark is missing."
	case longRow:
		return "The row is longer than 4 MiB. Shorten it; often a quotation mark is missing."
	default:
		return fmt.Sprintf("The row has more than %d columns. Remove those that are not needed.", MaxColumns)
	}
}
