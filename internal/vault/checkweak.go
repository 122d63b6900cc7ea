package vault

import (
	"context"

	"bailiwick/internal/gate"
	"bailiwick/internal/password"
)

// judgedAtOnce is how many passwords are judged between two short writes.
const judgedAtOnce = 200

const unjudged = ` AND c.from_org = '' AND c.archived_at = 0 AND (c.judged_by < $2 OR c.judged_by > $2) LIMIT 200`

var (
	sqlUnjudged      = gate.SQLShared("envelopes of what is received", `SELECT `+columns+`, `+secretColumn+` `+source+` WHERE c.org_id = $1 AND c.client_id IS NOT NULL`+unjudged)
	sqlOwnUnjudged   = gate.SQLShared("envelopes of what is received", `SELECT `+columns+`, `+secretColumn+` `+source+` WHERE c.org_id = $1 AND c.owner_id = $3`+unjudged)
	sqlJudged        = gate.SQL(`UPDATE credentials SET judged_by = $3 WHERE org_id = $1 AND id = $2 AND password_rev = $4`)
	sqlCountUnjudged = gate.SQL(`SELECT COUNT(*) FROM credentials WHERE org_id = $1 AND client_id IS NOT NULL AND from_org = '' AND archived_at = 0 AND (judged_by < $2 OR judged_by > $2)`)
	sqlClientNames   = gate.SQL(`SELECT id, name FROM clients WHERE org_id = $1`)
)

// Unjudged counts the passwords of clients that wait to be judged.
func (s *Store) Unjudged(ctx context.Context, who gate.Actor) (int, error) {
	return gate.Do(ctx, s.gate, who, OpCheck, gate.Nothing(), func(tx *gate.Tx) (n int, err error) {
		set, err := readPasswords(tx)
		if err == nil {
			err = tx.Row(sqlCountUnjudged, set.Policy.Mark()).Scan(&n)
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

// judgeMany judges what was never judged, or against other minimums.
func (s *Store) judgeMany(ctx context.Context, who gate.Actor, owner string) error {
	for {
		found, err := gate.Do(ctx, s.gate, who, OpCheck, gate.Nothing(), func(tx *gate.Tx) ([]judgement, error) { return judgeSome(tx, owner) })
		if err != nil || len(found) == 0 {
			return err
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
		if err != nil || len(found) < judgedAtOnce {
			return err
		}
	}
}

func judgeSome(tx *gate.Tx, owner string) ([]judgement, error) {
	if err := still(tx); err != nil {
		return nil, err
	}
	set, err := readPasswords(tx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	err = tx.Each(sqlClientNames, func(r *gate.Rows) error {
		var id, name string
		err := r.Scan(&id, &name)
		names[id] = name
		return err
	})
	if err != nil {
		return nil, err
	}
	stmt, args := sqlUnjudged, []any{set.Policy.Mark()}
	if owner != "" {
		stmt, args = sqlOwnUnjudged, append(args, owner)
	}
	var rows []*stored
	err = tx.Each(stmt, func(r *gate.Rows) error {
		var secret []byte
		c, err := scan(r, &secret)
		c.secret = secret
		rows = append(rows, c)
		return err
	}, args...)
	var all []judgement
	for _, c := range rows {
		if err == nil {
			var j judgement
			j, err = c.judge(tx, set.Policy, names[c.ClientID])
			all = append(all, j)
		}
	}
	return all, err
}

func (c *stored) judge(tx *gate.Tx, p password.Policy, client string) (judgement, error) {
	if err := c.open(tx, c.ClientID); err != nil {
		return judgement{}, err
	}
	defer c.key.Wipe()
	org := tx.Who().Org()
	o, err := c.openOverview(org)
	if err != nil {
		return judgement{}, err
	}
	secret, err := c.openSecret(org)
	if err != nil {
		return judgement{}, err
	}
	v, err := weigh(p, client, Input{Overview: o, Secret: secret}, false)
	return judgement{c.ID, c.rev, v}, err
}
