package vault

import (
	"errors"
	"time"

	"bailiwick/internal/gate"
)

// verdict is what a password is worth against an organization's minimums.
type verdict struct {
	weak bool
	mark int64 // which minimums it was judged against
}

var (
	sqlNameOfClient = gate.SQL(`SELECT name FROM clients WHERE org_id = $1 AND id = $2`)
	sqlFlagWeak     = gate.SQL(`INSERT INTO flags (org_id, credential_id, home, cause, set_at, password_rev)
		SELECT c.org_id, c.id, COALESCE(c.client_id, c.owner_id), 'weak', CAST($3 AS BIGINT), CAST($4 AS BIGINT) FROM credentials c WHERE c.org_id = $1 AND c.id = $2
		ON CONFLICT (org_id, credential_id, cause, about) DO NOTHING`)
	sqlNotWeak = gate.SQL(`DELETE FROM flags WHERE org_id = $1 AND credential_id = $2 AND cause = 'weak'`)
)

// judge says whether a password is weak. A fresh one of a client is refused
// where the organization enforces its minimums.
func judge(tx *gate.Tx, client string, in Input, fresh bool) (verdict, error) {
	set, err := readPasswords(tx)
	if err != nil {
		return verdict{}, err
	}
	name := ""
	if client != "" {
		if err := tx.Row(sqlNameOfClient, client).Scan(&name); err != nil && !errors.Is(err, gate.ErrNoRows) {
			return verdict{}, err
		}
	}
	return weigh(set, name, in, fresh && client != "")
}

func weigh(p Passwords, client string, in Input, enforce bool) (verdict, error) {
	rules := p.Below(in.Type, in.Password, in.Title, in.Username, client)
	if len(rules) > 0 && enforce && p.Policy.Enforce {
		return verdict{}, below(rules)
	}
	return verdict{len(rules) > 0, p.mark()}, nil
}

// note flags what is weak. The day is enough: a finer time would tell which
// flags were found together.
func (v verdict) note(tx *gate.Tx, credential string, rev int64) error {
	if !v.weak {
		_, err := tx.Exec(sqlNotWeak, credential)
		return err
	}
	_, err := tx.Exec(sqlFlagWeak, credential, dayOf(tx.Now()), rev)
	return err
}

func dayOf(t time.Time) int64 { return t.Truncate(aDay).UnixMilli() }
