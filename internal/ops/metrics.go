package ops

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"bailiwick/internal/app"
	"bailiwick/internal/db"
	"bailiwick/internal/door"
	"bailiwick/internal/importer"
)

// Metrics is the numbers of one server.
type Metrics struct {
	db       *db.DB
	app      *app.App
	log      *slog.Logger
	backup   func() (time.Time, error)
	requests *metrics.Set // one histogram for each method, route and status
	scrapes  chan struct{}
}

// took are the bounds of a request's histogram, in seconds.
var took = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}

// NewMetrics counts for a server. backup says when the last backup was made;
// the zero time is never.
func NewMetrics(d *db.DB, a *app.App, log *slog.Logger, backup func() (time.Time, error)) *Metrics {
	return &Metrics{db: d, app: a, log: log, backup: backup, requests: metrics.NewSet(), scrapes: make(chan struct{}, 4)}
}

// Handler answers with all numbers, to a few at a time.
func (m *Metrics) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case m.scrapes <- struct{}{}:
			defer func() { <-m.scrapes }()
		default:
			http.Error(w, "Others are asking; try again.", http.StatusServiceUnavailable)
			return
		}
		var all bytes.Buffer
		m.write(r.Context(), &all)
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		w.Write(all.Bytes())
	})
}

// Answered counts a request.
func (m *Metrics) Answered(a door.Answered) {
	name := fmt.Sprintf("bailiwick_http_request_seconds{method=%q,route=%q,status=\"%d\"}", a.Method, a.Route, a.Status)
	m.requests.GetOrCreatePrometheusHistogramExt(name, took).Update(a.Took.Seconds())
}

// write writes everything. What the database tells is asked anew each time,
// within a limit; without it the rest is told all the same.
func (m *Metrics) write(ctx context.Context, all *bytes.Buffer) {
	to := lines{all}
	to.family("http_request_seconds", "histogram", "Time to answer a request, by method, pattern of the route and status.")
	m.requests.WritePrometheus(all)
	stats := m.db.Stats()
	to.gauge("write_queue", "Writers that wait for the one before them.", float64(stats.Waiting))
	to.counter("commits_failed_total", "Commits that did not succeed.", stats.Failures)
	to.batches("group_commit_changes", "Changes that were committed together by one fsync (SQLite).", stats)
	running, waiting := m.app.Org.Argon().Load()
	to.gauges("password_checks", "Password checks (Argon2id) that run or wait.", "state",
		label{"running", float64(running)}, label{"waiting", float64(waiting)})
	to.counter("decisions_refused_total", "Operations that the gate refused, since this server started.", m.app.Gate.Refused())
	to.counter("reveals_again_total", "Reveals that were made ahead of their turn and once more in it, because the organization had changed, since this server started.", m.app.Gate.Again())
	to.gauge("search_structures", "Search structures in memory.", float64(m.app.Vault.Structures()))
	to.gauge("damaged_rows", "Credentials that the check for weak and reused passwords leaves out, because they were changed from outside or are damaged.", float64(m.app.Vault.Damaged()))
	last, err := m.backup()
	if err != nil {
		m.log.Warn("when the last backup was made can't be read", "error", err)
	}
	to.gauge("last_backup_seconds", "When the last backup was finished, Unix time; 0 when there is none or it is not known.", unix(last))
	m.state(ctx, to)
	metrics.WriteProcessMetrics(all)
}

func (m *Metrics) state(ctx context.Context, to lines) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	const up = "Whether the database answered this scrape."
	s, err := m.app.State(ctx)
	if err != nil {
		m.log.Error("metrics could not ask the database", "error", err)
		to.gauge("database_up", up, 0)
		return
	}
	to.gauge("database_up", up, 1)
	to.gauge("sessions_open", "Sessions whose vault is open and was used within the idle time, of all organizations.", float64(s.Sessions))
	to.gauge("epochs_due", "Organizations whose keys are to be renewed by the next open session.", float64(s.Due))
	to.gauge("epoch_due_since_seconds", "Since when the oldest of them is due, Unix time; 0 when none is.", float64(s.DueSince)/1000)
	var jobs []label
	for _, name := range importer.States {
		jobs = append(jobs, label{name, float64(s.Jobs[name])})
	}
	to.gauges("jobs", "Jobs by state, of all organizations.", "state", jobs...)
}

func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
