package vault

import (
	"slices"

	"bailiwick/internal/gate"
)

// A password that was the credential's before is no new one: restored from the
// history or typed again, it is as old as it was, and whoever knew it knows it.

// lookBack is how many versions back a password is looked for; a restored one
// is found however far back it is.
const lookBack = 200

var (
	sqlEarlier = gate.SQL(`SELECT ` + versionColumns + `, key_box, key_epoch FROM credential_versions WHERE org_id = $1 AND credential_id = $2 AND (version > $3 OR password_rev = $4) ORDER BY version`)
	sqlKnew    = gate.SQL(`INSERT INTO seen (org_id, credential_id, user_id, password_rev, first_at, last_at)
		SELECT org_id, credential_id, user_id, CAST($4 AS BIGINT), first_at, last_at FROM seen WHERE org_id = $1 AND credential_id = $2 AND password_rev = $3
		ON CONFLICT (org_id, credential_id, user_id, password_rev) DO NOTHING`)
	sqlWhoKnows = gate.SQL(`SELECT s.user_id, COALESCE(u.enabled, FALSE) FROM seen s LEFT JOIN users u ON u.org_id = s.org_id AND u.id = s.user_id
		WHERE s.org_id = $1 AND s.credential_id = $2 AND s.password_rev = $3 ORDER BY s.user_id`)
	sqlTouched = gate.SQL(`INSERT INTO flags (org_id, credential_id, home, cause, about, set_at, set_by, password_rev) VALUES ($1, $2, $3, 'touched', $4, $5, $6, $7)`)
)

// earlierUse is where a password was present before: its revisions, and since
// when the first of them was.
type earlierUse struct {
	revs  []int64
	since int64
}

// usedBefore looks for a password among the earlier ones of a credential. What
// does not open tells nothing.
func usedBefore(tx *gate.Tx, c *stored, password string) (u earlierUse, err error) {
	if password == "" {
		return u, nil
	}
	var first []*oldVersion // of each revision
	err = tx.Each(sqlEarlier, func(r *gate.Rows) error {
		v, err := scanVersion(r, c)
		if err == nil && v.rev != c.rev && !slices.ContainsFunc(first, func(o *oldVersion) bool { return o.rev == v.rev }) {
			first = append(first, v)
		}
		return err
	}, c.ID, c.Version-lookBack, c.restores)
	for _, v := range first {
		if err != nil {
			return u, err
		}
		var outer outerKey
		if outer, err = keyUnder(tx, wrapper{c.ClientID, v.epoch}); err != nil {
			return u, err
		}
		var secret Secret
		if err = v.openWith(tx.Who().Org(), outer); err == nil {
			secret, err = v.openSecret(tx.Who().Org())
			v.key.Wipe()
		}
		switch {
		case damaged(err):
			err = nil
		case err == nil && same(secret.Password, password):
			if len(u.revs) == 0 {
				u.since = v.changed
			}
			u.revs = append(u.revs, v.rev)
		}
	}
	return u, err
}

// comesBack carries over what is known of a password that was there before: who
// knows it, and who of those lost his access since. An expiry date that had
// passed has passed again: the rotation job finds it.
func (u earlierUse) comesBack(tx *gate.Tx, c *stored, rev int64) error {
	if len(u.revs) == 0 {
		return nil
	}
	if _, err := tx.Exec(sqlPostpone, c.ID); err != nil {
		return err
	}
	for _, old := range u.revs {
		if _, err := tx.Exec(sqlKnew, c.ID, old, rev); err != nil {
			return err
		}
	}
	if c.ClientID == "" {
		return nil
	}
	var left []string
	err := tx.Each(sqlWhoKnows, func(r *gate.Rows) error {
		var user string
		var enabled bool
		err := r.Scan(&user, &enabled)
		if Left(tx, user, enabled, gate.At(c.lies())) {
			left = append(left, user)
		}
		return err
	}, c.ID, rev)
	for _, user := range left {
		if err == nil {
			err = Touch(tx, c.ID, c.ClientID, user, rev)
		}
	}
	return err
}

// Left reports whether somebody who has seen a password may not see it any
// more.
func Left(tx *gate.Tx, user string, enabled bool, at gate.Target) bool {
	if !enabled {
		return true
	}
	_, reaches := tx.ReachOf(user, at)
	return !reaches
}

// Touch flags a credential whose password somebody knows who has left.
func Touch(tx *gate.Tx, credential, clientID, user string, rev int64) error {
	if _, err := tx.Exec(sqlTouched, credential, clientID, user, tx.Millis(), tx.Who().User(), rev); err != nil {
		return err
	}
	tx.Note(gate.Event{Operation: "credential.flagged", Kind: "credential", ID: credential, Client: clientID, Fields: []string{Touched}}, "")
	return nil
}
