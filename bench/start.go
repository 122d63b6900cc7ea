package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"bailiwick/internal/vault"
)

// start measures the built binary: from exec to the first page that came over
// HTTP, on a database with 1,000 credentials; its memory when idle, and after
// work; its size. The bare limit is a program of net/http and SQLite alone.
func start(b *bench) {
	dir := b.folder()
	ours, bare := filepath.Join(dir, "bailiwick"), filepath.Join(dir, "bare")
	build(ours, "./cmd/bailiwick")
	build(bare, "./bench/bare")
	b.add(result{what: "binary", unit: "MB", ours: []float64{megabytes(ours)}, bare: []float64{megabytes(bare)},
		limit: "a program of net/http and SQLite alone", goal: atMost("ours", 45)})
	for _, engine := range b.engines {
		b.sub(func() { b.starting(engine, ours, bare) })
	}
}

func build(out, pkg string) {
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", out, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		must(fmt.Errorf("%w: %s", err, text))
	}
}

func megabytes(file string) float64 {
	info, err := os.Stat(file)
	must(err)
	return float64(info.Size()) / 1e6
}

func (b *bench) starting(engine, ours, bare string) {
	w := b.world(engine)
	id := w.client("Contoso")
	w.credentials(vault.Place{Client: id}, b.n(1000))
	bearer := w.bearer
	w.close()
	args := []string{"serve", "--data", w.dir}
	if engine == "postgres" {
		args = append(args, "--database", w.target)
	}
	addr := free()
	measure := func(program string, args ...string) (ms, idle, worked float64) {
		begun := time.Now()
		p := launch(program, args...)
		defer p.end()
		p.first(addr)
		ms = time.Since(begun).Seconds() * 1000
		time.Sleep(500 * time.Millisecond)
		idle = p.memory()
		if program == ours {
			press(addr, 16, b.each, func(int) []byte { return get("/clients/"+id, bearer) })
		}
		return ms, idle, p.memory()
	}
	var started, bareStarted, idle, bareIdle, worked []float64
	lite := filepath.Join(w.dir, "bailiwick.db")
	if engine == "postgres" {
		lite = filepath.Join(b.folder(), "empty.db")
	}
	for range b.rounds {
		s, i, u := measure(ours, append(args, "--listen", addr)...)
		started, idle, worked = append(started, s), append(idle, i), append(worked, u)
		s, i, _ = measure(bare, lite, addr)
		bareStarted, bareIdle = append(bareStarted, s), append(bareIdle, i)
	}
	limit := "a program of net/http and SQLite alone"
	b.add(result{what: "start to first page", engine: engine, unit: "ms", ours: started, bare: bareStarted, limit: limit, goal: atMost("ours", 150)})
	b.add(result{what: "memory, idle", engine: engine, unit: "MB", ours: idle, bare: bareIdle, limit: limit, goal: atMost("ours", 60)})
	b.add(result{what: "memory after client pages", engine: engine, unit: "MB", ours: worked, note: "16 connections, 100 of 1,000 credentials"})
}

// free is an address that nobody listens on just now.
func free() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	defer l.Close()
	return l.Addr().String()
}

// first waits for the first page.
func (p *process) first(addr string) {
	var err error
	for range 5000 {
		var res *http.Response
		if res, err = http.Get("http://" + addr + "/sign-in"); err == nil {
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			return
		}
		time.Sleep(time.Millisecond)
	}
	must(fmt.Errorf("%s does not answer: %w; it said: %s", p.cmd.Path, err, p.err.String()))
}

type process struct {
	cmd *exec.Cmd
	err bytes.Buffer
}

func launch(program string, args ...string) *process {
	p := &process{cmd: exec.Command(program, args...)}
	p.cmd.Stderr = &p.err
	must(p.cmd.Start())
	return p
}

func (p *process) end() {
	p.cmd.Process.Signal(syscall.SIGTERM)
	p.cmd.Wait()
}

// memory is what the process has of the machine's memory, in MB.
func (p *process) memory() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	must(err)
	var kib float64
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			fmt.Sscan(rest, &kib)
		}
	}
	return kib * 1024 / 1e6
}
