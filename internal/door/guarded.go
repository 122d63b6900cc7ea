package door

import (
	"errors"
	"io"
	"net/http"

	"bailiwick/internal/gate"
)

// guarded is the last line: an answer that says anything but an error, for
// which the gate was not asked and which is not declared public, is replaced.
type guarded struct {
	http.ResponseWriter
	table  *Table
	req    *http.Request
	trace  *gate.Trace
	public bool
	wrote  bool
	swap   bool
	status int
}

// WriteHeader lets the status through, or replaces the whole answer.
func (g *guarded) WriteHeader(status int) {
	if g.wrote {
		return
	}
	if status < 400 && !g.public && !g.trace.Decided() {
		g.public, g.swap = true, true
		for k := range g.Header() {
			if k == "Set-Cookie" || k == "Location" || k == "Content-Length" || k == "Etag" {
				g.Header().Del(k)
			}
		}
		g.table.log.Error("an answer without a decision was replaced", "request", Of(g.req).ID, "route", g.req.Pattern)
		g.wrote, g.status = true, http.StatusInternalServerError
		g.ResponseWriter.Header().Set("Content-Type", "text/plain; charset=utf-8")
		g.ResponseWriter.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(g.ResponseWriter, "Internal error. Nothing was shown. Request "+Of(g.req).ID+"\n")
		return
	}
	g.wrote, g.status = true, status
	g.ResponseWriter.WriteHeader(status)
}

func (g *guarded) Write(b []byte) (int, error) {
	if !g.wrote {
		g.WriteHeader(http.StatusOK)
	}
	if g.swap {
		return 0, errors.New("the answer was replaced")
	}
	return g.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController through.
func (g *guarded) Unwrap() http.ResponseWriter { return g.ResponseWriter }
