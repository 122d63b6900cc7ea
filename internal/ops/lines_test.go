package ops

import (
	"bytes"
	"io"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"bailiwick/internal/apptest"
	"bailiwick/internal/db"
	"bailiwick/internal/db/dbtest"
	"bailiwick/internal/door"
)

// What a scrape gets is the text format: each sample once, each family with
// its type before it, and all samples of a family together.
func TestExposition(t *testing.T) {
	d := dbtest.SQLite(t)
	w := apptest.New(t, d)
	m := NewMetrics(d, w.App, slog.New(slog.NewTextHandler(io.Discard, nil)), func() (time.Time, error) { return time.Time{}, nil })
	m.Answered(door.Answered{Method: "GET", Route: `/a"b\c`, Status: 404, Took: time.Minute})
	r := httptest.NewRecorder()
	m.Handler().ServeHTTP(r, httptest.NewRequest("GET", "/metrics", nil))
	sample := regexp.MustCompile(`^([a-z_]+)(\{[A-Za-z]+="(?:[^"\\\n]|\\["\\n])*"(?:, ?[A-Za-z]+="(?:[^"\\\n]|\\["\\n])*")*\})? [-+0-9.eInfNa]+$`)
	kinds, seen, now := map[string]string{}, map[string]bool{}, ""
	for line := range strings.Lines(r.Body.String()) {
		line = strings.TrimSuffix(line, "\n")
		if f := strings.Fields(line); f[0] == "#" {
			if f[1] == "TYPE" {
				if kinds[f[2]] != "" {
					t.Errorf("the family %s comes twice", f[2])
				}
				kinds[f[2]], now = f[3], f[2]
			}
			continue
		}
		parts := sample.FindStringSubmatch(line)
		if parts == nil || seen[parts[1]+parts[2]] {
			t.Errorf("not a sample, or one that was there before: %s", line)
			continue
		}
		seen[parts[1]+parts[2]] = true
		if name := parts[1]; strings.HasPrefix(name, "bailiwick_") && name != now && kinds[now] != "histogram" || !strings.HasPrefix(name, now) && kinds[now] == "histogram" && strings.HasPrefix(name, "bailiwick_") {
			t.Errorf("%s stands under %s", line, now)
		}
	}
	if len(kinds) < 15 || !seen[`bailiwick_http_request_seconds_bucket{method="GET",route="/a\"b\\c",status="404",le="+Inf"}`] {
		t.Errorf("%d families:\n%s", len(kinds), r.Body)
	}
}

func TestBatches(t *testing.T) {
	var out bytes.Buffer
	s := db.Stats{Batched: 9}
	s.Batches[0], s.Batches[2] = 2, 1
	lines{&out}.batches("b", "help", s)
	for _, want := range []string{"bailiwick_b_bucket{le=\"1\"} 2\n", "bailiwick_b_bucket{le=\"2\"} 2\n", "bailiwick_b_bucket{le=\"4\"} 3\n", "bailiwick_b_bucket{le=\"+Inf\"} 3\nbailiwick_b_sum 9\nbailiwick_b_count 3\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
