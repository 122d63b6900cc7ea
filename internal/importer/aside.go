package importer

import (
	"context"
	"fmt"
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// aside is what an attempt has set aside so far, and what is to be told of it.
type aside struct {
	r       *runner
	epoch   int64
	state   string // of the job meanwhile
	n, list int64  // rows and parts of the list that were set aside
	done    int
	clients *clients
	counts  Counts
	adds    map[place]bool // where rows are added
	edits   map[place]bool // where credentials are updated
	groups  map[place]*group
	order   []place
	updates int64
	codes   bool // rows have one-time codes
	types   map[string]bool
}

type place struct{ client, folder string }

// group is the rows of one audit event: of a client, or of a guarded folder,
// whose events are only for those inside its groups.
type group struct {
	added, updated int
	hash           []byte // chained over the rows' hashes, in the order of their numbers
}

func newAside(r *runner, epoch int64) *aside {
	return &aside{r: r, epoch: epoch, state: StateRunning, adds: map[place]bool{}, edits: map[place]bool{}, groups: map[place]*group{}, types: map[string]bool{}}
}

const rowColumns = `org_id, job_id, key_epoch, n, credential_id, replaces, password_rev, fields, knows, client_id, folder_id, type, expires_at, key_id, key_box, overview_box, secret_box`

// sqlRows inserts so many rows at once; each has 14 values of its own.
func sqlRows(rows int) gate.Stmt {
	var b strings.Builder
	b.WriteString(`INSERT INTO import_rows (` + rowColumns + `) VALUES `)
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("($1, $2, $3")
		for k := range 14 {
			fmt.Fprintf(&b, ", $%d", 4+14*i+k)
		}
		b.WriteString(")")
	}
	return gate.SQL(b.String())
}

var (
	sqlManyRows = sqlRows(atOnceRows)
	sqlOneRow   = sqlRows(1)
)

// stage sets a batch aside in a transaction of its own.
func (a *aside) stage(ctx context.Context, b *batch) error {
	_, err := gate.Do(ctx, a.r.store.gate, a.r.who, OpContinue, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		if err := a.r.fence(tx, a.state, b.done, a.epoch); err != nil {
			return false, err
		}
		if b.list != nil {
			if err := a.r.keepLeftOut(tx, a.list, b.list); err != nil {
				return false, err
			}
		}
		return true, a.insert(tx, b.rows)
	})
	if err != nil {
		return err
	}
	a.n, a.done = a.n+int64(len(b.rows)), b.done
	if b.list != nil {
		a.list++
	}
	for i := range b.rows {
		a.tell(&b.rows[i])
	}
	a.r.store.staged()
	return nil
}

func (a *aside) insert(tx *gate.Tx, rows []sealedRow) error {
	for n := a.n; len(rows) > 0; {
		stmt, size := sqlOneRow, 1
		if len(rows) >= atOnceRows {
			stmt, size = sqlManyRows, atOnceRows
		}
		args := make([]any, 0, 2+14*size)
		args = append(args, a.r.job.id, a.epoch)
		for _, r := range rows[:size] {
			args = append(args, n, r.credential, r.replaces, r.rev, r.fields, r.knows, r.client, orNull(r.folder), r.typ, r.expires,
				r.box.KeyID, r.box.KeyBox, r.box.Overview, r.box.Secret)
			n++
		}
		if _, err := tx.Exec(stmt, args...); err != nil {
			return err
		}
		rows = rows[size:]
	}
	return nil
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// tell keeps what the audit log will say.
func (a *aside) tell(r *sealedRow) {
	at := place{r.client, r.guard}
	g := a.groups[at]
	if g == nil {
		g = &group{}
		a.groups[at] = g
		a.order = append(a.order, at)
	}
	g.hash = seal.Hash(g.hash, r.box.Hash())
	a.types[r.typ] = true
	if r.replaces == 0 {
		g.added++
		a.counts.Added++
		a.adds[place{r.client, r.folder}] = true
	} else {
		g.updated++
		a.counts.Updated++
		a.updates++
		a.edits[place{r.client, r.folder}] = true
	}
}
