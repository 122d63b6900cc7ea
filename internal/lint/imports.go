package main

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// imports: who may import what.
var imports = &analysis.Analyzer{Name: "imports", Doc: "keeps cryptography, chance, SQL and HTTP in their packages", Run: checkImports}

var importers = []struct {
	what *regexp.Regexp
	who  string // packages; "" nobody
	why  string
}{
	{regexp.MustCompile(`^(crypto(/.*)?|golang\.org/x/crypto/.*|filippo\.io/.*)$`), "internal/seal", "all cryptography is in one package, where it is reviewed"},
	{regexp.MustCompile(`^math/rand(/v2)?$`), "", "it can be guessed: seal has random keys and tokens"},
	{regexp.MustCompile(`^database/sql(/.*)?$`), "internal/db internal/gate", "no permission, no transaction: ask the gate"},
	{regexp.MustCompile(`^(modernc\.org/sqlite.*|github\.com/jackc/pgx/.*)$`), "internal/db", "engines are db's"},
	{regexp.MustCompile(`^bailiwick/internal/db$`), "internal/gate internal/app internal/demo internal/ops internal/backup cmd", "no permission, no transaction: ask the gate"},
	{regexp.MustCompile(`^net/http$`), "internal/door internal/web internal/api internal/ops internal/cli sdk cmd", "features know no HTTP"},
	{regexp.MustCompile(`^os/exec$`), "internal/cli", "the server starts no programs"},
	{regexp.MustCompile(`^(expvar|net/http/pprof)$`), "", "they mount handlers outside of the route table"},
	{regexp.MustCompile(`^(unsafe|plugin|C)$`), "", "it leaves the language's safety behind"},
	{regexp.MustCompile(`^(encoding/gob|net/rpc)$`), "", "it decodes what it is not asked to"},
	{regexp.MustCompile(`^text/template$`), "internal/mail", "it escapes nothing: only plain text is made with it"},
}

func checkImports(p *analysis.Pass) (any, error) {
	for _, f := range judged(p) {
		for _, i := range f.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return nil, err
			}
			for _, o := range importers {
				if o.what.MatchString(name) && !among(folder(p), strings.Fields(o.who)) {
					p.Reportf(i.Pos(), "%s must not import %s: %s", folder(p), name, o.why)
				}
			}
		}
	}
	return nil, nil
}
