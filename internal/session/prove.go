package session

import (
	"context"
	"encoding/binary"
	"errors"

	"bailiwick/internal/factor"
	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
)

// OpProve proves a second factor again, for what asks for it besides the
// password: org.Freshly says how long it counts.
var OpProve = gate.Define(gate.Op{Name: "factor.prove", Sentence: "Prove one's own second factor again", Scope: gate.Self, Guests: true, Waiting: true, Write: true, Audit: true})

var (
	opProveTry = gate.Define(gate.Op{Name: "factor.try", Sentence: "Count a try to prove one's own second factor again", Scope: gate.Self, Guests: true, Waiting: true, Write: true})

	sqlProvedAt = gate.SQL(`SELECT proved_at FROM sessions WHERE org_id = $1 AND id = $2 AND user_id = $3`)
	sqlProve    = gate.SQL(`UPDATE sessions SET proved_at = $3 WHERE org_id = $1 AND id = $2 AND proved_at = $4`)
)

// proving is what a passkey has to sign in this session, until it has.
func proving(tx *gate.Tx, bearer string) (challenge []byte, at int64, err error) {
	holder := Holder(bearer)
	if !holder.Valid() {
		return nil, 0, fault.NotSignedIn()
	}
	err = tx.Row(sqlProvedAt, tx.Who().Session(), tx.Who().User()).Scan(&at)
	return holder.MAC("prove again", binary.BigEndian.AppendUint64(nil, uint64(at))), at, err
}

// OwnWays says by what the actor can prove himself again; all false where he
// has no second factor.
func (s *Store) OwnWays(ctx context.Context, who gate.Actor, bearer string) (factor.Ways, error) {
	return gate.Do(ctx, s.gate, who, factor.OpList, gate.Nothing(), func(tx *gate.Tx) (factor.Ways, error) {
		challenge, _, err := proving(tx, bearer)
		if err != nil {
			return factor.Ways{}, err
		}
		return s.factor.Ways(tx, who.User(), challenge)
	})
}

// Prove proves the actor's second factor again. Wrong tries count as at
// sign-in.
func (s *Store) Prove(ctx context.Context, who gate.Actor, bearer string, in factor.Proof) error {
	empty := in.Code == "" && len(in.Answer) == 0 // a form sent too soon, and no guess
	last, err := gate.Do(ctx, s.gate, who, opProveTry, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		if empty {
			return false, nil
		}
		return s.org.CountFactor(tx, who.User())
	})
	if errors.Is(err, org.ErrLocked) {
		return fault.TooMany(Lockout)
	}
	if err != nil {
		return err
	}
	if empty {
		return fault.Bad("code", "Enter a code, or use your passkey.")
	}
	_, err = gate.Do(ctx, s.gate, who, OpProve, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		challenge, at, err := proving(tx, bearer)
		if err != nil {
			return false, err
		}
		by, err := s.factor.Prove(tx, who.User(), challenge, in)
		if err != nil {
			return false, err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Fields = "user", who.User(), []string{by}
		if err := s.org.Proved(tx, who.User()); err != nil {
			return false, err
		}
		return true, tx.One(sqlProve, who.Session(), max(tx.Millis(), at+1), at)
	})
	if !errors.Is(err, factor.ErrWrong) && !errors.Is(err, factor.ErrCloned) {
		return err
	}
	wrong := fault.Bad("code", "This is not right, or was used already. Wait for the next code, or use another way.")
	_, failed := gate.Do(context.WithoutCancel(ctx), s.gate, who, OpProve, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		e := tx.Event()
		e.Outcome, e.Kind, e.ID, e.Name = "failed", "user", who.User(), err.Error()
		if last {
			return true, s.org.LockedOut(tx, who.User())
		}
		return true, nil
	})
	return errors.Join(wrong, failed)
}
