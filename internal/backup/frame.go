package backup

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// After the magic text and the version, a stream is frames: a kind, the length
// of what follows in 4 bytes, and that.
const (
	frameManifest = 'M' // JSON, once, at the beginning
	frameTable    = 'T' // the name of the table that the next rows are of
	frameRow      = 'R'
	frameTotal    = 'S' // JSON, at the end of a table
	frameEnd      = 'E' // empty, once: nothing is missing, and nothing follows
)

// mostFrame bounds what one frame may claim to be.
const mostFrame = 256 << 20

type frameWriter struct {
	w *bufio.Writer
	n int64
}

func newFrameWriter(to io.Writer) (*frameWriter, error) {
	f := &frameWriter{w: bufio.NewWriterSize(to, 256<<10)}
	n, err := f.w.WriteString(magic)
	f.n = int64(n) + 1
	return f, errors.Join(err, f.w.WriteByte(version))
}

func (f *frameWriter) put(kind byte, content []byte) error {
	if len(content) > mostFrame {
		return fmt.Errorf("a row of %d bytes is more than a backup takes", len(content))
	}
	f.n += int64(5 + len(content))
	if err := f.w.WriteByte(kind); err != nil {
		return err
	}
	var size [4]byte
	binary.BigEndian.PutUint32(size[:], uint32(len(content)))
	if _, err := f.w.Write(size[:]); err != nil {
		return err
	}
	_, err := f.w.Write(content)
	return err
}

func (f *frameWriter) putJSON(kind byte, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return f.put(kind, b)
}

type frameReader struct {
	r   *bufio.Reader
	buf []byte
	n   int64
}

// newFrameReader reads what a stream begins with.
func newFrameReader(from io.Reader) (*frameReader, error) {
	f := &frameReader{r: bufio.NewReaderSize(from, 256<<10)}
	head := make([]byte, len(magic)+1)
	if _, err := io.ReadFull(f.r, head); err != nil {
		return nil, cut(err)
	}
	if string(head[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w (this is no backup of Bailiwick)", ErrDamaged)
	}
	if v := head[len(magic)]; v != version {
		return nil, fmt.Errorf("%w (format %d; this version reads format %d)", ErrNewer, v, version)
	}
	f.n = int64(len(head))
	return f, nil
}

// next gives the next frame; content is good until the one after. Its memory
// grows with what is really there, not with what a length claims.
func (f *frameReader) next() (kind byte, content []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(f.r, head[:]); err != nil {
		return 0, nil, cut(err)
	}
	size := binary.BigEndian.Uint32(head[1:])
	if size > mostFrame {
		return 0, nil, ErrDamaged
	}
	f.buf = f.buf[:0]
	for left := int(size); left > 0; {
		step := min(left, 1<<20)
		at := len(f.buf)
		f.buf = append(f.buf, make([]byte, step)...)
		if _, err := io.ReadFull(f.r, f.buf[at:]); err != nil {
			return 0, nil, cut(err)
		}
		left -= step
	}
	f.n += int64(5 + size)
	return head[0], f.buf, nil
}

// end demands that nothing follows; only then has the encryption around the
// stream shown that its own end is there.
func (f *frameReader) end() error {
	_, err := f.r.ReadByte()
	switch {
	case err == nil:
		return ErrDamaged
	case errors.Is(err, io.EOF):
		return nil
	}
	return cut(err)
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrDamaged
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}
