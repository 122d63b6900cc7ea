package session

import (
	"context"

	"bailiwick/internal/gate"
)

// OnOpen adds to what is done as soon as a session has opened the vault: what
// has waited for its keys. What fails there is tried again by what else asks for
// it, and keeps nobody from signing in.
func (s *Store) OnOpen(fn func(context.Context, gate.Actor) error) { s.onOpen = append(s.onOpen, fn) }

func (s *Store) wasOpened(ctx context.Context, bearer, ip string) {
	who, err := s.Resume(ctx, bearer, ip, nil)
	if err != nil || who.Kind() != gate.User || !who.Open() {
		return
	}
	for _, fn := range s.onOpen {
		_ = fn(ctx, who)
	}
}

// entered does that for a sign-in that opened the vault.
func (s *Store) entered(ctx context.Context, out SignedIn, ip string) {
	if out.Open && !out.Enrol { // a second factor comes before anything else
		s.wasOpened(ctx, out.Bearer(), ip)
	}
}
