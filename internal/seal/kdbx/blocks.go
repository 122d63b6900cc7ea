package kdbx

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"io"
)

// blocks4 gives the blocks of version 4, each after it was checked.
type blocks4 struct {
	in   io.Reader
	base []byte
	n    uint64
	rest []byte
	done bool
}

func (b *blocks4) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.done {
			return 0, io.EOF
		}
		var head [36]byte
		if _, err := io.ReadFull(b.in, head[:]); err != nil {
			return 0, readError(err)
		}
		size := binary.LittleEndian.Uint32(head[32:])
		if size > mostBlock {
			return 0, ErrFormat
		}
		b.rest = make([]byte, size)
		if _, err := io.ReadFull(b.in, b.rest); err != nil {
			return 0, readError(err)
		}
		mac := hmac.New(sha256.New, blockKey(b.base, b.n))
		mac.Write(binary.LittleEndian.AppendUint64(nil, b.n))
		mac.Write(head[32:])
		mac.Write(b.rest)
		if !hmac.Equal(mac.Sum(nil), head[:32]) {
			return 0, ErrFormat
		}
		b.n++
		b.done = size == 0
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// blocks3 gives the blocks of version 3.1, each after its hash was compared.
type blocks3 struct {
	in   io.Reader
	rest []byte
	done bool
}

func (b *blocks3) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.done {
			return 0, io.EOF
		}
		var head [40]byte
		if _, err := io.ReadFull(b.in, head[:]); err != nil {
			return 0, readError(err)
		}
		size := binary.LittleEndian.Uint32(head[36:])
		if size > mostBlock {
			return 0, ErrFormat
		}
		b.rest = make([]byte, size)
		if _, err := io.ReadFull(b.in, b.rest); err != nil {
			return 0, readError(err)
		}
		if sum := sha256.Sum256(b.rest); size > 0 && !hmac.Equal(sum[:], head[4:36]) {
			return 0, ErrFormat
		}
		b.done = size == 0
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}
