package main

import (
	"fmt"
	"slices"
)

// result is one line of the table: what Bailiwick did and what the bare limit
// did, round by round.
type result struct {
	what, engine string
	unit         string // of both; "requests/s", "ms"
	ours, bare   []float64
	limit        string // what the bare limit is
	more         bool   // more is better, so the ratio is ours/bare; else bare/ours
	goal         goal
	note         string
}

// goal is what design asks for; the zero value asks for nothing.
type goal struct {
	of    string // "ours" or "ratio"
	least bool   // the median must be at least the value, else at most
	value float64
}

func atLeast(of string, v float64) goal { return goal{of, true, v} }
func atMost(of string, v float64) goal  { return goal{of, false, v} }

// ratios compares round with round, so that a machine that slows down does so
// for both. 1 is as good as the bare limit, more is better.
func (r result) ratios() []float64 {
	var out []float64
	for i := range min(len(r.ours), len(r.bare)) {
		q := r.ours[i] / r.bare[i]
		if !r.more {
			q = 1 / q
		}
		out = append(out, q)
	}
	return out
}

func (r result) reached() string {
	if r.goal.of == "" {
		return ""
	}
	values := r.ours
	if r.goal.of == "ratio" {
		values = r.ratios()
	}
	m, _, _ := spread(values)
	if r.goal.least && m >= r.goal.value || !r.goal.least && m <= r.goal.value {
		return "yes"
	}
	return "**no**"
}

func (g goal) text(unit string) string {
	switch {
	case g.of == "":
		return ""
	case g.of == "ratio":
		return "ratio " + map[bool]string{true: "≥ ", false: "≤ "}[g.least] + figure(g.value)
	}
	return map[bool]string{true: "≥ ", false: "≤ "}[g.least] + figure(g.value) + " " + unit
}

func (b *bench) add(r result) {
	b.results = append(b.results, r)
	line := fmt.Sprintf("  %-34s %-9s %s %s", r.what, r.engine, cell(r.ours), r.unit)
	if len(r.bare) > 0 {
		line += fmt.Sprintf("   bare %s   ratio %s", cell(r.bare), cell(r.ratios()))
	}
	if r.goal.of != "" {
		line += fmt.Sprintf("   %s: %s", r.goal.text(r.unit), r.reached())
	}
	fmt.Println(line)
}

// turns measures both by turns, after one of each that does not count.
func (b *bench) turns(ours, bare func() float64) (o, l []float64) {
	ours()
	bare()
	for range b.rounds {
		o = append(o, ours())
		l = append(l, bare())
	}
	return o, l
}

func spread(values []float64) (median, low, high float64) {
	if len(values) == 0 {
		return 0, 0, 0
	}
	s := slices.Sorted(slices.Values(values))
	return s[len(s)/2], s[0], s[len(s)-1]
}

func cell(values []float64) string {
	m, low, high := spread(values)
	switch len(values) {
	case 0:
		return ""
	case 1:
		return figure(m)
	}
	return fmt.Sprintf("%s (%s to %s)", figure(m), figure(low), figure(high))
}

// figure writes three digits that count.
func figure(v float64) string {
	switch {
	case v >= 1000:
		s := fmt.Sprintf("%.0f", v)
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + "," + s[i:]
		}
		return s
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
