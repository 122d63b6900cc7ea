package vault

import (
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"context"
	"fmt"
)

var insertSeen = gate.InsertMany(`INSERT INTO seen (org_id, credential_id, user_id, password_rev, first_at, last_at)`, 5,
	`ON CONFLICT (org_id, credential_id, user_id, password_rev) DO UPDATE SET last_at = excluded.last_at`)

// saw notes that the actor knows a version of a password.
func saw(tx *gate.Tx, credential string, rev int64) error {
	user := tx.Who().User()
	return tx.Add(&insertSeen, fmt.Sprint(credential, " ", user, " ", rev), credential, user, rev, tx.Millis(), tx.Millis())
}

// Reveal gives a secret to be shown. It is one event in the audit log, and
// from now on the user knows this version of the password.
func (s *Store) Reveal(ctx context.Context, who gate.Actor, credential string) (Secret, error) {
	return s.reveal(ctx, who, OpReveal, credential)
}

// Copy gives a secret to be put on the clipboard.
func (s *Store) Copy(ctx context.Context, who gate.Actor, credential string) (Secret, error) {
	return s.reveal(ctx, who, OpCopy, credential)
}

func (s *Store) reveal(ctx context.Context, who gate.Actor, op *gate.Op, credential string) (Secret, error) {
	return gate.Do(ctx, s.gate, who, op, gate.Credential(credential), func(tx *gate.Tx) (Secret, error) {
		c, err := load(tx, credential)
		if err != nil {
			return Secret{}, err
		}
		secret, err := c.openSecret(who.Org())
		if err != nil {
			return Secret{}, err
		}
		secret.TOTP = "" // only codes of it are given out
		tx.Title(c.ClientID, c.Title)
		if err := c.toldThere(tx); err != nil {
			return Secret{}, err
		}
		return secret, saw(tx, credential, c.rev)
	})
}

// orStale turns "no row of this version" into a conflict.
func orStale(err error) error {
	if fault.Is(err, fault.Absent) {
		return fault.Stale("credential")
	}
	return err
}

// toldThere has the log of the other organization of a shared credential say
// that somebody here looks at its secret.
func (c *stored) toldThere(tx *gate.Tx) error {
	if c.other == "" {
		return nil
	}
	return tx.Beside(c.other, func(b *gate.Tx) error {
		e := gate.Event{Kind: string(gate.KindCredential), ID: c.ID, Fields: tx.Event().Fields}
		err := b.Row(sqlClientThere, c.ID).Scan(&e.Client)
		if isAbsent(err) { // it is shared, and has no row there yet
			return nil
		}
		b.Note(e, "")
		return err
	})
}
