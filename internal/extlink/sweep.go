package extlink

import (
	"context"
	"errors"

	"bailiwick/internal/gate"
)

var (
	sqlOrgs = gate.Across("external links that are over are wiped in every organization",
		`SELECT org_id FROM external_links WHERE ended_at = 0 OR ended_at < $1 GROUP BY org_id`)
	sqlOpen = gate.SQL(`SELECT l.id, l.credential_id, l.made_by, l.expires_at, c.archived_at FROM external_links l
		JOIN credentials c ON c.org_id = l.org_id AND c.id = l.credential_id WHERE l.org_id = $1 AND l.ended_at = 0`)
	sqlAged   = gate.SQL(`SELECT COUNT(*) FROM external_links WHERE org_id = $1 AND ended_at > 0 AND ended_at < $2`)
	sqlForget = gate.SQL(`DELETE FROM external_links WHERE org_id = $1 AND ended_at > 0 AND ended_at < $2`)
)

// finding is what a sweep found to be over, and why.
type finding struct{ link, why string }

// Sweep ends what is over: expired, of an archived credential, or of a sender
// who may not share it any more; and forgets what has been over for long. It
// is to be called about once a minute. Opening a link asks the same by itself.
func (s *Store) Sweep(ctx context.Context) error {
	old := s.gate.Now().Add(-keeping).UnixMilli()
	orgs, err := gate.Do(ctx, s.gate, gate.Stranger("", "", nil), opFind, gate.Nothing(), func(tx *gate.Tx) (all []string, err error) {
		err = tx.Everywhere(sqlOrgs, func(r *gate.Rows) error {
			var org string
			err := r.Scan(&org)
			all = append(all, org)
			return err
		}, old)
		return all, err
	})
	for _, org := range orgs {
		err = errors.Join(err, s.sweep(ctx, gate.Stranger(org, "", nil), old))
	}
	return err
}

// sweep looks first, so that it writes only where something is to be done.
func (s *Store) sweep(ctx context.Context, who gate.Actor, old int64) error {
	aged := 0
	found, err := gate.Do(ctx, s.gate, who, opFind, gate.Nothing(), func(tx *gate.Tx) ([]finding, error) {
		if err := tx.Row(sqlAged, old).Scan(&aged); err != nil {
			return nil, err
		}
		return over(tx)
	})
	if err != nil || len(found) == 0 && aged == 0 {
		return err
	}
	_, err = gate.Do(ctx, s.gate, who, opSweep, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		for _, f := range found {
			if _, err := tx.Exec(sqlEnd, f.link, tx.Millis(), f.why, nothing); err != nil {
				return false, err
			}
		}
		_, err := tx.Exec(sqlForget, old)
		return true, err
	})
	return err
}

func over(tx *gate.Tx) (all []finding, err error) {
	type open struct {
		id, credential, by string
		expires, archived  int64
	}
	var links []open
	err = tx.Each(sqlOpen, func(r *gate.Rows) error {
		var l open
		err := r.Scan(&l.id, &l.credential, &l.by, &l.expires, &l.archived)
		links = append(links, l)
		return err
	})
	for _, l := range links {
		why := ""
		switch {
		case err != nil:
			return nil, err
		case l.expires <= tx.Millis():
			why = Expired
		case l.archived != 0:
			why = Archived
		default:
			var holds bool
			if holds, err = tx.LinkHolds(OpOpen, l.by, l.credential); err == nil && !holds {
				why = NoAccess
			}
		}
		if why != "" {
			all = append(all, finding{l.id, why})
		}
	}
	return all, err
}
