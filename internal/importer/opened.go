package importer

import (
	"context"

	"bailiwick/internal/gate"
)

var opWaits = gate.Define(gate.Op{Name: "import.waits", Sentence: "Find out whether imports wait for their starter", Scope: gate.Anyone})

// Opened is called when a session has opened the vault: its user's imports that
// wait for him go on. Who has none is asked for no permission.
func (s *Store) Opened(ctx context.Context, who gate.Actor) error {
	n, err := gate.Do(ctx, s.gate, gate.Stranger(who.Org(), who.IP(), nil), opWaits, gate.Nothing(), func(tx *gate.Tx) (n int, err error) {
		err = tx.Row(sqlFree, who.User(), tx.Millis()-lease.Milliseconds()).Scan(&n)
		return n, err
	})
	if err == nil && n > 0 {
		_, err = s.Continue(ctx, who)
	}
	return err
}
