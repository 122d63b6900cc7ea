package foreign

import (
	"io"
)

// bounded ends with a refusal instead of unpacking more than there may be.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, refuse("The file unpacks to more than %d MB, so it is not read. Split the export.", mostUnpacked>>20)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
