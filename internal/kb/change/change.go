// Package change tells two versions of a text apart, by lines and by words
// within changed lines. It bounds its work: where two texts have little in
// common, it says that one was replaced by the other.
package change

import "strings"

// Kind is what became of a line.
type Kind byte

// The kinds of a line.
const (
	Same Kind = iota
	Gone
	New
)

// Line is one line of the difference.
type Line struct {
	Kind   Kind
	Before int // number in the earlier text, 0 if it is not there
	After  int // number in the later text
	Parts  []Part
}

// Part is a part of a line; Marked is what differs from its counterpart.
type Part struct {
	Text   string
	Marked bool
}

// Text is a line without its marks.
func (l Line) Text() string {
	var b strings.Builder
	for _, p := range l.Parts {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Of gives all lines of both texts, in an order that makes one into the other.
func Of(before, after string) []Line {
	a, b := linesOf(before), linesOf(after)
	var all []Line
	at := 0 // where the present run of changed lines begins
	i, j := 0, 0
	for _, m := range append(common(a, b, mostLines), pair{len(a), len(b)}) {
		for ; i < m.a; i++ {
			all = append(all, Line{Kind: Gone, Before: i + 1, Parts: whole(a[i])})
		}
		for ; j < m.b; j++ {
			all = append(all, Line{Kind: New, After: j + 1, Parts: whole(b[j])})
		}
		mark(all[at:])
		if m.a < len(a) {
			all = append(all, Line{Kind: Same, Before: i + 1, After: j + 1, Parts: whole(a[i])})
			i, j = i+1, j+1
		}
		at = len(all)
	}
	return all
}

func whole(s string) []Part {
	if s == "" {
		return nil
	}
	return []Part{{Text: s}}
}

// linesOf cuts a text into lines. A line break at its end begins no line.
func linesOf(s string) []string {
	s = strings.TrimSuffix(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// Hunk is a run of changed lines with a few lines around it. Skipped is how many
// unchanged lines are left out before it.
type Hunk struct {
	Skipped int
	Lines   []Line
}

// Hunks leaves out unchanged lines that are further than around lines from any
// change; left is how many follow the last hunk.
func Hunks(all []Line, around int) (hunks []Hunk, left int) {
	near := make([]bool, len(all))
	for i, l := range all {
		if l.Kind != Same {
			for k := max(0, i-around); k <= min(len(all)-1, i+around); k++ {
				near[k] = true
			}
		}
	}
	skipped := 0
	for i, l := range all {
		switch {
		case !near[i]:
			skipped++
		case i == 0 || !near[i-1]:
			hunks = append(hunks, Hunk{Skipped: skipped, Lines: []Line{l}})
			skipped = 0
		default:
			last := &hunks[len(hunks)-1]
			last.Lines = append(last.Lines, l)
		}
	}
	return hunks, skipped
}

// Count says how many lines were taken away and added.
func Count(all []Line) (gone, added int) {
	for _, l := range all {
		switch l.Kind {
		case Gone:
			gone++
		case New:
			added++
		}
	}
	return gone, added
}
