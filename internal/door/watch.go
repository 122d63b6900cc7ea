package door

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/clock"
)

// Answered is a request that was answered. Nothing in it was typed by
// anybody: the route is the table's own pattern, and a method that no route
// has is "other".
type Answered struct {
	ID, IP        string
	Method, Route string // Route: without its method; "none" where no route matched
	Status        int
	Took          time.Duration
}

type watch struct {
	clock clock.Clock
	seen  []func(Answered)
}

// Watch has seen told of every request once it was answered. All watchers are
// set before the table serves.
func (t *Table) Watch(c clock.Clock, seen ...func(Answered)) {
	t.watch = watch{c, append(t.watch.seen, seen...)}
}

// begun gives what is to be run when the request has been answered, or cut.
func (t *Table) begun(g *guarded, r *http.Request) func() {
	if len(t.watch.seen) == 0 {
		return func() {}
	}
	start := t.watch.clock.Now()
	return func() {
		a := Answered{ID: Of(r).ID, IP: Of(r).IP, Method: r.Method, Route: r.Pattern, Status: g.status, Took: t.watch.clock.Now().Sub(start)}
		if _, route, cut := strings.Cut(r.Pattern, " "); cut {
			a.Route = route
		}
		if a.Route == "" {
			a.Route = "none"
		}
		if !slices.Contains(methods, a.Method) {
			a.Method = "other"
		}
		if a.Status == 0 { // the handler wrote nothing, which net/http makes a 200; or it was cut
			a.Status = http.StatusOK
		}
		for _, seen := range t.watch.seen {
			seen(a)
		}
	}
}

var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
