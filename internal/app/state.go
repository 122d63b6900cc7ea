package app

import (
	"context"

	"bailiwick/internal/gate"
)

var (
	opState = gate.Define(gate.Op{Name: "server.state", Sentence: "Count open sessions, jobs and due epochs of all organizations, for the metrics", Scope: gate.Anyone})

	sqlSessions = gate.Across("metrics count sessions without saying whose", `SELECT COUNT(*) FROM sessions s WHERE open = TRUE
		AND last_used > $1 - COALESCE((SELECT 60000 * CAST(t.value AS BIGINT) FROM settings t WHERE t.org_id = s.org_id AND t.name = 'idle-minutes'), 900000)`)
	sqlJobs = gate.Across("metrics count jobs without saying whose", `SELECT state, COUNT(*) FROM jobs GROUP BY state`)
	sqlDue  = gate.Across("metrics count due epochs without saying whose", `SELECT COUNT(*), COALESCE(MIN(epoch_due_at), 0) FROM organizations WHERE epoch_due_at <> 0`)
)

// State is what the database tells whoever watches the server.
type State struct {
	Sessions int64            // whose vault is open, and that were used within the idle time
	Jobs     map[string]int64 // by state
	Due      int64            // organizations of which an epoch is due
	DueSince int64            // ms; of the oldest, 0 when none is due
}

// State counts over all organizations. No name and no id comes out.
func (a *App) State(ctx context.Context) (State, error) {
	return gate.Do(ctx, a.Gate, gate.Stranger("", "", nil), opState, gate.Nothing(), func(tx *gate.Tx) (State, error) {
		s := State{Jobs: map[string]int64{}}
		if err := tx.Everywhere(sqlSessions, func(r *gate.Rows) error { return r.Scan(&s.Sessions) }, tx.Millis()); err != nil {
			return s, err
		}
		if err := tx.Everywhere(sqlDue, func(r *gate.Rows) error { return r.Scan(&s.Due, &s.DueSince) }); err != nil {
			return s, err
		}
		return s, tx.Everywhere(sqlJobs, func(r *gate.Rows) error {
			var name string
			var n int64
			err := r.Scan(&name, &n)
			s.Jobs[name] = n
			return err
		})
	})
}
