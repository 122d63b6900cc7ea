package audit

import (
	"bailiwick/internal/gate"
)

// some is how many credentials one query looks for.
const some = 20

// There is no index by what an event is about, so no more of a client's events
// are looked through than are numbered near those that are named: first within
// near of them, then further in steps, and nothing beyond far.
const (
	near = 1 << 12
	far  = 1 << 18
)

var sqlTitled = gate.SQL(`SELECT seq, target_id, title_epoch, title_box FROM audit_events
	WHERE org_id = $1 AND client_id = $2 AND seq >= $23 AND seq < $24 AND target_kind = 'credential' AND owner_id = '' AND title_epoch <> 0
	AND target_id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) ORDER BY seq`)

// nearest is the sealed title of the event next to another one: the last before
// it, or where there is none, the first after it.
type nearest struct {
	event *Event
	seq   int64
	title sealed
}

func (n *nearest) offer(seq int64, title sealed) {
	if n.seq == 0 || seq < n.event.Seq && (n.after() || seq > n.seq) || n.after() && seq < n.seq {
		n.seq, n.title = seq, title
	}
}

// after reports whether none before it is known.
func (n *nearest) after() bool { return n.seq == 0 || n.seq > n.event.Seq }

// asLogged gives events of a client the titles that this side's own nearest ones
// of the same credentials have: what is not shared any more has none otherwise.
// It takes the events, which are in order, some at a time that lie together.
func asLogged(tx *gate.Tx, client string, events []*Event) error {
	for len(events) > 0 {
		g := group{client: client, of: map[string][]*nearest{}}
		n := 0
		for n < len(events) && g.takes(events[n]) {
			n++
		}
		if err := g.search(tx); err != nil {
			return err
		}
		for _, all := range g.of {
			for _, one := range all {
				if one.seq == 0 {
					continue
				}
				if err := one.open(tx); err != nil {
					return err
				}
			}
		}
		events = events[n:]
	}
	return nil
}

// group is what one search is for.
type group struct {
	client   string
	ids      []string
	of       map[string][]*nearest
	from, to int64 // numbers of its events
}

func (g *group) takes(e *Event) bool {
	if len(g.ids) == 0 {
		g.from, g.to = e.Seq, e.Seq
	}
	known := g.of[e.ID] != nil
	if !known && len(g.ids) == some || max(g.to, e.Seq)-min(g.from, e.Seq) > near {
		return false
	}
	if !known {
		g.ids = append(g.ids, e.ID)
	}
	g.from, g.to = min(g.from, e.Seq), max(g.to, e.Seq)
	g.of[e.ID] = append(g.of[e.ID], &nearest{event: e})
	return true
}

// lack reports whether one of them has no title before it yet, or none at all.
func (g *group) lack(atAll bool) bool {
	for _, all := range g.of {
		for _, n := range all {
			if n.seq == 0 || !atAll && n.after() {
				return true
			}
		}
	}
	return false
}

func (g *group) search(tx *gate.Tx) error {
	from, to := max(1, g.from-near), g.to+near
	err := g.look(tx, from, to)
	for step := int64(4 * near); err == nil && step <= far && from > 1 && g.lack(false); step *= 4 {
		err = g.look(tx, max(1, from-step), from)
		from = max(1, from-step)
	}
	for step := int64(4 * near); err == nil && step <= far && g.lack(true); step *= 4 {
		err = g.look(tx, to, to+step)
		to += step
	}
	return err
}

func (g *group) look(tx *gate.Tx, from, to int64) error {
	args := []any{g.client}
	for i := range some {
		args = append(args, g.ids[min(i, len(g.ids)-1)])
	}
	return tx.Each(sqlTitled, func(r *gate.Rows) error {
		var seq int64
		var id string
		var t sealed
		err := r.Scan(&seq, &id, &t.epoch, &t.box)
		for _, n := range g.of[id] {
			n.offer(seq, t)
		}
		return err
	}, append(args, from, to)...)
}

// open opens the title where it was sealed: at the number of its own event.
func (n *nearest) open(tx *gate.Tx) error {
	at := *n.event
	at.Seq = n.seq
	err := open(tx, &at, n.title)
	n.event.Title = at.Title
	return err
}
