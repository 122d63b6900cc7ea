package people

import (
	"context"
	"slices"
	"strconv"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Lockout is a user who is locked out at present.
type Lockout struct {
	ID, Name, Email string
	At, Until       time.Time // Until is zero where somebody has to unlock him
	IP              string
	Tries           int64
	MayUnlock       bool
}

// OpLockouts lists who is locked out.
var OpLockouts = gate.Define(gate.Op{Name: "user.lockouts", Sentence: "See who is locked out, since when, from where", Scope: gate.Whole, Needs: perm.AdminManageUserLockouts, View: true})

var (
	sqlLockouts = gate.SQL(`SELECT id, name, email, locked_at, locked_until, locked_ip, failures FROM users WHERE org_id = $1 AND locked_until > $2 AND NOT unconfirmed ORDER BY locked_at DESC, id LIMIT 1000`)
	sqlLockedAt = gate.SQL(`UPDATE users SET locked_at = $3, locked_ip = $4 WHERE org_id = $1 AND id = $2 RETURNING name, email, failures, locked_until`)
)

// forever is when a lockout ends that somebody has to end.
const forever = 253402300799000

// Lockouts lists who is locked out, the latest first.
func (s *Store) Lockouts(ctx context.Context, who gate.Actor) ([]Lockout, error) {
	return gate.Do(ctx, s.gate, who, OpLockouts, gate.Nothing(), func(tx *gate.Tx) (list []Lockout, err error) {
		err = tx.Each(sqlLockouts, func(r *gate.Rows) error {
			var l Lockout
			var began, until int64
			err := r.Scan(&l.ID, &l.Name, &l.Email, &began, &until, &l.IP, &l.Tries)
			l.At = at(began)
			if until < forever {
				l.Until = at(until)
			}
			_, l.MayUnlock = tx.Outranks(l.ID)
			list = append(list, l)
			return err
		}, tx.Millis())
		return list, err
	})
}

// lockedOut notes where a lockout came from, and mails its owner and those who
// may end it. It runs in the transaction that notes the failed try.
func (s *Store) lockedOut(tx *gate.Tx, user string) error {
	var name, email string
	var tries, until int64
	if err := tx.Row(sqlLockedAt, user, tx.Millis(), tx.Who().IP()).Scan(&name, &email, &tries, &until); err != nil {
		return err
	}
	facts := []mail.Fact{{Label: "Time", Text: mail.Stamp(tx.Now())}, {Label: "Address", Text: tx.Who().IP()}, {Label: "Wrong passwords", Text: strconv.FormatInt(tries, 10)}}
	if until < forever {
		facts = append(facts, mail.Fact{Label: "Until", Text: mail.Stamp(at(until))})
	}
	tx.Note(gate.Event{Operation: "user.locked-out", Kind: "user", ID: user, Name: name, Actor: user}, "")
	if _, err := s.mail.Enqueue(tx, mail.Mail{Kind: mail.LockedOut, To: user, Facts: facts}); err != nil {
		return err
	}
	told, err := holders(tx, perm.AdminManageUserLockouts)
	if err != nil {
		return err
	}
	for _, to := range slices.DeleteFunc(told, func(u string) bool { return u == user }) {
		m := mail.Mail{Kind: mail.LockoutNotice, To: to, About: nameOr(name, email), Facts: facts, Link: seal.NewSecret("/users/lockouts")}
		if _, err := s.mail.Enqueue(tx, m); err != nil {
			return err
		}
	}
	return nil
}
