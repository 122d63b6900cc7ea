package vault

import (
	"context"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/otp"
	"bailiwick/internal/perm"
)

// Operations on one-time codes. The secret that they come from is set,
// replaced and removed; it is never given out.
var (
	OpCode = gate.Define(gate.Op{Name: "credential.code", Sentence: "See or copy the present one-time code", Shared: gate.Received, Scope: gate.Single, Needs: perm.PasswordView, Personal: true, Tokens: true, Write: true, Audit: true, Keys: true})
	OpTOTP = gate.Define(gate.Op{Name: "credential.totp", Shared: gate.Written, Sentence: "Set, replace or remove the TOTP secret (editing, adding and restoring need this too where they would change it)", Scope: gate.Single, Needs: perm.PasswordTOTPAddRemove, Personal: true, Tokens: true, Write: true, Audit: true, Once: true, Keys: true})
)

// Code is a one-time code and how long it holds.
type Code struct {
	Code   string
	Period int // seconds
	Until  time.Time
	Left   int // seconds, at least 1
}

// Code gives the present one-time code of a credential.
func (s *Store) Code(ctx context.Context, who gate.Actor, credential string) (Code, error) {
	return gate.Do(ctx, s.gate, who, OpCode, gate.Credential(credential), func(tx *gate.Tx) (Code, error) {
		c, err := load(tx, credential)
		if err != nil {
			return Code{}, err
		}
		secret, err := c.openSecret(who.Org())
		if err != nil {
			return Code{}, err
		}
		tx.Title(c.ClientID, c.Title)
		if secret.TOTP == "" {
			return Code{}, fault.Cannot("This credential has no TOTP secret, so there is no one-time code.")
		}
		key, err := otp.Parse(secret.TOTP)
		if err != nil { // it came in before it was checked
			return Code{}, fault.Cannot("The stored TOTP secret can't be read. Set it anew.")
		}
		code, until := key.Code(tx.Now())
		if err := c.toldThere(tx); err != nil {
			return Code{}, err
		}
		return Code{Code: code, Period: key.Period, Until: until, Left: max(1, int((until.Sub(tx.Now())+time.Second-1)/time.Second))}, nil
	})
}

// SetTOTP sets or replaces the TOTP secret of a credential that the actor read
// at a version; "" removes it.
func (s *Store) SetTOTP(ctx context.Context, who gate.Actor, credential string, version int64, totp string) (int64, error) {
	return gate.Do(ctx, s.gate, who, OpTOTP, gate.Credential(credential), func(tx *gate.Tx) (int64, error) {
		return edit(tx, credential, version, false, func(c *stored, secret Secret) (Input, error) {
			in := Input{Type: c.Type, Expires: c.Expires, Overview: c.Overview, Secret: secret}
			in.TOTP = totp
			return in, in.check()
		})
	})
}
