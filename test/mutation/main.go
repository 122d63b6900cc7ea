// Mutation changes the code that decides, one small thing at a time, and runs
// its tests on each change: a mutant that no test notices is a hole in them.
// It prints a table and fails if a mutant survives that is not known to mean
// the same as the original.
//
// Nothing in the tree is touched: go test takes the changed file by -overlay.
// It mutates decisions only; everything else has other proofs.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"
)

// decisions are the files that are mutated, and the package whose tests judge.
var decisions = []struct{ file, tests string }{
	{"internal/gate/decide.go", "./internal/gate"},
	{"internal/gate/shared.go", "./internal/gate"},
	{"internal/gate/shelf.go", "./internal/gate"},
	{"internal/gate/model.go", "./internal/gate"},
	{"internal/gate/place.go", "./internal/gate"},
	{"internal/gate/load.go", "./internal/gate"},
	{"internal/perm/perm.go", "./internal/perm"},
	{"internal/perm/level.go", "./internal/perm"},
	{"internal/perm/catalogue.go", "./internal/perm"},
}

// outcome is what became of a mutant.
type outcome string

const (
	killed   outcome = "killed"
	survived outcome = "survived"
	same     outcome = "the same" // listed in same.go with its reason
	broken   outcome = "does not compile"
)

func main() {
	every := flag.Int("every", 1, "take only each n-th mutant, for a quick look")
	only := flag.String("only", "", "only files whose name contains this")
	since := flag.String("since", "", "only mutants of lines that changed since this commit")
	jobs := flag.Int("jobs", 2, "how many at a time")
	limit := flag.Duration("limit", 30*time.Minute, "when to give up")
	flag.Parse()
	ctx, stop := context.WithTimeout(context.Background(), *limit)
	defer stop()
	if err := run(ctx, *every, *only, *since, *jobs); err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, every int, only, since string, jobs int) error {
	dir, err := os.MkdirTemp("", "bailiwick-mutation-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	// Tests that fail, or don't compile, of themselves would kill everything.
	healthy := func(when string) error {
		for _, d := range decisions {
			if !strings.Contains(d.file, only) {
				continue
			}
			text, err := os.ReadFile(d.file)
			if err != nil {
				return err
			}
			if o := judge(ctx, dir, mutant{file: d.file, original: text}, d.tests); o != survived {
				return fmt.Errorf("the tests of %s fail %s anything is changed: %s", d.file, when, o)
			}
		}
		return nil
	}
	if err := healthy("before"); err != nil {
		return err
	}
	type task struct {
		m     mutant
		tests string
	}
	var tasks []task
	for _, d := range decisions {
		if !strings.Contains(d.file, only) {
			continue
		}
		all, err := mutants(d.file)
		if err != nil {
			return err
		}
		changed, err := changedSince(ctx, since, d.file)
		if err != nil {
			return err
		}
		for i, m := range all {
			if i%every == 0 && changed(m.line) {
				tasks = append(tasks, task{m, d.tests})
			}
		}
	}
	var (
		mu    sync.Mutex
		count = map[string]map[outcome]int{}
		left  []string
		next  = make(chan task)
		wait  sync.WaitGroup
	)
	for n := range jobs {
		wait.Go(func() {
			for t := range next {
				o := judge(ctx, filepath.Join(dir, fmt.Sprint(n)), t.m, t.tests)
				if o == survived && means(t.m) != "" {
					o = same
				}
				mu.Lock()
				if count[t.m.file] == nil {
					count[t.m.file] = map[outcome]int{}
				}
				count[t.m.file][o]++
				if o == survived {
					left = append(left, t.m.String())
					fmt.Fprintln(os.Stderr, "survived:", t.m)
				}
				mu.Unlock()
			}
		})
	}
	for _, t := range tasks {
		if ctx.Err() == nil {
			next <- t
		}
	}
	close(next)
	wait.Wait()
	if ctx.Err() == nil {
		if err := healthy("after"); err != nil {
			return err
		}
	}
	print(count)
	sort.Strings(left)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("out of time: not all of %d mutants were tried", len(tasks))
	case len(left) > 0:
		return fmt.Errorf("%d mutants survived; write a test that fails on each, or say in test/mutation/same.go why it is the same:\n%s", len(left), strings.Join(left, "\n"))
	}
	return nil
}

// judge runs the tests on a mutant.
func judge(ctx context.Context, dir string, m mutant, tests string) outcome {
	changed := string(m.original[:m.start]) + m.text + string(m.original[m.end:])
	file, err := filepath.Abs(m.file)
	if err != nil {
		panic(err)
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {file: filepath.Join(dir, "changed.go")}})
	if err != nil {
		panic(err)
	}
	for _, f := range []struct {
		name string
		text []byte
	}{{"changed.go", []byte(changed)}, {"overlay.json", overlay}} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			panic(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f.name), f.text, 0o600); err != nil {
			panic(err)
		}
	}
	c := exec.CommandContext(ctx, "go", "test", "-overlay="+filepath.Join(dir, "overlay.json"), "-vet=off", "-count=1", "-failfast", "-timeout=20s", "-ldflags=-s -w", tests)
	out, err := c.CombinedOutput()
	switch {
	case err == nil:
		return survived
	case strings.Contains(string(out), "[build failed]"):
		return broken
	default:
		return killed
	}
}

func print(count map[string]map[outcome]int) {
	fmt.Printf("%-28s %8s %8s %8s %8s\n", "file", killed, survived, same, "no code")
	sum := map[outcome]int{}
	for _, d := range decisions {
		c := count[d.file]
		fmt.Printf("%-28s %8d %8d %8d %8d\n", d.file, c[killed], c[survived], c[same], c[broken])
		for o, n := range c {
			sum[o] += n
		}
	}
	fmt.Printf("%-28s %8d %8d %8d %8d\n", "all", sum[killed], sum[survived], sum[same], sum[broken])
}
