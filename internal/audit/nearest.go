package audit

import (
	"slices"

	"bailiwick/internal/gate"
)

// some is how many credentials one query looks for.
const some = 20

var sqlTitled = gate.SQL(`SELECT seq, target_id, title_epoch, title_box FROM audit_events
	WHERE org_id = $1 AND client_id = $2 AND target_kind = 'credential' AND owner_id = '' AND title_epoch <> 0
	AND target_id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) ORDER BY seq`)

// nearest is the sealed title of the event next to another one: the last before
// it, or where there is none, the first after it.
type nearest struct {
	event *Event
	seq   int64
	title sealed
}

func (n *nearest) offer(seq int64, title sealed) {
	if n.seq == 0 || seq < n.event.Seq {
		n.seq, n.title = seq, title
	}
}

// asLogged gives events of a client the titles that this side's own nearest ones
// of the same credentials have: what is not shared any more has none otherwise.
func asLogged(tx *gate.Tx, client string, events []*Event) error {
	of := map[string][]*nearest{}
	var ids []string
	for _, e := range events {
		if of[e.ID] == nil {
			ids = append(ids, e.ID)
		}
		of[e.ID] = append(of[e.ID], &nearest{event: e})
	}
	for part := range slices.Chunk(ids, some) {
		args := []any{client}
		for i := range some {
			args = append(args, part[min(i, len(part)-1)])
		}
		err := tx.Each(sqlTitled, func(r *gate.Rows) error {
			var seq int64
			var id string
			var t sealed
			err := r.Scan(&seq, &id, &t.epoch, &t.box)
			for _, n := range of[id] {
				n.offer(seq, t)
			}
			return err
		}, args...)
		if err != nil {
			return err
		}
	}
	for _, all := range of {
		for _, n := range all {
			if err := n.open(tx); err != nil {
				return err
			}
		}
	}
	return nil
}

// open opens the title where it was sealed: at the number of its own event.
func (n *nearest) open(tx *gate.Tx) error {
	at := *n.event
	at.Seq = n.seq
	err := open(tx, &at, n.title)
	n.event.Title = at.Title
	return err
}
