package people

import (
	"context"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// What is decided on a password that somebody knows who has left.
const (
	Flagged = "flagged" // it is to be changed
	Waived  = "waived"  // it need not be, for a reason
)

// Known is a credential whose present password the user has seen. Its title is
// sealed; package vault opens it.
type Known struct {
	Credential, Client, ClientName string
	Rev                            int64 // of the password
	Seen                           time.Time
	Action, Reason, By             string // "" while it is open
	Decided                        time.Time
}

// Offboarding is the page of a user who lost his access.
type Offboarding struct {
	User, Name, ByName string
	Began, Done        time.Time // Done is zero while a row is open
	Rows               []Known   // of what the viewer reaches
	Past               []Known   // decided on, and the password was changed since: kept as evidence, of what the viewer reaches
	Hidden, HiddenOpen int       // those that he does not reach, and the open ones of them
	Open               int       // rows to be decided on
}

// Decision is on one password.
type Decision struct{ Credential, Action, Reason string }

// Decisions are on some rows, and on all further open ones if Rest has an
// action. Rows that the actor does not reach are flagged with the rest.
type Decisions struct {
	Rows []Decision
	Rest Decision
}

// Operations of off-boarding; rank applies.
var (
	OpOffboard  = gate.Define(gate.Op{Name: "user.off-boarding", Sentence: "See which present passwords a former user knows (rank applies)", Scope: gate.Whole, Needs: perm.UserDisable, View: true})
	OpDecide    = gate.Define(gate.Op{Name: "user.off-boarding.decide", Sentence: "Flag passwords that a former user knows, or waive them with a reason (rank applies)", Scope: gate.Whole, Needs: perm.UserDisable, Write: true, Audit: true, Once: true})
	OpOffboards = gate.Define(gate.Op{Name: "user.off-boarding.list", Sentence: "List the off-boardings that are not done", Scope: gate.Whole, Needs: perm.UserDisable, View: true})
)

var (
	sqlBeginOff = gate.SQL(`INSERT INTO offboardings (org_id, user_id, name, began_at, began_by, done_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (org_id, user_id) DO UPDATE SET name = $3, began_at = $4, began_by = $5, done_at = $6`)
	sqlKnown = gate.SQL(`SELECT c.id, c.client_id, COALESCE(c.folder_id, ''), k.name, s.password_rev, s.last_at, COALESCE(r.action, ''), COALESCE(r.reason, ''), COALESCE(r.decided_at, 0),
		COALESCE((SELECT u.name FROM users u WHERE u.org_id = r.org_id AND u.id = r.decided_by), '')
		FROM seen s JOIN credentials c ON c.org_id = s.org_id AND c.id = s.credential_id AND c.password_rev = s.password_rev
		JOIN clients k ON k.org_id = c.org_id AND k.id = c.client_id
		LEFT JOIN offboarding_rows r ON r.org_id = s.org_id AND r.user_id = s.user_id AND r.credential_id = c.id AND r.password_rev = s.password_rev
		WHERE s.org_id = $1 AND s.user_id = $2 ORDER BY k.name_folded, c.id`)
	sqlPast = gate.SQL(`SELECT c.id, c.client_id, COALESCE(c.folder_id, ''), k.name, r.password_rev, COALESCE(s.last_at, 0), r.action, r.reason, r.decided_at,
		COALESCE((SELECT u.name FROM users u WHERE u.org_id = r.org_id AND u.id = r.decided_by), '')
		FROM offboarding_rows r JOIN credentials c ON c.org_id = r.org_id AND c.id = r.credential_id AND c.password_rev <> r.password_rev
		JOIN clients k ON k.org_id = c.org_id AND k.id = c.client_id
		LEFT JOIN seen s ON s.org_id = r.org_id AND s.user_id = r.user_id AND s.credential_id = r.credential_id AND s.password_rev = r.password_rev
		WHERE r.org_id = $1 AND r.user_id = $2 ORDER BY k.name_folded, c.id, r.password_rev`)
	// Whoever of the provider began it is the provider, and has a name only where
	// that lets its names be read.
	sqlOffboarding = gate.SQLShared("a provider and its sites are a family", `SELECT f.name, f.began_at, f.done_at, COALESCE((SELECT u.name FROM users u WHERE u.org_id = f.org_id AND u.id = f.began_by),
		(SELECT CASE WHEN t.value = 'on' THEN u.name || ', ' || p.name ELSE p.name END FROM organizations me JOIN organizations p ON p.id = me.provider_id JOIN users u ON u.org_id = p.id AND u.id = f.began_by
			LEFT JOIN settings t ON t.org_id = p.id AND t.name = '`+gate.NamesToPartners+`' WHERE me.id = $1), '')
		FROM offboardings f WHERE f.org_id = $1 AND f.user_id = $2`)
	sqlOffDone = gate.SQL(`UPDATE offboardings SET done_at = $3 WHERE org_id = $1 AND user_id = $2 AND done_at = 0`)
	sqlDecide  = gate.SQL(`INSERT INTO offboarding_rows (org_id, user_id, credential_id, password_rev, action, reason, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (org_id, user_id, credential_id, password_rev) DO UPDATE SET action = $5, reason = $6, decided_by = $7, decided_at = $8`)
	sqlFlag = gate.SQL(`INSERT INTO flags (org_id, credential_id, home, cause, about, set_at, set_by, password_rev)
		SELECT org_id, id, client_id, 'touched', CAST($4 AS TEXT), CAST($5 AS BIGINT), CAST($6 AS TEXT), password_rev FROM credentials WHERE org_id = $1 AND id = $2 AND password_rev = $3
		ON CONFLICT (org_id, credential_id, cause, about) DO UPDATE SET set_at = $5, set_by = $6, password_rev = $3, cleared_at = 0, cleared_by = ''`)
	sqlUnflag = gate.SQL(`DELETE FROM flags WHERE org_id = $1 AND credential_id = $2 AND cause = 'touched' AND about = $3`)
)

// beginOffboarding opens the page. Who has seen no present password has nothing
// to be decided on.
func beginOffboarding(tx *gate.Tx, p *Person) error {
	rows, err := known(tx, p.ID)
	if err != nil {
		return err
	}
	done := tx.Millis()
	for _, k := range rows {
		if k.Action == "" {
			done = 0
		}
	}
	_, err = tx.Exec(sqlBeginOff, p.ID, p.shownName(), tx.Millis(), tx.Who().User(), done)
	return err
}

// seenRow is a row with whether the actor reaches it.
type seenRow struct {
	Known
	reached bool
}

func known(tx *gate.Tx, user string) ([]seenRow, error) { return seenRows(tx, sqlKnown, user) }

func seenRows(tx *gate.Tx, stmt gate.Stmt, user string) (all []seenRow, err error) {
	err = tx.Each(stmt, func(r *gate.Rows) error {
		var k seenRow
		var folder string
		var seen, decided int64
		err := r.Scan(&k.Credential, &k.Client, &folder, &k.ClientName, &k.Rev, &seen, &k.Action, &k.Reason, &decided, &k.By)
		k.Seen, k.Decided, k.reached = at(seen), at(decided), tx.Sees(gate.Lies{Client: k.Client, Folder: folder, Item: k.Credential})
		all = append(all, k)
		return err
	}, user)
	return all, err
}

// Offboarding shows the page of a user.
func (s *Store) Offboarding(ctx context.Context, who gate.Actor, user string) (Offboarding, error) {
	return gate.Do(ctx, s.gate, who, OpOffboard, gate.Nothing(), func(tx *gate.Tx) (Offboarding, error) {
		o := Offboarding{User: user}
		p, err := scanPerson(tx.Row(sqlPerson, user), tx.Millis())
		if err != nil {
			return o, err
		}
		if ok, why := may(tx, Offboard, p); !ok {
			return o, errNotYours
		} else if why != "" {
			return o, fault.Cannot("%s", why)
		}
		var began, done int64
		if err := tx.Row(sqlOffboarding, user).Scan(&o.Name, &began, &done, &o.ByName); err != nil {
			return o, err
		}
		o.Began, o.Done = at(began), at(done)
		rows, err := known(tx, user)
		for _, k := range rows {
			switch {
			case !k.reached && k.Action == "":
				o.HiddenOpen++
				fallthrough
			case !k.reached:
				o.Hidden++
			default:
				o.Rows = append(o.Rows, k.Known)
			}
			if k.Action == "" {
				o.Open++
			}
		}
		if err != nil {
			return o, err
		}
		past, err := seenRows(tx, sqlPast, user)
		for _, k := range past {
			if k.reached {
				o.Past = append(o.Past, k.Known)
			}
		}
		return o, err
	})
}

// Waiting is an off-boarding that is not done.
type Waiting struct {
	User, Name string
	Began      time.Time
}

var sqlWaiting = gate.SQL(`SELECT user_id, name, began_at FROM offboardings WHERE org_id = $1 AND done_at = 0 ORDER BY began_at, user_id LIMIT 500`)

// Offboardings lists those that are not done, of users whom the actor outranks.
func (s *Store) Offboardings(ctx context.Context, who gate.Actor) ([]Waiting, error) {
	return gate.Do(ctx, s.gate, who, OpOffboards, gate.Nothing(), func(tx *gate.Tx) (list []Waiting, err error) {
		err = tx.Each(sqlWaiting, func(r *gate.Rows) error {
			var w Waiting
			var began int64
			err := r.Scan(&w.User, &w.Name, &began)
			w.Began = at(began)
			if _, ranks := tx.Outranks(w.User); ranks {
				list = append(list, w)
			}
			return err
		})
		return list, err
	})
}
