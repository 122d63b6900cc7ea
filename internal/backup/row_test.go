package backup

import (
	"bytes"
	"encoding/hex"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
)

var everyKind = db.Table{Name: "x", Columns: []db.Column{{Name: "a", Kind: db.KindText}, {Name: "b", Kind: db.KindNumber}, {Name: "c", Kind: db.KindBytes}, {Name: "d", Kind: db.KindTruth}}}

var edges = [][]any{
	{"", int64(0), []byte{}, false},
	{nil, nil, nil, nil},
	{"ü\n\t\"'\\ 日本", int64(math.MinInt64), []byte{0, 0xff, 0}, true},
	{"NULL", int64(math.MaxInt64), bytes.Repeat([]byte{7}, 300), true},
	{"0", int64(-1), []byte("text"), false},
}

// Empty and absent stay apart, and every value stays what it is, through the
// form of a row and through both engines.
func TestRowsKeepTheirValues(t *testing.T) {
	for _, row := range edges {
		b, err := appendRow(nil, everyKind, row)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]any, 4)
		if err := parseRow(b, everyKind, got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(row, got); diff != "" {
			t.Error(diff)
		}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var want, got sum
		err := d.Write(ctx, "", func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `CREATE TABLE x (a TEXT, b BIGINT, c BYTEA, d BOOLEAN)`); err != nil {
				return err
			}
			in := &inserts{ctx: ctx, tx: tx}
			if err := in.table(everyKind); err != nil {
				return err
			}
			for n := range 40 * len(edges) { // so that both statements are used
				row := edges[n%len(edges)]
				if n == 7 || n == 120 {
					row = []any{"large", int64(n), bytes.Repeat([]byte{7}, 3<<20), true}
				}
				b, err := appendRow(nil, everyKind, row)
				if err != nil {
					return err
				}
				want.add(b)
				if err := in.row(row); err != nil {
					return err
				}
			}
			return in.end(everyKind)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			_, err := scanTable(ctx, tx, everyKind, func(b []byte) error { got.add(b); return nil })
			return err
		})
		if err != nil || cmp.Diff(want.total("x"), got.total("x")) != "" {
			t.Fatalf("%+v instead of %+v, %v", got, want, err)
		}
	})
}

// SQLite lets a text stand in a column of numbers; a backup does not.
func TestValuesOfAnotherKind(t *testing.T) {
	for _, row := range [][]any{{int64(1), nil, nil, nil}, {nil, "1", nil, nil}, {nil, nil, "x", nil}, {nil, nil, nil, int64(2)}, {nil, 1.5, nil, nil}} {
		if _, err := appendRow(nil, everyKind, row); err == nil {
			t.Errorf("%v was taken", row)
		}
	}
}

// FuzzCheck: whatever is in a file, reading it ends without a panic, and what
// passes is what was written.
func FuzzCheck(f *testing.F) {
	var b bytes.Buffer
	d := dbtest.SQLite(f)
	inhabited(f, d)
	if _, err := Save(ctx, d, &b, noon); err != nil {
		f.Fatal(err)
	}
	whole := b.Bytes()
	f.Add(whole)
	f.Add(whole[:len(magic)+1])
	f.Add([]byte(magic + "\x01M\x00\x00\x00\x02{}E\x00\x00\x00\x00"))
	f.Add([]byte(magic + "\x01M\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := Check(bytes.NewReader(file))
		if err == nil && s.Bytes != int64(len(file)) {
			t.Errorf("%d of %d bytes were looked at", s.Bytes, len(file))
		}
	})
}

// The format is frozen: a backup that was made once must be read for ever.
func TestFrozenBackup(t *testing.T) {
	var out bytes.Buffer
	f, err := newFrameWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	row, err := appendRow(nil, everyKind, []any{"ü", int64(-2), []byte{0, 255}, true})
	if err == nil {
		row, err = appendRow(row, everyKind, []any{nil, nil, nil, false})
	}
	var s sum
	s.add(row)
	if err != nil || f.put(frameTable, []byte("x")) != nil || f.put(frameRow, row) != nil || f.putJSON(frameTotal, s.total("x")) != nil || f.put(frameEnd, nil) != nil || f.w.Flush() != nil {
		t.Fatal(err)
	}
	if got, want := hex.EncodeToString(out.Bytes()), "6261696c697769636b206261636b75700a01540000000178520000001c0400000002c3bc03fffffffffffffffe050000000200ff0200000001530000004b7b227461626c65223a2278222c22726f7773223a312c2273756d223a225676704b794761794c4538564e55356357496f3657504e2b47313753516c756d744e50557a396e724f47413d227d4500000000"; got != want {
		t.Errorf("the stream is %s", got)
	}
}
