// Package ops is what whoever runs a server looks at: whether it lives and is
// ready, and numbers in the Prometheus text format.
//
// It names nobody: no label holds a tenant, a person, an address, an id or
// anything that somebody typed. Labels are patterns of routes, methods,
// statuses and states, which are all known when the program is built.
package ops

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"

	"bailiwick/internal/app"
	"bailiwick/internal/db"
	"bailiwick/internal/door"
)

// Health tells whether a server lives and is ready. Its zero value is of no
// use.
type Health struct {
	db       *db.DB
	app      *app.App
	log      *slog.Logger
	stopping atomic.Bool
}

// NewHealth watches an open server.
func NewHealth(d *db.DB, a *app.App, log *slog.Logger) *Health {
	return &Health{db: d, app: a, log: log}
}

// Stop makes the server unready for good, so that balancers send no more.
func (h *Health) Stop() { h.stopping.Store(true) }

var errStopping = errors.New("the server is shutting down")

// Ready says why the server should get no requests, or nil: it is not
// stopping, its database answers and has this program's schema, and the
// instance key opens what it must.
func (h *Health) Ready(ctx context.Context) error {
	if h.stopping.Load() {
		return errStopping
	}
	if err := h.db.Check(ctx); err != nil {
		return err
	}
	return h.app.Org.Fits(ctx)
}

// Mount adds /healthz and /readyz. They tell strangers one word; the cause is
// in the log.
func (h *Health) Mount(add func(pattern, public string, handler http.Handler)) {
	add("GET /healthz", "whether the process lives is no secret", http.HandlerFunc(h.live))
	add("GET /readyz", "whether the server takes requests is seen by sending one", http.HandlerFunc(h.ready))
}

func (h *Health) live(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "alive") }

func (h *Health) ready(w http.ResponseWriter, r *http.Request) {
	err := h.Ready(r.Context())
	switch {
	case err == nil:
		say(w, http.StatusOK, "ready")
	case errors.Is(err, errStopping):
		say(w, http.StatusServiceUnavailable, "stopping")
	default:
		if r.Context().Err() == nil {
			h.log.Error("not ready", "request", door.Of(r).ID, "error", err)
		}
		say(w, http.StatusServiceUnavailable, "not ready")
	}
}

func say(w http.ResponseWriter, status int, word string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(word + "\n"))
}
