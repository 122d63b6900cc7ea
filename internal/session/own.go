package session

import (
	"context"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// Info is one of one's own sessions.
type Info struct {
	ID, IP, Agent              string
	Open, Current              bool
	Created, LastUsed, Expires time.Time
}

// Device is a browser that opens the vault with the password alone.
type Device struct {
	ID, Label                  string
	Created, LastUsed, Expires time.Time
}

var (
	sqlSessions  = gate.SQL(`SELECT id, ip, agent, open, created_at, last_used, expires_at FROM sessions WHERE org_id = $1 AND user_id = $2 AND expires_at > $3 ORDER BY last_used DESC`)
	sqlDevices   = gate.SQL(`SELECT id, label, created_at, last_used, expires_at FROM devices WHERE org_id = $1 AND user_id = $2 AND expires_at > $3 ORDER BY last_used DESC`)
	sqlEnd       = gate.SQL(`DELETE FROM sessions WHERE org_id = $1 AND id = $2 AND user_id = $3`)
	sqlEndOthers = gate.SQL(`DELETE FROM sessions WHERE org_id = $1 AND user_id = $2 AND id <> $3`)
	sqlForget    = gate.SQL(`DELETE FROM devices WHERE org_id = $1 AND id = $2 AND user_id = $3`)
)

// List gives the actor's own sessions and devices.
func (s *Store) List(ctx context.Context, who gate.Actor) (sessions []Info, devices []Device, err error) {
	_, err = gate.Do(ctx, s.gate, who, OpList, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		err := tx.Each(sqlSessions, func(r *gate.Rows) error {
			var i Info
			var created, used, expires int64
			err := r.Scan(&i.ID, &i.IP, &i.Agent, &i.Open, &created, &used, &expires)
			i.Created, i.LastUsed, i.Expires, i.Current = at(created), at(used), at(expires), i.ID == who.Session()
			sessions = append(sessions, i)
			return err
		}, who.User(), tx.Millis())
		if err != nil {
			return false, err
		}
		return true, tx.Each(sqlDevices, func(r *gate.Rows) error {
			var d Device
			var created, used, expires int64
			err := r.Scan(&d.ID, &d.Label, &created, &used, &expires)
			d.Created, d.LastUsed, d.Expires = at(created), at(used), at(expires)
			devices = append(devices, d)
			return err
		}, who.User(), tx.Millis())
	})
	return sessions, devices, err
}

// SignOut ends the actor's own session.
func (s *Store) SignOut(ctx context.Context, who gate.Actor) error {
	_, err := gate.Do(ctx, s.gate, who, OpSignOut, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		tx.After(func() { s.drop(who.Session()) })
		return true, tx.One(sqlEnd, who.Session(), who.User())
	})
	return err
}

// End ends one of the actor's own sessions.
func (s *Store) End(ctx context.Context, who gate.Actor, session string) error {
	_, err := gate.Do(ctx, s.gate, who, OpEnd, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		tx.After(func() { s.drop(session) })
		tx.Event().Kind, tx.Event().ID = "session", session
		return true, tx.One(sqlEnd, session, who.User())
	})
	return err
}

// Forget makes a browser unknown. It could open the vault, so a new epoch is
// made or due.
func (s *Store) Forget(ctx context.Context, who gate.Actor, device string) error {
	return s.org.Cut(func(removed func(*gate.Tx, string) error) error {
		_, err := gate.Do(ctx, s.gate, who, OpForget, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			tx.Event().Kind, tx.Event().ID = "device", device
			if err := tx.One(sqlForget, device, who.User()); err != nil {
				return false, err
			}
			return true, removed(tx, "a device was forgotten")
		})
		return err
	})
}

var sqlOwnBox = gate.SQL(`SELECT outer_epoch, keys_box, open FROM sessions WHERE org_id = $1 AND id = $2 AND user_id = $3`)
var sqlSetKeys = gate.SQL(`UPDATE sessions SET open = TRUE, outer_epoch = $3, keys_box = $4, device_id = $5, last_used = $6 WHERE org_id = $1 AND id = $2 AND lookup = $7`)

// Open is what opens the vault in a sealed session: the Organization Key, or
// the password on a known device, or both where the session was idle.
type Open struct {
	Bearer   string
	Password seal.Secret       // may be empty right after a sign-in
	Code     seal.Code         // the Organization Key
	Recovery seal.RecoveryCode // or the user's own recovery code
	Link     org.Link          // or a link that somebody sent
	Device   seal.Token
	Agent    string
}

// Type reads what was typed where the Organization Key is asked for: that key,
// or the user's own recovery code. Their checks differ, so neither is taken for
// the other.
func (in *Open) Type(text string) error {
	code, err := seal.ParseCode(text)
	if err == nil {
		in.Code = code
		return nil
	}
	if recovery, e := seal.ParseRecoveryCode(text); e == nil {
		in.Recovery = recovery
		return nil
	}
	return err
}

// Open opens the vault in the actor's session. The device that it gives back
// makes the browser known.
func (s *Store) Open(ctx context.Context, who gate.Actor, in Open) (seal.Token, error) {
	_, _, token, ok := parseBearer(in.Bearer)
	if !ok {
		return seal.Token{}, fault.NotSignedIn()
	}
	var fresh seal.Key
	if !in.Password.IsEmpty() {
		proof, err := s.org.CheckOwn(ctx, who, in.Password)
		if err != nil {
			return seal.Token{}, err
		}
		fresh = proof.P
	}
	if in.Link.Valid() {
		if err := s.org.TryLink(ctx, who, in.Link); err != nil {
			return seal.Token{}, err
		}
	}
	var known seal.Token
	_, err := gate.Do(ctx, s.gate, who, OpOpen, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		p, err := s.keptP(tx, who, token, fresh)
		if err != nil {
			return false, err
		}
		n := tx.KeyEpoch()
		a := account{user: who.User(), proof: org.Proof{P: p}}
		devices := map[string]seal.Token{}
		if in.Device.Valid() {
			devices[who.User()] = in.Device
		}
		opened, device, err := s.opened(tx, in, SignIn{Code: in.Code, Recovery: in.Recovery, Devices: devices}, a, n)
		if err != nil {
			return false, err
		}
		if !opened.Vault.Valid() {
			return false, fault.Bad("organization_key", "This browser is not known: enter the Organization Key.")
		}
		outer, err := s.org.Outer(tx, n)
		if err != nil {
			return false, err
		}
		if device, known, err = s.rollDevice(tx, who.User(), device, in.Agent, p, opened.Seed, outer, n); err != nil {
			return false, err
		}
		keys := seal.SessionKeys{P: p, Seed: opened.Seed, Vault: opened.Vault, Epoch: n}
		box := seal.SealSession(token, outer, placeOfSession(who.Org(), who.Session(), who.User(), token.Lookup(), true, n), keys)
		if err := tx.One(sqlSetKeys, who.Session(), n, box, device, tx.Millis(), token.Lookup()); err != nil {
			return false, err
		}
		return true, s.org.SetPin(tx, who.User(), opened.Pin)
	})
	if err == nil {
		s.wasOpened(ctx, in.Bearer, who.IP())
	}
	return known, err
}

func (s *Store) opened(tx *gate.Tx, in Open, try SignIn, a account, n int64) (org.Opened, string, error) {
	if in.Link.Valid() {
		o, err := s.org.ByLink(tx, a.user, a.proof.P, in.Link, n)
		return o, "", err
	}
	return s.wayIn(tx, try, a, n)
}

// keptP is P as the password gave it just now, or as the session still holds
// it from a sign-in that left the vault sealed.
func (s *Store) keptP(tx *gate.Tx, who gate.Actor, token seal.Token, fresh seal.Key) (seal.Key, error) {
	if fresh.Valid() {
		return fresh, nil
	}
	var n int64
	var box []byte
	var open bool
	if err := tx.Row(sqlOwnBox, who.Session(), who.User()).Scan(&n, &box, &open); err != nil {
		return seal.Key{}, err
	}
	outer, err := s.org.Outer(tx, n)
	if err != nil {
		return seal.Key{}, err
	}
	keys, err := seal.OpenSession(token, outer, placeOfSession(who.Org(), who.Session(), who.User(), token.Lookup(), open, n), box)
	if err != nil || !keys.P.Valid() {
		return seal.Key{}, fault.Bad("password", "Enter your password too: this session was sealed after a pause.")
	}
	return keys.P, nil
}

// Close seals the actor's session: its keys are taken out of the row.
func (s *Store) Close(ctx context.Context, who gate.Actor, bearer string) error {
	_, _, token, ok := parseBearer(bearer)
	if !ok {
		return fault.NotSignedIn()
	}
	_, err := gate.Do(ctx, s.gate, who, OpClose, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		n := tx.KeyEpoch()
		outer, err := s.org.Outer(tx, n)
		if err != nil {
			return false, err
		}
		tx.After(func() { s.drop(who.Session()) })
		box := seal.SealSession(token, outer, placeOfSession(who.Org(), who.Session(), who.User(), token.Lookup(), false, n), seal.SessionKeys{})
		return true, tx.One(sqlSeal, who.Session(), n, box)
	})
	return err
}
