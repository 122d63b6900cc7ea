package session

import (
	"context"
	"errors"
	"strings"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// Bearer is a session or API token as it travels: kind, organization, secret.
// "bws_" begins a session's, "bwt_" an API token's.
func Bearer(kind, org string, token seal.Token) string {
	return kind + "_" + org + "." + token.Reveal()
}

// Kinds of bearers.
const (
	KindSession = "bws"
	KindToken   = "bwt"
)

func parseBearer(text string) (kind, org string, token seal.Token, ok bool) {
	kind, rest, ok := strings.Cut(text, "_")
	org, secret, cut := strings.Cut(rest, ".")
	token, err := seal.ParseToken(secret)
	return kind, org, token, ok && cut && err == nil && (kind == KindSession || kind == KindToken) && len(org) < 64
}

// idleMillis is the setting that says how long an open vault stays open without
// a request, read with a row of sessions: a change holds from the next request.
const idleMillis = `COALESCE((SELECT 60000 * CAST(t.value AS BIGINT) FROM settings t WHERE t.org_id = sessions.org_id AND t.name = 'idle-minutes'), 900000)`

var (
	sqlResume = gate.SQL(`SELECT id, user_id, perspective_of, outer_epoch, keys_box, open, last_used, expires_at, enrol, ` + idleMillis + ` FROM sessions WHERE org_id = $1 AND lookup = $2`)
	sqlTouch  = gate.SQL(`UPDATE sessions SET last_used = $3, ip = $4 WHERE org_id = $1 AND id = $2`)
	sqlSeal   = gate.SQL(`UPDATE sessions SET open = FALSE, outer_epoch = $3, keys_box = $4 WHERE org_id = $1 AND id = $2`)
)

type row struct {
	id, user, of      string
	epoch             int64
	box               []byte
	open, enrol       bool
	lastUsed, expires int64
	idleMS            int64
	outer             seal.Key
}

func (r row) idle() time.Duration { return time.Duration(r.idleMS) * time.Millisecond }

// Resume gives the actor of a bearer, or asks to sign in.
func (s *Store) Resume(ctx context.Context, bearer, ip string, trace *gate.Trace) (gate.Actor, error) {
	kind, org, token, ok := parseBearer(bearer)
	if !ok {
		return gate.Actor{}, fault.NotSignedIn()
	}
	if kind == KindToken {
		return s.resumeToken(ctx, org, token, ip, trace)
	}
	r, err := s.find(ctx, org, token, ip, trace)
	if err != nil {
		return gate.Actor{}, err
	}
	now := s.clock.Now()
	if now.UnixMilli() >= r.expires {
		return gate.Actor{}, s.expire(ctx, org, r.id, ip, trace)
	}
	ring, err := s.ring(org, token, r)
	if err != nil {
		return gate.Actor{}, err
	}
	idle := now.Sub(at(r.lastUsed))
	sealing := r.open && idle > r.idle()
	if sealing {
		ring = &gate.Ring{}
		s.drop(r.id)
	}
	if sealing || idle > time.Minute || idle < -time.Minute {
		if err := s.touch(ctx, org, token, r, ip, trace); err != nil && (sealing || !notStored(err)) {
			return gate.Actor{}, err
		}
	}
	a := gate.Admission{Kind: gate.User, Org: org, User: r.user, Session: r.id, IP: ip, Ring: ring, Enrol: r.enrol, Trace: trace}
	if r.of != "" {
		a.Kind, a.User, a.By = gate.Perspective, r.of, r.user
	}
	return gate.Admit(a), nil
}

// notStored: a last use that could not be written keeps nobody out. On a full
// disk, or beside a read-only database, reading goes on.
func notStored(err error) bool {
	return fault.Is(err, fault.Unavailable) || fault.Is(err, fault.Unknown)
}

func (s *Store) find(ctx context.Context, org string, token seal.Token, ip string, trace *gate.Trace) (row, error) {
	r, err := gate.Glance(ctx, s.gate, gate.Stranger(org, ip, trace), opFind, func(tx *gate.Tx) (r row, err error) {
		err = tx.Row(sqlResume, token.Lookup()).Scan(&r.id, &r.user, &r.of, &r.epoch, &r.box, &r.open, &r.lastUsed, &r.expires, &r.enrol, &r.idleMS)
		if err == nil {
			r.outer, err = s.org.Outer(tx, r.epoch)
		}
		return r, err
	})
	if fault.Is(err, fault.Absent) {
		return r, fault.NotSignedIn()
	}
	return r, err
}

var sqlExpire = gate.SQL(`DELETE FROM sessions WHERE org_id = $1 AND id = $2`)

// expire ends a session whose time is over, for good: a clock that goes back
// later must not bring it back.
func (s *Store) expire(ctx context.Context, org, session, ip string, trace *gate.Trace) error {
	s.drop(session)
	_, err := gate.Do(ctx, s.gate, gate.Stranger(org, ip, trace), opTouch, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		_, err := tx.Exec(sqlExpire, session)
		return true, err
	})
	if err != nil {
		return err
	}
	return fault.NotSignedIn()
}

// ring opens the session's keys, or takes those that are kept from the last
// request of the same token. The row of a sealed session must be genuine too,
// which only its outer layer tells: whoever writes to the database without the
// instance key can make nobody signed in.
func (s *Store) ring(org string, token seal.Token, r row) (*gate.Ring, error) {
	place := placeOfSession(org, r.id, r.user, token.Lookup(), r.open, r.epoch)
	if !r.open {
		if _, err := r.outer.Open(seal.PurposeSession, place, r.box); err != nil {
			return nil, fault.NotSignedIn()
		}
		return &gate.Ring{}, nil
	}
	if ring, ok := s.held(r.id, r.bound(), token.Lookup(), r.idle()); ok {
		return ring, nil
	}
	keys, err := seal.OpenSession(token, r.outer, place, r.box)
	if err != nil {
		return nil, fault.NotSignedIn() // somebody changed the row: it opens nothing
	}
	ring := gate.NewRing(keys.Epoch, keys.Vault, keys.Seed)
	s.keep(r.id, ring, r.bound(), token.Lookup(), r.idle())
	return ring, nil
}

// bound is what a kept ring belongs to, besides the token.
func (r row) bound() []byte { return append([]byte(r.user+" "), r.box...) }

// touch keeps the last use, and takes the keys out of a session that was idle
// for too long: they are gone from the row, not only hidden.
func (s *Store) touch(ctx context.Context, org string, token seal.Token, r row, ip string, trace *gate.Trace) error {
	_, err := gate.Do(ctx, s.gate, gate.Stranger(org, ip, trace), opTouch, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		if r.open && tx.Millis()-r.lastUsed > r.idleMS {
			box := seal.SealSession(token, r.outer, placeOfSession(org, r.id, r.user, token.Lookup(), false, r.epoch), seal.SessionKeys{})
			if err := tx.One(sqlSeal, r.id, r.epoch, box); err != nil {
				return false, err
			}
		}
		return true, tx.One(sqlTouch, r.id, tx.Millis(), ip)
	})
	if fault.Is(err, fault.Absent) {
		return fault.NotSignedIn()
	}
	return err
}

var errNoKey = errors.New("the ring holds no seed")

// renew takes up the key grant of a new epoch with the seed that the session
// holds. The row keeps its older keys: without the token they can't be sealed
// anew; the next sign-in or opening writes the present ones.
func (s *Store) renew(ctx context.Context, who gate.Actor) (gate.Actor, error) {
	seed := who.Ring().Seed()
	if !seed.Valid() {
		return who, errNoKey
	}
	sealed := gate.Admit(gate.Admission{Kind: who.Kind(), Org: who.Org(), User: who.User(), Session: who.Session(), IP: who.IP()})
	follow := func(tx *gate.Tx) (pin []byte, err error) {
		opened, err := s.org.Follow(tx, who.User(), who.Ring())
		if org.NoGrant(err) {
			return nil, fault.Closed()
		}
		if err != nil {
			return nil, overtaken(tx, seed, err)
		}
		tx.After(func() { who.Ring().Advance(opened.Epoch, opened.Vault) })
		return opened.Pin, nil
	}
	_, err := gate.Do(ctx, s.gate, sealed, opRenew, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		pin, err := follow(tx)
		if err != nil {
			return false, err
		}
		return true, s.org.SetPin(tx, who.User(), pin)
	})
	if notStored(err) { // reading goes on; the next request tries again to keep the pin
		_, err = gate.Do(ctx, s.gate, sealed, opFollow, gate.Nothing(), follow)
		s.drop(who.Session())
	}
	return who, err
}

var sqlHolder = gate.SQL(`SELECT COUNT(*) FROM users WHERE org_id = $1 AND id = $2 AND hpke_public = $3`)

// overtaken tells a request that began before its user's keys were renewed,
// and so holds the earlier seed, from one that met a forgery.
func overtaken(tx *gate.Tx, seed seal.Key, forgery error) error {
	n := 0
	if err := tx.Row(sqlHolder, tx.Who().User(), seed.Identity("user").Public()).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return fault.Busy("Your keys were renewed a moment ago. Try again.", time.Second, forgery)
	}
	return forgery
}
