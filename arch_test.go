package bailiwick_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
)

// The dependency rule: a package imports only packages of lower layers, and of
// its own layer only what the list below allows.
var layers = [][]string{
	{"internal/perm", "internal/fault", "internal/clock", "internal/id", "internal/find", "internal/sheet"},
	{"internal/seal"},
	{"internal/db"},
	{"internal/gate"},
	{"internal/org", "internal/people", "internal/session", "internal/access", "internal/client", "internal/vault", "internal/importer", "internal/audit", "internal/job"},
	{"internal/app"},
	{"internal/demo", "internal/door", "internal/permdoc"},
	{"internal/web", "internal/api"},
	{"cmd"},
}

// between features, and only these.
var between = map[string]string{
	"internal/people":   "internal/org",
	"internal/session":  "internal/org",
	"internal/client":   "internal/org",
	"internal/vault":    "internal/org",
	"internal/importer": "internal/org internal/client internal/session internal/vault",
}

// aside stand outside of the layers: what each may import of the module.
var aside = map[string]string{
	"sdk":                      "",
	"internal/cli":             "sdk",
	"internal/refmodel":        "", // it shares no code with what it judges
	"internal/web/static":      "",
	"internal/web/ui":          "internal/web/static internal/web/ui/icon",
	"internal/web/ui/icon":     "",
	"internal/web/ui/showcase": "internal/web/static internal/web/ui internal/web/ui/icon",
}

// tools are for tests alone: nothing but tests may import them.
var tools = []string{"internal/apptest", "internal/db/dbtest", "internal/refmodel"}

type file struct {
	path, pkg string // pkg: folder in the module
	test      bool
	made      bool // by a generator
	lines     int
	tree      *ast.File
	imports   []string
}

var files = func() (all []file) {
	set := token.NewFileSet()
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if name := d.Name(); err == nil && d.IsDir() && p != "." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata") {
				return fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		tree, err := parser.ParseFile(set, p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		f := file{path: filepath.ToSlash(p), pkg: path.Dir(filepath.ToSlash(p)), test: strings.HasSuffix(p, "_test.go"), tree: tree,
			made: ast.IsGenerated(tree), lines: set.File(tree.Pos()).LineCount()}
		for _, i := range tree.Imports {
			f.imports = append(f.imports, strings.Trim(i.Path.Value, `"`))
		}
		all = append(all, f)
		return nil
	})
	if err != nil {
		panic(err)
	}
	return all
}()

func layer(pkg string) int {
	if strings.HasPrefix(pkg, "cmd/") {
		pkg = "cmd"
	}
	return slices.IndexFunc(layers, func(l []string) bool { return slices.Contains(l, pkg) })
}

func TestLayers(t *testing.T) {
	for _, f := range files {
		if f.test || strings.HasPrefix(f.pkg, "test") || slices.Contains(tools, f.pkg) && f.pkg != "internal/refmodel" {
			continue
		}
		for _, i := range f.imports {
			to, ours := strings.CutPrefix(i, "bailiwick/")
			if !ours {
				continue
			}
			allowed, beside := aside[f.pkg]
			_, toAside := aside[to]
			switch from, at := layer(f.pkg), layer(to); {
			case slices.Contains(tools, to):
				t.Errorf("%s: %s is for tests only", f.path, to)
			case beside:
				if !slices.Contains(strings.Fields(allowed), to) {
					t.Errorf("%s must not import %s", f.path, to)
				}
			case from < 0:
				t.Errorf("%s: which layer is %s in?", f.path, f.pkg)
			case toAside:
				if to != "sdk" && to != "internal/cli" && f.pkg != "internal/web" || to == "internal/refmodel" {
					t.Errorf("%s must not import %s", f.path, to)
				}
			case at < 0:
				t.Errorf("%s: which layer is %s in?", f.path, to)
			case at > from, at == from && !slices.Contains(strings.Fields(between[f.pkg]), to):
				t.Errorf("%s must not import %s", f.path, to)
			}
		}
	}
}

// only says who, besides tests, may import what.
func TestOnly(t *testing.T) {
	only := []struct {
		what *regexp.Regexp
		who  string // packages; "" nobody
	}{
		{regexp.MustCompile(`^(crypto(/.*)?|golang\.org/x/crypto/.*|filippo\.io/.*)$`), "internal/seal"},
		{regexp.MustCompile(`^math/rand(/v2)?$`), ""},
		{regexp.MustCompile(`^database/sql(/.*)?$`), "internal/db internal/gate internal/db/dbtest"},
		{regexp.MustCompile(`^(modernc\.org/sqlite.*|github\.com/jackc/pgx/.*)$`), "internal/db internal/db/dbtest"},
		{regexp.MustCompile(`^bailiwick/internal/db$`), "internal/gate internal/app internal/apptest internal/db/dbtest internal/demo cmd"},
		{regexp.MustCompile(`^net/http$`), "internal/door internal/web internal/web/static internal/web/ui internal/web/ui/showcase internal/api internal/cli sdk cmd test"},
	}
	for _, f := range files {
		for _, o := range only {
			for _, i := range f.imports {
				in := func(p string) bool {
					return f.pkg == p || strings.HasPrefix(f.pkg, p+"/") && (p == "cmd" || p == "test")
				}
				if o.what.MatchString(i) && !f.test && !slices.ContainsFunc(strings.Fields(o.who), in) {
					t.Errorf("%s imports %s, which is for %q only", f.path, i, o.who)
				}
			}
		}
	}
}

// TestCalls: one clock, one maker of actors, no comparing of secrets that
// takes less time the sooner they differ.
func TestCalls(t *testing.T) {
	secret := regexp.MustCompile(`(?i)(hash|mac|token|digest|signature)$`)
	name := func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.Ident:
			return e.Name
		case *ast.SelectorExpr:
			return e.Sel.Name
		case *ast.CallExpr: // string(mac) == …
			if id, ok := e.Fun.(*ast.Ident); ok && id.Name == "string" && len(e.Args) == 1 {
				if x, ok := e.Args[0].(*ast.Ident); ok {
					return x.Name
				}
			}
		}
		return ""
	}
	plain := func(e ast.Expr) bool { // a constant, nil, a field called Token compared with ""
		switch e := e.(type) {
		case *ast.BasicLit:
			return true
		case *ast.Ident:
			return e.Name == "nil" || e.Name[0] >= 'A' && e.Name[0] <= 'Z'
		case *ast.SelectorExpr:
			if x, ok := e.X.(*ast.Ident); ok && x.Name == "gate" { // gate.Token, a kind of actor
				return true
			}
			return e.Sel.Name[0] >= 'A' && e.Sel.Name[0] <= 'Z' && !secret.MatchString(e.Sel.Name)
		}
		return false
	}
	for _, f := range files {
		if f.test || f.made {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				s, ok := n.Fun.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				pkg, _ := s.X.(*ast.Ident)
				if pkg == nil {
					return true
				}
				switch call := pkg.Name + "." + s.Sel.Name; {
				case (call == "time.Now" || call == "time.Since" || call == "time.Until") && f.pkg != "internal/clock":
					t.Errorf("%s: %s: ask a clock.Clock", f.path, call)
				case call == "gate.Admit" && f.pkg != "internal/session":
					t.Errorf("%s: only session makes actors", f.path)
				case call == "bytes.Equal" && f.pkg != "internal/seal" && (secret.MatchString(name(n.Args[0])) || secret.MatchString(name(n.Args[1]))):
					t.Errorf("%s: bytes.Equal on %s: use seal.Equal", f.path, name(n.Args[0]))
				}
			case *ast.BinaryExpr:
				if (n.Op == token.EQL || n.Op == token.NEQ) && !plain(n.X) && !plain(n.Y) && (secret.MatchString(name(n.X)) || secret.MatchString(name(n.Y))) {
					t.Errorf("%s: %s %s %s: use seal.Equal", f.path, name(n.X), n.Op, name(n.Y))
				}
			}
			return true
		})
	}
}

func TestFiles(t *testing.T) {
	var lines []int
	for _, f := range files {
		if slices.Contains([]string{"util", "utils", "common", "helpers", "helper", "manager", "base", "misc"}, f.tree.Name.Name) {
			t.Errorf("%s: package %s says nothing", f.path, f.tree.Name.Name)
		}
		if f.made {
			continue
		}
		lines = append(lines, f.lines)
		if f.lines > 500 {
			t.Errorf("%s has %d lines; the limit is 500", f.path, f.lines)
		}
	}
	sort.Ints(lines)
	if m := lines[len(lines)/2]; m >= 120 {
		t.Errorf("the median file has %d lines; it should stay under 120", m)
	} else {
		t.Logf("%d files, the median has %d lines", len(lines), m)
	}
}
