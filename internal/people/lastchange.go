package people

import (
	"context"
	"errors"
	"time"

	"bailiwick/internal/gate"
)

// LastChange is who changed a user last, and when.
type LastChange struct {
	By   string // "" where the log does not say it
	Mine bool   // the actor himself, in another window
	At   time.Time
}

// Only the end of the log is looked at: a conflict is about a moment ago.
var sqlLastChange = gate.SQL(`SELECT actor_id, actor_name, at FROM audit_events WHERE org_id = $1 AND seq > (SELECT audit_size FROM organizations WHERE id = $1) - 20000
	AND outcome = 'done' AND (target_kind = 'user' AND target_id = $2 AND operation LIKE 'user.%' OR operation IN ('knowledge-base.role', 'knowledge-base.share') AND fields LIKE $3) ORDER BY seq DESC LIMIT 1`)

func lastChange(tx *gate.Tx, user string) (c LastChange, err error) {
	var id string
	var ms int64
	err = tx.Row(sqlLastChange, user, "%"+user+"%").Scan(&id, &c.By, &ms)
	if errors.Is(err, gate.ErrNoRows) {
		return LastChange{}, nil
	}
	c.Mine, c.At = id == tx.Who().User(), at(ms)
	return c, err
}

// LastChange says who changed a user last, to whoever sees him.
func (s *Store) LastChange(ctx context.Context, who gate.Actor, user string) (LastChange, error) {
	return gate.Do(ctx, s.gate, who, OpView, gate.Nothing(), func(tx *gate.Tx) (LastChange, error) {
		if _, err := view(tx, user); err != nil {
			return LastChange{}, err
		}
		return lastChange(tx, user)
	})
}

// Words name whoever it was, at the beginning of a sentence.
func (c LastChange) Words() string {
	switch {
	case c.Mine:
		return "You, in another window,"
	case c.By != "":
		return c.By
	}
	return "Somebody else"
}
