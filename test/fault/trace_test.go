//go:build linux

package fault

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// traced puts strace in front of a command. It writes what it sees to the
// file; more are its options.
func traced(cmd *exec.Cmd, file string, more ...string) *exec.Cmd {
	args := append([]string{"-f", "--seccomp-bpf", "-yy", "-s", "90", "-o", file, "-E", "BAILIWICK_FAULT_UNDER=strace"}, more...)
	under := exec.Command("strace", append(append(args, cmd.Path), cmd.Args[1:]...)...)
	under.Env = cmd.Env
	return under
}

// A syscall as strace shows it. A call that another one interrupts on paper
// has two lines, and so a line where it began and one where it ended.
type syscallSeen struct {
	began, ended int // line numbers
	name, file   string
	text         string
	failed       bool
}

var (
	whole   = regexp.MustCompile(`^(\d+) +(\w+)\((.*)\) += +(\S+)`)
	started = regexp.MustCompile(`^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$`)
	resumed = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += +(\S+)`)
	onFile  = regexp.MustCompile(`^\d+<(.*?)>(?:,|$)`)
	// The first byte of a request may have been read ahead.
	request = regexp.MustCompile(`, "P?(?:OST|ATCH) (/[^ ]+)`)
)

// readTrace gives the system calls in the order in which they ended.
func readTrace(t *testing.T, path string) (all []syscallSeen) {
	t.Helper()
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	open := map[string]syscallSeen{} // by thread
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		if m := started.FindStringSubmatch(text); m != nil {
			open[m[1]] = syscallSeen{began: n, name: m[2], text: m[3]}
			continue
		}
		var c syscallSeen
		result := ""
		if m := whole.FindStringSubmatch(text); m != nil {
			c, result = syscallSeen{began: n, name: m[2], text: m[3]}, m[4]
		} else if m := resumed.FindStringSubmatch(text); m != nil && open[m[1]].name == m[2] {
			c, result = open[m[1]], m[4]
			c.text += m[3]
		} else {
			continue // a signal, or the end of a thread
		}
		c.ended, c.failed = n, strings.HasPrefix(result, "-")
		if m := onFile.FindStringSubmatch(c.text); m != nil {
			c.file = m[1]
		}
		all = append(all, c)
	}
	must(t, lines.Err())
	return all
}

// early looks at every answer that acknowledges a change. Between the request
// and the answer something must have been written to SQLite's log, and after
// that the log must have been synced. It says which answers came before.
func early(calls []syscallSeen) (answers int, wrong []string) {
	type asked struct {
		line int
		what string
	}
	requests := map[string]asked{} // by connection
	var writes []syscallSeen
	type span struct{ began, ended int }
	var syncs []span
	for _, c := range calls {
		log := strings.HasSuffix(c.file, ".db-wal")
		switch {
		case log && strings.HasPrefix(c.name, "pwrite"):
			writes = append(writes, c)
		case log && (c.name == "fsync" || c.name == "fdatasync") && !c.failed:
			syncs = append(syncs, span{c.began, c.ended})
		case c.name == "read" && strings.HasPrefix(c.file, "TCP:"):
			if m := request.FindStringSubmatch(c.text); m != nil {
				requests[c.file] = asked{c.ended, m[1]}
			}
		case c.name == "write" && strings.Contains(c.text, `"HTTP/1.1 20`):
			r, ok := requests[c.file]
			if !ok {
				continue
			}
			delete(requests, c.file)
			answers++
			good := false
			for _, s := range syncs {
				for i := len(writes) - 1; i >= 0 && !good && s.began > r.line && s.ended < c.began; i-- {
					good = writes[i].began > r.line && writes[i].ended < s.began
				}
			}
			if !good {
				wrong = append(wrong, fmt.Sprintf("line %d: a change at %s is answered before SQLite's log is synced", c.began, r.what))
			}
		}
	}
	return answers, wrong
}
