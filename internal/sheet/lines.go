package sheet

import (
	"bytes"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"
)

// Line is a row as it stands: one cell for each heading, without white space
// around it.
type Line struct {
	Row   int
	Cells []string
}

// Lines reads the file from its start, for tables that are not of credentials.
// It gives each row that is not empty with what is wrong with it as a row; the
// last one may be a problem that ends reading.
func (s *Sheet) Lines() iter.Seq2[Line, []Problem] {
	return func(yield func(Line, []Problem) bool) {
		end := func(row int, text string) {
			yield(Line{Row: row}, []Problem{{Row: row, Text: text, Fatal: true, Ends: true}})
		}
		sc, err := s.scan()
		if err != nil {
			end(0, "The file cannot be read any more. Upload it again.")
			return
		}
		for sc.row < s.skip && sc.next() {
		}
		for n := 0; sc.next(); {
			if sc.blank() {
				continue
			}
			if n++; n > MaxRows {
				end(sc.row, fmt.Sprintf("The file has more than %d rows. Split it into several files.", MaxRows))
				return
			}
			line, ps := s.line(sc)
			if !yield(line, ps) || len(ps) > 0 && ps[0].Ends {
				return
			}
		}
		if sc.err != nil {
			end(sc.row, "The file could not be read to its end. Upload it again.")
		}
	}
}

func (s *Sheet) line(sc *scanner) (Line, []Problem) {
	line := Line{Row: sc.row, Cells: make([]string, len(s.labels))}
	var ps []Problem
	for _, f := range sc.faults {
		p := Problem{Row: sc.row, Text: f.sentence(sc), Fatal: true, Ends: f.kind == unclosed}
		if f.cell >= 0 && f.cell < len(s.labels) {
			p.Column = s.labels[f.cell]
		}
		if p.Ends {
			return line, []Problem{p}
		}
		ps = append(ps, p)
	}
	for i := range sc.cells() {
		cell := bytes.TrimSpace(sc.cell(i))
		switch {
		case i >= len(s.labels) && len(cell) > 0:
			ps = append(ps, Problem{Row: sc.row, Fatal: true, Text: tooManyCells})
			return line, ps
		case i >= len(s.labels):
		case bytes.IndexByte(cell, 0) >= 0 || bytes.ContainsRune(cell, utf8.RuneError):
			ps = append(ps, Problem{Row: sc.row, Column: s.labels[i], Fatal: true, Text: "The cell contains a damaged character. Choose another encoding, or correct the cell."})
		default:
			line.Cells[i] = strings.Clone(string(cell))
		}
	}
	return line, ps
}
