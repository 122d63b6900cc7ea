package importer

import (
	"context"
	"errors"
	"slices"
	"strings"

	"bailiwick/internal/extlink"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/perm"
	"bailiwick/internal/vault"
)

const mostKept = 200

var (
	sqlClaimUndo = gate.SQL(`UPDATE jobs SET claimed_by = $3, claimed_at = $4 WHERE org_id = $1 AND id = $2 AND kind = 'import' AND state = 'done' AND ended_at > $5 AND (user_id = $6 OR $7)`)
	sqlUntouched = gate.SQL(`SELECT u.credential_id, u.version FROM import_updates u JOIN credentials c ON c.org_id = u.org_id AND c.id = u.credential_id
		WHERE u.org_id = $1 AND u.job_id = $2 AND u.credential_id > $3 AND c.version = u.version AND c.archived_at = 0 ORDER BY u.credential_id LIMIT 500`)
	sqlAddedAt = gate.SQL(`SELECT client_id, COALESCE(folder_id, ''), COUNT(*) FROM credentials
		WHERE org_id = $1 AND import_id = $2 AND import_id <> '' AND version = 1 AND archived_at = 0 AND client_id IS NOT NULL GROUP BY client_id, folder_id ORDER BY client_id, folder_id`)
	sqlArchive = gate.SQL(`UPDATE credentials SET archived_at = $3, change_seq = $4, version = 2
		WHERE org_id = $1 AND import_id = $2 AND import_id <> '' AND version = 1 AND archived_at = 0`)
	sqlKept = gate.SQL(`SELECT id FROM credentials WHERE org_id = $1 AND import_id = $2 AND import_id <> '' AND (version <> 1 OR archived_at <> 0)
		UNION ALL SELECT u.credential_id FROM import_updates u JOIN credentials c ON c.org_id = u.org_id AND c.id = u.credential_id
		WHERE u.org_id = $1 AND u.job_id = $2 AND (c.version <> u.version OR c.archived_at <> 0)`)
	// Who knew the earlier password knows the one that comes back.
	sqlKnewBefore = gate.SQL(`INSERT INTO seen (org_id, credential_id, user_id, password_rev, first_at, last_at)
		SELECT s.org_id, s.credential_id, s.user_id, r.password_rev, s.first_at, s.last_at
		FROM import_rows r JOIN credential_versions v ON v.org_id = r.org_id AND v.credential_id = r.credential_id AND v.version = r.replaces - 1
			JOIN seen s ON s.org_id = r.org_id AND s.credential_id = r.credential_id AND s.password_rev = v.password_rev
		WHERE r.org_id = $1 AND r.job_id = $2 AND r.password_rev <> v.password_rev
		ON CONFLICT (org_id, credential_id, user_id, password_rev) DO NOTHING`)
	sqlKnowBack = gate.SQL(`SELECT c.id, c.client_id, COALESCE(c.folder_id, ''), c.password_rev, s.user_id, COALESCE(u.enabled, FALSE)
		FROM import_rows r JOIN credential_versions v ON v.org_id = r.org_id AND v.credential_id = r.credential_id AND v.version = r.replaces - 1 AND v.password_rev <> r.password_rev
			JOIN credentials c ON c.org_id = r.org_id AND c.id = r.credential_id
			JOIN seen s ON s.org_id = r.org_id AND s.credential_id = r.credential_id AND s.password_rev = c.password_rev
			LEFT JOIN users u ON u.org_id = s.org_id AND u.id = s.user_id
		WHERE r.org_id = $1 AND r.job_id = $2 AND c.client_id IS NOT NULL ORDER BY c.id, s.user_id`)
	sqlUndone = gate.SQL(`UPDATE jobs SET state = 'undone', text = $4, claimed_by = '', version = version + 1 WHERE org_id = $1 AND id = $2 AND claimed_by = $3 AND state = 'done'`)
)

// Undone is what undoing did.
type Undone struct {
	Archived int `json:"archived"` // were added
	Restored int `json:"restored"` // were updated: the earlier version is back, as a new one
	Kept     int `json:"kept"`     // were changed since, and are as they are
}

// Undo takes an import back. What was changed since stays; Job.Kept names it.
func (s *Store) Undo(ctx context.Context, who gate.Actor, job string) (Undone, error) {
	of, err := s.what(ctx, unkeyed(who), job)
	if err != nil {
		return Undone{}, err
	}
	if of == OfClients {
		return s.undoClients(ctx, who, job)
	}
	var out Undone
	err = errChanged
	for n := 0; n < attempts && (errors.Is(err, errChanged) || errors.Is(err, errEpoch)); n++ {
		out, err = s.undo(ctx, who, job)
	}
	if errors.Is(err, errChanged) || errors.Is(err, errEpoch) {
		err = fault.Cannot("Nothing was undone: others kept changing the same credentials. Try again when it is quieter.")
	}
	return out, err
}

// what says what the rows of an import were. One that is not there is refused
// by the undoing itself.
func (s *Store) what(ctx context.Context, who gate.Actor, id string) (Of, error) {
	return gate.Do(ctx, s.gate, who, OpContinue, gate.Nothing(), func(tx *gate.Tx) (Of, error) {
		j, err := scanJob(tx.Row(sqlOneJob, who.User(), tx.Has(perm.OrganizationAdmin), id))
		if errors.Is(err, gate.ErrNoRows) {
			return OfCredentials, nil
		}
		if err == nil {
			err = j.fill(tx)
		}
		return j.Of, err
	})
}

func (s *Store) undo(ctx context.Context, who gate.Actor, id string) (Undone, error) {
	a, err := s.asideUndo(ctx, who, id)
	if err != nil {
		return Undone{}, err
	}
	out, err := gate.Do(ctx, s.gate, who, OpUndo, gate.Nothing(), func(tx *gate.Tx) (Undone, error) {
		tx.Event().Kind, tx.Event().ID = "import", id
		j, err := scanJob(tx.Row(sqlOneJob, who.User(), tx.Has(perm.OrganizationAdmin), id))
		if err != nil {
			return Undone{}, err
		}
		if err := j.fill(tx); err != nil {
			return Undone{}, err
		}
		if !j.MayUndo || a == nil {
			return Undone{}, errNoUndo
		}
		return a.undo(tx, j)
	})
	if a != nil {
		a.r.tidy()
	}
	return out, err
}

var errNoUndo = fault.Cannot("This import can't be undone: only one that is done can, once, and within 7 days.")

// asideUndo opens the earlier versions of what was updated, and sets them
// aside sealed anew: nothing is written under keys of an earlier epoch.
func (s *Store) asideUndo(ctx context.Context, who gate.Actor, jobID string) (*aside, error) {
	r := &runner{store: s, who: unkeyed(who), token: id.New("undo"), job: &job{id: jobID}}
	epoch, err := gate.Do(ctx, s.gate, r.who, OpContinue, gate.Nothing(), func(tx *gate.Tx) (int64, error) {
		n, err := tx.Exec(sqlClaimUndo, r.job.id, r.token, tx.Millis(), tx.Millis()-UndoFor.Milliseconds(), who.User(), tx.Has(perm.OrganizationAdmin))
		if err != nil || n != 1 {
			return 0, err
		}
		_, err = tx.Exec(sqlDropRows, r.job.id)
		return tx.KeyEpoch(), err
	})
	if err != nil || epoch == 0 {
		return nil, err
	}
	a := newAside(r, epoch)
	a.state = StateDone
	for after := ""; ; {
		b := &batch{}
		last, err := gate.Do(ctx, s.gate, r.who, OpPreview, gate.Nothing(), func(tx *gate.Tx) (string, error) { return b.restore(tx, r.job.id, after) })
		if fault.Is(err, fault.Absent) {
			return nil, errNotYours
		}
		if err != nil {
			return nil, err
		}
		if last == "" {
			return a, nil
		}
		if err := a.stage(ctx, b); err != nil {
			return nil, err
		}
		after = last
	}
}

var errNotYours = fault.Cannot("Nothing was undone: a part of this import lies where you may not change anything any more. Ask an administrator to undo it.")

// restore seals the earlier versions of the next 500 credentials.
func (b *batch) restore(tx *gate.Tx, job, after string) (last string, err error) {
	versions := map[string]int64{}
	var ids []string
	err = tx.Each(sqlUntouched, func(r *gate.Rows) error {
		var version int64
		err := r.Scan(&last, &version)
		ids, versions[last] = append(ids, last), version
		return err
	}, job, after)
	if err != nil {
		return "", err
	}
	for _, credential := range ids {
		now, err := vault.OpenWhole(tx, credential, 0)
		if err != nil {
			return "", err
		}
		was, err := vault.OpenWhole(tx, credential, versions[credential]-1)
		if err != nil {
			return "", err
		}
		fields := vault.Differences(now.Input, was.Input)
		row := sealedRow{credential: credential, replaces: now.Version, rev: now.Rev, client: now.ClientID, folder: now.FolderID, typ: was.Type, expires: was.Millis(),
			fields: strings.Join(fields, "\n")}
		if slices.Contains(fields, "password") {
			row.rev++
		}
		if tx.Guarded(now.FolderID) {
			row.guard = now.FolderID
		}
		sealer, err := vault.NewSealer(tx, now.ClientID)
		if err != nil {
			return "", err
		}
		if row.box, err = sealer.Seal(credential, now.Version+1, was.Input); err != nil {
			return "", err
		}
		b.rows = append(b.rows, row)
	}
	return last, nil
}

// undo archives what was added and puts earlier versions in place.
func (a *aside) undo(tx *gate.Tx, j *jobRow) (Undone, error) {
	if err := a.r.fence(tx, StateDone, j.Done, a.epoch); err != nil {
		return Undone{}, err
	}
	out := Undone{Restored: int(a.updates)}
	o := outcome{Counts: j.Counts}
	err := tx.Each(sqlKept, func(r *gate.Rows) error {
		var credential string
		err := r.Scan(&credential)
		if out.Kept++; len(o.Kept) < mostKept {
			o.Kept = append(o.Kept, credential)
		}
		return err
	}, j.ID)
	if err != nil {
		return Undone{}, err
	}
	if out.Archived, err = a.tellArchived(tx, j.ID); err != nil {
		return Undone{}, err
	}
	for at := range a.edits {
		if !tx.May(vault.OpEdit, gate.In(at.client, at.folder)) {
			return Undone{}, errNotYours
		}
	}
	seq, err := tx.NextChange()
	if err != nil {
		return Undone{}, err
	}
	if _, err := tx.Exec(sqlArchive, j.ID, tx.Millis(), seq); err != nil {
		return Undone{}, err
	}
	if err := extlink.EndImported(tx, j.ID); err != nil {
		return Undone{}, err
	}
	if err := a.replace(tx, seq); err != nil {
		return Undone{}, err
	}
	if _, err := tx.Exec(sqlKnewBefore, j.ID); err != nil {
		return Undone{}, err
	}
	if err := touch(tx, j.ID); err != nil {
		return Undone{}, err
	}
	a.events(tx, OpUndo.Name, "archived", "restored")
	o.Counts.Archived, o.Counts.Restored, o.Counts.Kept = out.Archived, out.Restored, out.Kept
	n, err := tx.Exec(sqlUndone, j.ID, a.r.token, o.text())
	if err == nil && n != 1 {
		err = errGone
	}
	return out, err
}

// tellArchived decides on every place where something is to be archived: what
// was needed to add it there is needed to take it back.
func (a *aside) tellArchived(tx *gate.Tx, job string) (total int, err error) {
	counts, order := map[place]int{}, []place{}
	err = tx.Each(sqlAddedAt, func(r *gate.Rows) error {
		var p place
		var n int
		err := r.Scan(&p.client, &p.folder, &n)
		counts[p], order = n, append(order, p)
		return err
	}, job)
	if err != nil {
		return 0, err
	}
	for _, p := range order {
		if !tx.May(vault.OpAdd, gate.In(p.client, p.folder)) {
			return 0, errNotYours
		}
		total += counts[p]
		at := place{client: p.client}
		if tx.Guarded(p.folder) {
			at.folder = p.folder
		}
		g := a.groups[at]
		if g == nil {
			g = &group{}
			a.groups[at], a.order = g, append(a.order, at)
		}
		g.added += counts[p]
	}
	return total, nil
}

// touch flags what has its earlier password back, where somebody who has left
// knows it.
func touch(tx *gate.Tx, jobID string) error {
	type known struct {
		gate.Lies
		rev  int64
		user string
	}
	var left []known
	err := tx.Each(sqlKnowBack, func(r *gate.Rows) error {
		var k known
		var enabled bool
		err := r.Scan(&k.Item, &k.Client, &k.Folder, &k.rev, &k.user, &enabled)
		if vault.Left(tx, k.user, enabled, gate.At(k.Lies)) {
			left = append(left, k)
		}
		return err
	}, jobID)
	for _, k := range left {
		if err == nil {
			err = vault.Touch(tx, k.Item, k.Client, k.user, k.rev)
		}
	}
	return err
}
