package gate

import (
	"context"
	"database/sql"
	"time"

	"bailiwick/internal/db"
	"bailiwick/internal/fault"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Tx is a transaction that was granted for one operation. It is of no use
// after the function that it was given to has returned.
type Tx struct {
	ctx     context.Context
	tx      *db.Tx
	gate    *Gate
	who     Actor
	op      *Op
	state   orgState
	model   *Model
	user    *user  // nil for strangers
	visit   *visit // of a visitor
	spot    spot   // what the target was found to be
	now     time.Time
	event   Event
	extra   []Event
	after   []func()
	first   *db.First // what a read began with: the state
	found   any       // by the operation's Row
	early   bool      // before its turn to write
	undue   bool      // a new epoch is due and can't be made
	lines   []rows
	changed bool              // something that search must see
	beside  map[string]*Model // of other organizations that it acts in
}

type orgState struct {
	accessEpoch, keyEpoch, dueAt, changeSeq, sharesDue, shelfSeq int64
}

// Exec runs a registered statement; $1 is the organization.
func (t *Tx) Exec(s Stmt, args ...any) (int64, error) {
	t.touch(s)
	return t.tx.Exec(t.ctx, t.text(s), t.bind(args)...)
}

// Query runs a registered query; $1 is the organization.
func (t *Tx) Query(s Stmt, args ...any) (*Rows, error) {
	t.touch(s)
	return t.tx.Query(t.ctx, t.text(s), t.bind(args)...)
}

// Row runs a registered query for one row; $1 is the organization.
func (t *Tx) Row(s Stmt, args ...any) *sql.Row {
	t.touch(s)
	return t.tx.Row(t.ctx, t.text(s), t.bind(args)...)
}

// text is the statement's for the engine that runs it.
func (t *Tx) text(s Stmt) string {
	if t.tx.Remote() {
		return s.remote
	}
	return s.text
}

// touch forgets what the writers before left known of the organization's state.
func (t *Tx) touch(s Stmt) {
	if s.state {
		t.tx.Memo().Set("state "+t.who.org, nil)
	}
}

// begin reads the epochs, or takes them from the writer before in the same
// batch: nobody else can have written in between.
func (t *Tx) begin() error {
	err := t.readState()
	if err == nil {
		t.gate.states.note(t)
	}
	return err
}

// readState reads the organization's state, in a batch of writers once.
func (t *Tx) readState() error {
	if t.first != nil {
		return t.first.Err
	}
	memo, name := t.tx.Memo(), "state "+t.who.org
	if s, ok := memo.Get(name).(orgState); ok && t.op.Write {
		t.state = s
		return nil
	}
	var counted int64
	err := t.Row(sqlState).Scan(&t.state.accessEpoch, &t.state.keyEpoch, &t.state.dueAt, &t.state.changeSeq, &t.state.sharesDue, &t.state.shelfSeq, &counted)
	if err == nil && t.op.Write {
		memo.Set(name, t.state)
		if events := "events " + t.who.org; memo.Get(events) == nil && !memo.Torn() {
			memo.Set(events, counted)
		}
	}
	return err
}

// Found is what the operation's Row has read, nil if there is none.
func (t *Tx) Found() any { return t.found }

// Each scans every row of a registered query.
func (t *Tx) Each(s Stmt, scan func(*Rows) error, args ...any) error {
	rows, err := t.Query(s, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// One runs a statement that must change exactly one row; that row is absent
// otherwise.
func (t *Tx) One(s Stmt, args ...any) error {
	n, err := t.Exec(s, args...)
	if err == nil && n != 1 {
		return fault.NotFound()
	}
	return err
}

func (t *Tx) bind(args []any) []any {
	return append([]any{t.who.org}, args...)
}

// Now is the time of the operation, the same throughout.
func (t *Tx) Now() time.Time { return t.now }

// Millis is Now as stored.
func (t *Tx) Millis() int64 { return t.now.UnixMilli() }

// Name is the name of the user who acts, "" for strangers and external links.
func (t *Tx) Name() string {
	if t.user == nil || t.who.kind == Link {
		return ""
	}
	return t.user.name
}

// Who is the actor.
func (t *Tx) Who() Actor { return t.who }

// Context ends when the caller gives up.
func (t *Tx) Context() context.Context { return t.ctx }

// KeyEpoch is the organization's present epoch of keys.
func (t *Tx) KeyEpoch() int64 { return t.state.keyEpoch }

// AccessEpoch is the number of the access model that the decision was made by.
func (t *Tx) AccessEpoch() int64 { return t.state.accessEpoch }

// DueAt is since when a new epoch is due, 0 when it is not.
func (t *Tx) DueAt() int64 { return t.state.dueAt }

// ChangeSeq is the organization's last change that search must see.
func (t *Tx) ChangeSeq() int64 { return t.state.changeSeq }

// May reports whether the actor could do an operation, for buttons and menus:
// the same decision that the operation itself will meet.
func (t *Tx) May(op *Op, target Target) bool {
	s, ok := t.locate(op, target)
	return ok && t.model.decide(t.user, t.who, op, s, t.now)
}

// Waits reports whether the actor waits for approval.
func (t *Tx) Waits() bool { return t.user != nil && t.user.waits && t.who.kind == User }

// Has reports whether the actor holds a permission, wherever he reaches.
func (t *Tx) Has(p perm.P) bool {
	return t.user != nil && t.who.kind != Link && t.model.has(t.user, t.who, p)
}

// Also decides on a second target inside the same transaction.
func (t *Tx) Also(op *Op, target Target, fn func() error) error {
	if !t.May(op, target) {
		return errRefused
	}
	return fn()
}

// Owner is the user whose personal vault the target is in, "" otherwise.
func (t *Tx) Owner() string { return t.spot.owner }

// ClientID is the client that the target is or is in, "" otherwise.
func (t *Tx) ClientID() string {
	if t.spot.client == nil {
		return ""
	}
	return t.spot.client.id
}

// BumpAccess raises the access epoch: users, levels, groups, assignments,
// clients or folders changed, so every node compiles the access model anew.
func (t *Tx) BumpAccess() error {
	_, err := t.Exec(sqlBumpAccess)
	return err
}

// NextChange raises and gives the change sequence that search follows.
func (t *Tx) NextChange() (int64, error) {
	err := t.Row(sqlNextChange).Scan(&t.state.changeSeq)
	t.changed = true
	return t.state.changeSeq, err
}

// After runs fn once the transaction is known to be committed.
func (t *Tx) After(fn func()) { t.after = append(t.after, fn) }

// Everywhere runs a query across organizations; $1 is the first argument.
func (t *Tx) Everywhere(s Everywhere, scan func(*Rows) error, args ...any) error {
	if t.op.Scope != Anyone {
		return fault.NotFound()
	}
	rows, err := t.tx.Query(t.ctx, s.text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

var (
	sqlState      = SQL(`SELECT access_epoch, key_epoch, epoch_due_at, change_seq, shares_due_at, shelf_seq, audit_size FROM organizations WHERE id = $1`)
	sqlBumpAccess = SQL(`UPDATE organizations SET access_epoch = access_epoch + 1 WHERE id = $1`)
	sqlNextChange = SQL(`UPDATE organizations SET change_seq = change_seq + 1 WHERE id = $1 RETURNING change_seq`)
)

// Title seals a credential's title into the event.
func (t *Tx) Title(client string, title string) { t.event.Client, t.event.title = client, title }

// titleBox seals an event's title under its client's key.
func (t *Tx) titleBox(e *Event, seq int64) (epoch int64, box []byte, err error) {
	key, epoch, err := t.titleKey(e)
	if err != nil || e.title == "" {
		return 0, nil, err
	}
	return epoch, key.SealPadded(seal.PurposeAuditName, PlaceOfTitle(t.who.org, seq, epoch), []byte(e.title)), nil
}

func (t *Tx) titleKey(e *Event) (key seal.Key, epoch int64, err error) {
	switch {
	case e.title == "":
		return key, 0, nil
	case e.Owner != "":
		return t.PersonalWriteKey()
	}
	return t.WriteKey(e.Client)
}

// Grown tells the database's planner that a table has grown by much within
// this transaction, by columns.
func (t *Tx) Grown(table string, by ...string) error { return t.tx.Grown(t.ctx, table, by...) }
