package vault

import (
	"context"

	"bailiwick/internal/gate"
)

var (
	sqlTroubled = gate.SQL(`SELECT credential_id, to_org FROM shares WHERE org_id = $1 AND problem <> '' AND credential_id > $2 ORDER BY credential_id LIMIT 250`)
	sqlTrouble  = gate.SQL(`SELECT COUNT(*) FROM shares WHERE org_id = $1 AND problem <> ''`)
	opTrouble   = gate.Define(gate.Op{Name: "share.trouble", Sentence: "Find out whether shares have a problem that may be over", Scope: gate.Anyone})
)

// Opened is called when a session has opened the vault: a share whose problem
// is over since, as after a restore of what was changed from outside, is handed
// over again.
func (s *Store) Opened(ctx context.Context, who gate.Actor) error {
	n, err := gate.Do(ctx, s.gate, gate.Stranger(who.Org(), who.IP(), nil), opTrouble, gate.Nothing(), func(tx *gate.Tx) (n int, err error) {
		err = tx.Row(sqlTrouble).Scan(&n)
		return n, err
	})
	if err != nil || n == 0 {
		return err
	}
	return s.settleShares(ctx, who)
}

// mend lifts the problems of one's own shares that are over. Nothing is taken
// from the row on trust: the other side's keys must be those that were pinned,
// the rights those that somebody here chose, and the credential must open.
// What the other side met it meets again, if it is still so.
func mend(tx *gate.Tx, keys *partners, _ int64) (int, error) {
	to := map[string]string{}
	var all, ids []string
	err := tx.Each(sqlTroubled, func(r *gate.Rows) error {
		var id, org string
		err := r.Scan(&id, &org)
		to[id], all = org, append(all, id)
		return err
	}, keys.mending)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	keys.mending = all[len(all)-1]
	for _, id := range all {
		other, err := keys.keys(tx, to[id])
		if err != nil {
			return 0, err
		}
		if other.problem == "" {
			ids = append(ids, id)
		}
	}
	return len(all), eachOf(tx, ids, func(c *stored) error {
		terms, err := termsOf(tx, c.ID, to[c.ID])
		if err != nil {
			return err
		}
		if mine, err := proved(tx, c, to[c.ID], terms); err != nil || !mine {
			return err
		}
		if err := c.openUp(tx); err != nil {
			return passOver(err)
		}
		_, err = tx.Exec(sqlItsProblem, c.ID, "")
		return err
	})
}
