package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// texts: SQL is a constant text, registered by gate.SQL or gate.Across at the
// top of a file, so that nothing that somebody typed is ever part of one and a
// test sees them all.
var texts = &analysis.Analyzer{Name: "texts", Doc: "finds SQL outside of gate.SQL, and gate.SQL of what is not constant", Run: checkTexts}

var looksLikeSQL = regexp.MustCompile(`(?i)^\s*(SELECT\s.*\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|WITH\s+(RECURSIVE\s+)?\w+(\s*\([^)]*\))?\s+AS\s+\(|(CREATE|ALTER|DROP)\s+(UNIQUE\s+)?(TABLE|INDEX|VIEW|TRIGGER)\s|PRAGMA\s+\w|TRUNCATE\s)`)

// Functions that put a text together, of constants and numbers alone.
var putTogether = map[string]string{
	"internal/importer sqlRows": "as many places for values as there are rows",
	"internal/vault marks":      "so many places for values",
	"internal/gate InsertMany":  "as many places for values as there are rows",
}

// constantly reports whether a text is constant, or made of constants and what
// such a function gives.
func constantly(p *analysis.Pass, e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return constantly(p, e.X) && constantly(p, e.Y)
	case *ast.CallExpr:
		fn, ok := e.Fun.(*ast.Ident)
		return ok && putTogether[folder(p)+" "+fn.Name] != ""
	}
	return p.TypesInfo.Types[e].Value != nil
}

func checkTexts(p *analysis.Pass) (any, error) {
	if among(folder(p), []string{"internal/db", "internal/backup"}) { // backup copies whole tables, by their names in the schema
		return nil, nil
	}
	for _, f := range judged(p) {
		registered := map[ast.Node]bool{}
		inFunc(f, func(n ast.Node, inside string) {
			if putTogether[folder(p)+" "+inside] != "" {
				return
			}
			switch n := n.(type) {
			case *ast.CallExpr:
				name := calledName(p, n)
				if !among(strings.TrimPrefix(name, "bailiwick/internal/gate "), []string{"SQL", "SQLEach", "SQLShared", "Across", "InsertMany"}) || !strings.HasPrefix(name, "bailiwick/internal/gate ") {
					return
				}
				if inside != "" {
					p.Reportf(n.Pos(), "%s in a function: register the text in a variable of the package", name[len("bailiwick/internal/gate "):])
				}
				for _, a := range n.Args {
					if !constantly(p, a) {
						p.Reportf(a.Pos(), "an SQL text that is not constant: bind values as arguments")
					}
					ast.Inspect(a, func(part ast.Node) bool { registered[part] = true; return true })
				}
			case *ast.BasicLit:
				if n.Kind != token.STRING || registered[n] {
					return
				}
				v := p.TypesInfo.Types[n].Value
				if v != nil && v.Kind() == constant.String && looksLikeSQL.MatchString(oneLine.ReplaceAllString(constant.StringVal(v), " ")) {
					p.Reportf(n.Pos(), "SQL outside of gate.SQL")
				}
			}
		})
	}
	return nil, nil
}

var oneLine = regexp.MustCompile(`\s+`)

func calledName(p *analysis.Pass, n *ast.CallExpr) string {
	switch fn := n.Fun.(type) {
	case *ast.Ident:
		return full(p.TypesInfo.Uses[fn])
	case *ast.SelectorExpr:
		return full(p.TypesInfo.Uses[fn.Sel])
	}
	return ""
}

// inFunc walks a file and names the function that each node is in, if any.
func inFunc(f *ast.File, visit func(n ast.Node, inside string)) {
	for _, d := range f.Decls {
		inside := ""
		if fn, ok := d.(*ast.FuncDecl); ok {
			inside = fn.Name.Name
		}
		ast.Inspect(d, func(n ast.Node) bool {
			if n != nil {
				visit(n, inside)
			}
			return true
		})
	}
}
