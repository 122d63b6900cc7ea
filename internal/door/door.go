// Package door is what every front door stands behind: the route table, the
// headers of every answer, request ids, limits, and the last line that
// replaces an answer for which nobody asked the gate.
//
// It knows no feature and decides nothing.
package door

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path"
	"runtime/debug"
	"sort"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
)

// Route is a row of the route table, the only way to mount a handler.
type Route struct {
	Pattern string // "GET /clients/{id}"
	Public  string // why no decision is needed; "" demands one before the answer
	Body    int64  // largest body in bytes; 0: 1 MiB
	Handler http.Handler
}

// Table is the routes of a server.
type Table struct {
	mux    *http.ServeMux
	routes []Route
	log    *slog.Logger
	trust  []netip.Prefix
	cross  *http.CrossOriginProtection
	watch  watch
	near   bool
	failed func(http.ResponseWriter, *http.Request, error)
}

// New makes an empty table. X-Forwarded-For is believed from trusted proxies
// only. failed renders an error outside of any handler (404, panic).
func New(log *slog.Logger, trusted []netip.Prefix, failed func(http.ResponseWriter, *http.Request, error)) *Table {
	t := &Table{mux: http.NewServeMux(), log: log, trust: trusted, cross: http.NewCrossOriginProtection(), failed: failed}
	return t
}

// Near serves nobody but this machine and the trusted proxies, who speak https
// to everybody else. It is for plain http.
func (t *Table) Near() { t.near = true }

// Add mounts a route.
func (t *Table) Add(r Route) {
	if r.Body == 0 {
		r.Body = small
	}
	t.routes = append(t.routes, r)
	t.mux.Handle(r.Pattern, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.ContentLength != 0 && r.Body <= small {
			req.Body = inTime(w, req.Body)
		}
		req.Body = http.MaxBytesReader(w, req.Body, r.Body)
		if g, ok := w.(*guarded); ok {
			g.public = r.Public != ""
		}
		r.Handler.ServeHTTP(w, req)
	}))
}

// Routes lists the table, sorted, for docs and tests.
func (t *Table) Routes() []Route {
	all := append([]Route(nil), t.routes...)
	sort.Slice(all, func(i, j int) bool { return all[i].Pattern < all[j].Pattern })
	return all
}

// Policy is the content security policy of every answer: no inline script or
// style, nothing from elsewhere.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"

// ServeHTTP sets the headers that every answer has, and guards the answer.
func (t *Table) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", Policy)
	h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	if r.ProtoMajor == 1 && len(r.TransferEncoding) > 0 {
		// net/http drops a Content-Length beside it without a word. A proxy that
		// goes by that length would take the rest for another request (request
		// smuggling, RFC 9112 section 6.1), so nothing that follows is read.
		h.Set("Connection", "close")
	}

	meta := &Meta{ID: id.New("req"), Trace: &gate.Trace{}, IP: t.address(r)}
	h.Set("X-Request-Id", meta.ID)
	r = r.WithContext(context.WithValue(r.Context(), metaKey{}, meta))
	g := &guarded{ResponseWriter: w, table: t, req: r, trace: meta.Trace}
	defer t.begun(g, r)()
	defer t.rescue(g, r)
	if t.near && !t.nearby(r) {
		g.public = true
		http.Error(g, "This server is reached by https only.", http.StatusForbidden)
		return
	}
	if err := t.cross.Check(r); err != nil {
		g.public = true
		t.failed(g, r, &fault.Error{Kind: fault.Absent, Text: "This request came from another site. Open the page itself and try again."})
		return
	}
	// The mux would redirect a path that can be written shorter; no link of
	// ours has one, so it leads nowhere.
	if clean := path.Clean(r.URL.Path); clean != r.URL.Path && clean+"/" != r.URL.Path {
		g.public = true
		t.missing(g, r)
		return
	}
	// It would also redirect /static to /static/, where nothing is either.
	if _, pattern := t.mux.Handler(r); pattern == "" || strings.HasSuffix(pattern, r.URL.Path+"/") {
		g.public = true
		t.missing(g, r)
		return
	}
	t.mux.ServeHTTP(g, r)
}

func (t *Table) nearby(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && (from.Addr().Unmap().IsLoopback() || t.trusted(from.Addr().String()))
}

// missing answers what no route matches: 405 where another method would do.
func (t *Table) missing(w http.ResponseWriter, r *http.Request) {
	if m := t.Methods(r); len(m) > 0 {
		w.Header().Set("Allow", strings.Join(m, ", "))
		http.Error(w, "Method not allowed.", http.StatusMethodNotAllowed)
		return
	}
	t.failed(w, r, fault.NotFound())
}

// Methods lists the methods that the request's address takes.
func (t *Table) Methods(r *http.Request) (all []string) {
	for _, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, p := t.mux.Handler(other); strings.HasPrefix(p, m+" ") {
			all = append(all, m)
		}
	}
	return all
}

func (t *Table) rescue(w *guarded, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler {
		panic(v)
	}
	t.log.Error("panic", "request", Of(r).ID, "route", r.Pattern, "panic", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
	w.public = true
	if !w.wrote {
		t.failed(w, r, errors.New("panic"))
	}
}

// Meta is what a door knows of a request before anybody is recognized.
type Meta struct {
	ID    string // of the request, in the log and on error pages
	IP    string
	Trace *gate.Trace
}

type metaKey struct{}

// Of gives a request's Meta.
func Of(r *http.Request) *Meta { return From(r.Context()) }

// From gives the Meta of a request's context.
func From(ctx context.Context) *Meta {
	if m, ok := ctx.Value(metaKey{}).(*Meta); ok {
		return m
	}
	return &Meta{Trace: &gate.Trace{}}
}

// Elsewhere sends the browser to a public page, such as the one to sign in. It
// needs no decision: the answer tells nothing.
func Elsewhere(w http.ResponseWriter, r *http.Request, path string) {
	if g, ok := w.(*guarded); ok {
		g.public = true
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
}

// address is where the request came from: what trusted proxies say, from the
// right, until the first address that is none of them.
func (t *Table) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && t.trusted(host); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		host = hop.Unmap().WithZone("").String() // one spelling: tries are counted by it
	}
	return host
}

func (t *Table) trusted(host string) bool {
	a, err := netip.ParseAddr(host)
	for _, p := range t.trust {
		if err == nil && p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// Status is the HTTP status of an error.
func Status(err error) int {
	f, ok := fault.As(err)
	if !ok {
		if tooBig := (*http.MaxBytesError)(nil); errors.As(err, &tooBig) {
			return http.StatusRequestEntityTooLarge
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return http.StatusRequestTimeout
		}
		return http.StatusInternalServerError
	}
	switch f.Kind {
	case fault.Absent:
		return http.StatusNotFound
	case fault.Unsigned:
		return http.StatusUnauthorized
	case fault.Invalid, fault.Unacceptable:
		return http.StatusUnprocessableEntity
	case fault.Conflict:
		return http.StatusConflict
	case fault.Throttled:
		return http.StatusTooManyRequests
	case fault.Sealed:
		return http.StatusLocked
	case fault.Enrol:
		return http.StatusForbidden
	default:
		return http.StatusServiceUnavailable
	}
}

// After is the Retry-After of an error in seconds, "" when there is none.
func After(err error) string {
	if f, ok := fault.As(err); ok && f.After > 0 {
		return fmt.Sprint(int((f.After + time.Second - 1) / time.Second))
	}
	return ""
}
