package access

import (
	"context"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/seal"
)

// Withdraw takes the actor's own request back.
func (s *Store) Withdraw(ctx context.Context, who gate.Actor, request string) error {
	_, err := gate.Do(ctx, s.gate, who, OpWithdraw, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, tx.One(sqlWithdraw, request, who.User(), tx.Millis())
	})
	return err
}

// Decision is what becomes of a request.
type Decision struct {
	Allow  bool
	Until  int64  // of what is allowed, milliseconds; 0: for good
	Reason string // of declining
}

// Decide allows or declines a request. What it gives ends by itself.
func (s *Store) Decide(ctx context.Context, who gate.Actor, request string, d Decision) error {
	d.Reason = strings.TrimSpace(d.Reason)
	_, err := gate.Do(ctx, s.gate, who, OpDecide, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		found, err := requests(tx, request, "", "", 0)
		if err != nil {
			return false, err
		}
		if len(found) != 1 || request == "" || !found[0].mayDecide(tx) {
			return false, fault.NotFound()
		}
		q := found[0]
		switch {
		case !d.Allow && (d.Reason == "" || len(d.Reason) > 1000):
			return false, fault.Bad("reason", "Give a reason, in at most 1,000 characters: it is mailed to whoever asked.")
		case d.Allow:
			d.Reason = ""
		default:
			d.Until = 0
		}
		if err := ends(tx, d.Until); err != nil {
			return false, err
		}
		_, target := q.target()
		e := tx.Event()
		e.Kind, e.ID, e.Client, e.Name = string(target.Kind), target.ID, q.Client.ID, q.Asked
		state := Declined
		if d.Allow {
			state = Allowed
			if err := give(tx, q, d.Until); err != nil {
				return false, err
			}
		}
		e.Fields = []string{state + " " + q.User.ID}
		if err := tx.One(sqlDecided, request, state, tx.Millis(), who.User(), d.Until, d.Reason); err != nil {
			return false, err
		}
		return true, s.tell(tx, q, d)
	})
	return err
}

func give(tx *gate.Tx, q Request, until int64) error {
	stmt, to := sqlGrant, q.Client.ID
	if q.Folder.ID != "" {
		stmt, to = sqlGrantPass, q.Folder.ID
	}
	if _, err := tx.Exec(stmt, to, q.User.ID, until); err != nil {
		return err
	}
	return tx.BumpAccess()
}

func (s *Store) tell(tx *gate.Tx, q Request, d Decision) error {
	var by string
	if err := tx.Row(sqlUser, tx.Who().User()).Scan(&by); err != nil {
		return err
	}
	m := mail.Mail{Kind: mail.AccessDecided, To: q.User.ID, By: by, About: q.Asked, Allowed: d.Allow, Message: d.Reason, Link: seal.NewSecret("/requests")}
	if d.Until != 0 {
		m.Facts = []mail.Fact{{Label: "Until", Text: Until(d.Until).Format("2 January 2006, 15:04 MST")}}
	}
	_, err := s.mail.Enqueue(tx, m)
	return err
}
