package backup

import (
	"context"
	"fmt"
	"strings"

	"bailiwick/internal/db"
)

// A statement inserts this many rows where that many are small, and one row
// otherwise: two texts for a table, whatever is in it. More cost more: the
// SQLite driver looks up each argument's name in the list of all.
const (
	rowsAtOnce  = 10
	bytesAtOnce = 1 << 20
)

// inserts is a sink that puts rows into the tables of a transaction.
type inserts struct {
	ctx       context.Context
	tx        *db.Tx
	many, one string
	args      []any
	width     int
	size      int
}

func (i *inserts) table(t db.Table) error {
	i.width = len(t.Columns)
	i.many, i.one = insertText(t, rowsAtOnce), insertText(t, 1)
	return nil
}

func insertText(t db.Table, rows int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", t.Name, columns(t))
	for n := range rows * len(t.Columns) {
		switch {
		case n == 0:
			b.WriteString("(")
		case n%len(t.Columns) == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", n+1)
	}
	b.WriteString(")")
	return b.String()
}

func (i *inserts) row(values []any) error {
	i.args = append(i.args, values...)
	for _, v := range values {
		switch v := v.(type) {
		case string:
			i.size += len(v)
		case []byte:
			i.size += len(v)
		}
	}
	if len(i.args) == rowsAtOnce*i.width || i.size > bytesAtOnce {
		return i.flush()
	}
	return nil
}

func (i *inserts) end(db.Table) error { return i.flush() }

func (i *inserts) flush() error {
	args := i.args
	i.args, i.size = i.args[:0], 0
	if len(args) == rowsAtOnce*i.width {
		_, err := i.tx.Exec(i.ctx, i.many, args...)
		return err
	}
	for ; len(args) > 0; args = args[i.width:] {
		if _, err := i.tx.Exec(i.ctx, i.one, args[:i.width]...); err != nil {
			return err
		}
	}
	return nil
}
