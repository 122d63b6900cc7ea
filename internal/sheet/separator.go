package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

const separators = ",;\t|"

// separator takes Excel's "sep=" line, else the one that splits the beginning of
// the file into known headings and rows of equal length.
func (s *Sheet) separator(want string) error {
	r, err := s.decoded()
	if err != nil {
		return err
	}
	sample := make([]byte, 64<<10)
	n, err := io.ReadFull(r, sample)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the file: %w", err)
	}
	cut := n == len(sample)
	sample = sample[:n]
	if t := bytes.TrimSpace(sample); len(t) > 0 && (t[0] == '{' || t[0] == '<') {
		return refuse("This is JSON or XML, not CSV. Choose the program that wrote it as the kind of file, or export as CSV.")
	}
	if line, _, _ := bytes.Cut(sample, []byte("\n")); len(line) >= 5 && bytes.EqualFold(line[:4], []byte("sep=")) &&
		len(bytes.TrimRight(line[5:], "\r")) == 0 && usable(line[4]) {
		s.hint, s.sep = true, line[4]
	}
	if want != "" {
		if len(want) != 1 || !usable(want[0]) {
			return refuse("The separator must be one character such as a comma, a semicolon or a tab.")
		}
		s.sep = want[0]
	}
	if s.sep == 0 {
		s.sep = ','
		best := [3]int{}
		for _, c := range []byte(separators) {
			if got := fitness(sample, c, cut); better(got, best) {
				best, s.sep = got, c
			}
		}
	}
	return nil
}

func usable(c byte) bool {
	return c == '\t' || c > ' ' && c < 0x7f && c != '"'
}

func better(a, b [3]int) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] > b[i]
		}
	}
	return false
}

// fitness of a separator: known headings, percentage of rows as long as the
// headings, columns. One column is no fit at all.
func fitness(sample []byte, sep byte, cut bool) [3]int {
	sc := newScanner(bytes.NewReader(sample), sep)
	columns, known, same, rows := 0, 0, 0, 0
	for rows < 50 && sc.next() {
		if cut && !sc.more() {
			break // the last row of the sample is not whole
		}
		if sc.blank() {
			continue
		}
		if columns == 0 {
			if columns = sc.cells(); columns == 1 {
				return [3]int{}
			}
			for i := range columns {
				if _, ok := vocabulary[plainHeading(string(sc.cell(i)))]; ok {
					known++
				}
			}
			continue
		}
		rows++
		if sc.cells() == columns {
			same++
		}
	}
	return [3]int{known, (same*100 + 100) / (rows + 1), columns}
}
