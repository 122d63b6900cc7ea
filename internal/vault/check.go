package vault

import (
	"context"
	"errors"
	"sync"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
)

// What an open session's keys let the server find out in the background:
// which passwords that came with an import, or were there before the minimums
// changed, are weak, and which ones are used more than once. Only the flags are
// stored (docs/adr/0016-weak-and-reused.md).

// Operations of the check. Any open session of a member serves: it shows him
// nothing.
var (
	OpCheck = gate.Define(gate.Op{Name: "passwords.check", Sentence: "Look for weak and reused passwords in the background", Scope: gate.Self, Keys: true})
	opMark  = gate.Define(gate.Op{Name: "passwords.mark", Sentence: "Flag weak and reused passwords in the background", Scope: gate.Self, Write: true, Keys: true})
)

// checks remembers who has the vault open, by organization and by owner.
type checks struct {
	now func() time.Time
	mu  sync.Mutex
	of  map[string]*checking
}

// checking is what is known of the passwords of an organization's clients, or
// of one personal vault.
type checking struct {
	owner   string // "": clients
	who     gate.Actor
	used    time.Time
	prints  *prints
	damaged leftOut
}

func newChecks(now func() time.Time) *checks { return &checks{now: now, of: map[string]*checking{}} }

// opened notes that somebody works in the open vault.
func (s *Store) opened(who gate.Actor) {
	if who.Kind() != gate.User || !who.Open() {
		return
	}
	who = who.Once("", nil)
	k := s.checks
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, name := range []string{who.Org(), who.User()} {
		c := k.of[name]
		if c == nil {
			c = &checking{prints: newPrints()}
			if name == who.User() {
				c.owner = name
			}
			k.of[name] = c
		}
		c.who, c.used = who, k.now()
	}
}

// open lists whom to look for, and forgets those that nobody has used for a
// quarter of an hour.
func (k *checks) open() (all []*checking) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for name, c := range k.of {
		if k.now().Sub(c.used) > dropAfter {
			delete(k.of, name)
			continue
		}
		all = append(all, c)
	}
	return all
}

// Check looks for weak and reused passwords wherever a vault is open. It is to
// be called about once a minute, one call after the other. A row that does not
// open is left out, and is an error of the first call that meets it.
func (s *Store) Check(ctx context.Context) error {
	var failed error
	for _, c := range s.checks.open() {
		s.checks.mu.Lock()
		who := c.who
		s.checks.mu.Unlock()
		err := s.judgeMany(ctx, who, c)
		if err == nil {
			err = s.compare(ctx, who, c)
		}
		failed = errors.Join(failed, c.damaged.news())
		switch {
		case err == nil:
		case errors.Is(err, errSessionOver), fault.Is(err, fault.Sealed), fault.Is(err, fault.Absent), fault.Is(err, fault.Unsigned), fault.Is(err, fault.Unavailable):
			// the next one who opens the vault serves
		default:
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

var (
	errSessionOver = errors.New("the session is over")
	sqlStillOpen   = gate.SQL(`SELECT COUNT(*) FROM sessions WHERE org_id = $1 AND id = $2 AND user_id = $3 AND open AND expires_at > $4 AND last_used > $5`)
)

// still demands that the session whose keys are used is still open.
func still(tx *gate.Tx) error {
	var n int
	who := tx.Who()
	if err := tx.Row(sqlStillOpen, who.Session(), who.User(), tx.Millis(), tx.Now().Add(-dropAfter).UnixMilli()).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return errSessionOver
	}
	return nil
}
