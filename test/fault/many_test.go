//go:build linux

package fault

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bailiwick/sdk"
)

// Two thousand connections that ask nothing, and some that never end asking,
// keep nobody else out and are not kept for ever.
func TestManyConnections(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	s := start(t, w)
	l := dial(s.address)
	serves(t, l, w)
	before := s.memory()
	host := strings.TrimPrefix(s.address, "http://")
	var slow []net.Conn
	for i := range more(2000, 5000) {
		c, err := net.Dial("tcp", host)
		must(t, err)
		defer c.Close()
		switch {
		case i%20 == 0: // headers that never end
			_, err = io.WriteString(c, "GET /api/v1/me HTTP/1.1\r\nHost: "+host+"\r\nX-Slow: ")
			slow = append(slow, c)
		case i%20 == 1: // a body that never comes
			_, err = fmt.Fprintf(c, "POST /api/v1/sessions HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", host)
		}
		must(t, err)
	}
	serves(t, l, w)
	if grown := s.memory() - before; grown > 96<<20 {
		t.Errorf("%d MB more for idle connections", grown>>20)
	}
	for _, c := range slow { // a byte now and then does not help
		_, _ = io.WriteString(c, "a")
	}
	for _, c := range slow {
		must(t, c.SetReadDeadline(time.Now().Add(60*time.Second)))
		if _, err := io.Copy(io.Discard, c); errors.Is(err, errTimeout(err)) {
			t.Fatal("a connection whose headers never end is kept")
		}
	}
	serves(t, l, w)
	s.kill()
	s.calm()
}

// errTimeout is err itself if it is a timeout of the reader.
func errTimeout(err error) error {
	if n := net.Error(nil); errors.As(err, &n) && n.Timeout() {
		return err
	}
	return errors.New("no timeout")
}

// serves: a reveal, a list and a page are answered.
func serves(t *testing.T, l *line, w world) {
	t.Helper()
	l.reveal(t.Context(), w.admin, w.secret).into(t, &sdk.Revealed{})
	l.get(t, w.techs[0], "/credentials?client="+w.here, &sdk.Credentials{})
	req, err := http.NewRequestWithContext(t.Context(), "GET", l.base+"/sign-in", nil)
	must(t, err)
	if a := l.send(req); a.status != http.StatusOK {
		t.Errorf("the page to sign in: status %d, %v", a.status, a.err)
	}
}

// Sixty-four people sign in at once, from as many places, most of them under
// addresses that nobody has: those of one address follow one another, so they
// alone would not fill the queue. It holds some and sends the others away with
// the time to come back. Who is in already notices nothing.
func TestManySignIns(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	s := start(t, w, "--proxy", "127.0.0.0/8")
	l := dial(s.address)
	var in, away, unknown, others atomic.Int64
	var signing, reading sync.WaitGroup
	over := make(chan struct{})
	for range 2 {
		reading.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				if a := l.call(t.Context(), w.techs[0], "GET", "/clients", "", nil); a.verdict() != done {
					t.Errorf("another route meanwhile: status %d, %+v, %v", a.status, a.problem, a.err)
					return
				}
				others.Add(1)
			}
		})
	}
	for i := range 64 {
		signing.Go(func() {
			email := fmt.Sprintf("stranger%d@northwind.example", i)
			if i < len(w.emails) {
				email = w.emails[i]
			}
			text := fmt.Sprintf(`{"email":%q,"password":%q}`, email, password)
			req, err := http.NewRequestWithContext(t.Context(), "POST", l.base+"/api/v1/sessions", strings.NewReader(text))
			if err != nil {
				t.Error(err)
				return
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.0.0.%d", i+1))
			switch a := l.send(req); {
			case a.status == http.StatusCreated:
				in.Add(1)
			case a.status == http.StatusUnauthorized && i >= len(w.emails):
				unknown.Add(1)
			case a.status == http.StatusServiceUnavailable && a.problem.Kind == sdk.Unavailable && a.header.Get("Retry-After") != "":
				away.Add(1)
			default:
				t.Errorf("a sign-in: status %d, %+v, %v", a.status, a.problem, a.err)
			}
		})
	}
	signing.Wait()
	close(over)
	reading.Wait()
	t.Logf("%d signed in, %d unknown, %d sent away, %d other answers meanwhile", in.Load(), unknown.Load(), away.Load(), others.Load())
	if in.Load()+unknown.Load() == 0 || away.Load() == 0 || others.Load() < in.Load()+unknown.Load() {
		t.Error("the queue held everybody, nobody, or everybody else up")
	}
	// Nobody is locked out by it.
	for _, email := range w.emails {
		l.call(t.Context(), caller{}, "POST", "/sessions", "", sdk.SignIn{Email: email, Password: password}).into(t, &sdk.SignedIn{})
	}
	s.stop()
	s.calm()
}

// endless gives a text over and over, size bytes in all.
type endless struct {
	text []byte
	left int64
	sent *atomic.Int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && int64(n) < e.left {
		n += copy(p[n:min(len(p), int(e.left))], e.text)
	}
	e.left -= int64(n)
	e.sent.Add(int64(n))
	return n, nil
}

// Bodies of 100 MB and JSON that is 100,000 deep are refused with a reason,
// and cost the server no memory to speak of.
func TestLargeBodies(t *testing.T) {
	t.Parallel()
	w := onSQLite(t)
	s := start(t, w)
	l := dial(s.address)
	serves(t, l, w)
	before := s.memory()
	paths := []string{"POST /api/v1/credentials", "PATCH /api/v1/credentials/" + w.secret, "POST /api/v1/clients", "POST /api/v1/sessions",
		"POST /api/v1/credentials/" + w.secret + "/reveal", "POST /sign-in"}
	for _, p := range paths {
		method, path, _ := strings.Cut(p, " ")
		for _, size := range []int64{100 << 20, -1} { // -1: the length is not told
			var sent atomic.Int64
			req, err := http.NewRequestWithContext(t.Context(), method, l.base+path, &endless{[]byte(strings.Repeat("a", 32<<10)), 100 << 20, &sent})
			must(t, err)
			req.ContentLength = size
			headers(req, w, path)
			a := l.send(req)
			// The server may hang up while the body is still on its way.
			if a.status != 0 && a.status != http.StatusRequestEntityTooLarge {
				t.Errorf("%s with %d bytes: status %d, %.200s", p, size, a.status, a.body)
			}
			if n := sent.Load(); n > 16<<20 {
				t.Errorf("%s took %d MB before it refused", p, n>>20)
			}
		}
		if strings.HasSuffix(p, "/sign-in") {
			continue
		}
		for _, open := range []string{"[", `{"a":`} {
			req, err := http.NewRequestWithContext(t.Context(), method, l.base+path, bytes.NewReader([]byte(strings.Repeat(open, 100_000))))
			must(t, err)
			headers(req, w, path)
			if a := l.send(req); a.status != http.StatusBadRequest || a.problem.Kind != sdk.Malformed {
				t.Errorf("%s with JSON 100,000 deep: status %d, %+v, %v", p, a.status, a.problem, a.err)
			}
		}
	}
	if grown := s.memory() - before; grown > 64<<20 {
		t.Errorf("large bodies cost %d MB", grown>>20)
	}
	serves(t, l, w)
	s.stop()
	s.calm()
}

func headers(req *http.Request, w world, path string) {
	req.Header.Set("Content-Type", "application/json")
	if path == "/sign-in" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Authorization", "Bearer "+w.admin.bearer)
}
