package demo

import (
	"bailiwick/internal/factor"
	"bailiwick/internal/seal"
)

// secured is who has a second factor.
const secured = "Noah van den Berg"

// secure sets up an authenticator app as its owner would.
func (f *filler) secure() error {
	for i, p := range staff {
		if p.name != secured {
			continue
		}
		if err := f.signIn(p); err != nil {
			return err
		}
		who := f.actors[p.name]
		made, err := f.Factors.Begin(f.ctx, who, factor.NewFactor{Kind: factor.TOTP, Name: "Telephone", Password: seal.NewSecret(p.password())})
		if err != nil {
			return err
		}
		app, err := f.Factors.Show(f.ctx, who, made)
		if err != nil {
			return err
		}
		codes, err := f.Factors.Confirm(f.ctx, who, factor.Confirmation{ID: made, Code: app.Seed.Code(seal.TOTPStep(f.clock.Now()))})
		if err != nil {
			return err
		}
		a := &f.made.Accounts[i]
		a.TOTP = app.Seed.Reveal()
		for _, c := range codes {
			a.RecoveryCodes = append(a.RecoveryCodes, c.Reveal())
		}
	}
	return nil
}
