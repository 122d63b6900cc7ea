package main

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// names: who may use which functions, variables and fields. It goes by what a
// name stands for, so neither an alias nor a function value gets past it.
var names = &analysis.Analyzer{Name: "names", Doc: "keeps the clock, handlers, outgoing requests and makers of actors in their packages", Run: checkNames}

var users = []struct {
	what string // package and names: functions, variables, types, Type.Method, Type.Field
	who  string // packages; "" nobody
	why  string
}{
	{"time Now Since Until", "internal/clock", "ask a clock.Clock"},
	{"time After Tick Sleep AfterFunc", "internal/cli", "a timer or ticker that is stopped, beside a context, does not outlive its user"},
	{"net/http NewServeMux ServeMux ServeMux.Handle ServeMux.HandleFunc", "internal/door internal/web/ui/showcase", "a handler is mounted by the route table only"},
	{"net/http Handle HandleFunc DefaultServeMux FileServer FileServerFS ServeFile ServeFileFS Dir FS", "", "a handler is mounted by the route table only, and nothing is served from a directory"},
	{"net/http ListenAndServe ListenAndServeTLS Serve ServeTLS", "", "it has no time limits: make a Server"},
	{"net/http Server", "cmd", "one server, with its time limits in one place"},
	{"net/http Get Head Post PostForm DefaultClient DefaultTransport", "", "it follows redirects and waits for ever: make a Client"},
	{"net/http Client Transport", "sdk", "the server fetches nothing"},
	{"net Dial DialTimeout Dialer", "sdk internal/cli internal/mail", "the server fetches nothing, and sends mail in one place"},
	{"net/http Request.Host", "internal/door", "an attacker chooses it: links carry the configured address"},
	{"net/http SetCookie Cookie.String", "internal/web", "cookies are set by setCookie, which knows their attributes"},
	{"os Open OpenFile Create ReadFile WriteFile CreateTemp Remove RemoveAll Rename MkdirAll DirFS OpenRoot", "internal/db internal/seal internal/backup internal/cli internal/permdoc cmd", "no request names a file"},
	{"html/template HTML HTMLAttr JS JSStr CSS URL Srcset", "", "it is not escaped any more"},
	{"github.com/a-h/templ Raw SafeURL SafeCSS SafeCSSProperty UnsafeRaw JSUnsafeFuncCall ComponentScript", "generated", "it is not escaped any more"},
	{"bailiwick/internal/gate Admit", "internal/gate internal/session", "only session makes actors"},
	{"bailiwick/internal/gate Actor.Own", "internal/gate internal/session", "within a perspective nobody acts as himself: only session returns to him"},
	{"bailiwick/internal/gate Actor.Visit", "internal/gate internal/session", "only session makes actors"},
	{"bailiwick/internal/gate Passing", "internal/gate internal/session", "only session makes actors"},
	{"bailiwick/internal/gate Across", "internal/org internal/session internal/importer internal/mail internal/keylink internal/people internal/factor internal/extlink internal/vault internal/kb internal/app internal/gate internal/ops", "before an organization is known, to sweep and to count only"},
}

// heard are headers that only the door may read: everybody can send them.
var heard = []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-Ip", "Host"}

func checkNames(p *analysis.Pass) (any, error) {
	kept := map[string]int{}
	for i, u := range users {
		fields := strings.Fields(u.what)
		for _, n := range fields[1:] {
			kept[fields[0]+" "+n] = i
		}
	}
	at := folder(p)
	for _, f := range judged(p) {
		made := ast.IsGenerated(f)
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				name := full(p.TypesInfo.Uses[n])
				i, ok := kept[name]
				if !ok || among(at, strings.Fields(users[i].who)) || users[i].who == "generated" && made {
					return true
				}
				p.Reportf(n.Pos(), "%s must not use %s: %s", at, strings.Replace(name, " ", ".", 1), users[i].why)
			case *ast.CallExpr:
				s, ok := n.Fun.(*ast.SelectorExpr)
				if !ok || at == "internal/door" || !strings.HasPrefix(full(p.TypesInfo.Uses[s.Sel]), "net/http Header.") || len(n.Args) == 0 {
					return true
				}
				for _, h := range heard {
					if v := p.TypesInfo.Types[n.Args[0]].Value; v != nil && strings.EqualFold(v.ExactString(), `"`+h+`"`) {
						p.Reportf(n.Pos(), "%s must not read %s: everybody can send it; the door knows which proxies to believe", at, h)
					}
				}
			}
			return true
		})
	}
	return nil, nil
}

// full is the package and name of an object; a method or a field has its
// type's name before it.
func full(o types.Object) string {
	if o == nil || o.Pkg() == nil {
		return ""
	}
	name := o.Name()
	switch x := o.(type) {
	case *types.Func:
		if r := x.Signature().Recv(); r != nil {
			name = typeName(r.Type()) + "." + name
		}
	case *types.Var:
		if x.IsField() {
			name = owner(x) + "." + name
		}
	}
	return o.Pkg().Path() + " " + name
}

func typeName(t types.Type) string {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// owner is the name of the type of its package that has a field.
func owner(field *types.Var) string {
	scope := field.Pkg().Scope()
	for _, name := range scope.Names() {
		if s, ok := scope.Lookup(name).Type().Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				if f == field {
					return name
				}
			}
		}
	}
	return ""
}
