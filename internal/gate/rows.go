package gate

import (
	"fmt"
	mathbits "math/bits"
	"strings"
)

// Insert is a registered statement for rows of one table, some at once.
type Insert struct {
	texts [mostRows + 1]Stmt // for 1, 2, 4, … rows
	width int                // of a row, without the organization
}

// mostRows is the power of two of the most rows that one statement takes.
const mostRows = 5

// InsertMany registers an INSERT whose rows have so many columns after the
// organization. then is what follows the rows.
func InsertMany(into string, width int, then string) Insert {
	in := Insert{width: width}
	for p := range in.texts {
		rows := make([]string, 1<<p)
		for i := range rows {
			row := make([]string, width)
			for c := range row {
				row[c] = fmt.Sprint("$", 2+i*width+c)
			}
			rows[i] = "($1, " + strings.Join(row, ", ") + ")"
		}
		in.texts[p] = SQL(into + " VALUES " + strings.Join(rows, ", ") + " " + then)
	}
	return in
}

func (in *Insert) one() Stmt { return in.texts[0] }

// rows are columns of some rows, one row after the other.
type rows struct {
	into *Insert
	key  string
	args []any
}

// insert writes as many rows at once as there is a text for.
func (in *Insert) insert(t *Tx, args []any) error {
	for len(args) > 0 {
		p := min(mostRows, mathbits.Len(uint(len(args)/in.width))-1)
		n := in.width << p
		if _, err := t.Exec(in.texts[p], args[:n]...); err != nil {
			return err
		}
		args = args[n:]
	}
	return nil
}

// Add inserts a row, or leaves it to be inserted with those of others, after
// the function. Rows with the same key are the same row: the last one counts.
func (t *Tx) Add(into *Insert, key string, args ...any) error {
	if t.early {
		t.lines = append(t.lines, rows{into, key, args})
		return nil
	}
	return into.insert(t, args)
}
