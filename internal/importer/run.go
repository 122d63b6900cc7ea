package importer

import (
	"context"
	"errors"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/sheet"
)

var (
	sqlReady = gate.SQL(`UPDATE jobs SET state = 'ready', started_at = $3, total = $4, version = version + 1
		WHERE org_id = $1 AND id = $2 AND user_id = $5 AND state = 'draft' AND plan_version = $6`)
	// One runner gets a job. A job whose runner was silent for the length of a
	// lease is free again; should that runner still live, its next write finds
	// that the job is another's.
	sqlClaim = gate.SQL(`UPDATE jobs SET state = 'running', done = 0, claimed_by = $3, claimed_at = $4, version = version + 1
		WHERE org_id = $1 AND id = (SELECT id FROM jobs WHERE org_id = $1 AND user_id = $2 AND kind = 'import'
			AND (state IN ('ready', 'waiting') OR (state = 'running' AND claimed_at < $5)) ORDER BY created_at, id LIMIT 1)
		RETURNING id`)
	sqlFree     = gate.SQL(`SELECT COUNT(*) FROM jobs WHERE org_id = $1 AND user_id = $2 AND kind = 'import' AND (state IN ('ready', 'waiting') OR (state = 'running' AND claimed_at < $3))`)
	sqlDropRows = gate.SQL(`DELETE FROM import_rows WHERE org_id = $1 AND job_id = $2`)
	sqlDropPart = gate.SQL(`DELETE FROM job_parts WHERE org_id = $1 AND job_id = $2 AND part = $3`)
	// The session may have ended, or been sealed, since the job began.
	sqlSession = gate.SQL(`SELECT COUNT(*) FROM sessions WHERE org_id = $1 AND id = $2 AND user_id = $3 AND open AND expires_at > $4
		AND last_used > $4 - COALESCE((SELECT 60000 * CAST(value AS BIGINT) FROM settings WHERE org_id = $1 AND name = 'idle-minutes'), 900000)`)
)

// Run starts the import of one's own draft in the background. It refuses while
// rows can't be imported, unless the choice is to import only the good ones.
func (s *Store) Run(ctx context.Context, who gate.Actor, id string) error {
	j, err := s.get(ctx, unkeyed(who), id)
	if err != nil {
		return err
	}
	var p Preview
	if j.state == StateDraft {
		if j.plan.Of == OfCredentials && j.plan.To == (Destination{}) {
			return fault.Cannot("Choose first which client the credentials belong to.")
		}
		if err := s.survey(ctx, who, j, &p, false, func(sheet.Problem) error { return nil }); err != nil {
			return err
		}
		if err := p.refusal(j.plan.OnlyGood); err != nil {
			return err
		}
	}
	_, err = gate.Do(ctx, s.gate, who, OpRun, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		n, err := tx.Exec(sqlReady, id, tx.Millis(), p.Counts.Rows, who.User(), j.version)
		if err == nil && n != 1 {
			err = errStarted
		}
		tx.Event().Kind, tx.Event().ID = "import", id
		return id, err
	})
	if err == nil {
		s.start(who)
	}
	return err
}

// Continue goes on with the actor's imports that wait, and says how many there
// were: a page calls it when it is opened in an open session.
func (s *Store) Continue(ctx context.Context, who gate.Actor) (int, error) {
	if who.Kind() != gate.User || !who.Open() {
		return 0, nil
	}
	n, err := gate.Do(ctx, s.gate, unkeyed(who), OpPreview, gate.Nothing(), func(tx *gate.Tx) (n int, err error) {
		err = tx.Row(sqlFree, who.User(), tx.Millis()-lease.Milliseconds()).Scan(&n)
		return n, err
	})
	for range n {
		s.start(who)
	}
	return n, err
}

// start gives one of the actor's jobs to a runner, when there is a free one.
func (s *Store) start(who gate.Actor) {
	if s.ctx.Err() != nil {
		return // stays ready
	}
	s.jobs.Go(func() {
		select {
		case s.slots <- struct{}{}:
			defer func() { <-s.slots }()
		case <-s.ctx.Done():
			return
		}
		r := &runner{store: s, who: unkeyed(who), token: id.New("run")}
		if claimed, err := r.claim(); err == nil && claimed {
			r.run()
		}
	})
}

// runner works on one job, with the actor who started it.
type runner struct {
	store *Store
	who   gate.Actor
	token string
	job   *job
}

// claim takes the oldest free job, and clears away what an earlier runner left.
func (r *runner) claim() (bool, error) {
	return gate.Do(r.store.ctx, r.store.gate, r.who, OpContinue, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		if err := r.present(tx); err != nil {
			return false, err
		}
		var id string
		err := tx.Row(sqlClaim, r.who.User(), r.token, tx.Millis(), tx.Millis()-lease.Milliseconds()).Scan(&id)
		if errors.Is(err, gate.ErrNoRows) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if r.job, err = open(tx, id); err != nil {
			return false, err
		}
		r.job.token = r.token
		return true, clearAside(tx, id)
	})
}

func clearAside(tx *gate.Tx, id string) error {
	if _, err := tx.Exec(sqlDropRows, id); err != nil {
		return err
	}
	_, err := tx.Exec(sqlDropPart, id, partLeftOut)
	return err
}

// present demands that the starter's session is still open.
func (r *runner) present(tx *gate.Tx) error {
	var n int
	if err := tx.Row(sqlSession, r.who.Session(), r.who.User(), tx.Millis()).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return fault.Closed()
	}
	return nil
}

var sqlFence = gate.SQL(`UPDATE jobs SET done = $4, claimed_at = $5 WHERE org_id = $1 AND id = $2 AND claimed_by = $3 AND state = $6`)

// fence begins every write of a runner: the session is open, the job is still
// its own and was not cancelled, and the keys are those that rows are sealed
// under. It keeps the progress too.
func (r *runner) fence(tx *gate.Tx, state string, done int, epoch int64) error {
	if err := r.present(tx); err != nil {
		return err
	}
	if epoch != tx.KeyEpoch() {
		return errEpoch
	}
	n, err := tx.Exec(sqlFence, r.job.id, r.token, done, tx.Millis(), state)
	if err == nil && n != 1 {
		return errGone
	}
	return err
}

var (
	errEpoch   = errors.New("the rows are sealed under an earlier epoch's keys")
	errChanged = errors.New("a credential that is to be updated was changed in the meantime")
)

// keepLeftOut keeps a part of the list of what was left out.
func (r *runner) keepLeftOut(tx *gate.Tx, n int64, part []byte) error {
	return addPart(tx, r.job.id, r.job.key, partLeftOut, n, part)
}
