// Package keylink sends the organization key: a one-time link that opens the
// vault in one user's session without showing the key, and the requests for it.
//
// It opens nothing itself: session does, with what the link carries, after that
// user has signed in.
package keylink

import (
	"context"
	"errors"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

const (
	// Lifetime of a link that came with no invitation.
	Lifetime = 24 * time.Hour
	// Pause between two requests of one user.
	Pause = time.Hour
)

// Store is what the front doors and the other features call.
type Store struct {
	gate *gate.Gate
	org  *org.Store
	mail *mail.Store
}

// New makes the store.
func New(g *gate.Gate, o *org.Store, m *mail.Store) *Store { return &Store{g, o, m} }

// Operations.
var (
	// OpSend sends a link to another user.
	OpSend = gate.Define(gate.Op{Name: "key.send", Sentence: "Send the organization key to a user (rank applies)", Scope: gate.Whole, Needs: perm.UserEdit, Write: true, Audit: true})
	// OpRequest asks the administrators for the key.
	OpRequest = gate.Define(gate.Op{Name: "key.request", Sentence: "Ask the administrators for the organization key", Scope: gate.Self, Write: true, Audit: true})
	// OpRequestAt does so before signing in.
	OpRequestAt = gate.Define(gate.Op{Name: "key.request.at-sign-in", Sentence: "Ask for the organization key from the sign-in page", Scope: gate.Anyone, Write: true, Audit: true})
	opWhose     = gate.Define(gate.Op{Name: "key.request.find", Sentence: "Find whose address asks for the organization key", Scope: gate.Anyone})
)

var (
	sqlUser = gate.SQL(`SELECT kind, enabled FROM users WHERE org_id = $1 AND id = $2`)
	sqlAsk  = gate.SQL(`UPDATE users SET key_asked_at = $3 WHERE org_id = $1 AND id = $2 AND enabled AND approved AND NOT invited AND kind <> 'guest' AND key_asked_at <= $4 RETURNING name`)
	sqlBoss = gate.SQL(`SELECT id FROM users WHERE org_id = $1 AND kind = 'administrator' AND enabled AND approved AND NOT invited AND id <> $2`)
)

// Send mails a link to a user whom the actor outranks. The user's earlier
// links are dead.
func (s *Store) Send(ctx context.Context, who gate.Actor, user string) error {
	_, err := gate.Do(ctx, s.gate, who, OpSend, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		name, ok := tx.Outranks(user)
		if !ok {
			return false, fault.NotFound()
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name = "user", user, name
		_, err := s.Make(tx, user, tx.Now().Add(Lifetime), false)
		return true, err
	})
	return org.HeldUp(err)
}

// Made is a link that was mailed just now. Digits are what the sender tells
// the user by another way, none where the link has none.
type Made struct{ Path, Digits seal.Secret }

// Make makes and mails a link in the caller's transaction, which decided that
// its actor may.
func (s *Store) Make(tx *gate.Tx, user string, expires time.Time, digits bool) (m Made, err error) {
	if _, err := tx.VaultKey(tx.KeyEpoch()); err != nil {
		return m, err
	}
	var kind string
	var enabled bool
	if err := tx.Row(sqlUser, user).Scan(&kind, &enabled); err != nil {
		return m, err
	}
	if kind == "guest" || !enabled {
		return m, fault.Cannot("This user has no vault to open: guests and disabled users get no organization key.")
	}
	l, err := s.org.NewLink(tx, user, expires, digits)
	if err != nil {
		return m, err
	}
	m = Made{seal.NewSecret("/key/" + l.ID + "#" + l.Secret.Reveal()), seal.NewSecret(l.Digits)}
	letter := mail.Mail{Kind: mail.KeyLink, To: user, Link: m.Path, KeyLink: l.ID, Expires: expires, By: tx.Name()}
	if digits {
		letter.Facts = []mail.Fact{{Label: "Asked for besides", Text: "six digits, which you are told by another way"}}
	}
	_, err = s.mail.Enqueue(tx, letter)
	return m, err
}

// Request asks the administrators to send the actor the key.
func (s *Store) Request(ctx context.Context, who gate.Actor) error {
	_, err := gate.Do(ctx, s.gate, who, OpRequest, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, s.ask(tx, who.User())
	})
	if errors.Is(err, errAsked) {
		return fault.Cannot("You have asked already. The administrators were mailed; you can ask again in an hour.")
	}
	return err
}

var (
	errAsked = errors.New("asked a short while ago, or not a user who may")
	sqlWhose = gate.Across("whose address this is, and where, tells the organization", `SELECT org_id, id FROM users WHERE email_folded = $1 AND password_record IS NOT NULL AND enabled AND NOT invited`)
)

// RequestAt asks on behalf of an address, from the sign-in page. It takes longer
// for an address that has an account, so people calls it after the answer.
func (s *Store) RequestAt(ctx context.Context, email, ip string, trace *gate.Trace) error {
	type account struct{ org, user string }
	found, err := gate.Do(ctx, s.gate, gate.Stranger("", ip, trace), opWhose, gate.Nothing(), func(tx *gate.Tx) (all []account, err error) {
		err = tx.Everywhere(sqlWhose, func(r *gate.Rows) error {
			var a account
			err := r.Scan(&a.org, &a.user)
			all = append(all, a)
			return err
		}, org.Fold(email))
		return all, err
	})
	if err != nil {
		return err
	}
	for _, a := range found {
		_, err := gate.Do(ctx, s.gate, gate.Stranger(a.org, ip, trace), OpRequestAt, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			tx.Event().Actor = a.user
			return true, s.ask(tx, a.user)
		})
		if err != nil && !errors.Is(err, errAsked) {
			return err
		}
	}
	return nil
}

func (s *Store) ask(tx *gate.Tx, user string) error {
	var name string
	err := tx.Row(sqlAsk, user, tx.Millis(), tx.Now().Add(-Pause).UnixMilli()).Scan(&name)
	if errors.Is(err, gate.ErrNoRows) {
		return errAsked
	}
	if err != nil {
		return err
	}
	e := tx.Event()
	e.Kind, e.ID, e.Name = "user", user, name
	var bosses []string
	err = tx.Each(sqlBoss, func(r *gate.Rows) error {
		var id string
		err := r.Scan(&id)
		bosses = append(bosses, id)
		return err
	}, user)
	for _, boss := range bosses {
		if err == nil {
			_, err = s.mail.Enqueue(tx, mail.Mail{Kind: mail.KeyRequested, To: boss, About: name, Link: seal.NewSecret("/users/" + user)})
		}
	}
	return err
}
