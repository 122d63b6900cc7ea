package vault

import (
	"context"
	"slices"
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/org"
)

// mostTags is how many are suggested; lookedAt, in how many credentials they
// are looked for.
const (
	mostTags = 12
	lookedAt = 200
)

// Tags suggests tags that begin like that, of credentials that the actor
// reaches: those that a search for it finds.
func (s *Store) Tags(ctx context.Context, who gate.Actor, begins string) ([]string, error) {
	begins = org.Fold(strings.TrimSpace(begins))
	if begins == "" {
		return nil, nil
	}
	hits, err := s.Search(ctx, who, begins, lookedAt)
	var tags []string
	for _, h := range hits {
		for _, t := range h.Tags {
			if strings.HasPrefix(org.Fold(t), begins) && !slices.Contains(tags, t) {
				tags = append(tags, t)
			}
		}
	}
	slices.Sort(tags)
	return tags[:min(len(tags), mostTags)], err
}
