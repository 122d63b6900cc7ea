package seal

import "encoding/binary"

const (
	padHeader = 4 // length of the plaintext
	// MostPadded is the longest text that SealPadded takes, in bytes.
	MostPadded = 64 << 20
)

// paddedSize returns 64, 256, 1,024 or the next multiple of 1,024.
func paddedSize(n int) int {
	switch n += padHeader; {
	case n <= 64:
		return 64
	case n <= 256:
		return 256
	default:
		return (n + 1023) / 1024 * 1024
	}
}

// SealPadded is Seal for texts whose length tells something (the length of a
// password): length (4), text, zeros up to 64, 256, 1,024 or n x 1,024 bytes.
// The box begins with 0x02. It panics above MostPadded.
func (k Key) SealPadded(p Purpose, at Place, plain []byte) []byte {
	if len(plain) > MostPadded {
		panic("seal: text too long to pad")
	}
	padded := make([]byte, paddedSize(len(plain)))
	binary.BigEndian.PutUint32(padded, uint32(len(plain)))
	copy(padded[padHeader:], plain)
	defer clear(padded)
	return k.seal(formatPadded, p, at, padded)
}

// OpenPadded returns what SealPadded sealed, without the padding, or ErrOpen.
func (k Key) OpenPadded(p Purpose, at Place, box []byte) ([]byte, error) {
	padded, err := k.open(formatPadded, p, at, box)
	if err != nil {
		return nil, ErrOpen
	}
	r := newReader(padded)
	plain := r.part()
	if !r.ok || len(padded) != paddedSize(len(plain)) {
		return nil, ErrOpen
	}
	for _, b := range r.rest {
		if b != 0 {
			return nil, ErrOpen
		}
	}
	return plain, nil
}
