package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// until asks again until it is so; nothing here depends on how long it takes.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for range 3000 {
		if so() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("it never came to this: %s", what)
}

// slow is a request whose body is on its way, and whose handler waits for it.
type slow struct {
	net.Conn
	in *bufio.Reader
}

const slowBody = `{"email":"ada@northwind.example","password":"not the password"}`

// begin sends the head of a sign-in. The server asks for the body (100
// Continue) when the handler reads it, so it runs from here on.
func begin(t *testing.T, address string) *slow {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	fmt.Fprintf(c, "POST /api/v1/sessions HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", len(slowBody))
	s := &slow{c, bufio.NewReader(c)}
	line, err := s.in.ReadString('\n')
	if err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q, %v", line, err)
	}
	if _, err := s.in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *slow) finish() (*http.Response, error) {
	if _, err := io.WriteString(s.Conn, slowBody); err != nil {
		return nil, err
	}
	return http.ReadResponse(s.in, nil)
}

func served(t *testing.T, args ...string) (p *process, dir string) {
	t.Helper()
	dir = t.TempDir()
	fill(t, dir)
	return again(t, dir, args...), dir
}

func again(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	p, err := start(t.TempDir(), os.Environ(), append([]string{"serve", "--data", dir, "--listen", "127.0.0.1:0"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Process.Kill()
		p.Wait()
	})
	return p
}

// word is what an address says, "" when nobody listens there any more.
func word(address string) string {
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := c.Get(address)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return fmt.Sprintf("%d %s", res.StatusCode, strings.TrimSpace(string(b)))
}

// SIGTERM: first it says that it is not ready, while it still answers; then
// the port closes; what runs is finished; then it ends well.
func TestStopFinishesRequests(t *testing.T) {
	p, _ := served(t, "--drain", "2s")
	if got := word(p.address + "/healthz"); got != "200 alive" {
		t.Errorf("healthz: %q", got)
	}
	if got := word(p.address + "/readyz"); got != "200 ready" {
		t.Errorf("readyz: %q", got)
	}
	s := begin(t, p.address)
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	until(t, "not ready, and answering", func() bool { return word(p.address+"/readyz") == "503 stopping" })
	until(t, "the port closed", func() bool { return word(p.address+"/healthz") == "" })
	res, err := s.finish()
	if err != nil {
		t.Fatalf("the request that ran was cut: %v\n%s", err, p.logged())
	}
	if res.StatusCode != http.StatusUnauthorized || res.Header.Get("X-Request-Id") == "" {
		t.Errorf("answered %d", res.StatusCode)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("it ended with %v\n%s", err, p.logged())
	}
	if log := p.logged(); !strings.Contains(log, "stopping") || !strings.Contains(log, "msg=stopped") {
		t.Errorf("log:\n%s", log)
	}
}

// A second signal ends it at once, with a request still running; the data is
// whole, and the next start answers.
func TestSecondSignal(t *testing.T) {
	p, dir := served(t, "--drain", "0s", "--finish", "10m")
	begin(t, p.address)
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	until(t, "the port closed", func() bool { return word(p.address+"/healthz") == "" })
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err == nil || p.ProcessState.ExitCode() != 1 || !strings.Contains(p.logged(), "stopped at once") {
		t.Errorf("it ended with %v\n%s", err, p.logged())
	}
	if got := word(again(t, dir).address + "/readyz"); got != "200 ready" {
		t.Errorf("readyz after it: %q", got)
	}
}

// What does not finish within the limit is cut, and that is told.
func TestStopHasALimit(t *testing.T) {
	p, _ := served(t, "--drain", "0s", "--finish", "50ms")
	begin(t, p.address)
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err == nil || !strings.Contains(p.logged(), "cut off") {
		t.Errorf("it ended with %v\n%s", err, p.logged())
	}
}
