package gate

import (
	"context"
	"encoding/binary"
	"strings"

	"bailiwick/internal/db"

	"golang.org/x/mod/sumdb/tlog"
)

// Event is one line of the audit log. The gate fills in who, when, what and
// how it ended; a feature adds what it touched.
type Event struct {
	Operation string
	Outcome   string // done, refused, failed
	Kind      string // of the target
	ID        string // of the target
	Name      string // of the target, where names are open; see Tx.Title
	Client    string
	Owner     string
	Fields    []string // names of what changed, never values
	Sealed    []byte   // hash of what was written sealed
	Actor     string   // the user, when the actor became known only inside
	title     string
}

// Event gives the event of the running operation, to be completed.
func (t *Tx) Event() *Event { return &t.event }

// Note adds another event to the transaction.
func (t *Tx) Note(e Event, title string) {
	if e.Operation == "" {
		e.Operation = t.op.Name
	}
	if e.Outcome == "" {
		e.Outcome = "done"
	}
	e.title = title
	t.extra = append(t.extra, e)
}

var (
	sqlAuditSize = SQL(`SELECT audit_size FROM organizations WHERE id = $1`)
	sqlLastEvent = SQL(`SELECT audit_size, (SELECT COALESCE(MAX(seq), 0) FROM audit_events WHERE org_id = $1) FROM organizations WHERE id = $1`)
	sqlCounted   = SQL(`UPDATE organizations SET audit_size = $2 WHERE id = $1`)
	sqlUserName  = SQL(`SELECT name FROM users WHERE org_id = $1 AND id = $2`)
	addEvent     = InsertMany(`INSERT INTO audit_events (org_id, seq, at, actor_kind, actor_id, actor_name, session_id, ip,
		operation, outcome, target_kind, target_id, target_name, title_epoch, title_box, client_id, owner_id, fields, sealed_hash, perspective_id, perspective_name, leaf_hash)`, 21, "")
)

func (t *Tx) write(e *Event) error {
	args, err := t.numbered(e)
	if err == nil {
		_, err = t.Exec(addEvent.one(), args...)
	}
	return err
}

// numbered gives an event the next number, and its columns.
func (t *Tx) numbered(e *Event) ([]any, error) {
	seq, err := t.nextEvent()
	if err != nil {
		return nil, err
	}
	epoch, box, err := t.titleBox(e, seq)
	if err != nil {
		return nil, err
	}
	actor, name := t.who.own().user, ""
	if e.Actor != "" {
		actor = e.Actor
	}
	session, ip := t.who.session, t.who.ip
	if t.who.kind == Visitor { // by the provider: more is not the site's to know
		actor, name, session, ip = t.who.home, t.user.name, "", ""
	} else if t.who.kind == Partner {
		actor, name = t.who.about, t.who.as
	} else if t.user != nil && t.user.id == actor {
		name = t.user.name
	} else if actor != "" {
		if err := t.Row(sqlUserName, actor).Scan(&name); err != nil {
			return nil, err
		}
	}
	as, asName := "", ""
	if t.who.kind == Perspective {
		as = t.who.user
		if err := t.Row(sqlUserName, as).Scan(&asName); err != nil {
			return nil, err
		}
	}
	fields := strings.Join(e.Fields, "\n")
	leaf := leafOf(t.who.org, seq, t.Millis(), string(t.who.kind), actor, name, session, ip,
		e.Operation, e.Outcome, e.Kind, e.ID, e.Name, epoch, box, e.Client, e.Owner, fields, e.Sealed, as, asName)
	return []any{seq, t.Millis(), string(t.who.kind), actor, name, session, ip,
		e.Operation, e.Outcome, e.Kind, e.ID, e.Name, epoch, box, e.Client, e.Owner, fields, e.Sealed, as, asName, leaf[:]}, nil
}

// nextEvent gives the number of the next event. The organization's own count
// of them is brought up to date once for all writers of a batch.
func (t *Tx) nextEvent() (int64, error) {
	memo, name := t.tx.Memo(), "events "+t.who.org
	last, err := lastEvent(t.ctx, t.tx, memo, t.who.org)
	if err != nil {
		return 0, err
	}
	memo.Set(name, last+1)
	memo.AtEnd(name, func(tx *db.Tx) error {
		ctx := context.Background()
		last, err := lastEvent(ctx, tx, memo, t.who.org)
		if err == nil {
			_, err = tx.Exec(ctx, sqlCounted.text, t.who.org, last)
		}
		return err
	})
	return last + 1, nil
}

// lastEvent gives the number of the last event: what the batch knows, or what
// the batch before has counted. The events themselves are asked only where one
// of the batch was undone: without statistics, as in a new database, PostgreSQL
// reads all of an organization's for that.
func lastEvent(ctx context.Context, tx *db.Tx, memo *db.Memo, org string) (last int64, err error) {
	last, known := memo.Get("events " + org).(int64)
	if known {
		return last, nil
	}
	if !memo.Torn() {
		err = tx.Row(ctx, sqlAuditSize.text, org).Scan(&last)
		return last, err
	}
	var counted int64
	err = tx.Row(ctx, sqlLastEvent.text, org).Scan(&counted, &last)
	return max(last, counted), err
}

// leafOf hashes an event's fields, each with its length before it, as a leaf
// of a Merkle tree (RFC 6962, section 2.1).
func leafOf(parts ...any) tlog.Hash {
	record := make([]byte, 1, 1024)
	record[0] = 1 // version of the format
	for _, p := range parts {
		switch v := p.(type) {
		case string:
			record = append(binary.BigEndian.AppendUint32(record, uint32(len(v))), v...)
		case []byte:
			record = append(binary.BigEndian.AppendUint32(record, uint32(len(v))), v...)
		case int64:
			record = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(record, 8), uint64(v))
		}
	}
	return tlog.RecordHash(record)
}
