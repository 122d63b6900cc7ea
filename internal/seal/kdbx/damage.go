package kdbx

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// readError makes one of ours of what reading a damaged file gives.
func readError(err error) error {
	var packed flate.CorruptInputError
	switch {
	case errors.As(err, &packed), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return ErrFormat
	}
	return err
}

// keyError is readError where a wrong key gives the same.
func keyError(err error) error {
	if err = readError(err); errors.Is(err, ErrFormat) {
		return ErrKey
	}
	return err
}

// bounded ends with ErrLarge instead of giving more than there may be.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, ErrLarge
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("read the contents: %w", readError(err))
	}
	return n, err
}
