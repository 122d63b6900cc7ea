package org

import "bailiwick/internal/gate"

// A password that another organization shares is one password: whoever leaves
// here and has seen it, leaves with the maker's. The maker alone can always
// change it, so the flag is set there, too. It does not learn who it was, unless
// this organization lets its names be read.

var (
	sqlTouchedMakers = gate.SQL(`SELECT DISTINCT c.from_org FROM flags f JOIN credentials c ON c.org_id = f.org_id AND c.id = f.credential_id
		WHERE f.org_id = $1 AND f.cause = 'touched' AND f.set_at = $2 AND f.cleared_at = 0 AND c.from_org <> '' ORDER BY c.from_org`)
	sqlTouchedThere = gate.SQLShared("what is shared is touched for its maker, too", `INSERT INTO flags (org_id, credential_id, home, cause, about, set_at, set_by, password_rev)
		SELECT o.org_id, o.id, o.client_id, 'touched', f.about, f.set_at, f.org_id, o.password_rev
		FROM credentials o JOIN credentials c ON c.id = o.id AND c.from_org = o.org_id JOIN flags f ON f.org_id = c.org_id AND f.credential_id = c.id
		WHERE o.org_id = $1 AND c.org_id = $2 AND f.cause = 'touched' AND f.set_at = $3 AND f.cleared_at = 0 AND f.password_rev = o.password_rev
		ON CONFLICT (org_id, credential_id, cause, about) DO UPDATE SET set_at = excluded.set_at, set_by = excluded.set_by, password_rev = excluded.password_rev, cleared_at = 0, cleared_by = ''
		RETURNING credential_id, home`)
	sqlMakerOf   = gate.SQL(`SELECT from_org FROM credentials WHERE org_id = $1 AND id = $2`)
	sqlUntouched = gate.SQL(`DELETE FROM flags WHERE org_id = $1 AND credential_id = $2 AND cause = 'touched' AND about = $3`)
)

// TouchedThere sets the touched flags that this transaction has set on what is
// received for the makers, too. It comes after them.
func TouchedThere(tx *gate.Tx) error {
	var makers []string
	err := tx.Each(sqlTouchedMakers, func(r *gate.Rows) error {
		var maker string
		err := r.Scan(&maker)
		makers = append(makers, maker)
		return err
	}, tx.Millis())
	for _, maker := range makers {
		if err == nil {
			err = tx.Beside(maker, func(b *gate.Tx) error {
				return b.Each(sqlTouchedThere, func(r *gate.Rows) error {
					e := gate.Event{Operation: "credential.flagged", Kind: string(gate.KindCredential), Fields: []string{"touched"}}
					err := r.Scan(&e.ID, &e.Client)
					b.Note(e, "")
					return err
				}, tx.Who().Org(), tx.Millis())
			})
		}
	}
	return err
}

// UntouchedThere lifts such a flag of a user for the maker, too.
func UntouchedThere(tx *gate.Tx, credential, user string) error {
	var maker string
	if err := tx.Row(sqlMakerOf, credential).Scan(&maker); err != nil || maker == "" {
		return err
	}
	return tx.Beside(maker, func(b *gate.Tx) error {
		_, err := b.Exec(sqlUntouched, credential, user)
		return err
	})
}
