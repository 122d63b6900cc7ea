package people

import (
	"context"
	"errors"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// Operations on forgotten passwords. Nobody ever sees or sets another's.
var (
	OpReset = gate.Define(gate.Op{Name: "user.reset", Sentence: "Mail a user a link that sets a new password (rank applies)", Scope: gate.Whole, Visits: true, Needs: perm.UserEdit, Write: true, Audit: true, Once: true})
	// OpForgot is for anyone: it mails the stored address, and tells nothing.
	OpForgot = gate.Define(gate.Op{Name: "user.forgot", Sentence: "Ask for a link that sets a new password", Scope: gate.Anyone, Write: true, Audit: true})
	// OpSetPassword is for anyone: the link is the proof, and is used up inside
	// the transaction.
	OpSetPassword = gate.Define(gate.Op{Name: "user.password", Sentence: "Set a new password by a one-time link", Scope: gate.Anyone, Write: true, Audit: true})
	opAccounts    = gate.Define(gate.Op{Name: "user.accounts", Sentence: "Find whose a forgotten password may be", Scope: gate.Anyone})
)

// SentReset is whose password is reset. Link is that of the mail, where nothing
// sends it and it waits in no outbox that the actor can read: in the site that he
// visits. It is given once.
type SentReset struct {
	ID, Email string
	Link      seal.Secret `json:"-"`
}

// Reset mails a user a link that sets a new password. The earlier link is void.
func (s *Store) Reset(ctx context.Context, who gate.Actor, user string) (SentReset, error) {
	return gate.Do(ctx, s.gate, who, OpReset, gate.Nothing(), func(tx *gate.Tx) (SentReset, error) {
		sent := SentReset{ID: user}
		err := s.on(tx, user, Reset, func(p *Person) error {
			sent.Email = p.Email
			path, err := s.mailReset(tx, user, tx.Name())
			if err != nil || !tx.Visits() {
				return err
			}
			if sent.Link, err = s.mail.ByHand(tx, path); sent.Link.Reveal() != "" {
				tx.Event().Fields = []string{"link shown"}
			}
			return err
		})
		return sent, err
	})
}

func (s *Store) mailReset(tx *gate.Tx, user, by string) (path seal.Secret, err error) {
	st, err := ReadSettings(tx)
	if err != nil {
		return path, err
	}
	l, err := link(tx, user, linkReset, "", time.Duration(st.ResetHours)*time.Hour)
	if err != nil {
		return path, err
	}
	_, err = s.mail.Enqueue(tx, l.in(mail.Mail{Kind: mail.PasswordReset, To: user, By: by}))
	return l.path, err
}

// Forgotten is who forgot his password, as he says.
type Forgotten struct {
	Email string
	Org   string // id; "" at the common address
	IP    string
	Trace *gate.Trace
}

var (
	sqlAccounts = gate.Across("whose forgotten password it may be tells the organization",
		`SELECT org_id, id FROM users WHERE email_folded = $1 AND password_record IS NOT NULL AND enabled AND NOT invited ORDER BY org_id LIMIT 8`)
	sqlFirstOrg  = gate.Across("a try for an unknown address is noted by the organization that was there first", `SELECT id FROM organizations ORDER BY created_at, id LIMIT 1`)
	sqlAskedHere = gate.SQL(`SELECT COUNT(*) FROM user_links WHERE org_id = $1 AND user_id = $2 AND kind = 'reset' AND made_at > $3`)
)

// Forgot mails a link to whoever has the address, in each organization where
// he has an account. The answer is the same, and comes before anything is
// looked up, whether there is one or not.
func (s *Store) Forgot(ctx context.Context, in Forgotten) error {
	if err := s.browsers.Throttle(in.IP); err != nil {
		return err
	}
	in.Email = strings.TrimSpace(in.Email)
	if text := org.CheckEmail(in.Email); text != "" {
		return fault.Bad("email", "%s", text)
	}
	in.Trace = nil
	return s.aside.do(func(ctx context.Context) { _ = s.forgot(ctx, in) })
}

// RequestKey asks for the organization key on behalf of an address, from the
// sign-in page. The answer is the same, and comes before anything is looked up.
func (s *Store) RequestKey(ctx context.Context, email, ip string) error {
	if err := s.browsers.Throttle(ip); err != nil {
		return err
	}
	email = strings.TrimSpace(email)
	if text := org.CheckEmail(email); text != "" {
		return fault.Bad("email", "%s", text)
	}
	return s.aside.do(func(ctx context.Context) { _ = s.keys.RequestAt(ctx, email, ip, nil) })
}

type orgUser struct{ org, user string }

func (s *Store) forgot(ctx context.Context, in Forgotten) error {
	found, err := gate.Do(ctx, s.gate, gate.Stranger("", in.IP, nil), opAccounts, gate.Nothing(), func(tx *gate.Tx) (found []orgUser, err error) {
		err = tx.Everywhere(sqlAccounts, func(r *gate.Rows) error {
			var a orgUser
			err := r.Scan(&a.org, &a.user)
			if in.Org == "" || in.Org == a.org {
				found = append(found, a)
			}
			return err
		}, org.Fold(in.Email))
		if err == nil && len(found) == 0 { // somebody has to note it
			a := orgUser{org: in.Org}
			if a.org == "" {
				err = tx.Everywhere(sqlFirstOrg, func(r *gate.Rows) error { return r.Scan(&a.org) })
			}
			found = append(found, a)
		}
		return found, err
	})
	for _, a := range found {
		_, failed := gate.Do(ctx, s.gate, gate.Stranger(a.org, in.IP, nil), OpForgot, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			noted, err := tx.Exec(sqlNoted)
			if err != nil || noted == 0 { // no such organization, so nobody to tell
				return false, errors.Join(err, errNotYours)
			}
			tx.Event().Kind, tx.Event().ID = "user", a.user
			if a.user == "" {
				tx.Event().Outcome = "failed"
				return false, nil
			}
			asked := 0
			if err := tx.Row(sqlAskedHere, a.user, tx.Now().Add(-pause).UnixMilli()).Scan(&asked); err != nil || asked > 0 {
				return false, err
			}
			_, err = s.mailReset(tx, a.user, "")
			return true, err
		})
		err = errors.Join(err, failed)
	}
	return err
}
