// Lint checks the rules of docs/security.md that can be checked by reading the
// source: where the time, chance, cryptography, SQL, handlers and revealed
// secrets may appear. Run it as
//
//	go build -o lint ./internal/lint && go vet -vettool=$PWD/lint ./...
//
// Each rule has its file, and a folder of examples in testdata that says what
// it finds. Tests are not judged: they may sleep, compare and break things.
//
// It does not know layers of packages or sizes of files; arch_test.go does.
package main

import (
	"go/ast"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/multichecker"
)

var rules = []*analysis.Analyzer{imports, names, compare, reveal, texts}

func main() { multichecker.Main(rules...) }

// folder is where a package lies in the module; "" for what is not ours.
func folder(p *analysis.Pass) string {
	f, ours := strings.CutPrefix(p.Pkg.Path(), "bailiwick/")
	if !ours {
		return ""
	}
	return f
}

// apart are packages that only tests and measurements use.
var apart = []string{"test", "bench", "internal/apptest", "internal/db/dbtest", "internal/lint"}

// among reports whether a package is one of those, or below one of those.
func among(pkg string, those []string) bool {
	return slices.ContainsFunc(those, func(p string) bool { return pkg == p || strings.HasPrefix(pkg, p+"/") })
}

// judged gives the files of a package that a rule is for.
func judged(p *analysis.Pass) (files []*ast.File) {
	at := folder(p)
	if at == "" || among(at, apart) {
		return nil
	}
	for _, f := range p.Files {
		if !strings.HasSuffix(p.Fset.File(f.Pos()).Name(), "_test.go") {
			files = append(files, f)
		}
	}
	return files
}
