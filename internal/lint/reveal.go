package main

import (
	"go/ast"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// reveal: secrets leave their opaque types in few places, and never into a
// log or an error.
var reveal = &analysis.Analyzer{Name: "reveal", Doc: "finds revealed secrets, and names of secrets in logs and errors", Run: checkReveal}

// revealers may call Reveal: seal, which opens and seals; the front doors,
// which answer the one who asked; sign-in, which makes the bearer; mail, which
// carries links and signs in to its server; extlink, which makes addresses;
// exporter, which writes what may be taken away; importer, which opens a file
// by its passphrase; demo, which says how its invented people sign in.
var revealers = []string{"internal/seal", "internal/org", "internal/session", "internal/mail", "internal/keylink", "internal/extlink", "internal/exporter", "internal/importer", "internal/demo", "internal/people", "internal/factor", "internal/web", "internal/api", "internal/cli", "sdk", "cmd"}

func checkReveal(p *analysis.Pass) (any, error) {
	at := folder(p)
	for _, f := range judged(p) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if o := full(p.TypesInfo.Uses[n]); isReveal(o) && !among(at, revealers) {
					p.Reportf(n.Pos(), "%s must not reveal secrets: hand the opaque value on", at)
				}
			case *ast.CallExpr:
				if into := sink(p, n); into != "" {
					for _, a := range n.Args {
						leak(p, a, into)
					}
				}
			}
			return true
		})
	}
	return nil, nil
}

func isReveal(o string) bool {
	return (strings.HasPrefix(o, "bailiwick/internal/seal ") || strings.HasPrefix(o, "bailiwick/sdk ")) && strings.HasSuffix(o, ".Reveal")
}

// sink says where the arguments of a call end up: in a log or in an error.
func sink(p *analysis.Pass, n *ast.CallExpr) string {
	s, ok := n.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	switch o := full(p.TypesInfo.Uses[s.Sel]); {
	case strings.HasPrefix(o, "log/slog "), strings.HasPrefix(o, "log "):
		return "a log"
	case o == "fmt Errorf", o == "errors New":
		return "an error"
	case strings.HasPrefix(o, "bailiwick/internal/fault "):
		return "an error"
	}
	return ""
}

// leak reports what is revealed, or called like a secret, in an argument.
func leak(p *analysis.Pass, arg ast.Expr, into string) {
	ast.Inspect(arg, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok {
				if isReveal(full(p.TypesInfo.Uses[s.Sel])) {
					p.Reportf(n.Pos(), "a revealed secret goes into %s", into)
					return false
				}
			}
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "len" {
				return false
			}
		case *ast.Ident:
			if o := p.TypesInfo.Uses[n]; o != nil && secretName.MatchString(n.Name) && !plain(p, n) && o.Type() != nil && isText(o.Type()) {
				p.Reportf(n.Pos(), "%s goes into %s", n.Name, into)
			}
		}
		return true
	})
}
