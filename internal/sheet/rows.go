package sheet

import (
	"bytes"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"
)

// Rows reads the file from its start and gives each row that is not empty, with
// all that is wrong with it. A row with a fatal problem is given as far as it could
// be read. The last one may be a problem that ends reading, such as an error of
// the reader. Strings of a record share memory; clone what is kept for long.
func (s *Sheet) Rows(m Mapping) iter.Seq2[Record, []Problem] {
	return func(yield func(Record, []Problem) bool) {
		end := func(row int, text string) {
			yield(Record{Row: row}, []Problem{{Row: row, Text: text, Fatal: true, Ends: true}})
		}
		sc, err := s.scan()
		if err != nil {
			end(0, "The file cannot be read any more. Upload it again.")
			return
		}
		for sc.row < s.skip && sc.next() {
		}
		a := &assembler{sheet: s, m: m, sc: sc}
		for n := 0; sc.next(); {
			if sc.blank() {
				continue
			}
			if n++; n > MaxRows {
				end(sc.row, fmt.Sprintf("The file has more than %d rows. Split it into several files.", MaxRows))
				return
			}
			rec, ps := a.record()
			if !yield(rec, ps) {
				return
			}
			if len(ps) > 0 && ps[0].Ends {
				return
			}
		}
		if sc.err != nil {
			end(sc.row, "The file could not be read to its end. Upload it again.")
		}
	}
}

// assembler makes a record of a row.
type assembler struct {
	sheet *Sheet
	m     Mapping
	sc    *scanner
	rec   Record
	ps    []Problem
	label string // of the column at work
	entry string // where the entry lies in a file that has no rows
}

func (a *assembler) problem(fatal bool, format string, args ...any) {
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	a.ps = append(a.ps, Problem{Row: a.rec.Row, Entry: a.entry, Column: a.label, Text: text, Fatal: fatal})
}

func (a *assembler) record() (Record, []Problem) {
	sc := a.sc
	a.rec, a.ps, a.label = Record{Row: sc.row}, nil, ""
	for _, f := range sc.faults {
		a.label = ""
		if f.cell >= 0 && f.cell < len(a.sheet.labels) {
			a.label = a.sheet.labels[f.cell]
		}
		a.problem(true, "%s", f.sentence(sc))
		if f.kind == unclosed {
			a.ps[len(a.ps)-1].Ends = true
			a.ps[0], a.ps[len(a.ps)-1] = a.ps[len(a.ps)-1], a.ps[0]
			return a.rec, a.ps
		}
	}
	a.label = ""
	a.shape()
	text := string(sc.data) // one allocation for all cells
	for _, c := range a.m.Columns {
		if c.Index < 0 || c.Index >= sc.cells() || c.Index >= len(a.sheet.labels) {
			continue
		}
		from := 0
		if c.Index > 0 {
			from = sc.ends[c.Index-1]
		}
		if cell := text[from:sc.ends[c.Index]]; cell != "" {
			a.label = a.sheet.labels[c.Index]
			a.cell(c, cell)
		}
	}
	a.finish()
	return a.rec, a.ps
}

const tooManyCells = "The row has more cells than there are columns. Often a value that contains the separator is not in quotation marks."

// shape compares the row's length with the headings'.
func (a *assembler) shape() {
	have, want := a.sc.cells(), len(a.sheet.labels)
	if a.m.Layout == Keeper {
		return // its rows are as long as they have fields
	}
	if have < want {
		a.problem(false, "The row has only %d of %d cells; the others are taken as empty. Check that its values are in the right columns.", have, want)
	}
	for i := want; i < have; i++ {
		if len(bytes.TrimSpace(a.sc.cell(i))) > 0 {
			a.problem(true, tooManyCells)
			return
		}
	}
}

// cell puts one value where its column goes. A second value for what can be
// there once becomes a custom field.
func (a *assembler) cell(c Column, v string) {
	if strings.IndexByte(v, 0) >= 0 {
		a.problem(true, "The cell contains a NUL byte, so the file is damaged or not CSV. Export it again.")
		return
	}
	if a.m.Layout == Own { // as we write them
		v = Plain(v)
	}
	trimmed := strings.TrimSpace(v)
	secret := c.To == ToPassword || c.To == ToUsername || c.To == ToTOTP
	if c.To == Ignore && trimmed != "" {
		a.archived(trimmed)
	}
	if trimmed == "" && c.To != ToPassword || c.To == Ignore {
		return
	}
	if strings.ContainsRune(v, utf8.RuneError) {
		a.problem(secret, "The cell contains a damaged character (�). Choose another encoding, or correct the cell.")
	}
	if secret && spoiled(trimmed) {
		a.problem(false, "The value looks like what a spreadsheet made of another one (rounded number or error). Check it at its source.")
	}
	r := &a.rec
	switch c.To {
	case ToTitle:
		a.once(&r.Title, trimmed, MaxTitle, false)
	case ToUsername:
		a.once(&r.Username, trimmed, MaxUsername, false)
	case ToPassword:
		if v != trimmed {
			a.problem(false, "The password begins or ends with a blank or a line break. It is kept as it is.")
		}
		a.once(&r.Password, v, MaxPassword, true)
	case ToURL:
		a.urls(trimmed)
	case ToNotes:
		a.notes(strings.ReplaceAll(v, "\r\n", "\n"))
	case ToTOTP:
		a.totp(trimmed)
	case ToFolder:
		a.folder(trimmed)
	case ToClient:
		a.once(&r.Client, trimmed, MaxName, false)
	case ToType:
		a.once(&r.Type, trimmed, MaxName, false)
	case ToTags:
		a.tags(trimmed)
	case ToExpires:
		a.expires(trimmed)
	case ToPairs: // together, at the end
	case ToFieldList:
		a.fieldList(v)
	case ToKindList:
		a.kindList(v)
	default:
		name := c.Name
		if name == "" {
			name = a.label
		}
		a.field(name, v, c.Hidden)
	}
}

// archived reads a column that says whether the other program had the entry put
// aside: it comes in among the others, and says so.
func (a *assembler) archived(v string) {
	switch strings.ToLower(v) {
	case "false", "no", "0", "nein", "non", "nee":
		return
	}
	switch plainHeading(a.label) {
	case "archived", "archivedat", "archiveddate", "archiviert", "gearchiveerd":
		a.tags("archived")
		a.problem(false, "The entry is archived in the other program. Here it will be among the others, with the tag “archived”.")
	}
}

func (a *assembler) once(to *string, v string, limit int, hidden bool) {
	if *to != "" {
		a.field(a.label, v, hidden)
		return
	}
	*to = v
	a.limit(v, limit)
}

func (a *assembler) limit(v string, limit int) bool {
	if len(v) > limit && utf8.RuneCountInString(v) > limit {
		a.problem(true, "The value is longer than %d characters. Shorten it, or map the column to something longer.", limit)
		return false
	}
	return true
}

func (a *assembler) field(name, v string, hidden bool) {
	a.limit(name, MaxName)
	a.limit(v, MaxField)
	a.rec.Fields = append(a.rec.Fields, Field{Name: name, Value: v, Hidden: hidden})
}
