package kdbx

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"

	"golang.org/x/crypto/chacha20"
	//lint:ignore SA1019 KDBX 3.1 runs one stream through all values; the package beside it starts anew with each
	"golang.org/x/crypto/salsa20/salsa"
)

// stream hides values in the XML.
type stream interface{ XORKeyStream(dst, src []byte) }

func newStream(id uint32, key []byte) (stream, error) {
	switch id {
	case 0:
		return none{}, nil
	case 2:
		s := &salsaStream{key: sha256.Sum256(key), counter: [16]byte{0xe8, 0x30, 0x09, 0x4b, 0x97, 0x20, 0x5d, 0x2a}}
		return s, nil
	case 3:
		sum := sha512.Sum512(key)
		s, err := chacha20.NewUnauthenticatedCipher(sum[:32], sum[32:44])
		if err != nil {
			return nil, ErrFormat
		}
		return s, nil
	}
	return nil, ErrCipher
}

type none struct{}

func (none) XORKeyStream(dst, src []byte) { copy(dst, src) }

type salsaStream struct {
	key     [32]byte
	counter [16]byte
	pad     [64]byte
	used    int // of pad; 0: it is to be made
}

func (s *salsaStream) XORKeyStream(dst, src []byte) {
	for i := range src {
		if s.used == 0 {
			clear(s.pad[:])
			salsa.XORKeyStream(s.pad[:], s.pad[:], &s.counter, &s.key)
			binary.LittleEndian.PutUint64(s.counter[8:], binary.LittleEndian.Uint64(s.counter[8:])+1)
		}
		dst[i] = src[i] ^ s.pad[s.used]
		s.used = (s.used + 1) % 64
	}
}
