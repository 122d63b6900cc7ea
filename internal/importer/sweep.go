package importer

import (
	"context"
	"time"

	"bailiwick/internal/gate"
)

// waitFor is how long a job waits for its starter.
const waitFor = 7 * 24 * time.Hour

var (
	sqlOld = gate.Across("old files are destroyed in every organization, whoever is signed in",
		`SELECT j.org_id, j.id FROM jobs j WHERE j.kind = 'import' AND (
			(j.state IN ('draft', 'cancelled') AND j.started_at = 0 AND j.created_at < $1)
			OR (j.state IN ('ready', 'running', 'waiting') AND j.started_at < $2)
			OR (j.state IN ('done', 'undone') AND j.ended_at < $3 AND EXISTS (SELECT 1 FROM import_rows r WHERE r.org_id = j.org_id AND r.job_id = j.id))
			OR (j.state IN ('done', 'undone') AND j.ended_at < $3 AND EXISTS (SELECT 1 FROM job_parts p WHERE p.org_id = j.org_id AND p.job_id = j.id AND p.part = 'source'))
			OR (j.ended_at > 0 AND j.ended_at < $2 AND EXISTS (SELECT 1 FROM job_parts p WHERE p.org_id = j.org_id AND p.job_id = j.id)))`)
	sqlSweepDraft = gate.SQL(`DELETE FROM jobs WHERE org_id = $1 AND id = $2 AND state IN ('draft', 'cancelled') AND started_at = 0 AND created_at < $3`)
	sqlSweepIdle  = gate.SQL(`UPDATE jobs SET state = 'cancelled', ended_at = $3, claimed_by = '', version = version + 1
		WHERE org_id = $1 AND id = $2 AND state IN ('ready', 'running', 'waiting') AND started_at < $4`)
	sqlSweepRows = gate.SQL(`DELETE FROM import_rows WHERE org_id = $1 AND job_id = $2
		AND EXISTS (SELECT 1 FROM jobs j WHERE j.org_id = $1 AND j.id = $2 AND j.state NOT IN ('draft', 'running') AND j.claimed_at < $3)`)
	sqlSweepParts = gate.SQL(`DELETE FROM job_parts WHERE org_id = $1 AND job_id = $2
		AND EXISTS (SELECT 1 FROM jobs j WHERE j.org_id = $1 AND j.id = $2 AND j.ended_at > 0 AND (job_parts.part = 'source' OR j.ended_at < $3))`)
)

// Sweep destroys files that were never imported, imports whose starter did not
// come back, and what a crash left. It is to be called about once a minute.
func (s *Store) Sweep(ctx context.Context) error {
	type old struct{ org, id string }
	all, err := gate.Do(ctx, s.gate, gate.Stranger("", "", nil), opOld, gate.Nothing(), func(tx *gate.Tx) (all []old, err error) {
		err = tx.Everywhere(sqlOld, func(r *gate.Rows) error {
			var o old
			err := r.Scan(&o.org, &o.id)
			all = append(all, o)
			return err
		}, tx.Millis()-DraftFor.Milliseconds(), tx.Millis()-waitFor.Milliseconds(), tx.Millis()-time.Minute.Milliseconds())
		return all, err
	})
	if err != nil {
		return err
	}
	for _, o := range all {
		_, err := gate.Do(ctx, s.gate, gate.Stranger(o.org, "", nil), opSweep, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			if _, err := tx.Exec(sqlSweepDraft, o.id, tx.Millis()-DraftFor.Milliseconds()); err != nil {
				return false, err
			}
			if _, err := tx.Exec(sqlSweepIdle, o.id, tx.Millis(), tx.Millis()-waitFor.Milliseconds()); err != nil {
				return false, err
			}
			if _, err := tx.Exec(sqlSweepRows, o.id, tx.Millis()-time.Minute.Milliseconds()); err != nil {
				return false, err
			}
			_, err := tx.Exec(sqlSweepParts, o.id, tx.Millis()-waitFor.Milliseconds())
			return true, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
