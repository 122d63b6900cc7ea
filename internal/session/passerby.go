package session

import (
	"context"

	"bailiwick/internal/gate"
	"bailiwick/internal/org"
)

// PasserBy gives whoever comes by at an organization's own address without a
// session there: he reads what is public in its knowledge bases.
func (s *Store) PasserBy(ctx context.Context, slug, ip string, trace *gate.Trace) (gate.Actor, org.Address, error) {
	a, err := s.org.BySlug(ctx, slug, ip, trace)
	return gate.Passing(a.ID, ip, trace), a, err
}
