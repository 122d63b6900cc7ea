package people

import (
	"context"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/find"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// activates puts what activates the site behind the # of the invitation of a
// Site Administrator. Only a session of the provider that has the vault open
// has it, so he is invited by such a one until the site is activated.
func (s *Store) activates(tx *gate.Tx, l *made) (mail.Kind, error) {
	is, err := org.StandingOf(tx)
	if err != nil || !is.Waits {
		return mail.Invitation, err
	}
	err = tx.AtHome(func(home *gate.Tx, client string) error {
		a, err := s.org.Activation(home, client)
		l.path = seal.NewSecret(l.path.Reveal() + "#" + a.Reveal())
		return err
	})
	return mail.Activation, err
}

// Activating is an activation on its way: what its first page has asked for.
type Activating struct {
	Acceptance
	Proof          seal.Activation
	Code, Recovery seal.Code
}

// OpActivate is for anyone: the invitation's link is the proof, and is used up
// inside the transaction.
var OpActivate = gate.Define(gate.Op{Name: "site.activate", Sentence: "Activate a site by the invitation of its first Site Administrator: choose its keys", Scope: gate.Anyone, Write: true, Audit: true})

var sqlActivator = gate.SQL(`UPDATE users SET name = $3, name_folded = $4, invited = FALSE, failures = 0, locked_until = 0, version = version + 1
	WHERE org_id = $1 AND id = $2 AND invited AND enabled AND approved`)

// CheckActivation says what is wrong with the first page of an activation,
// before keys are made.
func (s *Store) CheckActivation(ctx context.Context, in Activating) (Invitation, error) {
	if err := s.browsers.Throttle(in.IP); err != nil {
		return Invitation{}, err
	}
	i, err := s.activating(ctx, in)
	if err == nil {
		s.browsers.GiveBack(in.IP)
	}
	return i.Invitation, err
}

func (s *Store) activating(ctx context.Context, in Activating) (invitation, error) {
	i, err := s.invitation(ctx, in.Link, in.IP, in.Trace)
	if err != nil {
		return i, err
	}
	switch {
	case !i.Activates:
		return i, fault.Titled("The site is activated already", "Somebody else has done it. Open the link in the mail once more: it lets you in.")
	case !i.Approved:
		return i, fault.Titled("You wait for approval", "You have still to be approved by %s. Nothing was changed: open the link in the mail again when you are told that you are.", i.Provider)
	}
	_, err = gate.Do(ctx, s.gate, gate.Stranger(i.Org, in.IP, in.Trace), opSeeLink, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, org.CheckActivation(tx, in.Proof)
	})
	if err != nil {
		return i, err
	}
	return i, i.check(strings.TrimSpace(in.Name), in.Password)
}

// Activate accepts the invitation of a Site Administrator and gives the site
// its keys, in one transaction: of several who activate at once exactly one
// does, and a link that does not fit uses nothing up.
func (s *Store) Activate(ctx context.Context, in Activating) (org.Made, error) {
	if err := s.browsers.Throttle(in.IP); err != nil {
		return org.Made{}, err
	}
	i, err := s.activating(ctx, in)
	if err != nil {
		return org.Made{}, err
	}
	keys, err := s.org.Activating(ctx, i.Org, i.user, in.Password, in.Code, in.Recovery, in.Proof)
	if err != nil {
		return org.Made{}, err
	}
	s.browsers.GiveBack(in.IP)
	return gate.Do(ctx, s.gate, gate.Stranger(i.Org, in.IP, in.Trace), OpActivate, gate.Nothing(), func(tx *gate.Tx) (org.Made, error) {
		user, _, err := in.Link.use(tx, linkInvitation)
		if err != nil {
			return keys.Made, err
		}
		name := strings.TrimSpace(in.Name)
		if n, err := tx.Exec(sqlActivator, user, name, find.Plain(name)); err != nil || n != 1 || user != i.user {
			if err == nil {
				err = errUsed
			}
			return keys.Made, err
		}
		ev := tx.Event()
		ev.Kind, ev.ID, ev.Actor = "organization", i.Org, user
		if err := s.org.Activate(tx, keys); err != nil {
			return keys.Made, err
		}
		return keys.Made, tx.BumpAccess()
	})
}
