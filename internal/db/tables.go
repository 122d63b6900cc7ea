package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Kinds of columns, as the migrations write them.
const (
	KindText   = "TEXT"
	KindNumber = "BIGINT"
	KindBytes  = "BYTEA"
	KindTruth  = "BOOLEAN"
)

// Table is a table of the schema.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
}

// Column is one of its columns, in the order of the schema.
type Column struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// Tables lists the tables that a transaction reads, by name, without the one
// that says which migrations were applied, and without sums: triggers make them
// anew where the rows that they count come in.
func (t *Tx) Tables(ctx context.Context) ([]Table, error) {
	// Virtual tables and what lies under them are indexes, made of the rows of others.
	text := `SELECT m.name, p.name, p.type FROM pragma_table_list m JOIN pragma_table_info(m.name) p
		WHERE m.schema = 'main' AND m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND m.name NOT IN ('migration', 'credential_sums') ORDER BY m.name, p.cid`
	if t.remote {
		text = `SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
			JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
			WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.table_name NOT IN ('migration', 'credential_sums')
			ORDER BY c.table_name COLLATE "C", c.ordinal_position`
	}
	rows, err := t.Query(ctx, text)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Table
	for rows.Next() {
		var table string
		var c Column
		if err := rows.Scan(&table, &c.Name, &c.Kind); err != nil {
			return nil, err
		}
		if c.Kind = strings.ToUpper(c.Kind); !knownKind(c.Kind) {
			return nil, fmt.Errorf("column %s of table %s has the type %s, which Bailiwick does not use: keep other tables out of its database", c.Name, table, c.Kind)
		}
		if n := len(all); n == 0 || all[n-1].Name != table {
			all = append(all, Table{Name: table})
		}
		last := &all[len(all)-1]
		last.Columns = append(last.Columns, c)
	}
	return all, rows.Err()
}

func knownKind(k string) bool {
	return k == KindText || k == KindNumber || k == KindBytes || k == KindTruth
}

// LinksLast runs fn, which may insert rows in any order, and checks foreign
// keys only after it. PostgreSQL puts no check off that was not declared so;
// there the constraints are taken off and put back, which checks every row.
func (t *Tx) LinksLast(ctx context.Context, fn func() error) error {
	if !t.remote {
		return t.liteLinksLast(ctx, fn)
	}
	var off, on []string
	rows, err := t.Query(ctx, `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
		format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
		FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY oid`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var drop, add string
		if err := rows.Scan(&drop, &add); err != nil {
			return err
		}
		off, on = append(off, drop), append(on, add)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := t.all(ctx, off); err != nil {
		return err
	}
	if err := fn(); err != nil {
		return err
	}
	return t.all(ctx, on)
}

func (t *Tx) liteLinksLast(ctx context.Context, fn func() error) error {
	if _, err := t.Exec(ctx, `PRAGMA defer_foreign_keys = ON`); err != nil {
		return err
	}
	if err := fn(); err != nil {
		return err
	}
	var table, parent string
	err := t.Row(ctx, `SELECT "table", parent FROM pragma_foreign_key_check LIMIT 1`).Scan(&table, &parent)
	switch {
	case errors.Is(err, ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("a row of %s belongs to one of %s that is not there", table, parent)
}

func (t *Tx) all(ctx context.Context, texts []string) error {
	for _, text := range texts {
		if _, err := t.Exec(ctx, text); err != nil {
			return err
		}
	}
	return nil
}
