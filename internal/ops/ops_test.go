package ops

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/app"
	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/door"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

var ctx = context.Background()

func ask(h *Health, path string) (int, string) {
	mux := http.NewServeMux()
	h.Mount(func(pattern, public string, handler http.Handler) {
		if public == "" {
			panic(pattern + " is public without a reason")
		}
		mux.Handle(pattern, handler)
	})
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w.Code, strings.TrimSpace(w.Body.String())
}

func TestReady(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		var log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, nil))
		h := NewHealth(d, w.App, logger)
		is := func(h *Health, what string, want int, says, cause string) {
			t.Helper()
			log.Reset()
			if code, text := ask(h, "/readyz"); code != want || text != says {
				t.Errorf("%s: %d %s", what, code, text)
			}
			if (cause == "") != (log.Len() == 0) || !strings.Contains(log.String(), cause) {
				t.Errorf("%s: logged %q", what, log.String())
			}
			if code, text := ask(h, "/healthz"); code != 200 || text != "alive" {
				t.Errorf("%s: %d %s", what, code, text)
			}
		}
		is(h, "in order", 200, "ready", "")
		other := app.New(d, seal.NewKey(), w.Org.Argon(), w.Clock)
		t.Cleanup(other.Close)
		is(NewHealth(d, other, logger), "another instance key", 503, "not ready", "instance key")
		migrated := func(text string) {
			w.Must(d.Write(ctx, "", func(tx *db.Tx) error { _, err := tx.Exec(ctx, text); return err }))
		}
		migrated(`INSERT INTO migration (number, name, checksum) VALUES (9999, '9999_later.sql', 'x')`)
		is(h, "a newer schema", 503, "not ready", "schema")
		migrated(`DELETE FROM migration WHERE number = 9999`)
		is(h, "in order again", 200, "ready", "")
		migrated(`UPDATE migration SET checksum = 'x'`)
		is(h, "another schema", 503, "not ready", "schema")
		w.Must(d.Close())
		is(h, "no database", 503, "not ready", "closed")
		h.Stop()
		is(h, "stopping", 503, "stopping", "")
	})
}

// Each number follows what happens.
func TestMetrics(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := apptest.New(t, d)
		w.Clock.Set(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC))
		var last time.Time
		m := NewMetrics(d, w.App, slog.New(slog.NewTextHandler(io.Discard, nil)), func() (time.Time, error) { return last, nil })
		has := func(lines ...string) {
			t.Helper()
			r := httptest.NewRecorder()
			m.Handler().ServeHTTP(r, httptest.NewRequest("GET", "/metrics", nil))
			for _, line := range lines {
				if !strings.Contains(r.Body.String(), "\nbailiwick_"+line+"\n") {
					name, _, _ := strings.Cut(line, " ")
					for l := range strings.Lines(r.Body.String()) {
						if strings.HasPrefix(l, "bailiwick_"+name) {
							t.Log(strings.TrimSpace(l))
						}
					}
					t.Errorf("no line %s", line)
				}
			}
		}
		has("sessions_open 1", "decisions_refused_total 0", "search_structures 0", "epochs_due 0", "last_backup_seconds 0", "database_up 1",
			"write_queue 0", `password_checks{state="running"} 0`, `jobs{state="waiting"} 0`, "commits_failed_total 0")

		w.Enrol("bob", perm.LevelTechnicianDefault)
		tim := w.SignIn("bob")
		if _, err := w.Vault.Search(ctx, w.Admin, "x", 5); err != nil {
			t.Fatal(err)
		}
		if err := w.People.Disable(ctx, tim, w.AdminID); err == nil {
			t.Fatal("a technician disabled an administrator")
		}
		last = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
		m.Answered(door.Answered{Method: "GET", Route: "/clients/{id}", Status: 200, Took: 3 * time.Millisecond})
		has("sessions_open 2", "decisions_refused_total 1", "search_structures 3", "last_backup_seconds 1.7935344e+09",
			`http_request_seconds_count{method="GET",route="/clients/{id}",status="200"} 1`, `http_request_seconds_bucket{method="GET",route="/clients/{id}",status="200",le="0.005"} 1`)
		if s := d.Stats(); d.Engine() == "sqlite" && (s.Batched < 5 || s.Batches[0] == 0) {
			t.Errorf("group commits: %+v", s)
		}
		w.Clock.Advance(time.Hour)
		w.Must(w.Sweep())
		has("sessions_open 0", "search_structures 0")
		w.SignedIn("ada") // with the Organization Key: open again
		has("sessions_open 1")
		w.Must(d.Write(ctx, "", func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE organizations SET epoch_due_at = 1793620800000, epoch_due_why = 'x'`)
			return err
		}))
		has("epochs_due 1", "epoch_due_since_seconds 1.7936208e+09")
		w.Must(d.Close())
		has("database_up 0", "write_queue 0")
	})
}
