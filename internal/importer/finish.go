package importer

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"bailiwick/internal/client"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
	"bailiwick/internal/vault"
)

var (
	sqlMove = gate.SQL(`INSERT INTO credentials (org_id, id, client_id, folder_id, type, expires_at, created_at, changed_at, password_at, changed_by, change_seq,
			password_rev, key_id, key_epoch, key_box, overview_version, overview_box, secret_version, secret_box, import_id)
		SELECT org_id, credential_id, client_id, folder_id, type, expires_at, CAST($3 AS BIGINT), CAST($3 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS BIGINT),
			password_rev, key_id, key_epoch, key_box, 1, overview_box, 1, secret_box, job_id
		FROM import_rows WHERE org_id = $1 AND job_id = $2 AND replaces = 0 ORDER BY n`)
	sqlKeep = gate.SQL(`INSERT INTO credential_versions (org_id, credential_id, version, type, changed_at, changed_by, changed_fields, password_rev, expires_at,
			key_id, key_epoch, key_box, overview_version, overview_box, secret_version, secret_box)
		SELECT c.org_id, c.id, c.version, c.type, c.changed_at, c.changed_by, c.changed_fields, c.password_rev, c.expires_at,
			c.key_id, c.key_epoch, c.key_box, c.overview_version, c.overview_box, c.secret_version, c.secret_box
		FROM import_rows r JOIN credentials c ON c.org_id = r.org_id AND c.id = r.credential_id
		WHERE r.org_id = $1 AND r.job_id = $2 AND r.replaces > 0 AND c.version = r.replaces AND c.archived_at = 0`)
	// A new password answers what was flagged about the former one.
	sqlAnswered = gate.SQL(`DELETE FROM flags WHERE org_id = $1 AND cause IN ('touched', 'expired', 'unshared', 'weak', 'reused')
		AND EXISTS (SELECT 1 FROM import_rows r WHERE r.org_id = $1 AND r.job_id = $2 AND r.replaces > 0 AND r.credential_id = flags.credential_id AND r.password_rev > flags.password_rev)`)
	sqlReplace = gate.SQL(`UPDATE credentials SET type = r.type, expires_at = r.expires_at, changed_at = $3, changed_by = $4, changed_fields = r.fields, change_seq = $5,
			password_at = CASE WHEN credentials.password_rev = r.password_rev THEN credentials.password_at ELSE $3 END,
			judged_by = CASE WHEN credentials.password_rev = r.password_rev THEN credentials.judged_by ELSE 0 END, password_rev = r.password_rev, key_id = r.key_id, key_epoch = r.key_epoch, key_box = r.key_box, overview_version = r.replaces + 1,
			overview_box = r.overview_box, secret_version = r.replaces + 1, secret_box = r.secret_box, version = r.replaces + 1
		FROM import_rows r WHERE credentials.org_id = $1 AND r.org_id = $1 AND r.job_id = $2 AND r.replaces > 0
			AND credentials.id = r.credential_id AND credentials.version = r.replaces AND credentials.archived_at = 0`)
	sqlKnow = gate.SQL(`INSERT INTO seen (org_id, credential_id, user_id, password_rev, first_at, last_at)
		SELECT org_id, credential_id, CAST($3 AS TEXT), password_rev, CAST($4 AS BIGINT), CAST($4 AS BIGINT) FROM import_rows WHERE org_id = $1 AND job_id = $2 AND knows ORDER BY n
		ON CONFLICT (org_id, credential_id, user_id, password_rev) DO UPDATE SET last_at = $4`)
	sqlUpdated   = gate.SQL(`INSERT INTO import_updates (org_id, job_id, credential_id, version) SELECT org_id, job_id, credential_id, replaces + 1 FROM import_rows WHERE org_id = $1 AND job_id = $2 AND replaces > 0`)
	sqlAddFolder = gate.SQL(`INSERT INTO folders (org_id, id, client_id, parent_id, name, name_folded, created_at) VALUES ($1, $2, $3, NULLIF($4, ''), $5, $6, $7)`)
	sqlDone      = gate.SQL(`UPDATE jobs SET state = 'done', done = total, text = $4, ended_at = $5, claimed_by = '', version = version + 1 WHERE org_id = $1 AND id = $2 AND claimed_by = $3 AND state = 'running'`)
)

// eventDone is what the audit log calls the end of an import.
const eventDone = "import.done"

// finish puts everything in place, in one transaction, or nothing.
func (a *aside) finish(ctx context.Context) error {
	_, err := gate.Do(ctx, a.r.store.gate, a.r.who, OpRun, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		e := tx.Event()
		e.Operation, e.Kind, e.ID = eventDone, "import", a.r.job.id
		if err := a.r.fence(tx, StateRunning, a.counts.Rows, a.epoch); err != nil {
			return false, err
		}
		seq, err := tx.NextChange()
		if err != nil {
			return false, err
		}
		if err := a.makePlaces(tx); err != nil {
			return false, err
		}
		if err := a.allowed(tx); err != nil {
			return false, err
		}
		n, err := tx.Exec(sqlMove, a.r.job.id, tx.Millis(), a.r.who.User(), seq)
		if err != nil {
			return false, err
		}
		if n != int64(a.counts.Added) {
			return false, fmt.Errorf("%d rows were set aside, %d are there", a.counts.Added, n)
		}
		if err := a.grown(tx, "credentials", "org_id", "id", "client_id", "folder_id", "change_seq"); err != nil {
			return false, err
		}
		if err := a.replace(tx, seq); err != nil {
			return false, err
		}
		if _, err := tx.Exec(sqlKnow, a.r.job.id, a.r.who.User(), tx.Millis()); err != nil {
			return false, err
		}
		if _, err := tx.Exec(sqlUpdated, a.r.job.id); err != nil {
			return false, err
		}
		a.events(tx, eventDone, "added", "updated")
		a.r.job.plan.LeftOut = a.list
		if err := a.r.job.savePlan(tx, StateRunning); err != nil {
			return false, err
		}
		if n, err := tx.Exec(sqlDone, a.r.job.id, a.r.token, outcome{Counts: a.counts}.text(), tx.Millis()); err != nil || n != 1 {
			return false, orGone(err)
		}
		return true, nil
	})
	return err
}

// grown has plans made anew where many rows came at once.
func (a *aside) grown(tx *gate.Tx, table string, by ...string) error {
	if a.counts.Rows < 1000 {
		return nil
	}
	return tx.Grown(table, by...)
}

// hold keeps the job this runner's own while the last transaction takes long,
// and prepares what that one would otherwise do while everybody waits for it.
func (a *aside) hold(ctx context.Context) error {
	_, err := gate.Do(ctx, a.r.store.gate, a.r.who, OpContinue, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		if err := a.r.fence(tx, StateRunning, a.counts.Rows, a.epoch); err != nil {
			return false, err
		}
		if err := a.grown(tx, "import_rows", "org_id", "job_id", "credential_id", "replaces"); err != nil {
			return false, err
		}
		_, err := tx.Exec(sqlFence, a.r.job.id, a.r.token, a.counts.Rows, tx.Now().Add(longest).UnixMilli(), StateRunning)
		return true, err
	})
	return err
}

// longest is how long the last transaction may take before another runner
// takes the job for abandoned.
const longest = 5 * time.Minute

// replace keeps what is updated in the history and writes its next version.
func (a *aside) replace(tx *gate.Tx, seq int64) error {
	if a.updates == 0 {
		return nil
	}
	if _, err := tx.Exec(sqlAnswered, a.r.job.id); err != nil {
		return err
	}
	for _, step := range []func() (int64, error){
		func() (int64, error) { return tx.Exec(sqlKeep, a.r.job.id) },
		func() (int64, error) {
			return tx.Exec(sqlReplace, a.r.job.id, tx.Millis(), a.r.who.User(), seq)
		},
	} {
		n, err := step()
		if err != nil {
			return err
		}
		if n != a.updates {
			return errChanged
		}
	}
	return nil
}

// allowed decides on every place, as adding and editing one by one would.
// What was only just made stands for the folder or client that it is in.
func (a *aside) allowed(tx *gate.Tx) error {
	kinds, err := vault.KindsIn(tx)
	if err != nil {
		return err
	}
	for t := range a.types {
		if !slices.ContainsFunc(kinds.All, func(k vault.Type) bool { return k.ID == t }) {
			return errChanged // the type was deleted in the meantime
		}
	}
	if a.codes && !tx.Has(perm.PasswordTOTPAddRemove) {
		return fault.NotFound()
	}
	for at := range a.adds {
		d := a.dest(at.client)
		if d.fresh {
			if !tx.Has(perm.PasswordAdd) || !tx.Has(perm.ClientViewList) {
				return fault.NotFound()
			}
			continue
		}
		f := d.folders[at.folder]
		for f.fresh {
			f = d.folders[f.parent]
		}
		if !tx.May(vault.OpAdd, gate.In(at.client, f.id)) {
			return fault.NotFound()
		}
	}
	for at := range a.edits {
		if !tx.May(vault.OpEdit, gate.In(at.client, at.folder)) {
			return fault.NotFound()
		}
	}
	return nil
}

func (a *aside) dest(client string) *dest {
	if d := a.clients.byID[client]; d != nil {
		return d
	}
	for _, d := range a.clients.fresh {
		if d.id == client {
			return d
		}
	}
	panic("importer: a row of a client that nobody planned")
}

// makePlaces adds the clients and folders that rows name and that are not there.
func (a *aside) makePlaces(tx *gate.Tx) error {
	made := false
	for _, d := range a.clients.added() {
		err := a.r.store.clients.AddWith(tx, d.id, client.Input{Name: d.name}, d.key)
		if fault.Is(err, fault.Invalid) {
			return errChanged // somebody added it in the meantime: it is not to be added any more
		}
		if err != nil {
			return err
		}
		a.counts.Clients++
		if err := a.makeFolders(tx, d, &made); err != nil {
			return err
		}
	}
	for _, d := range a.clients.byID {
		if err := a.makeFolders(tx, d, &made); err != nil {
			return err
		}
	}
	if made {
		return tx.BumpAccess()
	}
	return nil
}

func (a *aside) makeFolders(tx *gate.Tx, d *dest, made *bool) error {
	fresh := d.freshFolders()
	slices.SortFunc(fresh, func(x, y *folder) int { // each after the one that it lies in
		if x.depth != y.depth {
			return x.depth - y.depth
		}
		return strings.Compare(x.id, y.id)
	})
	for _, f := range fresh {
		parent := d.folders[f.parent]
		may := parent.fresh || d.fresh && tx.Has(perm.FolderAddEdit) || !d.fresh && tx.May(vault.OpFolderAdd, gate.In(d.id, parent.id))
		if !may {
			return fault.NotFound()
		}
		if _, err := tx.Exec(sqlAddFolder, f.id, d.id, f.parent, f.name, org.Fold(f.name), tx.Millis()); err != nil {
			return err
		}
		tx.Note(gate.Event{Operation: vault.OpFolderAdd.Name, Kind: "folder", ID: f.id, Name: f.name, Client: d.id}, "")
		a.counts.Folders++
		*made = true
	}
	return nil
}

// events writes one event for each client and guarded folder, with the hash of
// the ciphertexts that were put there, and their sum into the job's own.
func (a *aside) events(tx *gate.Tx, operation, added, updated string) {
	sum := make([][]byte, 0, len(a.order))
	for _, at := range a.order {
		g := a.groups[at]
		e := gate.Event{Operation: operation, Kind: "client", ID: at.client, Client: at.client, Name: fmt.Sprintf("%d %s, %d %s", g.added, added, g.updated, updated), Sealed: g.hash}
		if at.folder != "" {
			e.Kind, e.ID = "folder", at.folder
		}
		tx.Note(e, "")
		sum = append(sum, g.hash)
	}
	tx.Event().Sealed = seal.Hash(sum...)
}

// outcome is what a job's row says of what came of it: counts, ids, and a
// sentence that holds no contents.
type outcome struct {
	Of     Of       `json:"of,omitempty"`
	Counts Counts   `json:"counts"`
	Say    string   `json:"say,omitempty"`
	Kept   []string `json:"kept,omitempty"` // credentials that undoing left, the first 200
}

func (o outcome) text() string {
	b, err := json.Marshal(o)
	if err != nil {
		panic(err) // numbers and texts
	}
	return string(b)
}
