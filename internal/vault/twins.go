package vault

import (
	"context"
	"maps"
	"slices"
	"strings"

	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

// OpTwins asks for Password: View, as it says something about a secret.
var OpTwins = gate.Define(gate.Op{Name: "credential.twins", Sentence: "See which other credentials that one reaches have the same password", Scope: gate.Single, Needs: perm.PasswordView, Personal: true, Keys: true})

// mostTwins is how many are listed.
const mostTwins = 50

// Twins lists the other present credentials with the same password, as far as
// the actor reaches them: of those that he does not, not even the number.
// known is false where this server has not compared the passwords yet.
func (s *Store) Twins(ctx context.Context, who gate.Actor, credential string) (list []Credential, known bool, err error) {
	list, err = gate.Do(ctx, s.gate, who, OpTwins, gate.Credential(credential), func(tx *gate.Tx) ([]Credential, error) {
		c, err := load(tx, credential)
		if err != nil {
			return nil, err
		}
		name := tx.Who().Org()
		if c.OwnerID != "" {
			name = c.OwnerID
		}
		var others map[string]int64
		if others, known = s.checks.twins(name, c.ID, c.rev); !known {
			return nil, nil
		}
		var list []Credential
		for _, id := range slices.Sorted(maps.Keys(others)) {
			rev := others[id]
			if len(list) == mostTwins {
				break
			}
			t := gate.Credential(id)
			if !tx.May(OpTwins, t) {
				continue
			}
			other, err := load(tx, id)
			if damaged(err) { // damaged since it was compared
				continue
			}
			if err != nil {
				return nil, err
			}
			if other.rev == rev && !other.Archived {
				other.permit(tx)
				list = append(list, other.Credential)
			}
		}
		slices.SortFunc(list, func(a, b Credential) int { return strings.Compare(sortable(a.Title)+a.ID, sortable(b.Title)+b.ID) })
		return list, nil
	})
	return list, known, err
}

// twins gives the ids of those with the same password, with their revisions.
func (k *checks) twins(name, id string, rev int64) (others map[string]int64, known bool) {
	k.mu.Lock()
	c := k.of[name]
	k.mu.Unlock()
	if c == nil || !c.prints.mu.TryLock() { // it is being compared just now
		return nil, false
	}
	defer c.prints.mu.Unlock()
	mine, ok := c.prints.of[id]
	if !ok || mine.rev != rev {
		return nil, false
	}
	others = map[string]int64{}
	for _, other := range c.prints.with[mine.print] {
		if other != id {
			others[other] = c.prints.of[other].rev
		}
	}
	return others, true
}
