package access

import (
	"bailiwick/internal/gate"
	"bailiwick/internal/mail"
	"bailiwick/internal/seal"
)

// Whoever works here already is mailed when he is given a client, unless he
// does not want to be told.

var (
	sqlWants = gate.SQL(`SELECT COUNT(*) FROM users u WHERE u.org_id = $1 AND u.id = $2 AND u.mail_given AND u.enabled AND u.approved AND NOT u.invited
		AND NOT EXISTS (SELECT 1 FROM client_users a WHERE a.org_id = u.org_id AND a.client_id = $3 AND a.user_id = u.id AND (a.until = 0 OR a.until > $4))`)
	sqlWanting = gate.SQL(`SELECT id FROM users WHERE org_id = $1 AND mail_given AND enabled AND approved AND NOT invited`)
)

// tellGiven mails a user that he is about to be assigned a client that he is
// not assigned yet.
func (s *Store) tellGiven(tx *gate.Tx, client, user string) error {
	wants := 0
	if err := tx.Row(sqlWants, user, client, tx.Millis()).Scan(&wants); err != nil || wants == 0 {
		return err
	}
	var c Named
	if err := tx.Row(sqlClientName, client).Scan(&c.ID, &c.Name); err != nil {
		return err
	}
	_, err := s.mail.Enqueue(tx, mail.Mail{Kind: mail.Given, To: user, By: tx.Name(), Things: []string{c.Name}, Link: seal.NewSecret("/clients/" + client)})
	return err
}

// tellGroup mails everybody whom a group in its next state gives clients that
// he does not reach yet.
func (s *Store) tellGroup(tx *gate.Tx, g Group, enabled bool, users, clients []string) error {
	var gains []gate.Change
	for _, c := range tx.GroupChange(g.ID, stateOf(tx, g, enabled, users, clients)) {
		if len(c.Clients) > 0 && c.ID != tx.Who().User() {
			gains = append(gains, c)
		}
	}
	if len(gains) == 0 {
		return nil
	}
	names, _, err := allNames(tx)
	if err != nil {
		return err
	}
	wants := map[string]bool{}
	err = tx.Each(sqlWanting, func(r *gate.Rows) error {
		var id string
		err := r.Scan(&id)
		wants[id] = true
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range gains {
		if !wants[c.ID] {
			continue
		}
		m := mail.Mail{Kind: mail.Given, To: c.ID, By: tx.Name(), Link: seal.NewSecret("/clients")}
		if len(c.Clients) == 1 {
			m.Link = seal.NewSecret("/clients/" + c.Clients[0])
		}
		for _, id := range c.Clients[:min(len(c.Clients), 500)] {
			m.Things = append(m.Things, names[id])
		}
		if _, err := s.mail.Enqueue(tx, m); err != nil {
			return err
		}
	}
	return nil
}

func idsOf(all []Named) (ids []string) {
	for _, n := range all {
		ids = append(ids, n.ID)
	}
	return ids
}

func idsOfPeople(all []gate.Person) (ids []string) {
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	return ids
}
