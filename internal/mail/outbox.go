package mail

import (
	"context"
	"time"

	"bailiwick/internal/fault"
	"bailiwick/internal/gate"
	"bailiwick/internal/seal"
)

// States of a mail.
const (
	Waiting = "waiting"
	Sent    = "sent"    // the mail server took it
	Failed  = "failed"  // refused, given up, or lost with a server
	Dropped = "dropped" // taken out by an administrator
)

// Item is a mail in the outbox, without what it says.
type Item struct {
	ID                  string
	Kind                Kind
	User, Name, Address string // to whom: id, name, address as it was
	State, Problem      string
	Tries               int64
	Made, Next, Expires time.Time
	Ended               time.Time // zero while it waits
	Held                bool      // in the memory of a server only
	MayShow, MayDrop    bool
}

// Filter narrows the outbox.
type Filter struct {
	State  string // "": all
	Before string // id of the last item of the page before
	Limit  int
}

const columns = `m.id, m.kind, m.user_id, COALESCE(NULLIF(u.name, ''), m.address), m.address, m.state, m.problem, m.tries, m.created_at, m.next_at, m.expires_at, m.ended_at, m.held_by <> '', m.body_box`

var (
	sqlList = gate.SQL(`SELECT ` + columns + ` FROM mails m JOIN users u ON u.org_id = m.org_id AND u.id = m.user_id
		WHERE m.org_id = $1 AND ($2 = '' OR m.state = $2) AND ($3 = '' OR m.id < $3) ORDER BY m.id DESC LIMIT $4`)
	sqlIsVoid = gate.SQL(`SELECT COUNT(*) FROM mails WHERE org_id = $1 AND id = $2 AND (` + void + `)`)
	sqlOne    = gate.SQL(`SELECT ` + columns + ` FROM mails m JOIN users u ON u.org_id = m.org_id AND u.id = m.user_id WHERE m.org_id = $1 AND m.id = $2`)
	sqlDrop   = gate.SQL(`UPDATE mails SET state = 'dropped', ended_at = $3, body_box = NULL WHERE org_id = $1 AND id = $2 AND state = 'waiting' AND claimed_until <= $3`)
)

type row struct {
	Item
	box []byte
}

func scan(r interface{ Scan(...any) error }) (i row, err error) {
	var made, next, expires, ended int64
	err = r.Scan(&i.ID, &i.Kind, &i.User, &i.Name, &i.Address, &i.State, &i.Problem, &i.Tries, &made, &next, &expires, &ended, &i.Held, &i.box)
	i.Made, i.Next, i.Expires = time.UnixMilli(made).UTC(), time.UnixMilli(next).UTC(), time.UnixMilli(expires).UTC()
	if ended > 0 {
		i.Ended = time.UnixMilli(ended).UTC()
	}
	return i, err
}

// Outbox lists mails, the newest first.
func (s *Store) Outbox(ctx context.Context, who gate.Actor, f Filter) (list []Item, more bool, err error) {
	if f.Limit < 1 || f.Limit > 200 {
		f.Limit = 50
	}
	_, err = gate.Do(ctx, s.gate, who, OpOutbox, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		sends, err := s.sends(tx)
		if err != nil {
			return false, err
		}
		err = tx.Each(sqlList, func(r *gate.Rows) error {
			i, err := scan(r)
			list = append(list, s.may(tx, i.Item, sends))
			return err
		}, f.State, f.Before, f.Limit+1)
		if more = len(list) > f.Limit; more {
			list = list[:f.Limit]
		}
		return true, err
	})
	return list, more, err
}

// Find gives one mail of the outbox.
func (s *Store) Find(ctx context.Context, who gate.Actor, id string) (Item, error) {
	return gate.Do(ctx, s.gate, who, OpOutbox, gate.Nothing(), func(tx *gate.Tx) (Item, error) {
		i, err := scan(tx.Row(sqlOne, id))
		if err != nil {
			return Item{}, err
		}
		sends, err := s.sends(tx)
		return s.may(tx, i.Item, sends), err
	})
}

// sends reports whether a mail server is set, or was: settings that don't open
// show nobody what would have been sent.
func (s *Store) sends(tx *gate.Tx) (bool, error) {
	in, err := s.load(tx)
	if err == errDamaged {
		return true, nil
	}
	return in.Sends(), err
}

func (s *Store) may(tx *gate.Tx, i Item, sends bool) Item {
	_, here := s.holds(i.ID)
	i.MayShow = i.State == Waiting && !sends && (here || !i.Held) && tx.May(OpShow, gate.Nothing())
	i.MayDrop = i.State == Waiting && tx.May(OpDrop, gate.Nothing())
	return i
}

// Shown is a mail with what it says.
type Shown struct {
	Item
	Letter
}

// Show gives the text of a mail that waits, so that its link can be passed on
// by other means. Where a mail server is set nothing is shown: then the link
// is nobody's but the recipient's.
func (s *Store) Show(ctx context.Context, who gate.Actor, id string) (Shown, error) {
	return gate.Do(ctx, s.gate, who, OpShow, gate.Nothing(), func(tx *gate.Tx) (Shown, error) {
		r, err := scan(tx.Row(sqlOne, id))
		if err != nil {
			return Shown{}, err
		}
		gone := 0
		if err := tx.Row(sqlIsVoid, id).Scan(&gone); err != nil {
			return Shown{}, err
		}
		in, err := s.load(tx)
		switch {
		case err != nil:
			return Shown{}, fault.Cannot("The settings of mail don't open, so nothing is shown. Type them again first.")
		case in.Sends():
			return Shown{}, fault.Cannot("A mail server is set: mails are sent, and nobody but the recipient reads them.")
		case gone > 0:
			return Shown{}, fault.Cannot("The link in this mail was used, or replaced by a later one. It leads nowhere.")
		case r.State != Waiting || !tx.Now().Before(r.Expires):
			return Shown{}, fault.Cannot("This mail waits no more, and what it said is erased. Send it again.")
		}
		m, lost := s.body(who.Org(), r.ID, r.Kind, r.User, r.Address, r.Held, r.box)
		if lost != "" {
			return Shown{}, fault.Cannot("%s", lost)
		}
		from, err := readSender(tx)
		if err != nil {
			return Shown{}, err
		}
		letter, err := m.write(from, s.address(in))
		ev := tx.Event()
		ev.Kind, ev.ID, ev.Name, ev.Fields = "mail", r.ID, r.Name, []string{string(r.Kind)}
		return Shown{s.may(tx, r.Item, false), letter}, err
	})
}

// ByHand makes an address out of a path in a mail, so that whoever caused the
// mail passes it on by other means: where no mail server is set, to whoever may
// read the outbox. It gives none otherwise.
func (s *Store) ByHand(tx *gate.Tx, path seal.Secret) (seal.Secret, error) {
	in, err := s.load(tx)
	if err == errDamaged || err == nil && (in.Sends() || !mayShow(tx)) {
		return seal.Secret{}, nil
	}
	return seal.NewSecret(s.address(in) + path.Reveal()), err
}

// mayShow reports whether the actor may read mails that wait: who visits a
// site, in his own organization, by whose mail server they would go.
func mayShow(tx *gate.Tx) bool {
	may := tx.May(OpShow, gate.Nothing())
	if tx.Visits() {
		_ = tx.AtHome(func(home *gate.Tx, _ string) error {
			may = home.May(OpShow, gate.Nothing())
			return nil
		})
	}
	return may
}

// Drop takes a mail that waits out of the outbox, and erases what it says.
func (s *Store) Drop(ctx context.Context, who gate.Actor, id string) error {
	_, err := gate.Do(ctx, s.gate, who, OpDrop, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		r, err := scan(tx.Row(sqlOne, id))
		if err != nil {
			return false, err
		}
		n, err := tx.Exec(sqlDrop, id, tx.Millis())
		if err == nil && n == 0 {
			err = fault.Cannot("This mail waits no more, or is being sent at this moment.")
		}
		ev := tx.Event()
		ev.Kind, ev.ID, ev.Name, ev.Fields = "mail", r.ID, r.Name, []string{string(r.Kind)}
		tx.After(func() { s.release(id) })
		return true, err
	})
	return err
}

// Test writes a test mail to the actor himself, and gives its id.
func (s *Store) Test(ctx context.Context, who gate.Actor) (string, error) {
	return gate.Do(ctx, s.gate, who, OpTest, gate.Nothing(), func(tx *gate.Tx) (string, error) {
		if _, err := s.load(tx); err != nil {
			return "", fault.Cannot("The settings of mail don't open. Type them again first.")
		}
		made, err := s.Enqueue(tx, Mail{Kind: Test, To: who.User(), Link: seal.NewSecret("/organization/mail"), Facts: []Fact{{"Time", Stamp(tx.Now())}}})
		tx.Event().Kind, tx.Event().ID = "mail", made
		return made, err
	})
}
