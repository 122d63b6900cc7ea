//go:build linux

package fault

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is a running server.
type server struct {
	t       *testing.T
	cmd     *exec.Cmd
	address string
	pid     int // of the server itself, also under strace
	ended   chan struct{}
	log     *output
}

// output collects what a process writes to stderr.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// start starts the server over a world and waits until it listens.
func start(t *testing.T, w world, more ...string) *server {
	t.Helper()
	s, err := launch(t, w.command(t, more...))
	must(t, err)
	return s
}

// launch starts a command that ends up as a server. The error says what the
// server said when it ended instead.
func launch(t *testing.T, cmd *exec.Cmd) (*server, error) {
	t.Helper()
	s := begin(t, cmd)
	out := s.listens()
	if line, ok := <-out; ok {
		return s, s.found(line)
	}
	<-s.ended
	return s, fmt.Errorf("the server ended: %v\n%s", s.cmd.ProcessState, s.log)
}

// begin starts a command. It is gone at the end of the test at the latest.
func begin(t *testing.T, cmd *exec.Cmd) *server {
	t.Helper()
	s := &server{t: t, cmd: cmd, ended: make(chan struct{}), log: &output{}}
	cmd.Stderr = s.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	t.Cleanup(s.kill)
	return s
}

// listens starts the process and gives the line that names the address.
func (s *server) listens() <-chan string {
	s.t.Helper()
	pipe, err := s.cmd.StdoutPipe()
	must(s.t, err)
	must(s.t, s.cmd.Start())
	s.pid = s.cmd.Process.Pid
	lines := make(chan string, 1)
	go func() {
		defer close(s.ended)
		r := bufio.NewReader(pipe)
		line, err := r.ReadString('\n')
		if err == nil {
			lines <- line
		}
		close(lines)
		_, _ = io.Copy(io.Discard, r)
		_ = s.cmd.Wait() // how it ended is in ProcessState
	}()
	return lines
}

func (s *server) found(line string) error {
	at := strings.Index(line, "http://")
	if at < 0 {
		return fmt.Errorf("no address in %q", line)
	}
	s.address = strings.TrimSpace(line[at:])
	if strings.HasSuffix(s.cmd.Path, "strace") {
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", s.pid, s.pid))
		if err != nil {
			return err
		}
		s.pid, err = strconv.Atoi(strings.Fields(string(children))[0])
		return err
	}
	return nil
}

// kill is kill -9, of strace and of the server under it.
func (s *server) kill() {
	if s.cmd.Process == nil {
		return
	}
	select {
	case <-s.ended:
		return
	default:
	}
	_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) // it may have ended by itself
	<-s.ended
}

// stop is what an operator does, and must end well.
func (s *server) stop() {
	s.t.Helper()
	must(s.t, s.end())
}

func (s *server) end() error {
	if err := syscall.Kill(s.pid, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	select {
	case <-s.ended:
	case <-time.After(40 * time.Second):
		return errors.New("the server does not end")
	}
	if !s.cmd.ProcessState.Success() {
		return fmt.Errorf("the server ended badly: %v\n%s", s.cmd.ProcessState, s.log)
	}
	return nil
}

// calm fails the test if the server panicked.
func (s *server) calm() {
	s.t.Helper()
	if log := s.log.String(); strings.Contains(log, "panic") || strings.Contains(log, "goroutine ") {
		s.t.Errorf("the server panicked:\n%s", log)
	}
}

// memory is how much of the machine's memory the server has at present, in bytes.
func (s *server) memory() int64 {
	s.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.pid))
	must(s.t, err)
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			must(s.t, err)
			return n << 10
		}
	}
	s.t.Fatal("no VmRSS")
	return 0
}
