//go:build linux

package fault

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"bailiwick/internal/db"
)

// The server is killed at random moments, some of them while it starts. What
// it acknowledged is there when it is back, what it refused is not, and the
// audit log has every reveal and no gap.
func TestKilled(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		w := onSQLite(t)
		killed(t, w, *kills)
		sound(t, w.dir)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		killed(t, onPostgres(t), max(1, *kills/10))
	})
}

func killed(t *testing.T, w world, cycles int) {
	dice := rand.New(rand.NewPCG(*seed, 0))
	workers := crew(t, w)
	book := logbook{w.events}
	for n := 0; n <= cycles && !t.Failed(); n++ {
		if dice.IntN(8) == 0 {
			s := begin(t, w.command(t))
			s.listens()
			time.Sleep(time.Duration(dice.IntN(200)) * time.Millisecond)
			s.kill()
		}
		s := start(t, w)
		l := dial(s.address)
		together(workers, l, (*worker).check)
		if n == cycles { // chance may have sent nothing that is refused
			workers[1].never(workers[1].reveal(t.Context(), w.hidden), "a reveal out of reach")
		}
		book.check(t, l, w.admin, ledgers(workers)...)
		if n == cycles {
			settle(t, l, w, workers)
			s.stop()
			break
		}
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Duration(dice.IntN(150))*time.Millisecond, func() { s.kill(); stop() })
		together(workers, l, func(w *worker) { w.work(ctx) })
		stop()
		<-s.ended
		s.calm()
		l.hang()
	}
	told := map[verdict]int{}
	for _, w := range workers {
		for v, n := range w.told {
			told[v] += n
		}
	}
	if told[done] == 0 || told[refused] == 0 || told[unknown] == 0 {
		t.Errorf("nothing is shown by a load of %v", told)
	}
	t.Logf("killed %d times, seed %d: %v, %d events", cycles, *seed, told, book.last)
}

// sound asks SQLite itself.
func sound(t *testing.T, dir string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "bailiwick.db")); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), dir, db.Options{})
	must(t, err)
	defer d.Close()
	must(t, d.Read(t.Context(), func(tx *db.Tx) error {
		for _, q := range []string{"PRAGMA integrity_check", "PRAGMA foreign_key_check"} {
			rows, err := tx.Query(t.Context(), q)
			if err != nil {
				return err
			}
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			for rows.Next() {
				line := make([]any, len(columns))
				for i := range line {
					line[i] = new(any)
				}
				if err := rows.Scan(line...); err != nil {
					return err
				}
				if text := fmt.Sprint(*line[0].(*any)); text != "ok" {
					t.Errorf("%s: %s", q, text)
				}
			}
			if err := rows.Err(); err != nil {
				return err
			}
		}
		var gaps int
		err := tx.Row(t.Context(), `SELECT COUNT(*) FROM organizations o WHERE o.audit_size <> (SELECT COUNT(*) FROM audit_events e WHERE e.org_id = o.id)
			OR o.audit_size <> (SELECT COALESCE(MAX(e.seq), 0) FROM audit_events e WHERE e.org_id = o.id)`).Scan(&gaps)
		if gaps != 0 {
			t.Error("the audit log has a gap")
		}
		return err
	}))
}
