//go:build linux

package fault

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"bailiwick/sdk"
)

// A system call on the database's files fails: the first, the second, and so
// on until a run comes through without any. The server may refuse, and may say
// that it does not know; it does not panic, acknowledges nothing that is lost,
// and opens again.
func TestCallsFail(t *testing.T) {
	for _, c := range []callFault{
		{calls: "fsync,fdatasync", errno: "EIO"},
		{calls: "fsync,fdatasync", errno: "EIO", onward: true, late: true},
		{calls: "pwrite64", errno: "EIO"},
		{calls: "pwrite64", errno: "ENOSPC", onward: true},
		{calls: "pwrite64", errno: "EROFS", onward: true, late: true},
		{calls: "open,openat", errno: "EMFILE"},
		{calls: "open,openat", errno: "EMFILE", late: true},
		{calls: "ftruncate", errno: "EIO"},
		{calls: "pread64", errno: "EIO"},
	} {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			failedStarts, n, step := 0, 1, 1
			for ; ; n += step {
				hit, started := c.at(t, n)
				if !started {
					failedStarts++
				}
				if !hit || t.Failed() {
					break
				}
				if n >= 12 { // the first dozen matter most: they are the opening and the first changes
					step = *failures * 3
				}
				if *long {
					step = 1
				}
			}
			t.Logf("clean at %d; %d times it did not start", n, failedStarts)
		})
	}
}

// A callFault makes a system call on the database's files fail.
type callFault struct {
	calls, errno string
	onward       bool // all later ones fail too
	late         bool // they are counted from when the server has started
}

func (c callFault) String() string {
	name := c.calls + "=" + c.errno
	if c.onward {
		name += " from then on"
	}
	if c.late {
		name += ", when it runs"
	}
	return name
}

// options are strace's for the n-th call. It counts each thread's calls by
// themselves.
func (c callFault) options(dir string, n int) []string {
	when := fmt.Sprint(n)
	if c.onward {
		when += "+"
	}
	args := []string{"-e", "trace=" + c.calls, "-e", "inject=" + c.calls + ":error=" + c.errno + ":when=" + when}
	for _, name := range []string{"", ".lock", ".db", ".db-wal", ".db-shm", ".db-journal"} {
		args = append(args, "-P", filepath.Join(dir, "bailiwick"+name))
	}
	return args
}

// serve starts the server with the fault before it, or in it as it runs.
func (c callFault) serve(t *testing.T, w world, trace string, n int) (*server, error) {
	t.Helper()
	if !c.late {
		return launch(t, traced(w.command(t), trace, c.options(w.dir, n)...))
	}
	s := start(t, w)
	strace := exec.Command("strace", append([]string{"-f", "-o", trace, "-p", fmt.Sprint(s.pid)}, c.options(w.dir, n)...)...)
	says, err := strace.StderrPipe()
	must(t, err)
	must(t, strace.Start())
	t.Cleanup(func() { _ = strace.Wait() })         // it ends with the server
	_, err = bufio.NewReader(says).ReadString('\n') // "Process … attached"
	return s, err
}

// at says whether any call failed, and whether the server came up.
func (c callFault) at(t *testing.T, n int) (hit, started bool) {
	t.Helper()
	w := onSQLite(t)
	trace := filepath.Join(t.TempDir(), "trace")
	workers := crew(t, w)[:2]
	s, err := c.serve(t, w, trace, n)
	started = err == nil
	if started {
		l := dial(s.address)
		for _, w := range workers {
			w.failing = true
		}
		together(workers, l, func(w *worker) {
			for range 5 {
				w.step(t.Context())
			}
		})
		if !c.onward {
			comesBack(t, l, w)
		}
		_ = syscall.Kill(s.pid, syscall.SIGTERM)
		select {
		case <-s.ended:
		case <-time.After(40 * time.Second):
			t.Errorf("call %d: the server does not end", n)
		}
		l.hang()
	} else if !strings.Contains(s.log.String(), "database") {
		t.Errorf("call %d: the server did not start, and says %q", n, s.log)
	}
	s.calm()
	s.kill()
	seen, err := os.ReadFile(trace)
	must(t, err)
	hit = strings.Contains(string(seen), "(INJECTED)")
	if t.Failed() {
		t.Logf("call %d: the server's log:\n%s", n, s.log)
	}

	after := start(t, w)
	l := dial(after.address)
	together(workers, l, (*worker).check)
	(&logbook{w.events}).check(t, l, w.admin, ledgers(workers)...)
	settle(t, l, w, workers)
	after.stop()
	after.calm()
	sound(t, w.dir)
	if err := os.RemoveAll(w.dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	return hit, started
}

// comesBack: one failing call does not spoil what comes after. Each thread of
// the server may still have a failure before it, so it takes some tries.
func comesBack(t *testing.T, l *line, w world) {
	t.Helper()
	var a answer
	for in, tries := 0, 0; in < 5; tries++ {
		// As an administrator whom no ledger follows there.
		a = l.call(t.Context(), w.admin, "POST", "/clients", "", sdk.NewClient{Name: fmt.Sprint("after ", tries)})
		if in++; a.verdict() != done {
			in = 0
		}
		if tries == 60 {
			t.Fatalf("the server does not come back: status %d, %+v, %v", a.status, a.problem, a.err)
		}
	}
}
