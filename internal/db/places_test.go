package db

import (
	"fmt"
	"testing"
)

func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		text, want string
		args       []any
		filled     string
	}{
		{"SELECT 1", "SELECT 1", nil, "[]"},
		{"a = $1 AND b = $2", "a = ? AND b = ?", []any{"x", 2}, "[x 2]"},
		{"($1, $2), ($1, $3)", "(?, ?), (?, ?)", []any{"o", 1, 2}, "[o 1 o 2]"},
		{"b = $2 AND c = '$1' AND a = $1", "b = ? AND c = '$1' AND a = ?", []any{"x", 2}, "[2 x]"},
		{"'it''s $1' || $12 || $", "'it''s $1' || ? || $", []any{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, "[12]"},
	} {
		got, p := placesOf(c.text)
		if got != c.want {
			t.Errorf("%s: %s", c.text, got)
		}
		args, err := p.fill(c.args)
		if err != nil || fmt.Sprint(args) != c.filled {
			t.Errorf("%s: %v, %v", c.text, args, err)
		}
		if _, err := p.fill(append(c.args, 1)); err == nil {
			t.Errorf("%s takes one more", c.text)
		}
	}
}
