package ops

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

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
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

// NewMetrics counts for a server. backup says when the last backup was made;
// the zero time is never.
func NewMetrics(d *db.DB, a *app.App, log *slog.Logger, backup func() (time.Time, error)) *Metrics {
	m := &Metrics{db: d, app: a, log: log, backup: backup, registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "bailiwick_http_request_seconds",
			Help:    "Time to answer a request, by method, pattern of the route and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"method", "route", "status"})}
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), m)
	return m
}

// Handler answers with all numbers.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4})
}

// Answered counts a request.
func (m *Metrics) Answered(a door.Answered) {
	m.requests.WithLabelValues(a.Method, a.Route, strconv.Itoa(a.Status)).Observe(a.Took.Seconds())
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("bailiwick_"+name, help, labels, nil)
}

var (
	descWriters  = describe("write_queue", "Writers that wait for the one before them.")
	descBatches  = describe("group_commit_changes", "Changes that were committed together by one fsync (SQLite).")
	descFailed   = describe("commits_failed_total", "Commits that did not succeed.")
	descChecks   = describe("password_checks", "Password checks (Argon2id) that run or wait.", "state")
	descSessions = describe("sessions_open", "Sessions whose vault is open and was used within the idle time, of all organizations.")
	descRefused  = describe("decisions_refused_total", "Operations that the gate refused, since this server started.")
	descAgain    = describe("reveals_again_total", "Reveals that were made ahead of their turn and once more in it, because the organization had changed, since this server started.")
	descSearch   = describe("search_structures", "Search structures in memory.")
	descDamaged  = describe("damaged_rows", "Credentials that the check for weak and reused passwords leaves out, because they were changed from outside or are damaged.")
	descJobs     = describe("jobs", "Jobs by state, of all organizations.", "state")
	descDue      = describe("epochs_due", "Organizations whose keys are to be renewed by the next open session.")
	descDueSince = describe("epoch_due_since_seconds", "Since when the oldest of them is due, Unix time; 0 when none is.")
	descBackup   = describe("last_backup_seconds", "When the last backup was finished, Unix time; 0 when there is none or it is not known.")
	descUp       = describe("database_up", "Whether the database answered this scrape.")
)

// Describe implements prometheus.Collector.
func (m *Metrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descWriters, descBatches, descFailed, descChecks, descSessions, descRefused, descAgain, descSearch, descDamaged, descJobs, descDue, descDueSince, descBackup, descUp} {
		to <- d
	}
}

// Collect implements prometheus.Collector. What the database tells is asked
// anew at each scrape, within a limit; without it the rest is told all the same.
func (m *Metrics) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	counter := func(d *prometheus.Desc, v uint64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v))
	}
	stats := m.db.Stats()
	gauge(descWriters, float64(stats.Waiting))
	counter(descFailed, stats.Failures)
	to <- batches(stats)
	running, waiting := m.app.Org.Argon().Load()
	gauge(descChecks, float64(running), "running")
	gauge(descChecks, float64(waiting), "waiting")
	counter(descRefused, m.app.Gate.Refused())
	counter(descAgain, m.app.Gate.Again())
	gauge(descSearch, float64(m.app.Vault.Structures()))
	gauge(descDamaged, float64(m.app.Vault.Damaged()))
	last, err := m.backup()
	if err != nil {
		m.log.Warn("when the last backup was made can't be read", "error", err)
	}
	gauge(descBackup, unix(last))

	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s, err := m.app.State(ctx)
	if err != nil {
		m.log.Error("metrics could not ask the database", "error", err)
		gauge(descUp, 0)
		return
	}
	gauge(descUp, 1)
	gauge(descSessions, float64(s.Sessions))
	gauge(descDue, float64(s.Due))
	gauge(descDueSince, float64(s.DueSince)/1000)
	for _, name := range importer.States {
		gauge(descJobs, float64(s.Jobs[name]), name)
	}
}

func batches(s db.Stats) prometheus.Metric {
	upTo, n := map[float64]uint64{}, uint64(0)
	for i, most := range db.BatchSizes {
		n += s.Batches[i]
		upTo[float64(most)] = n
	}
	return prometheus.MustNewConstHistogram(descBatches, n, float64(s.Batched), upTo)
}

func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
