package kdbx

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"io"

	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/salsa20/salsa"
	"golang.org/x/crypto/twofish" //lint:ignore SA1019 databases that are encrypted with it are to be read
)

// Ids of ciphers.
const (
	cipherAES     = "\x31\xc1\xf2\xe6\xbf\x71\x43\x50\xbe\x58\x05\x21\x6a\xfc\x5a\xff"
	cipherTwofish = "\xad\x68\xf2\x9f\x57\x6f\x4b\xb9\xa3\x6a\xd4\x7a\xf9\x65\x34\x6c"
	cipherChaCha  = "\xd6\x03\x8a\x2b\x8b\x6f\x4c\xb5\xa5\x24\x33\x9a\x31\xdb\xb5\x9a"
)

// decrypting gives the plain text of what r reads.
func decrypting(id string, key, iv []byte, r io.Reader) (io.Reader, error) {
	var block cipher.Block
	var err error
	switch id {
	case cipherAES:
		block, err = aes.NewCipher(key)
	case cipherTwofish:
		block, err = twofish.NewCipher(key)
	case cipherChaCha:
		s, err := chacha20.NewUnauthenticatedCipher(key, iv)
		if err != nil {
			return nil, ErrFormat
		}
		return &cipher.StreamReader{S: s, R: r}, nil
	default:
		return nil, ErrCipher
	}
	if err != nil || len(iv) != block.BlockSize() {
		return nil, ErrFormat
	}
	return &chained{r: r, mode: cipher.NewCBCDecrypter(block, iv)}, nil
}

// chained decrypts cipher block chaining, and takes the padding off at the end.
type chained struct {
	r     io.Reader
	mode  cipher.BlockMode
	buf   [32 << 10]byte
	plain []byte // not yet given out
	held  []byte // the last block so far: it may be padding
	err   error
}

func (c *chained) Read(p []byte) (int, error) {
	for len(c.plain) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		c.fill()
	}
	n := copy(p, c.plain)
	c.plain = c.plain[n:]
	return n, nil
}

func (c *chained) fill() {
	n, err := io.ReadFull(c.r, c.buf[:])
	whole := err == nil
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		c.err = err
		return
	}
	if n%16 != 0 {
		c.err = ErrFormat
		return
	}
	c.mode.CryptBlocks(c.buf[:n], c.buf[:n])
	got := append(c.held, c.buf[:n]...)
	if whole {
		c.plain, c.held = got[:len(got)-16], append([]byte(nil), got[len(got)-16:]...)
		return
	}
	c.err = io.EOF
	if len(got) == 0 {
		c.err = ErrFormat
		return
	}
	pad := int(got[len(got)-1])
	if pad < 1 || pad > 16 || pad > len(got) {
		c.err = ErrKey
		return
	}
	c.plain = got[:len(got)-pad]
}

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
