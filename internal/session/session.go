// Package session makes actors: it signs people in, keeps what they hold open,
// and ends it. Nothing else admits an actor to the gate.
//
// It never learns a password that it could use twice: one Argon2id opens the
// user's P, and opening it is the check.
package session

import (
	"context"
	"fmt"
	"sync"
	"time"

	"bailiwick/internal/clock"
	"bailiwick/internal/factor"
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/org"
	"bailiwick/internal/perm"
	"bailiwick/internal/seal"
)

const (
	// Idle is how long an open vault stays open without a request, where the
	// organization's setting does not say otherwise.
	Idle = 15 * time.Minute
	// Lifetime is how long a sign-in lasts at most.
	Lifetime = 24 * time.Hour
	// DeviceLifetime is how long a browser stays known without being used.
	DeviceLifetime = 30 * 24 * time.Hour
	// Tries is how many wrong passwords in a row lock an account out.
	Tries = org.Tries
	// Lockout is how long it then stays locked out.
	Lockout = org.Lockout
)

// Store signs in and out.
type Store struct {
	gate   *gate.Gate
	org    *org.Store
	factor *factor.Store
	mail   *mail.Store
	clock  clock.Clock
	limit  *addressLimit
	mu     sync.Mutex
	rings  map[string]held // by session id
	onOpen []func(context.Context, gate.Actor) error
}

// held is a ring kept between requests, with the box that it came from: when
// the row's box changes, the ring is opened anew.
type held struct {
	ring   *gate.Ring
	box    string
	lookup string // of the token that opened the box, not of whatever the row says
	used   time.Time
	idle   time.Duration // how long it is kept without use
}

// New makes the store and tells the gate how sessions follow new epochs.
func New(g *gate.Gate, o *org.Store, f *factor.Store, m *mail.Store, c clock.Clock) *Store {
	s := &Store{gate: g, org: o, factor: f, mail: m, clock: c, limit: newAddressLimit(), rings: map[string]held{}}
	g.Keys(s.renew, o.MakeDue)
	return s
}

// Operations.
var (
	opTry = gate.Define(gate.Op{Name: "session.try", Sentence: "Begin a sign-in: every try is counted before the password is checked", Scope: gate.Anyone, Write: true})
	// OpSignIn signs in with email and password.
	OpSignIn = gate.Define(gate.Op{Name: "session.sign-in", Sentence: "Sign in with email and password", Scope: gate.Anyone, Write: true, Audit: true})
	opFind   = gate.Define(gate.Op{Name: "session.find", Sentence: "Find the accounts of an address, or the session of a token", Scope: gate.Anyone})
	opTouch  = gate.Define(gate.Op{Name: "session.touch", Sentence: "Keep a session's last use, or seal it after idle time", Scope: gate.Anyone, Write: true})
	opRenew  = gate.Define(gate.Op{Name: "session.renew", Sentence: "Take up the key grant of a new epoch", Scope: gate.Self, Enrol: true, Write: true})
	opFollow = gate.Define(gate.Op{Name: "session.follow", Sentence: "Take up the key grant of a new epoch where nothing can be stored", Scope: gate.Self, Enrol: true})
	// OpSignOut ends the actor's own session.
	OpSignOut = gate.Define(gate.Op{Name: "session.sign-out", Sentence: "Sign out", Scope: gate.Self, Guests: true, Waiting: true, Enrol: true, Write: true, Audit: true})
	// OpList lists one's own sessions and devices.
	OpList = gate.Define(gate.Op{Name: "session.list", Sentence: "List one's own sessions and devices", Scope: gate.Self, Guests: true, Waiting: true})
	// OpEnd ends one of one's own sessions.
	OpEnd = gate.Define(gate.Op{Name: "session.end", Sentence: "End one of one's own sessions", Scope: gate.Self, Guests: true, Waiting: true, Write: true, Audit: true})
	// OpForget forgets a device.
	OpForget = gate.Define(gate.Op{Name: "device.forget", Sentence: "Forget one of one's own devices", Scope: gate.Self, Guests: true, Write: true, Audit: true})
	// OpOpen opens the vault in a sealed session.
	OpOpen = gate.Define(gate.Op{Name: "vault.open", Sentence: "Open the vault with the Organization Key, or with the password on a known device", Scope: gate.Self, Write: true, Audit: true})
	// OpClose seals one's own session.
	OpClose = gate.Define(gate.Op{Name: "vault.close", Sentence: "Seal the vault in one's own session", Scope: gate.Self, Write: true, Audit: true})
	// OpPassword changes one's own password.
	OpPassword = gate.Define(gate.Op{Name: "password.change", Sentence: "Change one's own password", Scope: gate.Self, Guests: true, Waiting: true, Write: true, Audit: true})
	// OpRenewKeys renews one's own keys.
	OpRenewKeys = gate.Define(gate.Op{Name: "keys.renew", Sentence: "Renew one's own keys: seed, personal vault, known browsers", Scope: gate.Self, Write: true, Audit: true, Keys: true})
	// OpTokens lists one's own API tokens.
	OpTokens = gate.Define(gate.Op{Name: "token.list", Sentence: "List one's own API tokens", Scope: gate.Self})
	// OpTokenAdd makes an API token; Plugin Access is needed besides.
	OpTokenAdd = gate.Define(gate.Op{Name: "token.add", Sentence: "Make an API token (Plugin Access is needed besides)", Scope: gate.Whole,
		Needs: perm.PasswordAdd, Write: true, Audit: true, Keys: true})
	// OpTokenRevoke ends an API token.
	OpTokenRevoke = gate.Define(gate.Op{Name: "token.revoke", Sentence: "Revoke one's own API token", Scope: gate.Self, Write: true, Audit: true})
)

// placeOfSession binds the box to the row's user, token and state too: a row
// that was given to somebody else, to another token, or opened again by hand
// does not open.
func placeOfSession(org, session, user string, lookup []byte, open bool, epoch int64) seal.Place {
	return seal.Place{Org: org, Table: "sessions", Row: session, Envelope: "keys_box", KeyID: fmt.Sprintf("%s %x %t", user, lookup, open), Epoch: epoch}
}

func (s *Store) keep(session string, ring *gate.Ring, box, lookup []byte, idle time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rings[session] = held{ring, string(box), string(lookup), s.clock.Now(), idle}
}

func (s *Store) drop(session string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rings, session)
}

func (s *Store) held(session string, box, lookup []byte, idle time.Duration) (*gate.Ring, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.rings[session]
	if !ok || h.box != string(box) || !seal.Equal([]byte(h.lookup), lookup) {
		return nil, false
	}
	h.used, h.idle = s.clock.Now(), idle
	s.rings[session] = h
	return h.ring, true
}
