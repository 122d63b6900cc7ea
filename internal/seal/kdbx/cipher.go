package kdbx

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"io"

	"golang.org/x/crypto/chacha20"
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
