package sheet

import (
	"fmt"
	"slices"
	"strings"
)

// mostSampled is how many rows tell what a file without headings holds.
const mostSampled = 200

// sampled reads the rows that the guesses look at. The scanner is at the first
// row then; what is wrong with these rows is said when they are read in earnest.
func sampled(sc *scanner) (rows [][]string) {
	for len(rows) < mostSampled && sc.next() {
		if sc.blank() {
			continue
		}
		row := make([]string, sc.cells())
		for i := range row {
			row[i] = strings.TrimSpace(string(sc.cell(i)))
		}
		rows = append(rows, row)
	}
	return rows
}

// looksLikeData judges the first row: headings are words that are known, or at
// least no values such as those below them. In doubt it is data, for then
// nothing is lost.
func looksLikeData(first []string, rows [][]string, knows func(string) bool) bool {
	known := 0 // in halves: a weak word counts one
	repeated, unlike := false, false
	for i, h := range first {
		k := kindOf(h)
		if k > number {
			return true
		}
		w, ok := vocabulary[plainHeading(h)]
		switch {
		case ok && len(w.weak) == 0 || ok && len(first) == 1 || knows != nil && knows(h):
			known += 2
			continue
		case ok:
			known++
		}
		v := valuesOf(rows, i)
		repeated = repeated || h != "" && v.times[h] > 0
		unlike = unlike || h != "" && k == plain && v.mostly() != plain
	}
	switch {
	case known > 2 || known == 2 && (len(first) < 3 || !repeated):
		return false
	case repeated:
		return true
	}
	return !unlike // headings of a language that is not known stand above addresses, numbers and the like
}

// name names the columns of a file without headings by their numbers. Its
// first row may hold a password, so it gives no names.
func (s *Sheet) name(rows [][]string) {
	widest := len(s.first)
	for _, r := range rows {
		for len(r) > 0 && r[len(r)-1] == "" {
			r = r[:len(r)-1]
		}
		widest = max(widest, len(r))
	}
	rows = append([][]string{s.first}, rows...)
	s.labels = numbered(widest)
	for i := range widest {
		s.values = append(s.values, valuesOf(rows, i))
	}
	s.headings = s.labels
	s.lonely()
}

func numbered(n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("Column %d", i+1))
	}
	return names
}

// guessByValue proposes where the columns of a file without headings go, by
// what they hold. What it can't tell becomes a hidden custom field.
func guessByValue(labels []string, all []values) Mapping {
	m := Mapping{Layout: Free, Remarks: []string{"The first row looks like data, so the file is read as one without headings, and the first row is imported too. If it holds headings, choose that."}}
	for i, l := range labels {
		m.Columns = append(m.Columns, Column{Index: i, Heading: l, Label: l, To: ToCustom, Name: l, Hidden: true})
	}
	taken := map[Target]bool{}
	take := func(i int, to Target) {
		if i >= 0 && (!taken[to] || several(to)) {
			taken[to] = true
			m.Columns[i] = Column{Index: i, Heading: labels[i], Label: labels[i], To: to, Known: true}
		}
	}
	for i := range all {
		switch all[i].mostly() {
		case web, network:
			take(i, ToURL)
		case mail:
			take(i, ToUsername)
		case code:
			take(i, ToTOTP)
		}
	}
	free := func(i int) bool { return i >= 0 && !m.Columns[i].Known && all[i].filled > 0 }
	best := func(fits func(v values) float64) int {
		at, top := -1, 0.0
		for i, v := range all {
			if got := fits(v); free(i) && got > top {
				at, top = i, got
			}
		}
		return at
	}
	password := best(func(v values) float64 {
		if strong := share(v.strong, v.filled); strong > 0.5 {
			return strong * share(len(v.times), v.filled)
		}
		return 0
	})
	take(password, ToPassword)
	if before := password - 1; free(before) && all[before].spaced == 0 && all[before].kinds[number] == 0 && password > 1 {
		take(before, ToUsername)
	}
	take(best(func(v values) float64 {
		if v.lines > 0 || share(v.spaced, v.filled) > 0.5 && v.length > 40*v.filled {
			return float64(v.length)
		}
		return 0
	}), ToNotes)
	for i, v := range all {
		if free(i) && v.kinds[number] == 0 && v.length <= 80*v.filled && share(len(v.times), v.filled) > 0.5 {
			take(i, ToTitle)
			break
		}
	}
	for i, v := range all {
		if free(i) && !taken[ToUsername] && v.spaced == 0 && v.kinds[number] == 0 {
			take(i, ToUsername)
		}
	}
	m.Remarks = append(m.Remarks, m.unknown(taken)...)
	return m
}

func share(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

// MailColumn is the first column of a file without headings that holds
// addresses of mail; -1 where there is none.
func (s *Sheet) MailColumn() int {
	return slices.IndexFunc(s.values, func(v values) bool { return v.mostly() == mail })
}
