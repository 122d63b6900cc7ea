package session

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/org"
	"bailiwick/internal/seal"
)

// BeginSealed makes the session of a user who has just set his password by a
// one-time link. P comes from that password, so the vault is sealed.
func (s *Store) BeginSealed(ctx context.Context, orgID, user string, p seal.Key, ip, agent string, trace *gate.Trace) (SignedIn, error) {
	in := SignIn{Org: orgID, IP: ip, Agent: agent, Trace: trace}
	return s.start(ctx, in, account{user: user, choice: Choice{Org: orgID}, proof: org.Proof{P: p}})
}

// Throttle counts a try of a stranger from a network address: one-time links,
// forgotten passwords and registrations share the limit of sign-ins.
func (s *Store) Throttle(ip string) error {
	if wait := s.limit.take(ip, s.clock.Now()); wait > 0 {
		return fault.TooMany(wait)
	}
	return nil
}

// GiveBack takes a try back that turned out to be right.
func (s *Store) GiveBack(ip string) { s.limit.giveBack(ip) }

// Know makes a browser known by a seed and a P that were just proved, and gives
// the secret that it keeps.
func (s *Store) Know(tx *gate.Tx, user, agent string, p, seed, outer seal.Key, epoch int64) (seal.Token, error) {
	_, token, err := s.rollDevice(tx, user, "", agent, p, seed, outer, epoch)
	return token, err
}
