package importer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// attempts is how often an import begins anew because keys or credentials
// changed under it.
const attempts = 5

// run works until the job is done, failed, or has to wait.
func (r *runner) run() {
	err := errChanged
	for n := 0; n < attempts && (errors.Is(err, errChanged) || errors.Is(err, errEpoch)); n++ {
		if n > 0 {
			if err = r.again(); err != nil {
				break
			}
		}
		err = r.attempt()
	}
	if err == nil {
		r.tidy()
		return
	}
	r.end(err)
}

// again clears away what the attempt before set aside.
func (r *runner) again() error {
	_, err := gate.Do(r.store.ctx, r.store.gate, r.who, OpContinue, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		if err := r.fence(tx, StateRunning, 0, tx.KeyEpoch()); err != nil {
			return false, err
		}
		return true, clearAside(tx, r.job.id)
	})
	return err
}

// attempt reads and seals in one goroutine and writes in this one.
func (r *runner) attempt() (err error) {
	defer recovered(&err)
	ctx, stop := context.WithCancel(r.store.ctx)
	defer stop()
	if r.job.plan.Of == OfClients {
		return r.attemptClients(ctx)
	}
	epoch, err := gate.Do(ctx, r.store.gate, r.who, OpPreview, gate.Nothing(), func(tx *gate.Tx) (int64, error) { return tx.KeyEpoch(), nil })
	if err != nil {
		return err
	}
	a := newAside(r, epoch)
	batches := make(chan *batch, 2)
	failed := make(chan error, 1)
	go func() {
		defer close(batches)
		failed <- r.read(ctx, a, batches)
	}()
	defer func() { // the reader ends before another attempt begins
		stop()
		for range batches {
		}
	}()
	pulse := time.NewTicker(beat)
	defer pulse.Stop()
	for open := true; open; {
		var b *batch
		select {
		case b, open = <-batches:
			if !open {
				continue
			}
		case <-pulse.C:
			b = &batch{done: a.done}
		}
		if err := a.stage(ctx, b); err != nil {
			return err
		}
	}
	if err := <-failed; err != nil {
		return err
	}
	if err := a.hold(ctx); err != nil {
		return err
	}
	return a.finish(ctx)
}

func (r *runner) read(ctx context.Context, a *aside, batches chan<- *batch) (err error) {
	defer recovered(&err)
	return r.produce(ctx, a, batches)
}

func recovered(err *error) {
	if p := recover(); p != nil {
		slog.Error("import panicked", "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
		*err = errors.New("panic")
	}
}

var (
	sqlEnd = gate.SQL(`UPDATE jobs SET state = $4, text = $5, ended_at = $6, claimed_by = '', version = version + 1
		WHERE org_id = $1 AND id = $2 AND claimed_by = $3 AND state = 'running'`)
)

// end notes why the job stopped. What can pass lets it wait; all else fails it.
func (r *runner) end(err error) {
	state, text := StateFailed, ""
	f, known := fault.As(err)
	switch {
	case errors.Is(err, errGone):
		return
	case errors.Is(err, context.Canceled), fault.Is(err, fault.Sealed), fault.Is(err, fault.Unsigned),
		fault.Is(err, fault.Unavailable), fault.Is(err, fault.Unknown), fault.Is(err, fault.Throttled):
		state = StateWaiting
	case errors.Is(err, errChanged), errors.Is(err, errEpoch):
		text = "Nothing was imported: others kept changing the same credentials. Try again when it is quieter."
	case fault.Is(err, fault.Absent):
		text = "Nothing was imported: you may no longer add or change credentials at one of the places, or it is not there any more."
	case known:
		text = f.Text
	default:
		slog.Error("import failed", "job", r.job.id, "error", err)
		text = "Nothing was imported: an error inside the server. Its log says more."
	}
	r.note(state, text)
}

// nobody notes the end: the starter may have lost every right meanwhile. What
// is deleted is bound to the runner's own claim.
func (r *runner) nobody() gate.Actor { return gate.Stranger(r.who.Org(), "", nil) }

func (r *runner) note(state, text string) {
	_, err := gate.Do(context.WithoutCancel(r.store.ctx), r.store.gate, r.nobody(), opEnd, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		ended := int64(0)
		if state == StateFailed {
			ended = tx.Millis()
		}
		n, err := tx.Exec(sqlEnd, r.job.id, r.token, state, outcome{Say: text}.text(), ended)
		if err != nil || n == 0 {
			return false, err
		}
		if state == StateFailed {
			if _, err := tx.Exec(sqlDropPart, r.job.id, partSource); err != nil {
				return false, err
			}
		}
		return true, clearAside(tx, r.job.id)
	})
	if err != nil {
		slog.Warn("import could not note its end; another runner takes it up, or it is swept", "job", r.job.id, "error", err)
	}
}

var (
	sqlDropSome  = gate.SQL(`DELETE FROM import_rows WHERE org_id = $1 AND job_id = $2 AND n < $3`)
	sqlDropParts = gate.SQL(`DELETE FROM job_parts WHERE org_id = $1 AND job_id = $2 AND part = 'source' AND n < $3`)
)

// tidy destroys the file and the rows that were set aside, after the commit
// and in small steps, so that others are not held up. What a crash leaves is
// swept.
func (r *runner) tidy() {
	ctx := context.WithoutCancel(r.store.ctx)
	for n := int64(1000); ; n += 1000 {
		left, err := gate.Do(ctx, r.store.gate, r.nobody(), opEnd, gate.Nothing(), func(tx *gate.Tx) (int64, error) {
			rows, err := tx.Exec(sqlDropSome, r.job.id, n)
			if err != nil {
				return 0, err
			}
			parts, err := tx.Exec(sqlDropParts, r.job.id, n/100)
			return rows + parts, err
		})
		if err != nil || left == 0 && n/100 > r.job.parts() {
			return
		}
	}
}
