package matrix

import (
	"fmt"
	"slices"
	"strings"
)

// untried is the letter of a cell that is left out.
const untried = '.'

const legend = `# Who may do what. One block per operation: its cells, then one line per outcome
# of all cells with the kinds of actor that have it.
# + allowed   - refused, as if absent   s sealed   u not signed in   i invalid   x not possible   t locked out   . not tried
# only P: a level of P alone; base+P: with Client: View List and Client: Default Access; but P: all but P.
`

// text is the golden file.
func (m sheet) text(r *result) string {
	var b strings.Builder
	b.WriteString(legend)
	for _, op := range sorted(m.rows) {
		var labels []string
		for _, c := range m.rows[op].cells {
			labels = append(labels, c.label)
		}
		if len(r.lines[op]) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s: %s\n", op, strings.Join(labels, ", "))
		by := map[string][]string{}
		var order []string
		for _, k := range m.kinds {
			line, ok := r.lines[op][k.name]
			if !ok {
				continue
			}
			if by[line] == nil {
				order = append(order, line)
			}
			by[line] = append(by[line], k.name)
		}
		for _, line := range order {
			fmt.Fprintf(&b, "  %s  %s\n", line, strings.Join(shorten(by[line]), "; "))
		}
	}
	return b.String()
}

// shorten says "only *" for most of a series; who is not among them has a line
// of his own.
func shorten(names []string) (out []string) {
	count := map[string]int{}
	series := func(n string) string {
		for _, s := range []string{"only ", "base+", "but "} {
			if strings.HasPrefix(n, s) {
				return s
			}
		}
		return ""
	}
	for _, n := range names {
		count[series(n)]++
	}
	for _, n := range names {
		s := series(n)
		switch {
		case s == "" || count[s] <= 40:
			out = append(out, n)
		case !slices.Contains(out, s+"* (the others)"):
			out = append(out, s+"* (the others)")
		}
	}
	return out
}

func sorted[T any](m map[string]T) (names []string) {
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
