package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
)

// mutant is one small change of a file.
type mutant struct {
	file       string
	original   []byte
	in         string // the function, if any
	line       int
	start, end int // bytes that are replaced
	text       string
	what       string
}

func (m mutant) String() string { return fmt.Sprintf("%s:%d %s", m.file, m.line, m.what) }

// source is a file whose mutants are being collected.
type source struct {
	file string
	text []byte
	in   string
	set  *token.FileSet
	all  []mutant
}

// mutants gives every mutant of a file, in the order of its text.
func mutants(file string) ([]mutant, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	s := &source{file: file, text: text, set: token.NewFileSet()}
	tree, err := parser.ParseFile(s.set, file, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range tree.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok != token.VAR && g.Tok != token.CONST {
			continue // types and imports
		}
		s.in = ""
		if fn, ok := d.(*ast.FuncDecl); ok {
			s.in = fn.Name.Name
		}
		ast.Inspect(d, s.visit)
	}
	return s.all, nil
}

// name tells a mutant apart for good: by its function, not by its line.
func (m mutant) name() string { return m.file + " " + m.in + ": " + m.what }

func (s *source) at(p token.Pos) int { return s.set.Position(p).Offset }

func (s *source) of(n ast.Node) string { return string(s.text[s.at(n.Pos()):s.at(n.End())]) }

func (s *source) add(from, to token.Pos, text, what string) {
	s.all = append(s.all, mutant{s.file, s.text, s.in, s.set.Position(from).Line, s.at(from), s.at(to), text, what})
}

func (s *source) replace(n ast.Node, text string) {
	s.add(n.Pos(), n.End(), text, short(s.of(n))+" => "+short(text))
}

func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 60 {
		return text[:57] + "..."
	}
	return text
}

// others are the operators that one is taken for by mistake.
var others = map[token.Token][]string{
	token.EQL: {"!="}, token.NEQ: {"=="}, token.LSS: {"<=", ">="}, token.GTR: {">=", "<="}, token.LEQ: {"<", ">"}, token.GEQ: {">", "<"},
	token.ADD: {"-"}, token.SUB: {"+"}, token.SHL: {">>"}, token.SHR: {"<<"}, token.AND: {"|"}, token.OR: {"&", "^"}, token.AND_NOT: {"&", "|"},
}

var assigns = map[token.Token][]string{token.OR_ASSIGN: {"=", "&=", "^="}, token.AND_NOT_ASSIGN: {"&=", "|=", "="}, token.ADD_ASSIGN: {"-=", "="}}

func (s *source) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		left, right := s.of(n.X), s.of(n.Y)
		switch n.Op {
		case token.LAND, token.LOR:
			other := map[token.Token]string{token.LAND: "||", token.LOR: "&&"}[n.Op]
			s.replace(n, "("+left+") "+other+" ("+right+")")
			s.replace(n, left)
			s.replace(n, right)
		default:
			for _, o := range others[n.Op] {
				s.replace(n, left+" "+o+" "+right)
			}
		}
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			s.replace(n, s.of(n.X))
		}
	case *ast.IfStmt:
		s.replace(n.Cond, "!("+s.of(n.Cond)+")")
		s.replace(n.Cond, "("+s.of(n.Cond)+") && false")
		s.replace(n.Cond, "("+s.of(n.Cond)+") || true")
	case *ast.ForStmt:
		if n.Cond != nil {
			s.replace(n.Cond, "("+s.of(n.Cond)+") && false")
		}
	case *ast.RangeStmt:
		s.add(n.Body.Lbrace+1, n.Body.Lbrace+1, " break; ", "a loop ends at once")
	case *ast.ReturnStmt:
		for _, r := range n.Results {
			s.results(r)
		}
	case *ast.CaseClause:
		if len(n.List) > 0 && len(n.Body) > 0 {
			s.add(n.Body[0].Pos(), n.Body[len(n.Body)-1].End(), "", "a case does nothing: "+short(s.of(n.Body[0])))
		}
	case *ast.AssignStmt:
		for _, o := range assigns[n.Tok] {
			s.replace(n, s.of(n.Lhs[0])+" "+o+" "+s.of(n.Rhs[0]))
		}
		if n.Tok != token.DEFINE {
			s.drop(n)
		}
	case *ast.ExprStmt:
		s.drop(n)
	case *ast.KeyValueExpr:
		if _, field := n.Key.(*ast.Ident); field {
			end := n.End()
			if s.text[s.at(end)] == ',' {
				end++
			}
			s.add(n.Pos(), end, "", "without "+short(s.of(n)))
		}
	case *ast.CallExpr:
		if fn, ok := n.Fun.(*ast.Ident); ok && fn.Name == "def" && len(n.Args) == 4 {
			s.visit(n.Args[0])
			s.visit(n.Args[3])
			return false // the group and the sentence of a permission decide nothing
		}
	case *ast.BasicLit:
		s.literal(n)
	}
	return true
}

func (s *source) drop(n ast.Stmt) {
	s.add(n.Pos(), n.End(), "", "without "+short(s.of(n)))
}

// results: what a function answers, turned round.
func (s *source) results(r ast.Expr) {
	switch x := r.(type) {
	case *ast.Ident:
		if other := map[string]string{"true": "false", "false": "true"}[x.Name]; other != "" {
			s.replace(x, other)
		}
	case *ast.BinaryExpr, *ast.UnaryExpr, *ast.CallExpr, *ast.ParenExpr, *ast.IndexExpr:
		s.replace(r, "true") // where it is no bool, this does not compile
		s.replace(r, "false")
	}
}

func (s *source) literal(n *ast.BasicLit) {
	switch n.Kind {
	case token.INT:
		if v, err := strconv.Atoi(n.Value); err == nil {
			s.replace(n, strconv.Itoa(v+1))
			if v > 0 {
				s.replace(n, strconv.Itoa(v-1))
			}
		}
	case token.STRING:
		if text, err := strconv.Unquote(n.Value); err == nil {
			s.replace(n, strconv.Quote(text+"x"))
			if text != "" {
				s.replace(n, `""`)
			}
		}
	}
}
