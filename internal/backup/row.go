package backup

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"bailiwick/internal/db"
	"bailiwick/internal/seal"
)

// A row is its values one after the other. Each begins with its tag; numbers
// have 8 bytes, texts and bytes their length in 4 bytes before them.
const (
	tagNull  = 0
	tagNo    = 1
	tagYes   = 2
	tagWhole = 3
	tagText  = 4
	tagBytes = 5
)

// appendRow adds the form of a row to b. A value that is not of its column's
// kind, which SQLite would let stand, is refused: PostgreSQL would not take it.
func appendRow(b []byte, table db.Table, values []any) ([]byte, error) {
	for i, v := range values {
		kind := table.Columns[i].Kind
		if n, ok := v.(int64); ok && kind == db.KindTruth && (n == 0 || n == 1) {
			v = n == 1 // SQLite's
		}
		switch v := v.(type) {
		case nil:
			b = append(b, tagNull)
			continue
		case bool:
			if kind == db.KindTruth {
				tag := byte(tagNo)
				if v {
					tag = tagYes
				}
				b = append(b, tag)
				continue
			}
		case int64:
			if kind == db.KindNumber {
				b = binary.BigEndian.AppendUint64(append(b, tagWhole), uint64(v))
				continue
			}
		case string:
			if kind == db.KindText {
				b = append(sized(append(b, tagText), len(v)), v...)
				continue
			}
		case []byte:
			if kind == db.KindBytes {
				b = append(sized(append(b, tagBytes), len(v)), v...)
				continue
			}
		}
		return nil, fmt.Errorf("a value of column %s of table %s is not of the kind %s", table.Columns[i].Name, table.Name, kind)
	}
	return b, nil
}

func sized(b []byte, n int) []byte { return binary.BigEndian.AppendUint32(b, uint32(n)) }

// parseRow reads the form of one row, all of it, into values.
func parseRow(b []byte, table db.Table, values []any) error {
	for i := range values {
		v, rest, err := parseValue(b, table.Columns[i].Kind)
		if err != nil {
			return err
		}
		values[i], b = v, rest
	}
	if len(b) != 0 {
		return ErrDamaged
	}
	return nil
}

func parseValue(b []byte, kind string) (v any, rest []byte, err error) {
	if len(b) == 0 {
		return nil, nil, ErrDamaged
	}
	tag, b := b[0], b[1:]
	switch {
	case tag == tagNull:
		return nil, b, nil
	case (tag == tagNo || tag == tagYes) && kind == db.KindTruth:
		return tag == tagYes, b, nil
	case tag == tagWhole && kind == db.KindNumber && len(b) >= 8:
		return int64(binary.BigEndian.Uint64(b)), b[8:], nil
	case (tag == tagText && kind == db.KindText || tag == tagBytes && kind == db.KindBytes) && len(b) >= 4:
		n := binary.BigEndian.Uint32(b)
		if b = b[4:]; uint64(n) > uint64(len(b)) {
			return nil, nil, ErrDamaged
		}
		if tag == tagText {
			return string(b[:n]), b[n:], nil
		}
		return append([]byte{}, b[:n]...), b[n:], nil
	}
	return nil, nil, ErrDamaged
}

// sum adds the hashes of rows in any order. It finds accidents; that nobody
// changed the file is what its encryption shows.
type sum struct {
	rows int64
	lane [4]uint64 // the lowest first
}

func (s *sum) add(row []byte) {
	h := seal.Hash(row)
	var carry uint64
	for i := range s.lane {
		s.lane[i], carry = bits.Add64(s.lane[i], binary.BigEndian.Uint64(h[24-8*i:]), carry)
	}
	s.rows++
}

func (s *sum) total(table string) Total {
	b := make([]byte, 0, 32)
	for i := range s.lane {
		b = binary.BigEndian.AppendUint64(b, s.lane[3-i])
	}
	return Total{Table: table, Rows: s.rows, Sum: b}
}
