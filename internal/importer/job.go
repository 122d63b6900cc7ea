package importer

import (
	"context"
	"encoding/json"
	"fmt"

	"bailiwick/internal/fault"
	"bailiwick/internal/foreign"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// States of a job.
const (
	StateDraft     = "draft"     // uploaded, not started
	StateReady     = "ready"     // started, waiting for a free runner
	StateRunning   = "running"   //
	StateWaiting   = "waiting"   // until its starter's session is open again
	StateDone      = "done"      //
	StateFailed    = "failed"    // nothing was imported
	StateCancelled = "cancelled" // nothing was imported
	StateUndone    = "undone"    //
)

// States are all of them.
var States = []string{StateDraft, StateReady, StateRunning, StateWaiting, StateDone, StateFailed, StateCancelled, StateUndone}

// plan is what is kept sealed of an import besides its file.
type plan struct {
	Choices
	File      string       `json:"file"`
	Size      int64        `json:"size"`
	Rows      int          `json:"rows"`
	Found     string       `json:"found"` // the encoding as found out
	Separates string       `json:"separates"`
	Bare      bool         `json:"bare,omitempty"`      // without headings, as chosen or found out
	Kind      foreign.Kind `json:"kind,omitempty"`      // "" is CSV
	Locked    bool         `json:"locked,omitempty"`    // its passphrase is needed first
	FirstPart int64        `json:"firstPart,omitempty"` // number of the first part of what is read
	LeftOut   int64        `json:"leftOut"`             // parts of the list of what was left out
}

// job is one's own job, opened.
type job struct {
	id, state, token string
	key              seal.Key
	version          int64 // of the plan
	plan             plan
}

// parts is how far the numbers of the file's parts go.
func (j *job) parts() int64 { return j.plan.FirstPart + j.plan.Size/partSize + 1 }

var (
	sqlJob     = gate.SQL(`SELECT state, key_epoch, key_box, plan_version, plan_box FROM jobs WHERE org_id = $1 AND id = $2 AND user_id = $3 AND kind = 'import' AND plan_box IS NOT NULL`)
	sqlSetPlan = gate.SQL(`UPDATE jobs SET plan_version = plan_version + 1, plan_box = $3, version = version + 1 WHERE org_id = $1 AND id = $2 AND plan_version = $4 AND state = $5`)
)

// open reads one's own job inside a transaction.
func open(tx *gate.Tx, id string) (*job, error) {
	j := &job{id: id}
	var epoch int64
	var keyBox, planBox []byte
	if err := tx.Row(sqlJob, id, tx.Who().User()).Scan(&j.state, &epoch, &keyBox, &j.version, &planBox); err != nil {
		return nil, err
	}
	return j, j.unseal(tx, epoch, keyBox, planBox)
}

func (j *job) unseal(tx *gate.Tx, epoch int64, keyBox, planBox []byte) error {
	org := tx.Who().Org()
	vault, err := tx.VaultKey(epoch)
	if err != nil {
		return err
	}
	if j.key, err = vault.Unwrap(seal.PurposeJob, placeOfKey(org, j.id, epoch), keyBox); err != nil {
		return fmt.Errorf("key of %s: the database was changed from outside, or is damaged: %w", j.id, err)
	}
	plain, err := j.key.OpenPadded(seal.PurposeJob, placeOfPlan(org, j.id, j.version), planBox)
	if err != nil {
		return fmt.Errorf("plan of %s: the database was changed from outside, or is damaged: %w", j.id, err)
	}
	return json.Unmarshal(plain, &j.plan)
}

// savePlan seals the plan as it is now; a change in between is a conflict.
func (j *job) savePlan(tx *gate.Tx, state string) error {
	plain, err := json.Marshal(j.plan)
	if err != nil {
		return err
	}
	box := j.key.SealPadded(seal.PurposeJob, placeOfPlan(tx.Who().Org(), j.id, j.version+1), plain)
	n, err := tx.Exec(sqlSetPlan, j.id, box, j.version, state)
	if err == nil && n != 1 {
		return fault.Stale("import")
	}
	j.version++
	return err
}

// get opens one's own job.
func (s *Store) get(ctx context.Context, who gate.Actor, id string) (*job, error) {
	return gate.Do(ctx, s.gate, who, OpPreview, gate.Nothing(), func(tx *gate.Tx) (*job, error) { return open(tx, id) })
}

// draft opens one's own job that has not been started.
func (s *Store) draft(ctx context.Context, who gate.Actor, id string) (*job, error) {
	j, err := s.get(ctx, who, id)
	if err == nil && j.state != StateDraft {
		return nil, errStarted
	}
	return j, err
}

var errStarted = fault.Cannot("This import has been started already. Upload the file again to import it once more.")

// unkeyed takes the idempotency key from an actor: what follows from one request
// is several transactions, and the key is for one of them.
func unkeyed(who gate.Actor) gate.Actor { return who.Once("", nil) }
