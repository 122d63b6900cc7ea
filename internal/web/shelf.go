package web

import (
	"sync"
	"time"

	"bailiwick/internal/clock"
	"bailiwick/internal/seal"
	"bailiwick/internal/session"
)

// shelf keeps things in memory for a while that must not be stored: a new key
// until its printout is confirmed, a token until its owner has copied it. The
// name of a thing is the session's id or a random cookie's lookup hash.
type shelf[T any] struct {
	clock clock.Clock
	life  time.Duration
	most  int
	mu    sync.Mutex
	kept  map[string]shelved[T]
}

type shelved[T any] struct {
	thing T
	until time.Time
}

func newShelf[T any](c clock.Clock, life time.Duration, most int) *shelf[T] {
	return &shelf[T]{clock: c, life: life, most: most, kept: map[string]shelved[T]{}}
}

// put keeps a thing in the place of an earlier one of that name. On a full
// shelf the one that would have gone first goes.
func (s *shelf[T]) put(name string, thing T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	if _, again := s.kept[name]; !again && len(s.kept) >= s.most {
		oldest := ""
		for n, k := range s.kept {
			if oldest == "" || k.until.Before(s.kept[oldest].until) {
				oldest = n
			}
		}
		delete(s.kept, oldest)
	}
	s.kept[name] = shelved[T]{thing, s.clock.Now().Add(s.life)}
}

func (s *shelf[T]) get(name string) (thing T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	k, ok := s.kept[name]
	return k.thing, ok
}

// take gives a thing once, also to two requests at the same time.
func (s *shelf[T]) take(name string) (thing T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	k, ok := s.kept[name]
	delete(s.kept, name)
	return k.thing, ok
}

func (s *shelf[T]) sweep() {
	now := s.clock.Now()
	for n, k := range s.kept {
		if !now.Before(k.until) {
			delete(s.kept, n)
		}
	}
}

// desk is what lies in memory between two pages.
type desk struct {
	choices  *shelf[choice]  // by cookie
	keys     *shelf[newKey]  // by session, as the others
	recovery *shelf[newCode] //
	tokens   *shelf[newToken]
	codes    *shelf[newCodes]
	undos    *shelf[undoing] // by session and a name of their own
	links    *shelf[newLink]
}

// choice is a password that fits in several organizations.
type choice struct {
	email    string
	password seal.Secret
	among    []session.Choice
	next     string
}

// newKey is an Organization Key that is not in use yet.
type newKey struct {
	code     seal.Code
	password seal.Secret
	quiz     quiz
}

// newCode is a recovery code that is not in use yet.
type newCode struct {
	code seal.RecoveryCode
	quiz quiz
	next string
}

// newCodes are recovery codes of the second factor that were just made.
type newCodes struct {
	codes []seal.FactorCode
	next  string
}

// newToken is an API token that was just made.
type newToken struct{ id, name, bearer string }

func newDesk(c clock.Clock) *desk {
	return &desk{
		choices:  newShelf[choice](c, 3*time.Minute, 200),
		keys:     newShelf[newKey](c, 30*time.Minute, 50),
		recovery: newShelf[newCode](c, 30*time.Minute, 1000),
		tokens:   newShelf[newToken](c, 10*time.Minute, 1000),
		codes:    newShelf[newCodes](c, 10*time.Minute, 1000),
		undos:    newShelf[undoing](c, undoFor, 10_000),
		links:    newShelf[newLink](c, 10*time.Minute, 1000),
	}
}

// clearDesk forgets what a session had begun; it ends or is sealed.
func (v *visit) clearDesk() {
	v.desk.keys.take(v.who.Session())
	v.desk.recovery.take(v.who.Session())
	v.desk.tokens.take(v.who.Session())
	v.desk.codes.take(v.who.Session())
	v.desk.links.take(v.who.Session())
}
