// Command bench measures Bailiwick against its limits: each number stands
// beside what the machine gives without Bailiwick, taken in the same run and
// in turns, because a shared machine's speed changes from minute to minute. So
// ratios say more than numbers.
//
// It runs the real features, the real HTTP stack and the built binary over
// real databases, all made anew in a temporary directory. It is no test:
// nothing fails because a machine is slow.
//
//	go run ./bench                    # everything; writes bench/README.md
//	go run ./bench -only reveal,page  # some of it; writes nothing
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/app"
)

// part is one program of the bench.
type part struct {
	name string
	run  func(*bench)
}

var parts = []part{
	{"start", start}, {"decision", decision}, {"sign-in", signIns}, {"epoch", epochs}, {"share", shares}, {"page", pages}, {"reveal", reveals}, {"write", writes}, {"knowledge", knowledge},
	{"growth", growth}, {"import", imports}, {"export", exports}, {"search", searches},
}

// bench is one run.
type bench struct {
	dir     string
	engines []string
	rounds  int
	each    time.Duration // of one measurement under load
	small   bool
	results []result
	pg      *cluster
	ends    []func()
}

func main() {
	only := flag.String("only", "", "parts to run, by comma; default all: start,decision,sign-in,epoch,page,reveal,write,knowledge,growth,import,export,search")
	engines := flag.String("engines", "sqlite,postgres", "engines to run on")
	rounds := flag.Int("rounds", 3, "measurements of each thing and of its bare limit, in turns")
	each := flag.Duration("each", 1500*time.Millisecond, "how long one measurement under load takes")
	small := flag.Bool("small", false, "a tenth of the data, to try the programs themselves")
	profile := flag.String("profile", "", "write a CPU profile to this file")
	out := flag.String("out", "", "write the report to this file; default bench/README.md when everything runs")
	flag.Parse()
	app.MakeRoom()
	if err := run(*only, *engines, *rounds, *each, *small, *profile, *out); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// stop ends the run from anywhere: there is no use in half a measurement.
type stop struct{ err error }

func must(err error) {
	if err != nil {
		panic(stop{err})
	}
}

func run(only, engines string, rounds int, each time.Duration, small bool, profile, out string) (err error) {
	dir, err := os.MkdirTemp("", "bailiwick-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{dir: dir, engines: strings.Split(engines, ","), rounds: rounds, each: each, small: small}
	defer func() {
		b.end()
		b.pg.end()
	}()
	defer func() {
		if s, ok := recover().(stop); ok {
			err = s.err
		}
	}()
	if profile != "" {
		f, err := os.Create(profile)
		must(err)
		must(pprof.StartCPUProfile(f))
		defer pprof.StopCPUProfile()
	}
	begun := time.Now()
	for _, p := range parts {
		if only == "" || slices.Contains(strings.Split(only, ","), p.name) {
			fmt.Printf("%s\n", p.name)
			p.run(b)
		}
	}
	fmt.Printf("\nall in %s\n", time.Since(begun).Round(time.Second))
	if out == "" && only == "" && !small {
		out = filepath.Join("bench", "README.md")
	}
	if out == "" {
		return nil
	}
	return os.WriteFile(out, []byte(b.report(time.Since(begun))), 0o644)
}

// later runs fn at the end of the bench.
func (b *bench) later(fn func()) { b.ends = append(b.ends, fn) }

func (b *bench) end() {
	for _, fn := range slices.Backward(b.ends) {
		fn()
	}
	b.ends = nil
}

// sub runs fn and ends what it left open.
func (b *bench) sub(fn func()) {
	before := b.ends
	b.ends = nil
	defer func() {
		b.end()
		b.ends = before
	}()
	fn()
}

// n is a size, a tenth of it in a small run.
func (b *bench) n(size int) int {
	if b.small {
		return max(1, size/10)
	}
	return size
}

// folder makes a new directory of the run.
func (b *bench) folder() string {
	dir, err := os.MkdirTemp(b.dir, "")
	must(err)
	return dir
}
