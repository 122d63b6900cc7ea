package vault

import (
	"context"

	"bailiwick/internal/gate"
)

// judgedAtOnce is how many passwords are judged between two short writes.
const judgedAtOnce = 200

const unjudged = ` AND c.from_org = '' AND c.archived_at = 0 AND (c.judged_by < $2 OR c.judged_by > $2) LIMIT $3`

var (
	sqlUnjudged      = gate.SQLShared("envelopes of what is received", `SELECT `+columns+`, `+secretColumn+` `+source+` WHERE c.org_id = $1 AND c.client_id IS NOT NULL`+unjudged)
	sqlOwnUnjudged   = gate.SQLShared("envelopes of what is received", `SELECT `+columns+`, `+secretColumn+` `+source+` WHERE c.org_id = $1 AND c.owner_id = $4`+unjudged)
	sqlJudged        = gate.SQL(`UPDATE credentials SET judged_by = $3 WHERE org_id = $1 AND id = $2 AND password_rev = $4`)
	sqlCountUnjudged = gate.SQL(`SELECT COUNT(*) FROM credentials WHERE org_id = $1 AND client_id IS NOT NULL AND from_org = '' AND archived_at = 0 AND (judged_by < $2 OR judged_by > $2)`)
	sqlClientNames   = gate.SQL(`SELECT id, name FROM clients WHERE org_id = $1`)
)

// Unjudged counts the passwords of clients that wait to be judged.
func (s *Store) Unjudged(ctx context.Context, who gate.Actor) (int, error) {
	return gate.Do(ctx, s.gate, who, OpCheck, gate.Nothing(), func(tx *gate.Tx) (n int, err error) {
		set, err := readPasswords(tx)
		if err == nil {
			err = tx.Row(sqlCountUnjudged, set.mark()).Scan(&n)
		}
		return n, err
	})
}

// judgement is a verdict on a revision of a password.
type judgement struct {
	credential string
	rev        int64
	verdict
}

// judgeMany judges what was never judged, or against other minimums. Damaged
// rows stay unjudged, so each round reads past those of the rounds before.
func (s *Store) judgeMany(ctx context.Context, who gate.Actor, c *checking) error {
	passed := map[string]bool{}
	for more := true; more; {
		found, err := gate.Do(ctx, s.gate, who, OpCheck, gate.Nothing(), func(tx *gate.Tx) (all []judgement, err error) {
			all, more, err = judgeSome(tx, c, passed)
			return all, err
		})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			continue
		}
		_, err = gate.Do(ctx, s.gate, who, opMark, gate.Nothing(), func(tx *gate.Tx) (bool, error) {
			for _, j := range found {
				n, err := tx.Exec(sqlJudged, j.credential, j.mark, j.rev)
				if err != nil {
					return false, err
				}
				if n == 0 {
					continue // changed, or gone: whoever did it has judged it
				}
				if err := j.note(tx, j.credential, j.rev); err != nil {
					return false, err
				}
			}
			return true, still(tx)
		})
		if err != nil {
			return err
		}
	}
	for _, id := range c.damaged.found(judging) {
		if !passed[id] {
			c.damaged.opens(judging, id)
		}
	}
	return nil
}

// judgeSome judges some; passed is the damaged ones that were met, and more
// says that there may be others.
func judgeSome(tx *gate.Tx, c *checking, passed map[string]bool) (all []judgement, more bool, err error) {
	if err := still(tx); err != nil {
		return nil, false, err
	}
	set, err := readPasswords(tx)
	if err != nil {
		return nil, false, err
	}
	names := map[string]string{}
	err = tx.Each(sqlClientNames, func(r *gate.Rows) error {
		var id, name string
		err := r.Scan(&id, &name)
		names[id] = name
		return err
	})
	if err != nil {
		return nil, false, err
	}
	most := judgedAtOnce + len(passed)
	stmt, args := sqlUnjudged, []any{set.mark(), most}
	if c.owner != "" {
		stmt, args = sqlOwnUnjudged, append(args, c.owner)
	}
	var rows []*stored
	err = tx.Each(stmt, func(r *gate.Rows) error {
		var secret []byte
		one, err := scan(r, &secret)
		one.secret = secret
		rows = append(rows, one)
		return err
	}, args...)
	for _, one := range rows {
		if err != nil {
			return nil, false, err
		}
		if passed[one.ID] {
			continue
		}
		var j judgement
		switch j, err = one.judge(tx, set, names[one.ClientID]); {
		case damaged(err):
			passed[one.ID] = true
			c.damaged.add(judging, one.ID, err)
			err = nil
		case err == nil:
			all = append(all, j)
		}
	}
	return all, len(rows) == most, err
}

func (c *stored) judge(tx *gate.Tx, p Passwords, client string) (judgement, error) {
	org := tx.Who().Org()
	outer, err := keyUnder(tx, wrapper{c.ClientID, c.epoch})
	if err == nil {
		err = c.openWith(org, outer)
	}
	if err != nil {
		return judgement{}, err
	}
	defer c.key.Wipe()
	o, err := c.openOverview(org)
	if err != nil {
		return judgement{}, err
	}
	secret, err := c.openSecret(org)
	if err != nil {
		return judgement{}, err
	}
	v, err := weigh(p, client, Input{Type: c.Type, Overview: o, Secret: secret}, false)
	return judgement{c.ID, c.rev, v}, err
}
