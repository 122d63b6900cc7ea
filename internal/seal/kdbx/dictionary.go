package kdbx

import (
	"encoding/binary"
)

// read takes a variant dictionary apart: type, name, value, up to type 0.
func (k *kdf) read(data []byte) error {
	next := func(n int) []byte {
		if n < 0 || n > len(data) {
			return nil
		}
		b := data[:n]
		data = data[n:]
		return b
	}
	sized := func() ([]byte, bool) {
		size := next(4)
		if size == nil {
			return nil, false
		}
		n := binary.LittleEndian.Uint32(size)
		if int64(n) > int64(len(data)) {
			return nil, false
		}
		return next(int(n)), true
	}
	if v := next(2); v == nil || v[1] != 1 {
		return ErrFormat
	}
	for {
		kind := next(1)
		if kind == nil {
			return ErrFormat
		}
		if kind[0] == 0 {
			return nil
		}
		name, ok1 := sized()
		value, ok2 := sized()
		if !ok1 || !ok2 || !k.take(string(name), value) {
			return ErrFormat
		}
	}
}

func (k *kdf) take(name string, v []byte) bool {
	number := func(to *uint64) bool {
		switch len(v) {
		case 4:
			*to = uint64(binary.LittleEndian.Uint32(v))
		case 8:
			*to = binary.LittleEndian.Uint64(v)
		default:
			return false
		}
		return true
	}
	short := func(to *uint32) bool {
		var n uint64
		ok := number(&n) && n <= 1<<31
		*to = uint32(n)
		return ok
	}
	switch name {
	case "$UUID":
		k.id = string(v)
	case "R":
		k.hasRounds = true
		return number(&k.rounds)
	case "S":
		k.salt, k.hasSalt = v, true
	case "M":
		return number(&k.memory)
	case "I":
		return number(&k.passes)
	case "P":
		return short(&k.lanes)
	case "V":
		return short(&k.version)
	case "K":
		k.secret = v
	case "A":
		k.associated = v
	}
	return true
}
