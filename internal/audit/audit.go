// Package audit reads the audit log. Nothing here writes it: the gate does,
// in the transaction of the operation itself.
package audit

import (
	"context"
	"errors"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Event is one line of the audit log. Title is the credential's title as it
// was, where the actor's session opens it.
type Event struct {
	Seq                                    int64
	At                                     time.Time
	ActorKind, ActorID, Actor, Session, IP string
	Operation, Outcome                     string
	Kind, ID, Name, Title                  string
	Client, ClientName                     string
	ClientDeleted                          bool
	Fields                                 []string
	LookedAs, LookedAsID                   string // whom the actor had a perspective of
}

// Store is what the front doors call.
type Store struct {
	gate   *gate.Gate
	titles func(*gate.Tx, []string) (map[string]string, error)
}

// New makes the store. What the other organization of a provider and its site
// does to a shared credential is logged without its title, because it has none
// of this one's keys: titles gives the present ones, of what is here still.
func New(g *gate.Gate, titles func(*gate.Tx, []string) (map[string]string, error)) *Store {
	return &Store{g, titles}
}

// Operations.
var (
	OpList = gate.Define(gate.Op{Name: "audit.list", Sentence: "Read the audit log of the clients that one reaches; all of it with Organization: Admin", Scope: gate.Listed,
		Needs: perm.ReportClientAuditLog, Tokens: true, View: true})
	sqlEvents = gate.SQL(`SELECT e.seq, e.at, e.actor_kind, e.actor_id, e.actor_name, e.session_id, e.ip, e.operation, e.outcome, e.target_kind, e.target_id, e.target_name,
		e.title_epoch, e.title_box, e.client_id, e.owner_id, e.fields, e.perspective_id, e.perspective_name, COALESCE(c.name, '')
		FROM audit_events e LEFT JOIN clients c ON c.org_id = e.org_id AND c.id = e.client_id
		WHERE e.org_id = $1 AND e.seq < $2 AND ($3 = '' OR e.client_id = $3) AND ($4 = '' OR e.target_id = $4) AND ($5 = '' OR e.actor_id = $5)
		AND ($6 = '' OR $6 LIKE '% ' || e.operation || ' %')
		ORDER BY e.seq DESC LIMIT 500`)
)

// Filter narrows the log. Before is the number of the last event of the page
// before; 0 begins at the newest.
type Filter struct {
	Before                int64
	Client, Target, Actor string
	Operations            []string // names; none: all
	Limit                 int
}

type sealed struct {
	own   bool // under the owner's personal-vault key
	epoch int64
	box   []byte
}

// List gives events, the newest first. Who is not an administrator sees those
// of the clients that he reaches; nobody sees another's personal vault.
func (s *Store) List(ctx context.Context, who gate.Actor, f Filter) (list []Event, more bool, err error) {
	if f.Limit < 1 || f.Limit > 200 {
		f.Limit = 100
	}
	if f.Before == 0 {
		f.Before = 1 << 62
	}
	_, err = gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		var titles []sealed
		operations := ""
		if len(f.Operations) > 0 {
			operations = " " + strings.Join(f.Operations, " ") + " "
		}
		for before := f.Before; !more; {
			// All rows first: to judge one may take a query of its own.
			var page []found
			err := tx.Each(sqlEvents, func(r *gate.Rows) error {
				e, t, owner, err := scan(r)
				page = append(page, found{e, t, owner})
				return err
			}, before, f.Client, f.Target, f.Actor, operations)
			if err != nil {
				return false, err
			}
			for _, p := range page {
				before = p.event.Seq
				if !visible(tx, p.event, p.owner) {
					continue
				}
				if more = len(list) == f.Limit; more {
					break
				}
				list, titles = append(list, p.event), append(titles, p.title)
			}
			n := len(page)
			if n < 500 {
				break
			}
		}
		if err := nameDeleted(tx, list); err != nil {
			return false, err
		}
		for i := range list {
			if err := open(tx, &list[i], titles[i]); err != nil {
				return false, err
			}
		}
		return true, s.entitle(tx, list)
	})
	return list, more, err
}

// entitle puts titles to what the other organization did.
func (s *Store) entitle(tx *gate.Tx, list []Event) error {
	var ids []string
	for _, e := range list {
		if e.ActorKind == string(gate.Partner) && e.Kind == string(gate.KindCredential) {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 || !tx.Who().Open() {
		return nil
	}
	titles, err := s.titles(tx, ids)
	if err != nil {
		return err
	}
	without := map[string][]*Event{} // by client
	for i := range list {
		e := &list[i]
		if e.ActorKind != string(gate.Partner) || e.Kind != string(gate.KindCredential) {
			continue
		}
		if e.Title = titles[e.ID]; e.Title == "" {
			without[e.Client] = append(without[e.Client], e)
		}
	}
	for client, events := range without {
		if err := asLogged(tx, client, events); err != nil {
			return err
		}
	}
	return nil
}

type found struct {
	event Event
	title sealed
	owner string
}

func visible(tx *gate.Tx, e Event, owner string) bool {
	if owner != "" {
		return owner == tx.Who().User() && tx.Who().Kind() == gate.User
	}
	if tx.Has(perm.OrganizationAdmin) && !tx.Who().Chosen() {
		return true
	}
	return e.Client != "" && tx.SeesClient(e.Client) && tx.SeesTarget(e.Kind, e.ID)
}

func scan(r *gate.Rows) (e Event, t sealed, owner string, err error) {
	var when int64
	var fields string
	err = r.Scan(&e.Seq, &when, &e.ActorKind, &e.ActorID, &e.Actor, &e.Session, &e.IP, &e.Operation, &e.Outcome, &e.Kind, &e.ID, &e.Name,
		&t.epoch, &t.box, &e.Client, &owner, &fields, &e.LookedAsID, &e.LookedAs, &e.ClientName)
	e.At = time.UnixMilli(when).UTC()
	if fields != "" {
		e.Fields = strings.Split(fields, "\n")
	}
	if e.ActorKind == string(gate.Rotation) { // no user
		e.Actor = "Rotation job"
	}
	t.own = owner != ""
	return e, t, owner, err
}

var sqlDeleted = gate.SQL(`SELECT target_name FROM audit_events WHERE org_id = $1 AND client_id = $2 AND operation = 'client.delete' AND outcome = 'done' ORDER BY seq DESC LIMIT 1`)

// nameDeleted gives events the names of clients that are no more, as the log
// itself has kept them.
func nameDeleted(tx *gate.Tx, list []Event) error {
	names := map[string]string{}
	for i, e := range list {
		if e.Client == "" || e.ClientName != "" {
			continue
		}
		name, known := names[e.Client]
		if !known {
			if err := tx.Row(sqlDeleted, e.Client).Scan(&name); err != nil && !errors.Is(err, gate.ErrNoRows) {
				return err
			}
			names[e.Client] = name
		}
		list[i].ClientName, list[i].ClientDeleted = name, true
	}
	return nil
}

// Gone stands for a title whose key went with its client.
const Gone = "(deleted with its client)"

// Unreadable stands for a title that does not open.
const Unreadable = "(does not open: its keys are lost, or it was changed from outside)"

// open opens the title of an event; a sealed session sees the id only.
func open(tx *gate.Tx, e *Event, t sealed) error {
	if (len(t.box) == 0 && t.epoch == 0) || !tx.Who().Open() {
		return nil
	}
	if e.ClientDeleted { // a session may hold the key still, but the row of it is gone
		e.Title = Gone
		return nil
	}
	var key seal.Key
	var err error
	if t.own {
		key, err = tx.PersonalKey(t.epoch)
	} else {
		key, err = tx.ClientKey(e.Client, t.epoch)
	}
	if fault.Is(err, fault.Sealed) {
		return nil
	}
	if err != nil && !errors.Is(err, seal.ErrOpen) {
		return err
	}
	var plain []byte
	if err == nil {
		plain, err = key.OpenPadded(seal.PurposeAuditName, gate.PlaceOfTitle(tx.Who().Org(), e.Seq, t.epoch), t.box)
	}
	if err != nil {
		e.Title = Unreadable
		return nil
	}
	e.Title = string(plain)
	return nil
}
