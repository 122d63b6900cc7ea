package door_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bailiwick/internal/door"
)

// listen serves a table over a real connection.
func listen(t *testing.T, h http.Handler) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

// A request that a proxy and the server could read differently is refused, and
// the connection is closed: nothing smuggled behind it is ever answered.
func TestSmuggledRequestsAreNotServed(t *testing.T) {
	tb, _ := table(t)
	served := make(chan string, 100)
	tb.Add(door.Route{Pattern: "GET /smuggled", Public: "a test", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { served <- r.URL.Path })})
	address := listen(t, tb)
	const second = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
	for name, first := range map[string]string{
		"length and chunked":      "POST /public HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"two lengths":             "POST /public HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 37\r\n\r\n",
		"lengths in one":          "POST /public HTTP/1.1\r\nHost: x\r\nContent-Length: 0, 37\r\n\r\n",
		"signed length":           "POST /public HTTP/1.1\r\nHost: x\r\nContent-Length: +0\r\n\r\n",
		"unknown coding":          "POST /public HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
		"coding twice":            "POST /public HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"coding with a tab":       "POST /public HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\tx\x0bchunked\r\n\r\n0\r\n\r\n",
		"blank before the colon":  "POST /public HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
		"chunked in HTTP/1.0":     "POST /public HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"two hosts":               "GET /public HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
		"no host":                 "GET /public HTTP/1.1\r\n\r\n",
		"header without a name":   "GET /public HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n",
		"header with a NUL":       "GET /public HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
		"bad chunk size":          "POST /public HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
		"chunk with a bare LF":    "POST /public HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\n\r\n\r\n",
		"trailing length":         "POST /public HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: Content-Length\r\n\r\n0\r\nContent-Length: 9\r\n\r\n",
		"line feeds in the path":  "GET /public\n/x HTTP/1.1\r\nHost: x\r\n\r\n",
		"another protocol's word": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, first+second); err != nil {
			t.Fatal(err)
		}
		_ = conn.(*net.TCPConn).CloseWrite()
		all, err := io.ReadAll(conn)
		conn.Close()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		select {
		case <-served:
			t.Errorf("%s: what stood behind it was served:\n%s", name, all)
		default:
		}
	}
	// The same connection may carry two whole requests.
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST /public HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"+second)
	in := bufio.NewReader(conn)
	for range 2 {
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
	}
	if got := <-served; got != "/smuggled" {
		t.Error(got)
	}
}

// pipes is a listener whose connections are in memory, so that synctest's
// clock moves their deadlines.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error   { close(p.done); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// A body that comes a byte a minute ends by the clock; a handler that works
// longer than that on a body that came in time is left alone.
func TestSlowBodiesEnd(t *testing.T) {
	for _, c := range []struct {
		name, body string
		limit      int64
		want       string
	}{
		{"slow", "a", 0, " 408 "},
		{"slow, chunked", "1\r\na\r\n", 0, " 408 "},
		{"in time", "ab", 0, " 200 "},
		{"slow upload", "a", 64 << 20, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			log, _ := logTo()
			fail := func(w http.ResponseWriter, r *http.Request, err error) { http.Error(w, "", door.Status(err)) }
			tb := door.New(log, nil, fail)
			tb.Add(door.Route{Pattern: "POST /", Public: "a test", Body: c.limit, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if _, err := io.ReadAll(r.Body); err != nil {
					fail(w, r, err)
					return
				}
				select {
				case <-time.After(5 * time.Minute):
				case <-r.Context().Done():
					http.Error(w, "cut short", http.StatusInternalServerError)
				}
			})})
			h, err := tb.Compressed()
			if err != nil {
				t.Fatal(err)
			}
			at := pipes{make(chan net.Conn), make(chan struct{})}
			srv := &http.Server{Handler: h}
			go srv.Serve(at)
			ours, theirs := net.Pipe()
			at.conns <- theirs
			length := "Content-Length: 2"
			if strings.HasPrefix(c.body, "1\r") {
				length = "Transfer-Encoding: chunked"
			}
			fmt.Fprint(ours, "POST / HTTP/1.1\r\nHost: x\r\n"+length+"\r\n\r\n"+c.body)
			_ = ours.SetReadDeadline(time.Now().Add(9 * time.Minute))
			line, _ := bufio.NewReader(ours).ReadString('\n')
			if !strings.Contains(line, c.want) || c.want == "" && line != "" {
				t.Errorf("%s: %q, want%s", c.name, line, c.want)
			}
			ours.Close()
			srv.Close()
		})
	}
}
