package people

import (
	"context"

	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

// OpResetFactor removes another's second factors.
var OpResetFactor = gate.Define(gate.Op{Name: "user.reset-factor", Sentence: "Remove a user's second factors; the next sign-in sets one up (rank applies)", Scope: gate.Whole, Visits: true, Needs: perm.UserEdit, Write: true, Audit: true, Once: true})

// ResetFactor removes a user's second factors and recovery codes, and tells
// him. His next sign-in leads through setting one up.
func (s *Store) ResetFactor(ctx context.Context, who gate.Actor, user string) error {
	return s.act(ctx, who, OpResetFactor, user, ResetFactor, func(tx *gate.Tx, p *Person, _ func(*gate.Tx, string) error) error {
		tx.Event().Fields = []string{p.Factor}
		if _, err := s.factors.Reset(tx, user); err != nil {
			return err
		}
		_, err := s.mail.Enqueue(tx, mail.Mail{Kind: mail.FactorReset, To: user, By: tx.Name(), Link: seal.NewSecret("/"),
			Facts: []mail.Fact{{Label: "Time", Text: mail.Stamp(tx.Now())}}})
		return err
	})
}
