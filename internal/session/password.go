package session

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// Password is a change of one's own password, or a proof of it.
type Password struct {
	Bearer        string
	Present, Next seal.Secret
	Agent         string
}

// about is what a change of password has to know beforehand.
type about struct {
	email, name, org string
	outer            seal.Key
	seedOld          bool
}

var (
	sqlAbout     = gate.SQL(`SELECT u.email, u.name, o.name FROM users u JOIN organizations o ON o.id = u.org_id WHERE u.org_id = $1 AND u.id = $2`)
	sqlForgetAll = gate.SQL(`DELETE FROM devices WHERE org_id = $1 AND user_id = $2`)
)

func (s *Store) about(ctx context.Context, who gate.Actor, epoch int64) (about, error) {
	return gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) (b about, err error) {
		if err = tx.Row(sqlAbout, who.User()).Scan(&b.email, &b.name, &b.org); err != nil {
			return b, err
		}
		if b.outer, err = s.org.Outer(tx, epoch); err != nil {
			return b, err
		}
		b.seedOld, err = s.seedOld(tx)
		return b, err
	})
}

// SeedOld reports whether it is time for the actor to renew his keys.
func (s *Store) SeedOld(ctx context.Context, who gate.Actor) (bool, error) {
	return gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return s.seedOld(tx)
	})
}

func (s *Store) seedOld(tx *gate.Tx) (bool, error) {
	if !tx.May(OpRenewKeys, gate.Nothing()) { // guests have no keys to renew
		return false, nil
	}
	return s.org.SeedOld(tx, tx.Who().User())
}

// ChangePassword puts P under the new password, and ends the user's other
// sessions. Devices stay known: their ways in hang on P. Where the vault is
// open and the user's seed is older than a removal, his keys are renewed in
// the same transaction, as RenewKeys does, and the device that it gives back
// makes this browser known again; it is invalid otherwise.
func (s *Store) ChangePassword(ctx context.Context, who gate.Actor, in Password) (seal.Token, error) {
	proof, err := s.org.CheckOwn(ctx, who, in.Present)
	if err != nil {
		return seal.Token{}, err
	}
	b, err := s.about(ctx, who, proof.Epoch)
	if err != nil {
		return seal.Token{}, err
	}
	if text := org.CheckPassword(in.Next, b.email, b.name, b.org); text != "" {
		return seal.Token{}, fault.Bad("new_password", "%s", text)
	}
	if b.seedOld && who.Open() {
		return s.reseed(ctx, who, in, proof, b.outer)
	}
	record, err := s.org.Argon().Rewrap(ctx, in.Next, b.outer, org.PlaceOfPassword(who.Org(), who.User(), proof.Epoch, proof.Version+1), proof.P)
	if err != nil {
		return seal.Token{}, org.Waiting(err)
	}
	_, err = gate.Do(ctx, s.gate, who, OpPassword, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		return true, s.replace(tx, proof, record)
	})
	return seal.Token{}, err
}

// RenewKeys gives the actor a new seed and a new P under the same password,
// in a new epoch. His other sessions end, no other browser is known any more,
// and his recovery code is void. The device that it gives back makes this
// browser known.
func (s *Store) RenewKeys(ctx context.Context, who gate.Actor, in Password) (seal.Token, error) {
	proof, err := s.org.CheckOwn(ctx, who, in.Present)
	if err != nil {
		return seal.Token{}, err
	}
	b, err := s.about(ctx, who, proof.Epoch)
	if err != nil {
		return seal.Token{}, err
	}
	in.Next = in.Present
	return s.reseed(ctx, who, in, proof, b.outer)
}

func (s *Store) reseed(ctx context.Context, who gate.Actor, in Password, proof org.Proof, outer seal.Key) (known seal.Token, err error) {
	_, _, token, ok := parseBearer(in.Bearer)
	if !ok {
		return known, fault.NotSignedIn()
	}
	record, p, err := s.org.Argon().Enrol(ctx, in.Next, outer, org.PlaceOfPassword(who.Org(), who.User(), proof.Epoch, proof.Version+1))
	if err != nil {
		return known, org.Waiting(err)
	}
	_, err = gate.Do(ctx, s.gate, who, OpRenewKeys, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		if err := s.replace(tx, proof, record); err != nil {
			return false, err
		}
		if _, err := tx.Exec(sqlForgetAll, who.User()); err != nil {
			return false, err
		}
		made, err := s.org.Reseed(tx, p)
		if err != nil {
			return false, err
		}
		var device string
		if device, known, err = s.rollDevice(tx, who.User(), "", in.Agent, p, made.Keys.Seed, made.Outer, made.Keys.Epoch); err != nil {
			return false, err
		}
		if !in.Next.Equal(in.Present) {
			tx.Note(gate.Event{Operation: OpPassword.Name}, "")
		}
		tx.After(func() { s.drop(who.Session()) })
		place := placeOfSession(who.Org(), who.Session(), who.User(), token.Lookup(), true, made.Keys.Epoch)
		return true, tx.One(sqlSetKeys, who.Session(), made.Keys.Epoch, seal.SealSession(token, made.Outer, place, made.Keys), device, tx.Millis(), token.Lookup())
	})
	return known, org.HeldUp(err)
}

// replace stores the new password record, and ends the other sessions.
func (s *Store) replace(tx *gate.Tx, proof org.Proof, record []byte) error {
	who := tx.Who()
	if same, err := s.org.SetRecord(tx, who.User(), proof, record); err != nil || !same {
		return orStale(err)
	}
	_, err := tx.Exec(sqlEndOthers, who.User(), who.Session())
	return err
}

func orStale(err error) error {
	if err != nil {
		return err
	}
	return fault.Cannot("The vault's keys were renewed in the meantime. Nothing was changed; try again.")
}
