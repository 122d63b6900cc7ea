package apptest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"unicode/utf16"

	"bailiwick/internal/db"
)

// mark is part of every canary. It is of no language, so that it is found
// nowhere by chance.
const mark = "zq7kanary4vx"

// Canaries are texts to be put wherever something secret is typed. Leak finds
// them in whatever was stored, logged or sent.
type Canaries struct{ made atomic.Int64 }

// New gives another canary; what says where it is put, in letters and digits.
func (c *Canaries) New(what string) string {
	return fmt.Sprintf("%s %s %03d", mark, what, c.made.Add(1))
}

// Made is how many canaries there are.
func (c *Canaries) Made() int { return int(c.made.Load()) }

var forms = func() map[string][]byte {
	all := map[string][]byte{"plain": []byte(mark), "hex": []byte(hex.EncodeToString([]byte(mark)))}
	for name, order := range map[string]binary.AppendByteOrder{"UTF-16LE": binary.LittleEndian, "UTF-16BE": binary.BigEndian} {
		var b []byte
		for _, u := range utf16.Encode([]rune(mark)) {
			b = order.AppendUint16(b, u)
		}
		all[name] = b
	}
	for name, code := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64url": base64.RawURLEncoding} {
		for shift := range 3 {
			// Whatever stands before and after changes the characters at the ends.
			text := code.EncodeToString(append(make([]byte, shift), mark...))
			first, last := []int{0, 2, 3}[shift], (shift+len(mark))*8/6
			all[fmt.Sprintf("%s, shifted by %d", name, shift)] = []byte(text[first:last])
		}
	}
	return all
}()

// Leak gives the form in which a canary is in data, and what stands around
// it, or "".
func Leak(data []byte) string {
	folded := bytes.ToLower(data)
	for name, form := range forms {
		in := data
		if name == "plain" || name == "hex" {
			in = folded
		}
		if i := bytes.Index(in, form); i >= 0 {
			return fmt.Sprintf("%s: %q", name, data[max(0, i-40):min(len(data), i+80)])
		}
	}
	return ""
}

// NoCanary fails the test if a canary is in data.
func NoCanary(t testing.TB, where string, data []byte) {
	t.Helper()
	if found := Leak(data); found != "" {
		t.Errorf("a canary in %s, %s", where, found)
	}
}

// NoCanaryInFiles fails the test if a canary is in a file below dir: the
// database, its write-ahead log, backups, mails.
func NoCanaryInFiles(t testing.TB, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		NoCanary(t, path, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// NoCanaryInRows fails the test if a canary is in any value of any table.
func NoCanaryInRows(t testing.TB, d *db.DB) {
	t.Helper()
	tables := `SELECT name FROM sqlite_master WHERE type = 'table'`
	if d.Engine() == "postgres" {
		tables = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	}
	names := 0
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		all, err := query(tx, tables)
		if err != nil {
			return err
		}
		for _, row := range all {
			names++
			values, err := query(tx, fmt.Sprintf("SELECT * FROM %s", row[0]))
			if err != nil {
				return err
			}
			for _, v := range values {
				NoCanary(t, string(row[0]), bytes.Join(v, []byte("\n")))
			}
		}
		return nil
	})
	if err != nil || names == 0 {
		t.Fatalf("%d tables read: %v", names, err)
	}
}

func query(tx *db.Tx, text string) (all [][][]byte, err error) {
	rows, err := tx.Query(context.Background(), text)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values, dest := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		row := make([][]byte, len(values))
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				row[i] = b
			} else {
				row[i] = fmt.Append(nil, v)
			}
		}
		all = append(all, row)
	}
	return all, rows.Err()
}
