package db

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io/fs"
	"strconv"
	"strings"
)

// migration is one step of the schema. Its checksum finds accidents, not
// attackers: who can write the database can also write the checksum.
type migration struct {
	number   int64
	name     string
	text     string
	checksum string
}

// readMigrations reads NNNN_name.sql files numbered 1, 2, 3, … without gaps.
func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var steps []migration
	for i, name := range names {
		digits, _, _ := strings.Cut(name, "_")
		number, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || len(digits) != 4 || number != int64(i+1) {
			return nil, fmt.Errorf("migration %s: want %04d_name.sql", name, i+1)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		sum := fnv.New128a()
		sum.Write(text)
		steps = append(steps, migration{number, name, string(text), hex.EncodeToString(sum.Sum(nil))})
	}
	return steps, nil
}

// on is the text for one engine: what follows a line "-- only on sqlite" or
// "-- only on postgres" is for that one, until a line "-- on both".
func (m migration) on(engine string) string {
	var text strings.Builder
	only := ""
	for line := range strings.Lines(m.text) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "-- only on "); ok {
			only = name
		} else if strings.TrimSpace(line) == "-- on both" {
			only = ""
		} else if only == "" || only == engine {
			text.WriteString(line)
		}
	}
	return text.String()
}

// migrate applies what is missing in one transaction, so that a crash leaves
// the old schema or the new one, and two nodes starting at once do it once.
func (d *DB) migrate(ctx context.Context, steps []migration) error {
	return d.Write(ctx, "schema", func(tx *Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE IF NOT EXISTS migration (
			number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)`)
		if err != nil {
			return err
		}
		applied, err := checkApplied(ctx, tx, steps)
		if err != nil {
			return err
		}
		for _, s := range steps[applied:] {
			if _, err := tx.Exec(ctx, s.on(d.Engine())); err != nil {
				return fmt.Errorf("migration %s: %w", s.name, err)
			}
			_, err := tx.Exec(ctx, `INSERT INTO migration (number, name, checksum) VALUES ($1, $2, $3)`,
				s.number, s.name, s.checksum)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// checkApplied counts the applied migrations and refuses any that are not
// exactly the ones this program knows.
func checkApplied(ctx context.Context, tx *Tx, steps []migration) (int, error) {
	rows, err := tx.Query(ctx, `SELECT number, name, checksum FROM migration ORDER BY number`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var a migration
		if err := rows.Scan(&a.number, &a.name, &a.checksum); err != nil {
			return 0, err
		}
		if n >= len(steps) {
			return 0, fmt.Errorf("%w: migration %s was made by a newer version", ErrSchema, a.name)
		}
		if s := steps[n]; a.number != s.number || a.checksum != s.checksum {
			return 0, fmt.Errorf("%w: migration %s is not what was applied as %s", ErrSchema, s.name, a.name)
		}
	}
	return n, rows.Err()
}
