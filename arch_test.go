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

// Who may import what besides, and use which names, internal/lint says.

// The dependency rule: a package imports only packages of lower layers, and of
// its own layer only what the list below allows.
var layers = [][]string{
	{"internal/perm", "internal/fault", "internal/clock", "internal/id", "internal/find", "internal/sheet", "internal/password", "internal/kb/page", "internal/kb/leak", "internal/kb/change", "internal/brand"},
	{"internal/seal", "internal/kb/bundle"},
	{"internal/seal/kdbx", "internal/otp"},
	{"internal/db", "internal/foreign"},
	{"internal/gate"},
	{"internal/org", "internal/people", "internal/session", "internal/access", "internal/client", "internal/vault", "internal/importer", "internal/audit", "internal/keylink", "internal/mail", "internal/factor", "internal/extlink", "internal/exporter", "internal/kb"},
	{"internal/app"},
	{"internal/demo", "internal/door", "internal/permdoc", "internal/backup"},
	{"internal/web", "internal/api"},
	{"internal/ops"},
	{"cmd"},
}

// between features, and only these.
var between = map[string]string{
	"internal/people":   "internal/org internal/access internal/session internal/keylink internal/mail internal/factor internal/extlink internal/kb",
	"internal/kb":       "internal/mail",
	"internal/keylink":  "internal/org internal/mail",
	"internal/access":   "internal/org internal/mail",
	"internal/session":  "internal/org internal/mail internal/factor",
	"internal/factor":   "internal/org internal/mail",
	"internal/client":   "internal/org internal/vault",
	"internal/vault":    "internal/org internal/extlink",
	"internal/extlink":  "internal/org internal/mail",
	"internal/exporter": "internal/vault",
	"internal/importer": "internal/org internal/client internal/extlink internal/session internal/vault",
}

// aside stand outside of the layers: what each may import of the module.
var aside = map[string]string{
	"sdk":                      "",
	"internal/cli":             "sdk",
	"internal/refmodel":        "", // it shares no code with what it judges
	"internal/lint":            "",
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
		if f.test || strings.HasPrefix(f.pkg, "test") || strings.HasPrefix(f.pkg, "bench") || slices.Contains(tools, f.pkg) && f.pkg != "internal/refmodel" {
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

// spared are parsers without a fuzz target of their own.
var spared = map[string]string{
	"internal/seal parseSymbols": "by FuzzParseCode", "internal/seal parseWords": "by FuzzParseCode", "internal/seal parseRoster": "by FuzzOpenRoster",
	"internal/backup parseValue": "by FuzzRow", "internal/sheet UnmarshalText": "by FuzzMapping", "internal/seal UnmarshalText": "takes any text",
	"internal/sheet decoded": "by FuzzOpen",
}

// TestParsersAreFuzzed: what reads text or bytes from outside is named in a
// fuzz target of its package, and every target has a committed corpus.
func TestParsersAreFuzzed(t *testing.T) {
	parser := regexp.MustCompile(`^(Parse|parse|Unmarshal|Decode|decode)[A-Z]?`)
	targets := map[string]string{} // what the fuzz targets of a package use
	for _, f := range files {
		if !f.test {
			continue
		}
		for _, d := range f.tree.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(fn.Name.Name, "Fuzz") {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					targets[f.pkg] += " " + id.Name + " "
				}
				return true
			})
			if seeds, _ := filepath.Glob(filepath.Join(filepath.FromSlash(f.pkg), "testdata", "fuzz", fn.Name.Name, "*")); len(seeds) == 0 {
				t.Errorf("%s: %s has no corpus: scripts/fuzz.sh keep makes one", f.path, fn.Name.Name)
			}
		}
	}
	for _, f := range files {
		if f.test || f.made || strings.HasPrefix(f.pkg, "test") || strings.HasPrefix(f.pkg, "bench") {
			continue
		}
		for _, d := range f.tree.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && parser.MatchString(fn.Name.Name) && spared[f.pkg+" "+fn.Name.Name] == "" && !strings.Contains(targets[f.pkg], " "+fn.Name.Name+" ") {
				t.Errorf("%s: %s is in no fuzz target", f.path, fn.Name.Name)
			}
		}
	}
}
