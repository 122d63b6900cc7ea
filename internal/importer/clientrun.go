package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// firstBack is the number of the first part that is not of the list of what was
// left out, but holds what undoing an import of clients needs. It is kept for
// as long as that can be undone.
const firstBack int64 = 1 << 20

// clientDone is a client that an import added or updated.
type clientDone struct {
	ID      string        `json:"id"`
	Name    string        `json:"name"`
	Version int64         `json:"version"` // that the import made
	Before  *client.Input `json:"before"`  // of an update
}

// attemptClients puts all clients of a file in place, in one transaction, or
// nothing.
func (r *runner) attemptClients(ctx context.Context) (err error) {
	defer recovered(&err)
	rows, problems, err := r.store.clientRows(ctx, r.who, r.job)
	if err != nil {
		return err
	}
	for _, p := range problems {
		if p.Fatal {
			return fault.Cannot("Nothing was imported. %s", p.Text)
		}
	}
	_, err = gate.Do(ctx, r.store.gate, r.who, OpRun, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		e := tx.Event()
		e.Operation, e.Kind, e.ID = eventDone, "import", r.job.id
		if err := r.fence(tx, StateRunning, len(rows), tx.KeyEpoch()); err != nil {
			return false, err
		}
		if _, err := tx.NextChange(); err != nil {
			return false, err
		}
		if err := decideClients(tx, rows, r.job.plan.Choices); err != nil {
			return false, err
		}
		o := outcome{Of: OfClients}
		for _, row := range rows {
			if o.Counts.count(row); row.do == leaving && !r.job.plan.OnlyGood {
				return false, fault.Cannot("Nothing was imported: row %d can't be imported any more as it could be before. Look at the preview again.", row.row)
			}
		}
		e.Fields = []string{fmt.Sprintf("clients: %d added, %d updated", o.Counts.Added, o.Counts.Updated)}
		done, err := r.store.putClients(tx, rows)
		if err != nil {
			return false, err
		}
		if err := r.keepClients(tx, done); err != nil {
			return false, err
		}
		if r.job.plan.LeftOut, err = r.listClients(tx, rows); err != nil {
			return false, err
		}
		if err := r.job.savePlan(tx, StateRunning); err != nil {
			return false, err
		}
		if n, err := tx.Exec(sqlDone, r.job.id, r.token, o.text(), tx.Millis()); err != nil || n != 1 {
			return false, orGone(err)
		}
		return true, nil
	})
	return err
}

func (s *Store) putClients(tx *gate.Tx, rows []*clientRow) (all []clientDone, err error) {
	for _, row := range rows {
		switch {
		case row.do == adding:
			d := clientDone{ID: id.New("client"), Name: row.in.Name, Version: 1}
			err = s.clients.AddWith(tx, d.ID, row.in, seal.NewKey())
			all = append(all, d)
		case row.do == updating && !row.unchanged():
			before := row.there.Input()
			d := clientDone{ID: row.there.ID, Name: row.becomes.Name, Before: &before}
			d.Version, err = s.clients.EditWith(tx, row.there, row.becomes)
			all = append(all, d)
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// keepClients seals what undoing needs, part by part.
func (r *runner) keepClients(tx *gate.Tx, done []clientDone) error {
	plain, err := json.Marshal(done)
	if err != nil {
		return err
	}
	defer clear(plain)
	for n := firstBack; len(plain) > 0; n++ {
		size := min(len(plain), partSize)
		if err := addPart(tx, r.job.id, r.job.key, partLeftOut, n, plain[:size]); err != nil {
			return err
		}
		plain = plain[size:]
	}
	return nil
}

// listClients keeps the list of the rows that were skipped or left out.
func (r *runner) listClients(tx *gate.Tx, rows []*clientRow) (int64, error) {
	var text bytes.Buffer
	out := newList(&text)
	listed := false
	for _, row := range rows {
		for _, p := range row.ps {
			listed = true
			if err := out.add(p); err != nil {
				return 0, err
			}
		}
	}
	if err := out.flush(); err != nil || !listed {
		return 0, err
	}
	n := int64(0)
	for part := text.Bytes(); len(part) > 0; n++ {
		size := min(len(part), partSize)
		if err := r.keepLeftOut(tx, n, part[:size]); err != nil {
			return 0, err
		}
		part = part[size:]
	}
	return n, nil
}

var (
	sqlClientParts = gate.SQL(`SELECT n, box FROM job_parts WHERE org_id = $1 AND job_id = $2 AND part = 'left out' AND n >= $3 ORDER BY n`)
	sqlClientsBack = gate.SQL(`UPDATE jobs SET state = 'undone', text = $3, version = version + 1 WHERE org_id = $1 AND id = $2 AND kind = 'import' AND state = 'done' AND ended_at > $4`)
	sqlDropClients = gate.SQL(`DELETE FROM job_parts WHERE org_id = $1 AND job_id = $2 AND part = 'left out' AND n >= $3`)
)

// undoClients takes an import of clients back: what it added goes where it is
// still empty, what it updated gets its earlier values. What was changed since
// stays.
func (s *Store) undoClients(ctx context.Context, who gate.Actor, jobID string) (Undone, error) {
	return gate.Do(ctx, s.gate, who, OpUndo, gate.Nothing(), func(tx *gate.Tx) (Undone, error) {
		tx.Event().Kind, tx.Event().ID = "import", jobID
		j, err := scanJob(tx.Row(sqlOneJob, who.User(), tx.Has(perm.OrganizationAdmin), jobID))
		if err != nil {
			return Undone{}, err
		}
		if err := j.fill(tx); err != nil {
			return Undone{}, err
		}
		if !j.MayUndo {
			return Undone{}, errNoUndo
		}
		done, err := j.clients(tx)
		if err != nil {
			return Undone{}, err
		}
		if _, err := tx.NextChange(); err != nil {
			return Undone{}, err
		}
		out, o := Undone{}, outcome{Of: OfClients, Counts: j.Counts}
		for _, d := range done {
			if err := s.takeBack(tx, d, &out, &o); err != nil {
				return Undone{}, err
			}
		}
		tx.Event().Fields = []string{fmt.Sprintf("clients: %d removed, %d restored, %d kept", out.Archived, out.Restored, out.Kept)}
		o.Counts.Archived, o.Counts.Restored, o.Counts.Kept = out.Archived, out.Restored, out.Kept
		n, err := tx.Exec(sqlClientsBack, jobID, o.text(), tx.Millis()-UndoFor.Milliseconds())
		if err != nil || n != 1 {
			return Undone{}, orGone(err)
		}
		_, err = tx.Exec(sqlDropClients, jobID, firstBack)
		return out, err
	})
}

// clients opens what an import of clients did.
func (j *jobRow) clients(tx *gate.Tx) (done []clientDone, err error) {
	own := &job{id: j.ID, version: j.version}
	if err := own.unseal(tx, j.epoch, j.keyBox, j.planBox); err != nil {
		return nil, err
	}
	var plain []byte
	defer func() { clear(plain) }()
	err = tx.Each(sqlClientParts, func(r *gate.Rows) error {
		var n int64
		var box []byte
		if err := r.Scan(&n, &box); err != nil {
			return err
		}
		part, err := own.key.Open(seal.PurposeJob, placeOfPart(tx.Who().Org(), j.ID, partLeftOut, n), box)
		if err != nil {
			return fmt.Errorf("what %s did: the database was changed from outside, or is damaged: %w", j.ID, err)
		}
		plain = append(plain, part...)
		return nil
	}, j.ID, firstBack)
	if err != nil {
		return nil, err
	}
	return done, json.Unmarshal(plain, &done)
}

func (s *Store) takeBack(tx *gate.Tx, d clientDone, out *Undone, o *outcome) error {
	keptAsIs := func() {
		if out.Kept++; len(o.Kept) < mostKept {
			o.Kept = append(o.Kept, d.ID)
		}
	}
	now, err := client.Read(tx, d.ID)
	switch {
	case fault.Is(err, fault.Absent): // deleted meanwhile
		return nil
	case err != nil:
		return err
	case now.Version != d.Version:
		keptAsIs()
		return nil
	case d.Before == nil:
		if !tx.May(client.OpAdd, gate.Nothing()) {
			return errNotYours
		}
		gone, err := s.clients.TakeBack(tx, d.ID, d.Name, d.Version)
		if gone {
			out.Archived++
		} else {
			keptAsIs()
		}
		return err
	case !tx.May(client.OpEdit, gate.Client(d.ID)):
		return errNotYours
	}
	_, err = s.clients.EditWith(tx, now, *d.Before)
	if fault.Is(err, fault.Invalid) { // its earlier name is another's now
		keptAsIs()
		return nil
	}
	out.Restored++
	return err
}
