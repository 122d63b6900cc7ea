package bundle

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"unicode"

	"bailiwick/internal/fault"
)

// File is a picture or attachment that articles mention.
type File struct {
	Source string // path in the archive
	Name   string
	of     *reading
	zip    *zip.File
}

// Read unpacks the file; what it is, has to be found out by whoever stores it.
func (f File) Read(ctx context.Context) ([]byte, error) {
	return f.of.unpack(ctx, f.zip, f.Source, MaxFile)
}

// unpack reads one file of the archive, within what the file and the whole
// archive may unpack to. What an archive claims of sizes is not believed.
func (in *reading) unpack(ctx context.Context, f *zip.File, name string, most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fault.Cannot("%s is packed in a way that can't be read. Pack the folder anew as ZIP.", short(name))
	}
	defer r.Close()
	most = min(most, in.left)
	b, err := io.ReadAll(io.LimitReader(stopping{ctx, r}, most+1))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fault.Cannot("%s is damaged in the archive. Pack the folder anew as ZIP.", short(name))
	case int64(len(b)) > most && most == in.left:
		in.left = 0
		return nil, fault.Cannot("The archive unpacks to more than %d MB, at %s. Split it.", in.limit/1_000_000, short(name))
	case int64(len(b)) > most:
		return nil, tooLarge{name, most}
	}
	in.left -= int64(len(b))
	return b, nil
}

// tooLarge is a single file that has to be left out.
type tooLarge struct {
	name string
	most int64
}

func (t tooLarge) Error() string { return "bundle: " + t.name + " is too large" }

// stopping makes a reader heed the context.
type stopping struct {
	ctx context.Context
	r   io.Reader
}

func (s stopping) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(b)
}

// fileName is the last part of a path, of signs that may stand in a name.
func fileName(p string) string {
	name := strings.TrimLeft(strings.Map(printable, path.Base(p)), ".")
	if name == "" {
		return "file"
	}
	return name
}

// printable leaves out what is not seen, or turns the direction of writing.
func printable(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// TooLarge reports whether a file has to be left out for its size, and the others
// can be read.
func TooLarge(err error) bool {
	var t tooLarge
	return errors.As(err, &t)
}
