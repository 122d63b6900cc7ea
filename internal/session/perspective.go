package session

import (
	"context"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/perm"
)

var (
	// OpPerspective begins a perspective.
	OpPerspective = gate.Define(gate.Op{Name: "perspective.begin", Sentence: "See the product as another user does, whose rights are within one's own", Scope: gate.Whole,
		Needs: perm.UserPerspective, Write: true, Audit: true})
	// OpPerspectiveEnd ends it.
	OpPerspectiveEnd = gate.Define(gate.Op{Name: "perspective.end", Sentence: "Leave a user perspective", Scope: gate.Self, Guests: true, Write: true, Audit: true})

	sqlLook     = gate.SQL(`UPDATE sessions SET perspective_of = $3 WHERE org_id = $1 AND id = $2`)
	sqlLookName = gate.SQL(`SELECT name FROM users WHERE org_id = $1 AND id = $2`)
)

// Look begins a perspective: from the next request on, the actor's session
// sees the product as the other user does, and changes nothing. It ends with
// Leave, or with the session.
func (s *Store) Look(ctx context.Context, who gate.Actor, user string) error {
	_, err := gate.Do(ctx, s.gate, who, OpPerspective, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		if !tx.Looks(user) {
			return false, fault.NotFound()
		}
		e := tx.Event()
		e.Kind, e.ID = "user", user
		if err := tx.Row(sqlLookName, user).Scan(&e.Name); err != nil {
			return false, err
		}
		return true, tx.One(sqlLook, who.Session(), user)
	})
	return err
}

// Leave returns from a perspective to one's own session.
func (s *Store) Leave(ctx context.Context, who gate.Actor) error {
	_, err := gate.Do(ctx, s.gate, who.Own(), OpPerspectiveEnd, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		e := tx.Event()
		e.Kind, e.ID = "user", who.User()
		if err := tx.Row(sqlLookName, who.User()).Scan(&e.Name); err != nil {
			return false, err
		}
		return true, tx.One(sqlLook, who.Session(), "")
	})
	return err
}
