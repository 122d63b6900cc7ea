package matrix

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"bailiwick/internal/gate"
	"bailiwick/internal/refmodel"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	onlyOp = flag.String("ops", "", "try only operations whose name this expression matches")
	onlyBy = flag.String("kinds", "", "try only kinds of actor whose name this expression matches; nothing is compared with the golden file then")
)

// tried reports whether a name is asked for.
func tried(expression, name string) bool {
	return expression == "" || regexp.MustCompile(expression).MatchString(name)
}

// TestEveryOperationHasCells: an operation without a row here, or unknown to
// the reference model, is a failure, and so is a row without an operation.
func TestEveryOperationHasCells(t *testing.T) {
	rows, known, there := operations(), refmodel.Operations(), map[string]bool{}
	for _, op := range gate.Ops() {
		there[op.Name] = true
		_, here := rows[op.Name]
		switch {
		case here && !slices.Contains(known, op.Name):
			t.Errorf("%s is unknown to the reference model", op.Name)
		case here == (internal[op.Name] != "" || inside[op.Name] != ""):
			t.Errorf("%s: it needs either cells or a reason for having none", op.Name)
		case internal[op.Name] != "" && op.Scope != gate.Anyone:
			t.Errorf("%s: what not anybody may do needs cells", op.Name)
		}
	}
	for _, n := range slices.Concat(sorted(rows), sorted(internal), sorted(inside)) {
		if !there[n] {
			t.Errorf("%s: a row for an operation that is not there", n)
		}
	}
}

// result collects what all workers found.
type result struct {
	mu                      sync.Mutex
	cells, allowed, refused int
	wrong                   []string
	lines                   map[string]map[string]string // operation, kind -> letters
}

func (r *result) add(op, k string, line string, wrong []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lines[op] == nil {
		r.lines[op] = map[string]string{}
	}
	r.lines[op][k] = line
	allowed, cells := strings.Count(line, "+"), len(line)-strings.Count(line, string(untried))
	r.cells, r.allowed, r.refused = r.cells+cells, r.allowed+allowed, r.refused+cells-allowed
	r.wrong = append(r.wrong, wrong...)
}

// column runs every operation's cells for one kind of actor.
func (w *world) column(k kind, m sheet, r *result) {
	if k.person == "custom" {
		w.custom(k.custom)
	}
	// The journal is believed, and checked every now and then.
	if k.series == "" {
		base := w.sum()
		defer func() {
			if w.sum() != base {
				r.add("", k.name, "", []string{"a change that the journal did not see\t" + k.name})
			}
		}()
	}
	for _, op := range gate.Ops() {
		row, ok := m.rows[op.Name]
		if !ok || k.series == "base" && !row.reach || !tried(*onlyOp, op.Name) {
			continue
		}
		var line strings.Builder
		var wrong []string
		for i, c := range row.cells {
			if k.skips(row, c, i) {
				continue
			}
			if m.blank(k, c) {
				line.WriteByte(untried)
				continue
			}
			o := w.run(op, c, k)
			line.WriteByte(o.letter)
			if o.wrong != "" {
				wrong = append(wrong, fmt.Sprintf("%s, %s: %s\t%s", op.Name, c.label, o.wrong, k.name))
			}
		}
		if strings.Trim(line.String(), string(untried)) != "" {
			r.add(op.Name, k.name, line.String(), wrong)
		}
	}
	w.forget()
	w.sweep()
}

func (r *result) report(t *testing.T) {
	t.Helper()
	t.Logf("%d cells, %d allowed, %d refused, %d differences", r.cells, r.allowed, r.refused, len(r.wrong))
	by := map[string][]string{}
	for _, s := range r.wrong {
		what, k, _ := strings.Cut(s, "\t")
		by[what] = append(by[what], k)
	}
	for i, what := range sorted(by) {
		if i == 60 {
			t.Errorf("and %d more sorts", len(by)-i)
			break
		}
		slices.Sort(by[what])
		t.Errorf("%s: %d kinds: %s", what, len(by[what]), strings.Join(by[what][:min(6, len(by[what]))], "; "))
	}
}

// TestMatrix is the whole matrix on SQLite, compared with the model and with
// the golden file.
func TestMatrix(t *testing.T) {
	whole().try(t, runtime.GOMAXPROCS(0), func() *world { return newWorld(t, onSQLite(t)) })
}

// TestMatrixPostgres is every cell again on PostgreSQL, and the same golden
// file: the decision is one piece of Go, but what it decides upon and what
// comes of it is SQL. There are more workers than processors, as each waits
// for the server half of the time, and no more than a server has room for.
func TestMatrixPostgres(t *testing.T) {
	whole().try(t, min(2*runtime.GOMAXPROCS(0), 12), func() *world { return sweptWorld(t) })
}

// sheet is a matrix with its golden file.
type sheet struct {
	file  string
	kinds []kind
	rows  map[string]operation
	blank func(k kind, c cell) bool // cells that are not tried
}

func whole() sheet {
	return sheet{"testdata/matrix.golden", kinds(), operations(), func(kind, cell) bool { return false }}
}

// try tries every cell, each kind of actor in one of the workers' worlds.
func (m sheet) try(t *testing.T, workers int, open func() *world) {
	r := &result{lines: map[string]map[string]string{}}
	work := make(chan kind, len(m.kinds))
	for _, k := range m.kinds {
		if tried(*onlyBy, k.name) {
			work <- k
		}
	}
	close(work)
	var wg sync.WaitGroup
	for range workers {
		w := open()
		w.hold()
		wg.Go(func() {
			for k := range work {
				w.column(k, m, r)
			}
		})
	}
	wg.Wait()
	r.report(t)
	m.golden(t, r)
}

// golden compares with the file, or writes it with -update. With -ops it is
// about the blocks of those operations alone.
func (m sheet) golden(t *testing.T, r *result) {
	t.Helper()
	if *onlyBy != "" {
		return // some kinds of actor only: nothing to compare with
	}
	kept, err := os.ReadFile(m.file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	was, is := blocks(string(kept)), blocks(m.text(r))
	text := legend
	for _, op := range sorted(m.rows) {
		block := is[op]
		if !tried(*onlyOp, op) {
			block = was[op]
		}
		if block != "" {
			text += "\n" + block
		}
	}
	if *update {
		if err := os.WriteFile(m.file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(kept) != text {
		t.Errorf("the matrix is not the one of %s; if the change is meant: go test ./test/matrix -run %s$ -update", m.file, strings.TrimSuffix(t.Name(), "Postgres"))
	}
}

// blocks are the golden file's, by operation.
func blocks(text string) map[string]string {
	all := map[string]string{}
	for _, b := range strings.Split(text, "\n\n")[1:] {
		op, _, _ := strings.Cut(b, ": ")
		all[op] = strings.TrimSuffix(b, "\n") + "\n"
	}
	return all
}
