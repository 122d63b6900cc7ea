package door

import (
	"errors"
	"io"
	"net/http"
	"time"

	"bailiwick/internal/clock"
)

const (
	small    = 1 << 20          // the largest body of a route that names no other
	patience = 30 * time.Second // how long a small body may take to arrive
)

// timed is a body that has to arrive in time, so that nobody holds a handler
// by sending a byte a minute. Files may take as long as the server allows.
type timed struct {
	io.ReadCloser
	conn *http.ResponseController
}

func inTime(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	conn := http.NewResponseController(w)
	if conn.SetReadDeadline(clock.System{}.Now().Add(patience)) != nil {
		return body // not a connection
	}
	return &timed{body, conn}
}

// Read lifts the limit at the end: it is not for what the handler does then.
func (t *timed) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = t.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}
