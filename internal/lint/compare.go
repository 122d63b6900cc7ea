package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"

	"golang.org/x/tools/go/analysis"
)

// compare: secrets are not compared by anything that takes less time the
// sooner they differ. (The opaque types of seal don't compile with ==.)
var compare = &analysis.Analyzer{Name: "compare", Doc: "finds secrets, tokens and MACs compared in a time that tells where they differ", Run: checkCompare}

var (
	secretName = regexp.MustCompile(`(?i)(hash|mac|token|digest|signature|secret|password|passphrase|bearer|totp|lookup)$`)
	comparers  = map[string]bool{"bytes Equal": true, "bytes Compare": true, "bytes EqualFold": true, "strings EqualFold": true, "strings Compare": true,
		"slices Equal": true, "slices Compare": true, "slices EqualFunc": true, "reflect DeepEqual": true, "cmp Compare": true}
)

func checkCompare(p *analysis.Pass) (any, error) {
	// seal has the comparing that does not tell; the command runs beside
	// whoever typed what it compares.
	if among(folder(p), []string{"internal/seal", "internal/cli", "sdk"}) {
		return nil, nil
	}
	for _, f := range judged(p) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if n.Op != token.EQL && n.Op != token.NEQ || plain(p, n.X) || plain(p, n.Y) {
					return true
				}
				if s := secretIn(p, n.X, n.Y); s != "" {
					p.Reportf(n.OpPos, "%s on %s: use seal.Equal or Secret.Equal", n.Op, s)
				}
			case *ast.CallExpr:
				if s, ok := n.Fun.(*ast.SelectorExpr); ok && comparers[full(p.TypesInfo.Uses[s.Sel])] {
					if s := secretIn(p, n.Args...); s != "" {
						p.Reportf(n.Pos(), "comparing %s: use seal.Equal or Secret.Equal", s)
					}
				}
			}
			return true
		})
	}
	return nil, nil
}

// plain is what is no secret: constants and nil.
func plain(p *analysis.Pass, e ast.Expr) bool {
	t := p.TypesInfo.Types[e]
	return t.Value != nil || t.IsNil()
}

// secretIn gives the name of the first expression that is called like a secret
// and is text or bytes, or whose type is called so.
func secretIn(p *analysis.Pass, all ...ast.Expr) string {
	for _, e := range all {
		if name := nameOf(p, e); secretName.MatchString(name) && isText(p.TypesInfo.TypeOf(e)) {
			return name
		}
		if t, ok := types.Unalias(p.TypesInfo.TypeOf(e)).(*types.Named); ok && t.Obj().Pkg() != nil && secretName.MatchString(t.Obj().Name()) {
			return "a " + t.Obj().Name()
		}
	}
	return ""
}

func nameOf(p *analysis.Pass, e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.ParenExpr:
		return nameOf(p, e.X)
	case *ast.SliceExpr:
		return nameOf(p, e.X)
	case *ast.CallExpr:
		if len(e.Args) == 1 && p.TypesInfo.Types[e.Fun].IsType() { // string(mac)
			return nameOf(p, e.Args[0])
		}
		if s, ok := e.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Reveal" {
			return "revealed secret"
		}
		return nameOf(p, e.Fun)
	}
	return ""
}

// isText: strings, bytes and arrays of bytes; a kind or a number is no secret.
func isText(t types.Type) bool {
	named, isNamed := types.Unalias(t).(*types.Named)
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0 && !(isNamed && named.Obj().Pkg() != nil && !secretName.MatchString(named.Obj().Name()))
	case *types.Slice:
		return isByte(u.Elem())
	case *types.Array:
		return isByte(u.Elem())
	}
	return false
}

func isByte(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Uint8
}
