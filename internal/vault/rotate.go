package vault

import (
	"context"
	"errors"
	"time"

	"bailiwick/internal/gate"
)

// The rotation job looks at open metadata only: when a password was changed,
// how long a client keeps one, and expiry dates. It needs no keys, so it runs
// without a session. Any number of servers may run it at once: whichever comes
// second finds nothing to do.

// Operations of the job.
var (
	opOverdue = gate.Define(gate.Op{Name: "rotation.due", Sentence: "Find the organizations in which the time of a password is up", Scope: gate.Anyone})
	// OpRotate writes one event for each flag, in the name of the job.
	OpRotate = gate.Define(gate.Op{Name: "rotation.flag", Sentence: "Flag passwords whose expiry date or rotation period has passed, and lift such flags where it has not any more", Scope: gate.Whole, Write: true, Audit: true, Job: gate.Rotation})
)

const aDay = 24 * time.Hour

// Conditions on a credential c, its client k and a flag f. An expiry date has
// passed when its day is over: $2 is a day ago; $3 is now.
const (
	dateOver   = `c.expires_at <> 0 AND c.expires_at <= $2`
	periodOver = `k.rotation_days > 0 AND c.password_at <> 0 AND c.password_at <= $3 - k.rotation_days * 86400000`
	noFlag     = `NOT EXISTS (SELECT 1 FROM flags x WHERE x.org_id = c.org_id AND x.credential_id = c.id AND x.cause = 'expired' AND x.about = `
)

var (
	sqlOverdue = gate.Across("the rotation job runs for every organization in which something is due",
		`SELECT c.org_id FROM credentials c WHERE c.archived_at = 0 AND c.expires_at <> 0 AND c.expires_at <= $1 AND `+noFlag+`'date')
		UNION SELECT c.org_id FROM clients k JOIN credentials c ON c.org_id = k.org_id AND c.client_id = k.id
			WHERE k.rotation_days > 0 AND c.archived_at = 0 AND c.password_at <> 0 AND c.password_at <= $2 - k.rotation_days * 86400000 AND `+noFlag+`'policy')
		UNION SELECT f.org_id FROM flags f JOIN credentials c ON c.org_id = f.org_id AND c.id = f.credential_id LEFT JOIN clients k ON k.org_id = c.org_id AND k.id = c.client_id
			WHERE f.cause = 'expired' AND ((f.about = 'date' AND (c.expires_at = 0 OR c.expires_at > $1))
				OR (f.about = 'policy' AND (k.id IS NULL OR k.rotation_days = 0 OR c.password_at + k.rotation_days * 86400000 > $2)))`)

	sqlFlagByDate = gate.SQL(`INSERT INTO flags (org_id, credential_id, home, cause, about, set_at, password_rev)
		SELECT c.org_id, c.id, COALESCE(c.client_id, c.owner_id), 'expired', 'date', CAST($3 AS BIGINT), c.password_rev
		FROM credentials c WHERE c.org_id = $1 AND c.archived_at = 0 AND ` + dateOver + ` AND ` + noFlag + `'date') LIMIT 1000
		ON CONFLICT (org_id, credential_id, cause, about) DO NOTHING RETURNING credential_id`)
	sqlFlagByPolicy = gate.SQL(`INSERT INTO flags (org_id, credential_id, home, cause, about, set_at, password_rev)
		SELECT c.org_id, c.id, c.client_id, 'expired', 'policy', CAST($3 AS BIGINT), c.password_rev
		FROM clients k JOIN credentials c ON c.org_id = k.org_id AND c.client_id = k.id
		WHERE k.org_id = $1 AND CAST($2 AS BIGINT) > 0 AND c.archived_at = 0 AND ` + periodOver + ` AND ` + noFlag + `'policy') LIMIT 1000
		ON CONFLICT (org_id, credential_id, cause, about) DO NOTHING RETURNING credential_id`)
	sqlLift = gate.SQL(`DELETE FROM flags WHERE org_id = $1 AND cause = 'expired' AND credential_id IN (SELECT c.id FROM credentials c LEFT JOIN clients k ON k.org_id = c.org_id AND k.id = c.client_id
		WHERE c.org_id = $1 AND ((flags.about = 'date' AND (c.expires_at = 0 OR c.expires_at > $2))
			OR (flags.about = 'policy' AND (k.id IS NULL OR k.rotation_days = 0 OR c.password_at + k.rotation_days * 86400000 > $3)))) RETURNING credential_id, about`)
	sqlWhose = gate.SQL(`SELECT COALESCE(client_id, ''), COALESCE(owner_id, '') FROM credentials WHERE org_id = $1 AND id = $2`)
)

// errNothingDue takes the transaction of a run back that found nothing to do.
var errNothingDue = errors.New("nothing is due")

// Rotate flags what is due in every organization. It is to be called about
// once a minute.
func (s *Store) Rotate(ctx context.Context) error {
	now := s.gate.Now()
	orgs, err := gate.Do(ctx, s.gate, gate.Stranger("", "", nil), opOverdue, gate.Nothing(), func(tx *gate.Tx) (orgs []string, err error) {
		err = tx.Everywhere(sqlOverdue, func(r *gate.Rows) error {
			var org string
			err := r.Scan(&org)
			orgs = append(orgs, org)
			return err
		}, now.Add(-aDay).UnixMilli(), now.UnixMilli())
		return orgs, err
	})
	for _, org := range orgs {
		for more := true; more && err == nil; {
			var failed error
			more, failed = s.RotateOrg(ctx, gate.RotationJob(org))
			if err = errors.Join(err, failed); failed != nil {
				break
			}
		}
	}
	return err
}

// RotateOrg flags what is due in one organization, at most a thousand for each
// reason; more says that there may be others.
func (s *Store) RotateOrg(ctx context.Context, who gate.Actor) (more bool, err error) {
	more, err = gate.Do(ctx, s.gate, who, OpRotate, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		var events []gate.Event
		most := 0
		for _, step := range []struct {
			stmt           gate.Stmt
			operation, why string
		}{{sqlLift, "rotation.lift", ""}, {sqlFlagByDate, OpRotate.Name, ByDate}, {sqlFlagByPolicy, OpRotate.Name, ByPolicy}} {
			n := 0
			err := tx.Each(step.stmt, func(r *gate.Rows) error {
				e := gate.Event{Operation: step.operation, Outcome: "done", Kind: "credential"}
				why, into := step.why, []any{&e.ID}
				if why == "" {
					into = append(into, &why)
				}
				err := r.Scan(into...)
				e.Fields = []string{Expired, why}
				events = append(events, e)
				n++
				return err
			}, tx.Now().Add(-aDay).UnixMilli(), tx.Millis())
			if err != nil {
				return false, err
			}
			if step.why != "" {
				most = max(most, n)
			}
		}
		if len(events) == 0 {
			return false, errNothingDue
		}
		for i := range events {
			e := &events[i]
			if err := tx.Row(sqlWhose, e.ID).Scan(&e.Client, &e.Owner); err != nil {
				return false, err
			}
			if i > 0 {
				tx.Note(*e, "")
			}
		}
		*tx.Event() = events[0]
		return most == 1000, nil
	})
	if errors.Is(err, errNothingDue) {
		return false, nil
	}
	return more, err
}
