package db

import (
	"fmt"
	"strings"
)

// places are the places of a text for arguments: which of them each takes,
// counted from 0.
//
// SQLite is given ? in the place of $1, $2, …: it looks for the name of each
// parameter in a list of all, each time that they are bound, so that a text of
// 32 rows would spend more time on names than on rows.
type places struct {
	takes []int
	args  int // how many there are
	plain bool
}

// placesOf gives the text without names.
func placesOf(text string) (string, places) {
	var out strings.Builder
	p := places{plain: true}
	quoted := false
	for i := 0; i < len(text); i++ {
		n, j := 0, i+1
		for ; !quoted && text[i] == '$' && j < len(text) && text[j] >= '0' && text[j] <= '9'; j++ {
			n = 10*n + int(text[j]-'0')
		}
		if n == 0 {
			quoted = quoted != (text[i] == '\'')
			out.WriteByte(text[i])
			continue
		}
		out.WriteByte('?')
		p.plain = p.plain && n == len(p.takes)+1
		p.takes, p.args, i = append(p.takes, n-1), max(p.args, n), j-1
	}
	return out.String(), p
}

// fill gives each place its argument.
func (p places) fill(args []any) ([]any, error) {
	if len(args) != p.args {
		return nil, fmt.Errorf("db: %d arguments for a text that takes %d", len(args), p.args)
	}
	if p.plain {
		return args, nil
	}
	all := make([]any, len(p.takes))
	for i, n := range p.takes {
		all[i] = args[n]
	}
	return all, nil
}
