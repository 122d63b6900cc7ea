package sheet

import (
	"net/netip"
	"net/url"
	"strings"
)

// kind is what a value is by its form.
type kind uint8

const (
	plain  kind = iota
	number      // a date, too
	web
	mail
	network // an address in it
	code    // of an authenticator
)

func kindOf(v string) kind {
	switch {
	case v == "" || len(v) > MaxURL:
		return plain
	case strings.HasPrefix(strings.ToLower(v), "otpauth://"):
		return code
	case scheme.MatchString(v):
		return web
	case strings.Count(v, "@") == 1 && !strings.ContainsAny(v, " \t\n,;/"):
		name, domain, _ := strings.Cut(v, "@")
		if name != "" && strings.Contains(strings.Trim(domain, "."), ".") {
			return mail
		}
	}
	if _, err := netip.ParseAddr(v); err == nil {
		return network
	}
	if u, err := url.Parse("any://" + v); err == nil && u.Port() != "" {
		if _, err := netip.ParseAddr(u.Hostname()); err == nil {
			return network
		}
	}
	if strings.Trim(v, "0123456789.,:-+/ ") == "" && strings.ContainsAny(v, "0123456789") {
		return number
	}
	return plain
}

// values is what a column holds.
type values struct {
	filled int
	kinds  [code + 1]int
	times  map[string]int
	spaced int // with a blank in it
	lines  int // of several lines
	strong int // how much its values are like passwords
	length int // of all together, in bytes
}

func valuesOf(rows [][]string, column int) values {
	v := values{times: map[string]int{}}
	for _, row := range rows {
		if column < len(row) && row[column] != "" {
			v.add(row[column])
		}
	}
	return v
}

func (v *values) add(cell string) {
	v.filled++
	v.kinds[kindOf(cell)]++
	v.times[cell]++
	v.length += len(cell)
	if strings.ContainsAny(cell, " \t") {
		v.spaced++
	}
	if strings.ContainsAny(cell, "\r\n") {
		v.lines++
	}
	if len(cell) >= 6 && len(cell) <= 128 && !strings.ContainsAny(cell, " \t\r\n") && kindOf(cell) == plain {
		v.strong += classes(cell) - 1
	}
}

// classes counts what kinds of character a value mixes, at least one. A capital
// at its start, dots and dashes alone are none: names have them.
func classes(v string) (n int) {
	var lower, upper, digit, other bool
	for i, r := range v {
		switch {
		case r >= 'a' && r <= 'z':
			lower = true
		case r >= 'A' && r <= 'Z':
			upper = upper || i > 0
		case r >= '0' && r <= '9':
			digit = true
		case !strings.ContainsRune(".-_", r):
			other = true
		}
	}
	for _, has := range []bool{lower, upper, digit, other} {
		if has {
			n++
		}
	}
	return max(n, 1)
}

// mostly is the form that two thirds of the values have.
func (v *values) mostly() kind {
	for k := number; k <= code; k++ {
		if v.filled > 0 && 3*v.kinds[k] >= 2*v.filled {
			return k
		}
	}
	return plain
}
