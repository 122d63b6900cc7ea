package sheet

import (
	"strconv"
	"strings"
	"time"
)

// unambiguous forms of a day; a time of day after it is cut off before
var dateForms = []string{"2006-01-02", "2006/01/02", "2006.01.02", "20060102", "2.1.2006", "2.1.06",
	"2 Jan 2006", "2-Jan-2006", "2-Jan-06", "2 January 2006", "Jan 2, 2006", "January 2, 2006"}

func (a *assembler) expires(v string) {
	switch strings.ToLower(v) {
	case "never", "none", "no", "n/a", "-", "0", "nie", "jamais", "nooit", "0000-00-00":
		return
	}
	if a.rec.Expires != nil {
		a.field(a.label, v, false)
		return
	}
	day, say := a.m.DateOrder.day(v)
	if say != "" {
		a.problem(true, "%s", say)
		a.field(a.label, v, false)
		return
	}
	a.rec.Expires = &day
}

// day reads a date as people and spreadsheets write it.
func (o DateOrder) day(v string) (day time.Time, complaint string) {
	const what = "This is not a date. Write it as 2026-12-31."
	if n, err := strconv.Atoi(v); err == nil && len(v) == 5 && n >= 20_000 {
		return time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC), "" // Excel's count of days
	}
	if n, err := strconv.ParseInt(v, 10, 64); err == nil && (len(v) == 10 || len(v) == 13) {
		if len(v) == 13 {
			n /= 1000
		}
		return sensible(time.Unix(n, 0).UTC().Truncate(24*time.Hour), what)
	}
	if len(v) > 10 && (v[10] == 'T' || v[10] == ' ') && v[4] == '-' {
		v = v[:10]
	} else if d, rest, ok := strings.Cut(v, " "); ok && strings.Contains(rest, ":") && strings.ContainsAny(d, "./-") {
		v = d
	}
	for _, form := range dateForms {
		if t, err := time.Parse(form, v); err == nil {
			return sensible(t, what)
		}
	}
	parts := strings.FieldsFunc(v, func(r rune) bool { return r == '/' || r == '-' })
	if len(parts) != 3 {
		return day, what
	}
	var n [3]int
	for i, p := range parts {
		var err error
		if n[i], err = strconv.Atoi(p); err != nil {
			return day, what
		}
	}
	if n[2] < 100 && len(parts[2]) == 2 {
		n[2] += 2000
	}
	d, m := n[0], n[1]
	switch {
	case d <= 12 && m <= 12 && d != m && o == "":
		return day, "The date can be read in two ways. Choose whether day or month comes first, or write it as 2026-12-31."
	case m > 12 || d <= 12 && o == MonthFirst:
		d, m = m, d
	}
	t := time.Date(n[2], time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d || t.Month() != time.Month(m) {
		return day, what
	}
	return sensible(t, what)
}

func sensible(t time.Time, complaint string) (time.Time, string) {
	if t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}, complaint
	}
	return t, ""
}
