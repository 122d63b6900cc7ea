package factor

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// New begins a second factor. Holder is a key of the session that sets it up.
type NewFactor struct {
	Kind, Name string
	Password   seal.Secret
	Holder     seal.Key
}

// Enrolment is a second factor that is being set up: what an app or a browser
// has to be given. It is shown until it is confirmed.
type Enrolment struct {
	ID, Kind, Name string
	Seed           seal.TOTPSeed // of an app
	Address        seal.Secret   // otpauth://…, for its QR code
	Options        []byte        // of a passkey: PublicKeyCredentialCreationOptions, as JSON
}

var (
	sqlCount  = gate.SQL(`SELECT COUNT(*), COUNT(CASE WHEN kind = 'totp' THEN 1 END) FROM factors WHERE org_id = $1 AND user_id = $2 AND confirmed AND kind <> 'codes'`)
	sqlUnmade = gate.SQL(`DELETE FROM factors WHERE org_id = $1 AND user_id = $2 AND NOT confirmed`)
	sqlInsert = gate.SQL(`INSERT INTO factors (org_id, id, user_id, kind, name, outer_epoch, factor_box, p_box, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	sqlBegun  = gate.SQL(`SELECT kind, name, outer_epoch, version, factor_box, p_box FROM factors WHERE org_id = $1 AND id = $2 AND user_id = $3 AND NOT confirmed AND created_at > $4`)
	sqlNames  = gate.SQL(`SELECT u.name, u.email, o.name FROM users u JOIN organizations o ON o.id = u.org_id WHERE u.org_id = $1 AND u.id = $2`)
)

// Begin makes a factor that proves nothing until it is confirmed. An earlier
// one that was not confirmed is dropped.
func (s *Store) Begin(ctx context.Context, who gate.Actor, in NewFactor) (string, error) {
	in.Name = strings.TrimSpace(in.Name)
	if in.Kind != TOTP && in.Kind != Passkey {
		return "", fault.Bad("kind", "A second factor is an authenticator app (totp) or a passkey (passkey).")
	}
	if in.Kind == Passkey && s.party.ID == "" {
		return "", fault.Cannot("Passkeys need this server to be reached by a name, not by a number. Ask whoever runs it to set --public-url.")
	}
	if err := checkName(in.Name); err != nil {
		return "", err
	}
	proof, err := s.org.CheckOwn(ctx, who, in.Password)
	if err != nil {
		return "", err
	}
	return gate.Do(ctx, s.gate, who, opBegin, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		all, apps := 0, 0
		if err := tx.Row(sqlCount, who.User()).Scan(&all, &apps); err != nil {
			return "", err
		}
		if all >= most || in.Kind == TOTP && apps >= mostApps {
			return "", fault.Cannot("You have as many second factors as there can be (%d, of them %d authenticator apps). Remove one first.", most, mostApps)
		}
		if _, err := tx.Exec(sqlUnmade, who.User()); err != nil {
			return "", err
		}
		n := tx.KeyEpoch()
		outer, err := s.org.Outer(tx, n)
		if err != nil {
			return "", err
		}
		made := id.New("factor")
		at := org.PlaceOfFactor(who.Org(), made, who.User(), in.Kind, n, 1)
		var box, p []byte
		if in.Kind == TOTP {
			box = seal.SealTOTP(seal.NewTOTPSeed(), outer, at)
		} else {
			box = outer.Seal(seal.PurposePasskey, at, seal.Random(32)) // the challenge
			p = seal.SealPasskey(in.Holder, outer, org.PlaceOfPasskey(who.Org(), made, who.User(), n), proof.P)
		}
		_, err = tx.Exec(sqlInsert, made, who.User(), in.Kind, in.Name, n, box, p, tx.Millis())
		return made, err
	})
}

// begun is a row that is not confirmed yet.
type begun struct {
	kind, name     string
	epoch, version int64
	box, p         []byte
	outer          seal.Key
}

func (s *Store) begun(tx *gate.Tx, factor string) (b begun, err error) {
	err = tx.Row(sqlBegun, factor, tx.Who().User(), tx.Now().Add(-enrolling).UnixMilli()).Scan(&b.kind, &b.name, &b.epoch, &b.version, &b.box, &b.p)
	if err == nil {
		b.outer, err = s.org.Outer(tx, b.epoch)
	}
	return b, err
}

func (b begun) place(who gate.Actor, factor string) seal.Place {
	return org.PlaceOfFactor(who.Org(), factor, who.User(), b.kind, b.epoch, b.version)
}

// Show gives what is needed to set up a factor that was begun.
func (s *Store) Show(ctx context.Context, who gate.Actor, factor string) (Enrolment, error) {
	return gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) (Enrolment, error) {
		b, err := s.begun(tx, factor)
		if err != nil {
			return Enrolment{}, err
		}
		e := Enrolment{ID: factor, Kind: b.kind, Name: b.name}
		var name, email, organization string
		if err := tx.Row(sqlNames, who.User()).Scan(&name, &email, &organization); err != nil {
			return e, err
		}
		if b.kind == TOTP {
			if e.Seed, err = seal.OpenTOTP(b.outer, b.place(who, factor), b.box); err == nil {
				e.Address = address(organization, email, e.Seed)
			}
			return e, err
		}
		challenge, err := b.outer.Open(seal.PurposePasskey, b.place(who, factor), b.box)
		if err != nil {
			return e, err
		}
		creds, err := s.credentials(tx, who.User())
		if err != nil {
			return e, err
		}
		e.Options, err = json.Marshal(s.party.creation(handleOf(who.Org(), who.User()), email, name, organization, challenge, creds))
		return e, err
	})
}

// address is the otpauth address of a seed (the form that Google Authenticator
// made common; apps take the defaults SHA-1, six digits, 30 seconds).
func address(organization, email string, seed seal.TOTPSeed) seal.Secret {
	issuer := "Bailiwick " + organization
	v := url.Values{"secret": {seed.Reveal()}, "issuer": {issuer}}
	return seal.NewSecret("otpauth://totp/" + url.PathEscape(issuer) + ":" + url.PathEscape(email) + "?" + strings.ReplaceAll(v.Encode(), "+", "%20"))
}

// Confirmation proves a factor for the first time: the code that an app shows,
// or what the browser made of the options, and what the passkey's PRF gave.
type Confirmation struct {
	ID     string
	Code   string
	Answer []byte
	PRF    []byte
	Holder seal.Key
}

var (
	sqlConfirm = gate.SQL(`UPDATE factors SET confirmed = TRUE, counter = $3, last_used = $4, version = $5, factor_box = $6, p_box = $7 WHERE org_id = $1 AND id = $2 AND NOT confirmed`)
	errCode    = fault.Bad("code", "This is not the code that the app shows now. Wait for the next one; if it does not fit either, look at the clock of the telephone.")
	errAnswer  = fault.Bad("passkey", "The passkey could not be set up here. Nothing was saved; try again, or take another one.")
)

// Confirm makes a factor count. With the first one come recovery codes, which
// are shown this once.
func (s *Store) Confirm(ctx context.Context, who gate.Actor, in Confirmation) ([]seal.FactorCode, error) {
	return gate.Do(ctx, s.gate, who, OpAdd, gate.Nothing(), func(tx *gate.Tx) ([]seal.FactorCode, error) {
		b, err := s.begun(tx, in.ID)
		if err != nil {
			return nil, err
		}
		e := tx.Event()
		e.Kind, e.ID, e.Name, e.Fields = "factor", in.ID, b.name, []string{words[b.kind]}
		next := b
		next.version++
		var counter int64
		var p []byte
		if b.kind == TOTP {
			counter, next.box, err = confirmTOTP(tx, in, b, next)
		} else {
			counter, next.box, p, err = s.confirmPasskey(tx, in, b, next)
		}
		if err != nil {
			return nil, err
		}
		if err := tx.One(sqlConfirm, in.ID, counter, tx.Millis(), next.version, next.box, p); err != nil {
			return nil, err
		}
		if err := s.tell(tx, who.User(), what(b.kind, b.name)); err != nil {
			return nil, err
		}
		if err := settle(tx, who.User(), false); err != nil {
			return nil, err
		}
		_, left, err := list(tx, who.User())
		if err != nil || left > 0 {
			return nil, err
		}
		return s.newCodes(tx, who.User())
	})
}

func confirmTOTP(tx *gate.Tx, in Confirmation, b, next begun) (step int64, box []byte, err error) {
	seed, err := seal.OpenTOTP(b.outer, b.place(tx.Who(), in.ID), b.box)
	if err != nil {
		return 0, nil, err
	}
	step, ok := seed.Match(digits(in.Code), tx.Now(), 0)
	if !ok {
		return 0, nil, errCode
	}
	return step, seal.SealTOTP(seed, b.outer, next.place(tx.Who(), in.ID)), nil
}

func (s *Store) confirmPasskey(tx *gate.Tx, in Confirmation, b, next begun) (counter int64, box, p []byte, err error) {
	who := tx.Who()
	challenge, err := b.outer.Open(seal.PurposePasskey, b.place(who, in.ID), b.box)
	if err != nil {
		return 0, nil, nil, err
	}
	c, err := s.party.created(handleOf(who.Org(), who.User()), challenge, in.Answer)
	if err != nil {
		return 0, nil, nil, errAnswer
	}
	have, err := s.credentials(tx, who.User())
	if err != nil {
		return 0, nil, nil, err
	}
	if has(have, c.ID) {
		return 0, nil, nil, fault.Bad("passkey", "This passkey is set up already.")
	}
	text, err := json.Marshal(c)
	if err != nil {
		return 0, nil, nil, err
	}
	box = b.outer.Seal(seal.PurposePasskey, next.place(who, in.ID), text)
	if prf, err := seal.KeyFrom(in.PRF); err == nil && b.p != nil {
		at := org.PlaceOfPasskey(who.Org(), in.ID, who.User(), b.epoch)
		kept, err := seal.OpenPasskey(in.Holder, b.outer, at, b.p)
		if err != nil && !errors.Is(err, seal.ErrOpen) {
			return 0, nil, nil, err
		}
		if err == nil {
			p = seal.SealPasskey(prf.Derive("passkey"), b.outer, at, kept)
		}
	}
	return int64(c.Count), box, p, nil
}

func what(kind, name string) string {
	if kind == TOTP {
		return "The authenticator app " + name
	}
	return "The passkey " + name
}
