package matrix

import (
	"context"
	"fmt"
	"strings"

	"bailiwick/internal/db"
)

// table is some rows of one table.
type table struct {
	name, columns string
	kinds         []string
	rows          [][]any
}

// tables in an order in which their rows can be put back.
var tables = strings.Fields(`organizations settings levels users key_epochs key_grants devices sessions security_groups group_users clients client_keys
	client_users group_clients bookmarks folders folder_groups credentials credential_versions seen tokens token_scopes token_clients token_client_keys
	audit_events idempotency jobs external_links external_link_views shares kb_bases kb_roles kb_categories kb_category_groups kb_articles kb_versions kb_tags kb_files kb_pieces`)

func lines(names []string) string { return strings.Join(names, "\n") }

// dump reads every row of a SQLite database. Tables that the list above does
// not name come last; sums come by themselves, with what they count.
func dump(d *db.DB, to []table) ([]table, error) {
	ctx := context.Background()
	err := d.Read(ctx, func(tx *db.Tx) error {
		all := append([]string(nil), tables...)
		found, err := strs(ctx, tx, `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT IN ('migration', 'credential_sums') ORDER BY name`)
		if err != nil {
			return err
		}
		for _, n := range found {
			if !strings.Contains(" "+strings.Join(all, " ")+" ", " "+n+" ") && !strings.HasPrefix(n, "sqlite_") {
				all = append(all, n)
			}
		}
		for _, n := range all {
			t := table{name: n}
			columns, err := strs(ctx, tx, `SELECT name FROM pragma_table_info($1) ORDER BY cid`, n)
			if err != nil {
				return err
			}
			if t.kinds, err = strs(ctx, tx, `SELECT type FROM pragma_table_info($1) ORDER BY cid`, n); err != nil {
				return err
			}
			t.columns = strings.Join(columns, ", ")
			if t.rows, err = read(ctx, tx, `SELECT `+t.columns+` FROM `+n+` ORDER BY 1, 2`, len(columns)); err != nil {
				return err
			}
			to = append(to, t)
		}
		return nil
	})
	return to, err
}

func strs(ctx context.Context, tx *db.Tx, text string, args ...any) (all []string, err error) {
	rows, err := read(ctx, tx, text, 1, args...)
	for _, r := range rows {
		all = append(all, fmt.Sprint(r[0]))
	}
	return all, err
}

func read(ctx context.Context, tx *db.Tx, text string, columns int, args ...any) (all [][]any, err error) {
	rows, err := tx.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		row := make([]any, columns)
		at := make([]any, columns)
		for i := range row {
			at[i] = &row[i]
		}
		if err := rows.Scan(at...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// load puts rows into a fresh database of either engine.
func load(d *db.DB, all []table) error {
	ctx := context.Background()
	return d.Write(ctx, "", func(tx *db.Tx) error {
		for _, t := range all {
			marks := make([]string, len(t.kinds))
			for i := range marks {
				marks[i] = fmt.Sprintf("$%d", i+1)
			}
			text := `INSERT INTO ` + t.name + ` (` + t.columns + `) VALUES (` + strings.Join(marks, ", ") + `)`
			for _, r := range t.rows {
				args := append([]any(nil), r...)
				for i, kind := range t.kinds {
					if n, ok := args[i].(int64); ok && kind == "BOOLEAN" {
						args[i] = n != 0
					}
					if b, ok := args[i].([]byte); ok && b == nil { // empty, not absent
						args[i] = []byte{}
					}
				}
				if _, err := tx.Exec(ctx, text, args...); err != nil {
					return fmt.Errorf("%s: %w", t.name, err)
				}
			}
		}
		return nil
	})
}
