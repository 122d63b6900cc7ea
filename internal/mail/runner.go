package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"bailiwick/internal/gate"
	"bailiwick/internal/id"
	"bailiwick/internal/seal"
)

// lane is the sending of one organization's mails on this server.
type lane struct {
	workers int
	again   bool // something came while all workers were busy
}

// wake has an organization's mails sent in the background.
func (s *Store) wake(org string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return // they stay where they are
	}
	l := s.lanes[org]
	if l == nil {
		l = &lane{}
		s.lanes[org] = l
	}
	if l.workers == perOrg {
		l.again = true
		return
	}
	l.workers++
	s.jobs.Go(func() {
		for {
			s.drain(org)
			if s.done(org, l) {
				return
			}
		}
	})
}

func (s *Store) done(org string, l *lane) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.again && s.ctx.Err() == nil {
		l.again = false
		return false
	}
	if l.workers--; l.workers == 0 {
		delete(s.lanes, org)
	}
	return true
}

// drain sends what is due, until nothing is, or the mail server is of no use:
// then everything waits for the next sweep.
func (s *Store) drain(org string) {
	in, err := gate.Do(s.ctx, s.gate, gate.Stranger(org, "", nil), opReady, gate.Nothing(), s.load)
	if err != nil || !in.Sends() {
		if err != nil && s.ctx.Err() == nil {
			slog.Warn("mails can't be sent", "organization", org, "error", err)
		}
		return
	}
	for s.ctx.Err() == nil {
		select {
		case s.slots <- struct{}{}:
		case <-s.ctx.Done():
			return
		}
		more, err := s.next(org)
		<-s.slots
		if err != nil && s.ctx.Err() == nil {
			slog.Warn("the outbox can't be worked on; the next sweep tries again", "organization", org, "error", err)
		}
		if !more || err != nil {
			return
		}
	}
}

// claimed is a mail that this runner has for the length of a lease.
type claimed struct {
	id, token, user, address string
	orgID                    string
	from                     sender
	kind                     Kind
	tries                    int64
	made                     time.Time
	box                      []byte
	held                     bool
	settings                 Settings
}

var (
	// One runner gets a mail. Whoever was silent for the length of a lease is
	// gone, and the mail is free again. On PostgreSQL writers of an
	// organization are serial, so two servers can't get the same one.
	sqlClaim = gate.SQL(`UPDATE mails SET claimed_by = $3, claimed_until = $4, tries = tries + 1
		WHERE org_id = $1 AND id = (SELECT id FROM mails WHERE org_id = $1 AND state = 'waiting' AND next_at <= $2 AND claimed_until <= $2 AND expires_at > $2 AND NOT (` + void + `)
			AND (held_by = '' OR held_by = $5) ORDER BY next_at, id LIMIT 1)
		RETURNING id, kind, user_id, address, tries, created_at, held_by <> '', body_box`)
	sqlEnd = gate.SQL(`UPDATE mails SET state = $4, problem = $5, ended_at = $6, body_box = NULL, claimed_by = '', claimed_until = 0
		WHERE org_id = $1 AND id = $2 AND claimed_by = $3 AND state = 'waiting'`)
	sqlLater = gate.SQL(`UPDATE mails SET problem = $4, next_at = $5, claimed_by = '', claimed_until = 0
		WHERE org_id = $1 AND id = $2 AND claimed_by = $3 AND state = 'waiting'`)
	sqlFailing = gate.SQL(`UPDATE users SET mail_failed_at = $4 WHERE org_id = $1 AND id = $2 AND email = $3 AND mail_failed_at = 0`)
	sqlReached = gate.SQL(`UPDATE users SET mail_failed_at = 0 WHERE org_id = $1 AND id = $2 AND email = $3 AND mail_failed_at <> 0`)
)

// next sends one mail; more says whether it makes sense to go on.
func (s *Store) next(org string) (more bool, err error) {
	c, err := s.claim(org)
	if err != nil || c == nil {
		return false, err
	}
	e, lost := s.open(c)
	if lost != "" {
		return true, s.finish(c, outcome{refused: true, problem: lost})
	}
	if strings.HasPrefix(e.letter.Link, "/") {
		return false, s.finish(c, outcome{server: true, problem: "The address of this server is not set, so that the link would lead nowhere."})
	}
	o := s.send(context.WithoutCancel(s.ctx), c.settings, e) // once begun it is ended: a mail that was cut off may have been accepted
	if o.sent {
		slog.Debug("mail sent", "mail", c.id, "kind", c.kind)
	} else {
		slog.Warn("mail not sent", "mail", c.id, "kind", c.kind, "try", c.tries, "problem", o.problem)
	}
	return !o.server, s.finish(c, o)
}

func (s *Store) claim(org string) (*claimed, error) {
	return gate.Do(s.ctx, s.gate, gate.Stranger(org, "", nil), opSend, gate.Nothing(), func(tx *gate.Tx) (*claimed, error) {
		in, err := s.load(tx)
		if err != nil || !in.Sends() {
			return nil, err
		}
		c := &claimed{orgID: org, token: id.New("run"), settings: in}
		var made int64
		err = tx.Row(sqlClaim, tx.Millis(), c.token, tx.Now().Add(lease).UnixMilli(), s.node).
			Scan(&c.id, &c.kind, &c.user, &c.address, &c.tries, &made, &c.held, &c.box)
		if errors.Is(err, gate.ErrNoRows) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		c.made = time.UnixMilli(made).UTC()
		c.from, err = readSender(tx)
		return c, err
	})
}

const (
	lostHeld = "Not sent: the server was restarted. Send it again."
	lostBody = "Not sent: the stored mail does not open. The instance key is another one, or the database was changed from outside. Send it again."
)

// open gets the mail's text; lost says why there is none.
func (s *Store) open(c *claimed) (e envelope, lost string) {
	m, lost := s.body(c.orgID, c.id, c.kind, c.user, c.address, c.held, c.box)
	if lost != "" {
		return e, lost
	}
	letter, err := m.write(c.from, s.address(c.settings))
	if err != nil {
		return e, lostBody
	}
	from := c.settings.Name
	if from == "" {
		from = c.from.org
	}
	return envelope{id: c.id, from: from, org: c.from.org, to: c.address, letter: letter, at: s.gate.Now()}, ""
}

func (s *Store) body(org, id string, kind Kind, user, address string, held bool, box []byte) (Mail, string) {
	if held {
		m, ok := s.holds(id)
		if !ok {
			return m, lostHeld
		}
		return m, ""
	}
	plain, err := s.instance.OpenPadded(seal.PurposeServerSecret, placeOfBody(org, id, kind, user, address), box)
	var b body
	if err == nil {
		err = json.Unmarshal(plain, &b)
	}
	if err != nil || b.Kind != kind {
		return Mail{}, lostBody
	}
	b.Mail.Link, b.Mail.To, b.Mail.Address = seal.NewSecret(b.Link), user, address
	return b.Mail, ""
}

// finish notes what came of a try. A runner that took longer than its lease
// changes nothing.
func (s *Store) finish(c *claimed, o outcome) error {
	ctx := context.WithoutCancel(s.ctx) // it happened, whoever gives up
	_, err := gate.Do(ctx, s.gate, gate.Stranger(c.orgID, "", nil), opSend, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
		state, later := "failed", tx.Now().Add(backoff(c.tries))
		switch {
		case o.sent:
			state = "sent"
		case !o.refused && later.Before(c.made.Add(giveUp)):
			_, err := tx.Exec(sqlLater, c.id, c.token, o.problem, later.UnixMilli())
			return true, err
		case !o.refused:
			o.problem += " Given up after 2 days."
		}
		n, err := tx.Exec(sqlEnd, c.id, c.token, state, o.problem, tx.Millis())
		if err != nil || n == 0 {
			return false, err
		}
		tx.After(func() { s.release(c.id) })
		switch {
		case o.sent:
			_, err = tx.Exec(sqlReached, c.user, c.address)
		case o.address:
			_, err = tx.Exec(sqlFailing, c.user, c.address, tx.Millis())
		}
		return true, err
	})
	if err != nil {
		return fmt.Errorf("noting what came of %s: %w", c.id, err)
	}
	return nil
}

// backoff is how long after the nth try the next one comes: 1, 2, 4 minutes
// and so on, at most 6 hours.
func backoff(tries int64) time.Duration {
	return min(time.Minute<<min(max(tries-1, 0), 9), 6*time.Hour)
}

// Close stops sending. Tries that run get a moment to end; one that doesn't is
// tried again, with the same Message-ID, once its lease is over.
func (s *Store) Close() {
	s.stop()
	ended := make(chan struct{})
	go func() {
		s.jobs.Wait()
		close(ended)
	}()
	moment, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	select {
	case <-ended:
	case <-moment.Done():
	}
	s.forsake()
}
