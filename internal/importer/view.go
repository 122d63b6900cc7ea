package importer

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Job is one import. File is empty where it is another's, or the session is
// sealed. Say is a sentence on why it failed.
type Job struct {
	ID, State, Say          string
	Of                      Of // of another's import known when it is done
	By, ByName              string
	Mine                    bool
	File                    string
	Done, Total             int // rows
	Counts                  Counts
	Kept                    []string // ids of credentials that undoing left: they were changed since; own imports only
	Created, Started, Ended time.Time
	UndoUntil               time.Time // zero: can't be undone
	MayCancel, MayUndo      bool
	HasLeftOut              bool // a list of what was left out can be downloaded
	Finishing               bool // all rows are sealed and are being put in place
}

const jobColumns = `j.id, j.state, j.user_id, u.name, j.done, j.total, j.text, j.created_at, j.started_at, j.ended_at, j.claimed_at, j.key_epoch, j.key_box, j.plan_version, j.plan_box`

var (
	sqlJobs = gate.SQL(`SELECT ` + jobColumns + ` FROM jobs j JOIN users u ON u.org_id = j.org_id AND u.id = j.user_id
		WHERE j.org_id = $1 AND j.kind = 'import' AND j.plan_box IS NOT NULL AND (j.user_id = $2 OR $3)
			AND (j.state <> 'cancelled' OR j.started_at > 0) ORDER BY j.created_at DESC, j.id DESC LIMIT 200`)
	sqlOneJob = gate.SQL(`SELECT ` + jobColumns + ` FROM jobs j JOIN users u ON u.org_id = j.org_id AND u.id = j.user_id
		WHERE j.org_id = $1 AND j.kind = 'import' AND j.plan_box IS NOT NULL AND (j.user_id = $2 OR $3) AND j.id = $4`)
)

type jobRow struct {
	Job
	text                                    string
	created, started, ended, claimed, epoch int64
	keyBox, planBox                         []byte
	version                                 int64
}

func scanJob(r interface{ Scan(...any) error }) (*jobRow, error) {
	j := &jobRow{}
	err := r.Scan(&j.ID, &j.State, &j.By, &j.ByName, &j.Done, &j.Total, &j.text, &j.created, &j.started, &j.ended, &j.claimed, &j.epoch, &j.keyBox, &j.version, &j.planBox)
	return j, err
}

// List gives one's own imports, and with Organization: Admin everybody's, the
// newest first. A file that was discarded before it was imported is none.
func (s *Store) List(ctx context.Context, who gate.Actor) ([]Job, error) {
	return gate.Do(ctx, s.gate, unkeyed(who), OpView, gate.Nothing(), func(tx *gate.Tx) ([]Job, error) {
		var rows []*jobRow
		err := tx.Each(sqlJobs, func(r *gate.Rows) error {
			j, err := scanJob(r)
			rows = append(rows, j)
			return err
		}, who.User(), tx.Has(perm.OrganizationAdmin))
		if err != nil {
			return nil, err
		}
		var all []Job
		for _, j := range rows {
			if err := j.fill(tx); err != nil {
				return nil, err
			}
			all = append(all, j.Job)
		}
		return all, nil
	})
}

// View gives one import, for its progress page.
func (s *Store) View(ctx context.Context, who gate.Actor, id string) (Job, error) {
	return gate.Do(ctx, s.gate, unkeyed(who), OpView, gate.Nothing(), func(tx *gate.Tx) (Job, error) {
		j, err := scanJob(tx.Row(sqlOneJob, who.User(), tx.Has(perm.OrganizationAdmin), id))
		if err == nil {
			err = j.fill(tx)
		}
		return j.Job, err
	})
}

func (j *jobRow) fill(tx *gate.Tx) error {
	j.Created, j.Started, j.Ended = at(j.created), at(j.started), at(j.ended)
	j.Mine = j.By == tx.Who().User()
	var o outcome
	if j.text != "" {
		if err := json.Unmarshal([]byte(j.text), &o); err != nil {
			return err
		}
	}
	j.Of, j.Counts, j.Say = o.Of, o.Counts, o.Say
	if j.State == StateRunning && j.claimed < tx.Millis()-lease.Milliseconds() {
		j.State = StateWaiting // its runner is gone
	}
	switch j.State {
	case StateDraft, StateReady, StateRunning, StateWaiting:
		j.MayCancel = tx.May(OpCancel, gate.Nothing())
	case StateDone:
		j.UndoUntil = j.Ended.Add(UndoFor)
		j.MayUndo = tx.Now().Before(j.UndoUntil) && tx.May(OpUndo, gate.Nothing())
	}
	j.Finishing = j.State == StateRunning && j.Total > 0 && j.Done >= j.Total
	if !j.Mine {
		return nil
	}
	j.Kept = o.Kept
	if !tx.Who().Open() {
		return nil
	}
	own := &job{id: j.ID, version: j.version}
	if err := own.unseal(tx, j.epoch, j.keyBox, j.planBox); err != nil {
		return err
	}
	j.Of, j.File, j.HasLeftOut = own.plan.Of, own.plan.File, own.plan.LeftOut > 0
	return nil
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

var sqlCancel = gate.SQL(`UPDATE jobs SET state = 'cancelled', ended_at = $3, claimed_by = '', version = version + 1
	WHERE org_id = $1 AND id = $2 AND kind = 'import' AND (user_id = $4 OR $5) AND state IN ('draft', 'ready', 'running', 'waiting')`)

// Cancel ends an import that is not done: nothing of it stays. A runner finds
// that out at its next write, and can't finish.
func (s *Store) Cancel(ctx context.Context, who gate.Actor, id string) error {
	_, err := gate.Do(ctx, s.gate, unkeyed(who), OpCancel, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		admin := tx.Has(perm.OrganizationAdmin)
		j, err := scanJob(tx.Row(sqlOneJob, who.User(), admin, id))
		if err != nil {
			return false, err
		}
		tx.Event().Kind, tx.Event().ID = "import", id
		if j.State == StateCancelled {
			return true, nil
		}
		n, err := tx.Exec(sqlCancel, id, tx.Millis(), who.User(), admin)
		if err == nil && n != 1 {
			err = fault.Cannot("This import has ended already, so it can't be cancelled. One that is done can be undone within 7 days.")
		}
		if err != nil {
			return false, err
		}
		if _, err := tx.Exec(sqlDropPart, id, partSource); err != nil {
			return false, err
		}
		return true, clearAside(tx, id)
	})
	return err
}

// WriteLeftOut writes what one's own import left out, as CSV: row, column,
// problem.
func (s *Store) WriteLeftOut(ctx context.Context, who gate.Actor, id string, w io.Writer) error {
	who = unkeyed(who)
	j, err := s.get(ctx, who, id)
	if err != nil {
		return err
	}
	if j.plan.LeftOut == 0 {
		return fault.NotFound()
	}
	for n := range j.plan.LeftOut {
		box, err := gate.Do(ctx, s.gate, who, OpPreview, gate.Nothing(), func(tx *gate.Tx) (box []byte, err error) {
			err = tx.Row(sqlPart, id, partLeftOut, n, who.User()).Scan(&box)
			return box, err
		})
		if err != nil {
			return err
		}
		plain, err := j.key.Open(seal.PurposeJob, placeOfPart(who.Org(), id, partLeftOut, n), box)
		if err != nil {
			return fmt.Errorf("what %s left out: the database was changed from outside, or is damaged: %w", id, err)
		}
		if _, err := w.Write(plain); err != nil {
			return err
		}
	}
	return nil
}
