package access

import (
	"context"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// Request is somebody's request for access.
type Request struct {
	ID              string
	User            Named
	Client, Folder  Named  // as the viewer sees them; empty where he only asked
	Asked, Message  string // Asked: the name as he typed or saw it
	State           string // waiting, allowed, declined, withdrawn, expired
	Created         time.Time
	Decided, Until  time.Time // Until: of what was allowed; zero: for good
	By, Reason      string
	Mine, MayDecide bool
}

// States of a request.
const (
	Waiting   = "waiting"
	Allowed   = "allowed"
	Declined  = "declined"
	Withdrawn = "withdrawn"
	Expired   = "expired" // nobody has decided in time
	Settled   = "settled" // nothing to decide: the access is there by another way
)

const (
	mostWaiting = 20
	patience    = 30 * 24 * time.Hour
)

// Requests are what waits for the actor, and what he has asked for.
type Requests struct{ ToDecide, Mine []Request }

var (
	sqlRequests = gate.SQL(`SELECT r.id, r.user_id, u.name, COALESCE(r.client_id, ''), COALESCE(c.name, ''), COALESCE(r.folder_id, ''), COALESCE(f.name, ''), r.asked, r.message, r.state,
		r.created_at, r.decided_at, COALESCE((SELECT d.name FROM users d WHERE d.org_id = r.org_id AND d.id = r.decided_by), ''), r.until, r.reason
		FROM access_requests r JOIN users u ON u.org_id = r.org_id AND u.id = r.user_id LEFT JOIN clients c ON c.org_id = r.org_id AND c.id = r.client_id
		LEFT JOIN folders f ON f.org_id = r.org_id AND f.id = r.folder_id
		WHERE r.org_id = $1 AND ($2 = '' OR r.id = $2) AND ($3 = '' OR r.user_id = $3) AND ($4 = '' OR r.state = $4) AND r.created_at > $5 ORDER BY r.id DESC LIMIT 500`)
	sqlAsk = gate.SQL(`INSERT INTO access_requests (org_id, id, user_id, client_id, folder_id, asked, asked_folded, message, state, created_at)
		VALUES ($1, $2, $3, NULLIF($4, ''), NULLIF($5, ''), $6, $7, $8, 'waiting', $9)`)
	sqlWaiting = gate.SQL(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN COALESCE(folder_id, '') = $5 AND ($6 <> '' AND client_id = $6 OR $6 = '' AND asked_folded = $4) THEN 1 ELSE 0 END), 0) FROM access_requests
		WHERE org_id = $1 AND user_id = $2 AND state = 'waiting' AND created_at > $3`)
	sqlClientsNamed = gate.SQL(`SELECT id FROM clients WHERE org_id = $1 AND name_folded = $2 ORDER BY id`)
	sqlWithdraw     = gate.SQL(`UPDATE access_requests SET state = 'withdrawn', decided_at = $4 WHERE org_id = $1 AND id = $2 AND user_id = $3 AND state = 'waiting'`)
	sqlDecided      = gate.SQL(`UPDATE access_requests SET state = $3, decided_at = $4, decided_by = $5, until = $6, reason = $7 WHERE org_id = $1 AND id = $2 AND state = 'waiting'`)
	sqlUser         = gate.SQL(`SELECT COALESCE(NULLIF(name, ''), email) FROM users WHERE org_id = $1 AND id = $2`)
	// What was given for longer already stays.
	sqlGrant     = gate.SQL(`INSERT INTO client_users (org_id, client_id, user_id, until) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, client_id, user_id) DO UPDATE SET until = CASE WHEN client_users.until = 0 OR $4 = 0 THEN 0 WHEN client_users.until > $4 THEN client_users.until ELSE $4 END`)
	sqlGrantPass = gate.SQL(`INSERT INTO folder_passes (org_id, folder_id, user_id, until) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, folder_id, user_id) DO UPDATE SET until = CASE WHEN folder_passes.until = 0 OR $4 = 0 THEN 0 WHEN folder_passes.until > $4 THEN folder_passes.until ELSE $4 END`)
)

func requests(tx *gate.Tx, one, user, state string, since int64) (all []Request, err error) {
	err = tx.Each(sqlRequests, func(r *gate.Rows) error {
		var q Request
		var created, decided, until int64
		err := r.Scan(&q.ID, &q.User.ID, &q.User.Name, &q.Client.ID, &q.Client.Name, &q.Folder.ID, &q.Folder.Name, &q.Asked, &q.Message, &q.State, &created, &decided, &q.By, &until, &q.Reason)
		q.Created, q.Decided, q.Until = Until(created), Until(decided), Until(until)
		if q.State == Waiting && !q.Created.Add(patience).After(tx.Now()) {
			q.State = Expired
		}
		q.Mine = q.User.ID == tx.Who().User()
		all = append(all, q)
		return err
	}, one, user, state, since)
	for i, q := range all {
		if q.State == Waiting && q.Client.ID != "" {
			_, target := q.target()
			if _, there := tx.ReachOf(q.User.ID, target); there {
				all[i].State = Settled
			}
		}
	}
	return all, err
}

// target is what a request is about, and the operation that would give it.
func (q Request) target() (*gate.Op, gate.Target) {
	if q.Folder.ID != "" {
		return OpPass, gate.Folder(q.Folder.ID)
	}
	return OpAssign, gate.Client(q.Client.ID)
}

// mayDecide: the operation that it stands for is allowed, and rank; nobody
// decides his own.
func (q Request) mayDecide(tx *gate.Tx) bool {
	if q.Client.ID == "" || q.State != Waiting {
		return false
	}
	_, over := tx.Outranks(q.User.ID)
	return over && tx.May(q.target())
}

// Requests lists what the actor decides, and what he has asked for, the newest
// first. Of what he asked for he learns no more than he knew.
func (s *Store) Requests(ctx context.Context, who gate.Actor) (Requests, error) {
	return gate.Do(ctx, s.gate, who, OpRequests, gate.Nothing(), func(tx *gate.Tx) (Requests, error) {
		var out Requests
		waiting, err := requests(tx, "", "", Waiting, tx.Now().Add(-patience).UnixMilli())
		if err != nil {
			return out, err
		}
		for _, q := range waiting {
			if q.MayDecide = q.mayDecide(tx); q.MayDecide {
				out.ToDecide = append(out.ToDecide, q)
			}
		}
		mine, err := requests(tx, "", who.User(), "", tx.Now().Add(-90*24*time.Hour).UnixMilli())
		for _, q := range mine {
			q.Client, q.Folder = Named{}, Named{}
			out.Mine = append(out.Mine, q)
		}
		return out, err
	})
}

// Ask is what somebody asks for: a client or folder that shows by name, or a
// client's name as he knows it.
type Ask struct{ Client, Folder, Name, Message string }

// Request asks for access. For a typed name it gives the same answer whether
// such a client exists or not.
func (s *Store) Request(ctx context.Context, who gate.Actor, in Ask) error {
	in.Name, in.Message = strings.TrimSpace(in.Name), strings.TrimSpace(in.Message)
	if len(in.Message) > 1000 {
		return fault.Bad("message", "Use at most 1,000 characters.")
	}
	if in.Client == "" && in.Folder == "" && (in.Name == "" || len(in.Name) > 200) {
		return fault.Bad("name", "Type the client's name, in at most 200 characters.")
	}
	_, err := gate.Do(ctx, s.gate, who, OpAsk, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		wanted, asked, err := wantedBy(tx, in)
		if err != nil {
			return false, err
		}
		var waiting, same int
		if err := tx.Row(sqlWaiting, who.User(), tx.Now().Add(-patience).UnixMilli(), org.Fold(asked), in.Folder, byID(in, wanted)).Scan(&waiting, &same); err != nil {
			return false, err
		}
		tx.Event().Name = asked
		switch {
		case same > 0: // it waits already; deciders are not written to again
			return true, nil
		case waiting >= mostWaiting:
			return false, fault.Cannot("%d requests of yours wait already. Withdraw some, or wait for an answer.", mostWaiting)
		}
		for _, w := range wanted {
			if err := s.ask(tx, w, asked, in.Message); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	return err
}

// byID is the client that is asked for by its id, "" for a typed name.
func byID(in Ask, wanted []Request) string {
	if in.Client == "" && in.Folder == "" {
		return ""
	}
	return wanted[0].Client.ID
}

// wantedBy finds what is asked for. A name that fits nothing is one request
// for nothing.
func wantedBy(tx *gate.Tx, in Ask) (all []Request, asked string, err error) {
	switch {
	case in.Folder != "":
		if !tx.Names(gate.Folder(in.Folder)) {
			return nil, "", fault.NotFound()
		}
		var q Request
		var parent string
		err = tx.Row(sqlFolder, in.Folder).Scan(&q.Folder.ID, &q.Folder.Name, &q.Client.ID, &q.Client.Name, &parent)
		return []Request{q}, q.Folder.Name, err
	case in.Client != "":
		if !tx.Names(gate.Client(in.Client)) {
			return nil, "", fault.NotFound()
		}
		var q Request
		err = tx.Row(sqlClientName, in.Client).Scan(&q.Client.ID, &q.Client.Name)
		return []Request{q}, q.Client.Name, err
	}
	there := false
	err = tx.Each(sqlClientsNamed, func(r *gate.Rows) error {
		var q Request
		err := r.Scan(&q.Client.ID)
		there = there || tx.SeesClient(q.Client.ID)
		if tx.Askable(q.Client.ID) {
			all = append(all, q)
		}
		return err
	}, org.Fold(in.Name))
	if len(all) == 0 {
		all = []Request{{}}
		if there {
			err = fault.Bad("name", "You reach this client already. It is in the list of clients.")
		}
	}
	return all, in.Name, err
}

// ask writes one request, and a mail to everybody who may decide on it.
func (s *Store) ask(tx *gate.Tx, q Request, asked, message string) error {
	e := tx.Event()
	e.Kind, e.ID, e.Client = "client", q.Client.ID, q.Client.ID
	if q.Folder.ID != "" {
		e.Kind, e.ID = "folder", q.Folder.ID
	} else if q.Client.ID == "" {
		e.Kind = ""
	}
	if _, err := tx.Exec(sqlAsk, id.New("request"), tx.Who().User(), q.Client.ID, q.Folder.ID, asked, org.Fold(asked), message, tx.Millis()); err != nil || q.Client.ID == "" {
		return err
	}
	var by string
	if err := tx.Row(sqlUser, tx.Who().User()).Scan(&by); err != nil {
		return err
	}
	op, target := q.target()
	for _, to := range tx.Deciders(op, target, tx.Who().User()) {
		if _, err := s.mail.Enqueue(tx, mail.Mail{Kind: mail.AccessRequested, To: to, By: by, About: asked, Message: message, Link: seal.NewSecret("/requests")}); err != nil {
			return err
		}
	}
	return nil
}
