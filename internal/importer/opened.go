package importer

import (
	"context"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

var opWaits = gate.Define(gate.Op{Name: "import.waits", Sentence: "Find out whether imports wait for their starter", Scope: gate.Anyone})

var sqlHeld = gate.SQL(`SELECT COUNT(*) FROM jobs WHERE org_id = $1 AND user_id = $2 AND kind = 'import' AND state = 'running' AND claimed_at >= $3`)

// waits counts a user's jobs: those that are free for a runner, and those that
// one holds, which may have died with its server.
type waits struct{ free, held int }

// Opened is called when a session has opened the vault: its user's imports that
// wait for him go on. Who has none is asked for no permission.
func (s *Store) Opened(ctx context.Context, who gate.Actor) error {
	w, err := s.count(ctx, who, false)
	if err != nil {
		return err
	}
	if w.held > 0 {
		s.looks.Go(func() { s.look(who) })
	}
	if w.free > 0 {
		_, err = s.Continue(ctx, who)
	}
	return err
}

// look waits for jobs that a runner holds: whoever signs in right after a crash
// comes before the dead runner's time is over. It ends with the last of them,
// with the session, or with the server.
func (s *Store) look(who gate.Actor) {
	for {
		over, stop := s.later(lease + time.Millisecond)
		select {
		case <-over:
		case <-s.ctx.Done():
			stop()
			return
		}
		w, err := s.count(s.ctx, who, true)
		if fault.Is(err, fault.Sealed) || fault.Is(err, fault.Unsigned) {
			return
		}
		for range w.free {
			s.start(who)
		}
		if err == nil && w.held == 0 {
			return
		}
	}
}

func timer(d time.Duration) (<-chan time.Time, func() bool) {
	t := time.NewTimer(d)
	return t.C, t.Stop
}

// count reads them, and can demand that the session is still open.
func (s *Store) count(ctx context.Context, who gate.Actor, present bool) (waits, error) {
	return gate.Do(ctx, s.gate, gate.Stranger(who.Org(), who.IP(), nil), opWaits, gate.Nothing(), func(tx *gate.Tx) (w waits, err error) {
		if present {
			if err := (&runner{who: who}).present(tx); err != nil {
				return w, err
			}
		}
		since := tx.Millis() - lease.Milliseconds()
		if err := tx.Row(sqlFree, who.User(), since).Scan(&w.free); err != nil {
			return w, err
		}
		err = tx.Row(sqlHeld, who.User(), since).Scan(&w.held)
		return w, err
	})
}
